"""How many panels are as good as the one proposed, and which come next."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from experts.panel.exchange import Exchange
from experts.panel.instance import Instance
from experts.panel.optimum import Solution
from experts.panel.problem import CandidateId, Problem, points
from experts.panel.program import Program, Row
from experts.panel.progress import Progress, silent
from experts.panel.search import Bound, best, bound_of, first_drawn
from experts.panel.solver import Answer, Status, maximise

CAP = 50
LISTED = 3
Panel = frozenset[int]  # of columns


@dataclass(frozen=True)
class NearPanel:
    """Another panel: its merit, how many points it trails, and who is exchanged (best merit first)."""

    merit: Decimal
    behind: Decimal
    comes_in: tuple[CandidateId, ...]
    goes_out: tuple[CandidateId, ...]


@dataclass(frozen=True)
class NearTies:
    """``ties`` other panels have the very same merit; not ``complete``: at least so many, counting stopped there.

    ``panels`` are the best others, by merit, those of equal merit as they are drawn.
    """

    ties: int
    complete: bool
    panels: tuple[NearPanel, ...]


def near_ties(
    problem: Problem, solution: Solution, *, cap: int = CAP, listed: int = LISTED, progress: Progress = silent
) -> NearTies:
    """Ties with ``solution`` up to ``cap``, and the best ``listed`` other panels.

    ``solution`` is the optimal one of ``problem``; ValueError otherwise. ``progress`` hears of each panel listed.
    """
    if solution.status is not Status.OPTIMAL:
        raise ValueError("Only an optimal panel has ties.")
    search = _Search(Instance(problem), solution)
    ties = search.ties(cap)
    complete = len(ties) < cap
    panels = sorted(ties, key=sorted)[:listed] if complete else []
    while len(panels) < listed:
        progress(len(panels), listed)
        known = {search.chosen, *panels} if not complete else {search.chosen, *ties, *panels}
        panel = search.next_best(known)
        if panel is None:
            break
        panels.append(panel)
    progress(listed, listed)
    return NearTies(len(ties), complete, tuple(search.described(panel) for panel in panels))


class _Search:
    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.chosen: Panel = frozenset(instance.columns_of(solution.selected))
        self.program = instance.program()
        self.bound: Bound | None = bound_of(self.program)
        self.merit = self.merit_of(self.chosen)

    def merit_of(self, panel: Panel) -> int:
        return sum(self.instance.merits[column] for column in panel)

    def ties(self, cap: int) -> set[Panel]:
        """Other panels of equal merit, as many as there are below ``cap``; ``cap`` of them otherwise."""
        found: set[Panel] = set()
        for panel in self._exchanges():
            found.add(panel)
            if len(found) >= cap:
                return found
        keep = Row(range(len(self.instance.merits)), self.merit, None, self.instance.merits)
        any_value = self.program.with_objective([0] * len(self.instance.merits)).with_rows(keep)
        settled = self.bound.settled(self.merit) if self.bound else {}
        while len(found) < cap:
            reduced = self._except(any_value, {self.chosen, *found}).fixed(settled)
            answer = maximise(reduced.program)
            if answer.values is None:
                break
            found.add(_panel(reduced.widened(answer.values)))
        return found

    def next_best(self, known: set[Panel]) -> Panel | None:
        """The best panel not in ``known``, the first drawn of those."""
        program = self._except(self.program, known)
        answer = best(program, bound=self.bound)
        if answer.values is None:
            return None
        first: Answer = first_drawn(program, answer, self.instance.order(), bound=self.bound)
        assert first.values is not None
        return _panel(first.values)

    def described(self, panel: Panel) -> NearPanel:
        merit = self.merit_of(panel)
        comes, goes = self.instance.ranked(panel - self.chosen), self.instance.ranked(self.chosen - panel)
        return NearPanel(points(merit), points(self.merit - merit), comes, goes)

    def _exchanges(self) -> Iterator[Panel]:
        """Panels of equal merit that differ in one person: quick to find, and most ties are of this kind."""
        exchange = Exchange(self.instance, self.chosen)
        merits = self.instance.merits
        members = [
            column
            for column in sorted(self.chosen)
            if self.instance.candidates[column].id not in self.instance.problem.include
        ]
        others = list(exchange.others())
        for member in members:
            for other in others:
                if merits[other] == merits[member] and exchange.keeps_rules(member, other):
                    yield self.chosen - {member} | {other}

    def _except(self, program: Program, panels: set[Panel]) -> Program:
        """All panels have the same number of seats: another one lacks at least one member."""
        seats = self.instance.problem.seats
        return program.with_rows(*(Row(columns, None, seats - 1) for columns in sorted(map(sorted, panels))))


def _panel(values: object) -> Panel:
    assert isinstance(values, list | tuple)
    return frozenset(column for column, value in enumerate(values) if value)
