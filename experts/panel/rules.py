"""The single demands of a problem, as conflicts, changes and departures name them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from experts.panel.instance import Without
from experts.panel.problem import CandidateId, Problem


class Kind(StrEnum):
    """A quota's minimum, its maximum, the limit per country, one inclusion, exclusions, the seats.

    Seats are no demand of a conflict, for nothing conflicts without them; they are what a change may lower.
    """

    MIN = "min"
    MAX = "max"
    PER_COUNTRY = "per_country"
    INCLUDE = "include"
    EXCLUDE = "exclude"
    SEATS = "seats"


@dataclass(frozen=True)
class Demand:
    """One demand: of a quota with its attribute and value, of a decision with the candidate (None: all exclusions)."""

    kind: Kind
    attribute: str | None = None
    value: str | None = None
    candidate: CandidateId | None = None


def demands(problem: Problem) -> Iterator[Demand]:
    """All demands but the seats: exclusions by id, the limit, inclusions by id, quotas by attribute and value."""
    for candidate in sorted(problem.exclude, key=str):
        yield Demand(Kind.EXCLUDE, candidate=candidate)
    if problem.per_country is not None:
        yield Demand(Kind.PER_COUNTRY)
    for candidate in sorted(problem.include, key=str):
        yield Demand(Kind.INCLUDE, candidate=candidate)
    for quota in sorted(problem.quotas, key=lambda quota: (quota.attribute, quota.value)):
        if quota.max is not None:
            yield Demand(Kind.MAX, quota.attribute, quota.value)
        if quota.min is not None:
            yield Demand(Kind.MIN, quota.attribute, quota.value)


def leaving_out(problem: Problem, dropped: Collection[Demand]) -> Without:
    """The problem's rules without these demands."""
    minima, maxima = set(), set()
    for place, quota in enumerate(problem.quotas):
        if Demand(Kind.MIN, quota.attribute, quota.value) in dropped:
            minima.add(place)
        if Demand(Kind.MAX, quota.attribute, quota.value) in dropped:
            maxima.add(place)
    return Without(
        minima=frozenset(minima),
        maxima=frozenset(maxima),
        per_country=Demand(Kind.PER_COUNTRY) in dropped,
        include=_of_people(problem.include, Kind.INCLUDE, dropped),
        exclude=_of_people(problem.exclude, Kind.EXCLUDE, dropped),
    )


def _of_people(
    people: frozenset[CandidateId], kind: Kind, dropped: Collection[Demand]
) -> frozenset[CandidateId]:
    return frozenset(candidate for candidate in people if Demand(kind, candidate=candidate) in dropped)
