"""Quotas that no panel meets, even if each were the only one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from experts.panel.attainable import Attainable
from experts.panel.conflict import conflict
from experts.panel.problem import Problem, Quota
from experts.panel.rules import Demand, Kind


@dataclass(frozen=True)
class Unattainable:
    """One side of a quota: what is asked, and the nearest that a panel reaches without any other quota.

    ``because``: the limit per country, inclusions, exclusions and quotas that never give way of which not one may
    be missing for it to be so. Empty: pool and seats alone are the reason.
    """

    demand: Demand
    asked: int
    reached: int
    because: tuple[Demand, ...]


def unattainable(
    problem: Problem, ranges: Sequence[Attainable], *, fixed: Collection[str] = ()
) -> tuple[Unattainable, ...]:
    """Each side of a quota that is out of reach by itself, in the order of the quotas.

    ``ranges``: what ``attainable`` said of ``problem``, with the same ``fixed``. Where there is no panel even
    without quotas, nothing is said of quotas.
    """
    found = []
    for one in ranges:
        if one.alone is None or one.quota.attribute in fixed:
            continue
        named = (one.quota.attribute, one.quota.value)
        for kind, asked, reached, missed in (
            (Kind.MIN, one.quota.min, one.alone.max, (one.quota.min or 0) > one.alone.max),
            (Kind.MAX, one.quota.max, one.alone.min, (one.quota.max or 0) < one.alone.min),
        ):
            if asked is not None and missed:
                demand = Demand(kind, *named)
                found.append(Unattainable(demand, asked, reached, _because(problem, demand, asked, fixed)))
    return tuple(found)


def without_sides(problem: Problem, sides: Collection[Demand]) -> Problem:
    """The problem without these minima and maxima."""
    kept = []
    for quota in problem.quotas:
        low = None if Demand(Kind.MIN, quota.attribute, quota.value) in sides else quota.min
        high = None if Demand(Kind.MAX, quota.attribute, quota.value) in sides else quota.max
        if low is not None or high is not None:
            kept.append(replace(quota, min=low, max=high))
    return replace(problem, quotas=tuple(kept))


def only_fixed(problem: Problem, fixed: Collection[str]) -> Problem:
    """The problem with none but the quotas that never give way."""
    return replace(problem, quotas=tuple(quota for quota in problem.quotas if quota.attribute in fixed))


def _because(problem: Problem, demand: Demand, asked: int, fixed: Collection[str]) -> tuple[Demand, ...]:
    assert demand.attribute is not None and demand.value is not None
    side = {"min": asked} if demand.kind is Kind.MIN else {"max": asked}
    bare = only_fixed(problem, fixed)
    found = conflict(replace(bare, quotas=(*bare.quotas, Quota(demand.attribute, demand.value, **side))))
    assert found is not None
    return tuple(other for other in found.demands if other != demand)
