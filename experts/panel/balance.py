"""A panel against its quotas, against the pool, and against another panel."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from experts.panel.instance import Instance, within
from experts.panel.problem import Candidate, CandidateId, Problem, Quota, points
from experts.panel.rules import Demand, Kind


class Position(StrEnum):
    """Where a count stands towards its quota; ``free`` has none."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"
    FREE = "free"


@dataclass(frozen=True)
class Line:
    """One value of one attribute: members, choosable people and all candidates with it, its quota and position."""

    attribute: str
    value: str
    panel: int
    choosable: int
    pool: int
    quota: Quota | None
    position: Position


@dataclass(frozen=True)
class Balance:
    """``lines`` by attribute and value, those of quotas without anybody included.

    Sizes are those that shares are of. ``countries`` counts the panel's countries, ``of_one_country`` the most members
    of one; ``departures`` are the demands that the panel does not meet.
    """

    lines: tuple[Line, ...]
    panel: int
    choosable: int
    pool: int
    merit: Decimal
    countries: int
    of_one_country: int
    departures: tuple[Demand, ...]


@dataclass(frozen=True)
class Shift:
    """How many members of two panels have a value."""

    attribute: str
    value: str
    before: int
    after: int


@dataclass(frozen=True)
class Comparison:
    """From one panel to another: who comes in and goes out (best merit first), points gained, counts that differ."""

    comes_in: tuple[CandidateId, ...]
    goes_out: tuple[CandidateId, ...]
    stays: tuple[CandidateId, ...]
    merit: Decimal
    shifts: tuple[Shift, ...]
    newly_broken: tuple[Demand, ...]
    newly_met: tuple[Demand, ...]


def balance(problem: Problem, panel: Iterable[CandidateId]) -> Balance:
    """The counts of a panel, of any size and by anybody's choice. KeyError: a member who is no candidate."""
    instance = Instance(problem)
    columns = instance.columns_of(panel)
    members = [instance.candidates[column] for column in columns]
    choosable = [
        candidate
        for candidate in instance.candidates
        if instance.choosable(candidate) or candidate.id in problem.include
    ]
    quotas = {(quota.attribute, quota.value): quota for quota in problem.quotas}
    counts = [_counts(people) for people in (members, choosable, instance.candidates)]
    lines = []
    for named in sorted(set(counts[2]) | set(quotas)):
        held, open_to, all_of_pool = (count.get(named, 0) for count in counts)
        quota = quotas.get(named)
        lines.append(Line(*named, held, open_to, all_of_pool, quota, _position(quota, held)))
    by_country = _by_country(members)
    return Balance(
        lines=tuple(lines),
        panel=len(members),
        choosable=len(choosable),
        pool=len(instance.candidates),
        merit=points(sum(instance.merits[column] for column in columns)),
        countries=len(by_country),
        of_one_country=max(by_country.values(), default=0),
        departures=_departures(problem, lines, by_country, {member.id for member in members}),
    )


def compare(problem: Problem, before: Iterable[CandidateId], after: Iterable[CandidateId]) -> Comparison:
    """What changes from one panel to the other. KeyError: a member who is no candidate."""
    instance = Instance(problem)
    old, new = set(before), set(after)
    first, second = balance(problem, old), balance(problem, new)
    shifts = tuple(
        Shift(one.attribute, one.value, one.panel, other.panel)
        for one, other in zip(first.lines, second.lines, strict=True)
        if one.panel != other.panel
    )

    def ranked(ids: set[CandidateId]) -> tuple[CandidateId, ...]:
        return instance.ranked(instance.columns_of(ids))

    return Comparison(
        comes_in=ranked(new - old),
        goes_out=ranked(old - new),
        stays=ranked(old & new),
        merit=second.merit - first.merit,
        shifts=shifts,
        newly_broken=tuple(demand for demand in second.departures if demand not in first.departures),
        newly_met=tuple(demand for demand in first.departures if demand not in second.departures),
    )


def _departures(
    problem: Problem, lines: Iterable[Line], by_country: dict[str, int], members: set[CandidateId]
) -> tuple[Demand, ...]:
    found = []
    if members & problem.exclude:
        found.append(Demand(Kind.EXCLUDE))
    if problem.per_country is not None and max(by_country.values(), default=0) > problem.per_country:
        found.append(Demand(Kind.PER_COUNTRY))
    for candidate in sorted(problem.include - members, key=str):
        found.append(Demand(Kind.INCLUDE, candidate=candidate))
    for line in lines:
        if line.position in (Position.BELOW, Position.ABOVE):
            kind = Kind.MIN if line.position is Position.BELOW else Kind.MAX
            found.append(Demand(kind, line.attribute, line.value))
    return tuple(found)


def _position(quota: Quota | None, count: int) -> Position:
    if quota is None:
        return Position.FREE
    if within(quota, count):
        return Position.WITHIN
    return Position.BELOW if quota.min is not None and count < quota.min else Position.ABOVE


def _counts(people: Iterable[Candidate]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for person in people:
        for attribute, values in person.attributes.items():
            for value in set(values):
                counts[attribute, value] = counts.get((attribute, value), 0) + 1
    return counts


def _by_country(people: Iterable[Candidate]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for person in people:
        if person.country is not None:
            counts[person.country] = counts.get(person.country, 0) + 1
    return counts
