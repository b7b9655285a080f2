"""Every panel of a small problem, one after the other: what the search must agree with, written without it."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from experts.panel import Candidate, CandidateId, Demand, Kind, Problem

Panel = frozenset[CandidateId]


def people(problem: Problem) -> dict[CandidateId, Candidate]:
    return {candidate.id: candidate for candidate in problem.candidates}


def merit(problem: Problem, panel: Panel) -> Decimal:
    by_id = people(problem)
    return sum((rounded(by_id[member]) for member in panel), Decimal(0))


def rounded(candidate: Candidate) -> Decimal:
    return Decimal(str(candidate.merit or 0)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def broken(problem: Problem, panel: Panel) -> dict[Demand, int]:
    """Demands that the panel does not meet, and by how much."""
    by_id = people(problem)
    found: dict[Demand, int] = {}
    for quota in problem.quotas:
        count = sum(quota.value in by_id[member].attributes.get(quota.attribute, ()) for member in panel)
        if quota.min is not None and count < quota.min:
            found[Demand(Kind.MIN, quota.attribute, quota.value)] = quota.min - count
        if quota.max is not None and count > quota.max:
            found[Demand(Kind.MAX, quota.attribute, quota.value)] = count - quota.max
    countries = Counter(by_id[member].country for member in panel if by_id[member].country is not None)
    most = max(countries.values(), default=0)
    if problem.per_country is not None and most > problem.per_country:
        found[Demand(Kind.PER_COUNTRY)] = most - problem.per_country
    for member in problem.include - panel:
        found[Demand(Kind.INCLUDE, candidate=member)] = 1
    if panel & problem.exclude:
        found[Demand(Kind.EXCLUDE)] = len(panel & problem.exclude)
    return found


def may_sit(problem: Problem) -> Problem:
    """The problem in which the unscored who are included may still sit once they need not: as with a merit of 0."""
    people = tuple(
        replace(person, merit=0) if person.merit is None and person.id in problem.include else person
        for person in problem.candidates
    )
    return replace(problem, candidates=people)


def conceivable(problem: Problem) -> Iterator[Panel]:
    """Panels of the right size of people who are scored or included."""
    return of_size(problem, problem.seats)


def of_size(problem: Problem, size: int) -> Iterator[Panel]:
    """Panels of a size of people who are scored or included."""
    ids = [
        candidate.id
        for candidate in problem.candidates
        if candidate.merit is not None or candidate.id in problem.include
    ]
    return map(frozenset, combinations(ids, size))


def feasible(problem: Problem) -> list[Panel]:
    return [panel for panel in conceivable(problem) if not broken(problem, panel)]


def drawn(problem: Problem, panel: Panel) -> list[str]:
    """What panels of equal merit are ordered by."""
    return sorted(hashlib.sha256(f"{problem.seed}:{member}".encode()).hexdigest() for member in panel)


def ranking(problem: Problem) -> list[Panel]:
    """All panels that keep the rules, best first, equals as they are drawn."""
    found = feasible(problem)
    return sorted(found, key=lambda panel: (-merit(problem, panel), drawn(problem, panel)))


def optimum(problem: Problem) -> Decimal | None:
    return max((merit(problem, panel) for panel in feasible(problem)), default=None)


def without_quotas(problem: Problem, *places: int) -> Problem:
    kept = tuple(quota for place, quota in enumerate(problem.quotas) if place not in places)
    return replace(problem, quotas=kept)


def weight(problem: Problem, panel: Panel) -> int:
    """What the changes weigh, in thousandths, after which this panel keeps all rules."""
    total = 3000 * (problem.seats - len(panel))
    for demand, amount in broken(problem, panel).items():
        if demand.kind is Kind.MIN:
            quota = next(
                q for q in problem.quotas if (q.attribute, q.value) == (demand.attribute, demand.value)
            )
            assert quota.min
            total += amount * (1000 + round(2000 / quota.min))
        else:
            total += amount * (3000 if demand.kind is Kind.INCLUDE else 1000)
    return total
