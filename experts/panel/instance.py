"""A problem made ready: candidates in the order of the draw, rules as rows of an integer program."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from experts.panel.draw import drawn_number
from experts.panel.problem import Candidate, CandidateId, Problem, Quota
from experts.panel.program import Program, Row


@dataclass(frozen=True)
class Without:
    """Rules left out of account: minima and maxima by the quotas' places, the country limit, decisions by candidate."""

    minima: frozenset[int] = frozenset()
    maxima: frozenset[int] = frozenset()
    per_country: bool = False
    include: frozenset[CandidateId] = frozenset()
    exclude: frozenset[CandidateId] = frozenset()


NOTHING = Without()


class Instance:
    """Columns are candidates in the order of the draw, whatever order they came in."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        drawn = [(drawn_number(problem.seed, candidate.id), candidate) for candidate in problem.candidates]
        drawn.sort(key=lambda pair: (pair[0], str(pair[1].id)))
        self.candidates: list[Candidate] = [candidate for _number, candidate in drawn]
        self.numbers = [number for number, _candidate in drawn]
        self.merits = [candidate.hundredths for candidate in self.candidates]
        self.column = {candidate.id: column for column, candidate in enumerate(self.candidates)}

    @cached_property
    def holders(self) -> list[list[int]]:
        """For each quota, the columns that count for it."""
        columns: dict[tuple[str, str], list[int]] = defaultdict(list)
        wanted = {(quota.attribute, quota.value) for quota in self.problem.quotas}
        attributes = sorted({attribute for attribute, _value in wanted})
        for column, candidate in enumerate(self.candidates):
            for attribute in attributes:
                for value in set(candidate.attributes.get(attribute, ())):
                    if (attribute, value) in wanted:
                        columns[attribute, value].append(column)
        return [columns[quota.attribute, quota.value] for quota in self.problem.quotas]

    @cached_property
    def nationals(self) -> dict[str, list[int]]:
        """For each country, the columns of its candidates."""
        columns: dict[str, list[int]] = defaultdict(list)
        for column, candidate in enumerate(self.candidates):
            if candidate.country is not None:
                columns[candidate.country].append(column)
        return dict(columns)

    @cached_property
    def quotas_of(self) -> list[frozenset[int]]:
        """For each column, the places of the quotas for which it counts."""
        places: list[set[int]] = [set() for _ in self.candidates]
        for place, columns in enumerate(self.holders):
            for column in columns:
                places[column].add(place)
        return [frozenset(found) for found in places]

    def choosable(self, candidate: Candidate) -> bool:
        """Whether somebody may be proposed without a decision of their own: scored and not excluded."""
        return candidate.merit is not None and candidate.id not in self.problem.exclude

    def limits(self, without: Without = NOTHING) -> tuple[list[int], list[int]]:
        """The least and the most of each column: included 1 and 1, excluded and unscored 0 and 0.

        An inclusion left out of account means that the person need not sit: an unscored one still may, so that
        fewer rules never leave fewer panels.
        """
        include = self.problem.include - without.include
        exclude = self.problem.exclude - without.exclude
        lower = [int(candidate.id in include) for candidate in self.candidates]
        upper = [
            int(
                candidate.id in self.problem.include
                or (candidate.merit is not None and candidate.id not in exclude)
            )
            for candidate in self.candidates
        ]
        return lower, upper

    def program(self, without: Without = NOTHING, objective: Sequence[int] | None = None) -> Program:
        """The problem as a program; ``objective`` in place of merit in hundredths."""
        lower, upper = self.limits(without)
        rows = [self.seats_row(), *self.quota_rows(without)]
        if self.problem.per_country is not None and not without.per_country:
            rows += self.country_rows(self.problem.per_country)
        return Program(self.merits if objective is None else objective, lower, upper, rows)

    def seats_row(self) -> Row:
        return Row(range(len(self.candidates)), self.problem.seats, self.problem.seats)

    def quota_rows(self, without: Without = NOTHING) -> list[Row]:
        rows = []
        for place, (quota, columns) in enumerate(zip(self.problem.quotas, self.holders, strict=True)):
            low = None if place in without.minima else quota.min
            high = None if place in without.maxima else quota.max
            if low or high is not None:
                rows.append(Row(columns, low, high))
        return rows

    def country_rows(self, limit: int) -> list[Row]:
        return [Row(columns, None, limit) for columns in self.nationals.values() if len(columns) > limit]

    def columns_of(self, panel: Iterable[CandidateId]) -> list[int]:
        """The columns of a panel, ascending. KeyError: somebody who is no candidate."""
        return sorted({self.column[candidate] for candidate in panel})

    def members(self, values: Sequence[int]) -> tuple[CandidateId, ...]:
        """The panel of a solution, best merit first, then in the order of the draw."""
        chosen = [column for column in range(len(self.candidates)) if values[column]]
        return self.ranked(chosen)

    def ranked(self, columns: Iterable[int]) -> tuple[CandidateId, ...]:
        ordered = sorted(columns, key=lambda column: (-self.merits[column], column))
        return tuple(self.candidates[column].id for column in ordered)

    def order(self) -> range:
        """The columns in the order of the draw."""
        return range(len(self.candidates))


def within(quota: Quota, count: int) -> bool:
    return (quota.min is None or count >= quota.min) and (quota.max is None or count <= quota.max)
