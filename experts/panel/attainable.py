"""How far each quota could be met: what stands beside a conflict, so that people see where there is room."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from experts.panel.instance import Instance, Without
from experts.panel.problem import Problem, Quota
from experts.panel.progress import Progress, silent
from experts.panel.search import best
from experts.panel.solver import SolverError, Status


@dataclass(frozen=True)
class Range:
    """The least and the most members with a value that panels can have; both are reached by some panel."""

    min: int
    max: int


@dataclass(frozen=True)
class Attainable:
    """``alone``: under seats, country limit and decisions only (and quotas that never give way).
    ``beside_others``: under the other quotas too.

    None: then there is no panel at all.
    """

    quota: Quota
    alone: Range | None
    beside_others: Range | None


def attainable(
    problem: Problem, *, fixed: Collection[str] = (), progress: Progress = silent
) -> tuple[Attainable, ...]:
    """What each quota could be without itself, in the order of the quotas; also where there is no panel.

    Quotas of ``fixed`` attributes never give way: they hold for what is attainable alone, too.
    """
    instance = Instance(problem)
    kept = frozenset(place for place, quota in enumerate(problem.quotas) if quota.attribute in fixed)
    found = []
    for place, quota in enumerate(problem.quotas):
        progress(place, len(problem.quotas))
        others = frozenset(range(len(problem.quotas))) - {place}
        alone = _range(instance, place, others - kept) if kept else _alone(instance, place)
        beside = None if alone is None else _range(instance, place)
        found.append(Attainable(quota, alone, beside))
    progress(len(problem.quotas), len(problem.quotas))
    return tuple(found)


def _range(instance: Instance, place: int, others: frozenset[int] = frozenset()) -> Range | None:
    """The ends without this quota and without ``others``."""
    without = Without(minima=others | {place}, maxima=others | {place})
    holders = set(instance.holders[place])
    counts = [int(column in holders) for column in instance.order()]
    most = best(instance.program(without, counts))
    if most.status is Status.INFEASIBLE:
        return None
    least = best(instance.program(without, [-count for count in counts]))
    if most.value is None or least.value is None:
        raise SolverError("A range must have both ends.")
    return Range(-least.value, most.value)


def _alone(instance: Instance, place: int) -> Range | None:
    """Seats and country limits form a matroid, so that filling seats greedily reaches both ends."""
    holders = set(instance.holders[place])
    ends = [_filled(instance, holders, rising=rising) for rising in (False, True)]
    least, most = ends
    return None if least is None or most is None else Range(least, most)


def _filled(instance: Instance, holders: set[int], *, rising: bool) -> int | None:
    lower, upper = instance.limits()
    limit, seats = instance.problem.per_country, instance.problem.seats
    fixed = [column for column in instance.order() if lower[column]]
    countries: Counter[str | None] = Counter(instance.candidates[column].country for column in fixed)
    if len(fixed) > seats or (limit is not None and _fullest(countries) > limit):
        return None
    chosen = list(fixed)
    free = [column for column in instance.order() if upper[column] and not lower[column]]
    for column in sorted(free, key=lambda column: (column in holders) is not rising):
        country = instance.candidates[column].country
        if len(chosen) == seats:
            break
        if limit is None or country is None or countries[country] < limit:
            chosen.append(column)
            countries[country] += 1
    return sum(column in holders for column in chosen) if len(chosen) == seats else None


def _fullest(countries: Counter[str | None]) -> int:
    counts: Iterable[int] = (count for country, count in countries.items() if country is not None)
    return max(counts, default=0)
