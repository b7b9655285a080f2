"""What each rule costs in merit: the optimum without it, less the optimum with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from experts.panel.instance import Instance, Without
from experts.panel.optimum import Solution
from experts.panel.problem import CandidateId, Problem, points
from experts.panel.progress import Progress, silent
from experts.panel.search import Bound, best, bound_of
from experts.panel.solver import SolverError, Status


class Priced(StrEnum):
    """What is left out: one quota (minimum and maximum), an attribute's quotas, all quotas, the limit, a decision."""

    QUOTA = "quota"
    ATTRIBUTE = "attribute"
    QUOTAS = "quotas"
    PER_COUNTRY = "per_country"
    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True)
class Price:
    """``price`` in points of merit, never negative; ``merit`` of the best panel without the rule."""

    of: Priced
    price: Decimal
    merit: Decimal
    attribute: str | None = None
    value: str | None = None
    candidate: CandidateId | None = None


@dataclass(frozen=True)
class _Rule:
    of: Priced
    without: Without
    attribute: str | None = None
    value: str | None = None
    candidate: CandidateId | None = None


def prices(problem: Problem, solution: Solution, *, progress: Progress = silent) -> tuple[Price, ...]:
    """Prices of each quota, each attribute with several quotas, all quotas, the limit, and each decision.

    In the order of ``Priced``, quotas as they were given. ``solution`` is the optimal one of ``problem``; ValueError
    otherwise. Prices don't add up: two quotas may each cost nothing, and together much.
    """
    if solution.status is not Status.OPTIMAL:
        raise ValueError("Only an optimal panel has prices.")
    instance = Instance(problem)
    optimum = sum(instance.merits[column] for column in instance.columns_of(solution.selected))
    bound = bound_of(instance.program())
    found: list[Price] = []
    rules = list(_rules(instance))
    for rule in rules:
        progress(len(found), len(rules))
        merit = (
            optimum if _costs_nothing(instance, bound, rule, optimum) else _optimum(instance, rule.without)
        )
        if merit < optimum:
            raise SolverError("Without a rule the best panel can't be worse.")
        price = points(merit - optimum)
        found.append(Price(rule.of, price, points(merit), rule.attribute, rule.value, rule.candidate))
    progress(len(rules), len(rules))
    return tuple(found)


def _rules(instance: Instance) -> Iterator[_Rule]:
    problem = instance.problem
    places: dict[str, list[int]] = {}
    for place, quota in enumerate(problem.quotas):
        places.setdefault(quota.attribute, []).append(place)
        yield _Rule(Priced.QUOTA, _without_quotas(place), quota.attribute, quota.value)
    for attribute, of_attribute in places.items():
        if len(of_attribute) > 1:
            yield _Rule(Priced.ATTRIBUTE, _without_quotas(*of_attribute), attribute)
    if problem.quotas:
        yield _Rule(Priced.QUOTAS, _without_quotas(*range(len(problem.quotas))))
    if problem.per_country is not None:
        yield _Rule(Priced.PER_COUNTRY, Without(per_country=True))
    for candidate in sorted(problem.include, key=str):
        yield _Rule(Priced.INCLUDE, Without(include=frozenset({candidate})), candidate=candidate)
    for candidate in sorted(problem.exclude, key=str):
        yield _Rule(Priced.EXCLUDE, Without(exclude=frozenset({candidate})), candidate=candidate)


def _without_quotas(*places: int) -> Without:
    return Without(minima=frozenset(places), maxima=frozenset(places))


def _costs_nothing(instance: Instance, bound: Bound | None, rule: _Rule, optimum: int) -> bool:
    """Whether the bound proves that a decision costs nothing: most exclusions need no search."""
    if rule.candidate is None or bound is None:
        return False
    return bound.if_released(instance.column[rule.candidate]) <= optimum


def _optimum(instance: Instance, without: Without) -> int:
    answer = best(instance.program(without))
    if answer.value is None or answer.status is not Status.OPTIMAL:
        raise SolverError("Without a rule there must still be a panel.")
    return answer.value
