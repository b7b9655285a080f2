"""The single demands of a problem, as conflicts, changes and departures name them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from experts.panel.instance import Without
from experts.panel.problem import CandidateId, Problem


class Kind(StrEnum):
    """A quota's minimum, its maximum, the limit per country, one inclusion, all exclusions."""

    MIN = "min"
    MAX = "max"
    PER_COUNTRY = "per_country"
    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True)
class Demand:
    """One demand: of a quota with its attribute and value, of an inclusion with the candidate."""

    kind: Kind
    attribute: str | None = None
    value: str | None = None
    candidate: CandidateId | None = None


def demands(problem: Problem) -> Iterator[Demand]:
    """All demands but the seats: exclusions, the limit, inclusions by id, then quotas by attribute and value."""
    if problem.exclude:
        yield Demand(Kind.EXCLUDE)
    if problem.per_country is not None:
        yield Demand(Kind.PER_COUNTRY)
    for candidate in sorted(problem.include, key=str):
        yield Demand(Kind.INCLUDE, candidate=candidate)
    for quota in sorted(problem.quotas, key=lambda quota: (quota.attribute, quota.value)):
        if quota.max is not None:
            yield Demand(Kind.MAX, quota.attribute, quota.value)
        if quota.min is not None:
            yield Demand(Kind.MIN, quota.attribute, quota.value)


def leaving_out(problem: Problem, dropped: set[Demand]) -> Without:
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
        include=frozenset(
            candidate for candidate in problem.include if Demand(Kind.INCLUDE, candidate=candidate) in dropped
        ),
        exclude=problem.exclude if Demand(Kind.EXCLUDE) in dropped else frozenset(),
    )
