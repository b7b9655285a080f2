"""Where the rules can't be met: the conflict, the least change, what is attainable; against every panel."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import settings as trying

from experts.panel import (
    Candidate,
    Change,
    Conflict,
    Demand,
    Kind,
    Problem,
    Quota,
    Range,
    Status,
    attainable,
    changed,
    conflict,
    relax,
    solve,
)
from tests.experts.panel import brute_force
from tests.experts.panel.problems import real_problem, small_problems


def with_only(problem: Problem, demands: Iterable[Demand]) -> Problem:
    """The problem with these demands and the seats, and no others."""
    kept = set(demands)
    quotas = []
    for quota in problem.quotas:
        least = quota.min if Demand(Kind.MIN, quota.attribute, quota.value) in kept else None
        most = quota.max if Demand(Kind.MAX, quota.attribute, quota.value) in kept else None
        if (least, most) != (None, None):
            quotas.append(replace(quota, min=least, max=most))
    return replace(
        brute_force.may_sit(problem),
        quotas=tuple(quotas),
        per_country=problem.per_country if Demand(Kind.PER_COUNTRY) in kept else None,
        include=frozenset(i for i in problem.include if Demand(Kind.INCLUDE, candidate=i) in kept),
        exclude=frozenset(i for i in problem.exclude if Demand(Kind.EXCLUDE, candidate=i) in kept),
    )


@given(small_problems())
@trying(max_examples=100, deadline=None)
def test_a_conflict_is_one_and_a_minimal_one(problem: Problem) -> None:
    found = conflict(problem)
    assert (found is None) == bool(brute_force.feasible(problem))
    if found is not None:
        assert not brute_force.feasible(with_only(problem, found.demands))
        for demand in found.demands:
            assert brute_force.feasible(with_only(problem, set(found.demands) - {demand}))


@given(small_problems())
@trying(max_examples=100, deadline=None)
def test_the_change_is_the_least_and_leaves_the_best_panel(problem: Problem) -> None:
    for per_country, include, seats in (
        (False, False, False),
        (True, True, False),
        (True, False, False),
        (True, True, True),
    ):
        fixed = {Kind.EXCLUDE}
        fixed |= set() if per_country else {Kind.PER_COUNTRY}
        fixed |= set() if include else {Kind.INCLUDE}
        fewest = min(1, problem.seats) if seats else problem.seats
        panels = [
            panel
            for size in range(fewest, problem.seats + 1)
            for panel in brute_force.of_size(problem, size)
            if not fixed & {demand.kind for demand in brute_force.broken(problem, panel)}
        ]
        found = relax(problem, per_country=per_country, include=include, seats=seats)
        assert (found is None) == (not panels)
        if found is None:
            continue
        weights = {panel: brute_force.weight(problem, panel) for panel in panels}
        least = min(weights.values())
        assert found.weight == Decimal(least) / 1000
        assert found.solution.merit == max(
            brute_force.merit(problem, panel) for panel in panels if weights[panel] == least
        )
        assert found.problem == changed(problem, found.changes)
        assert frozenset(found.solution.selected) == brute_force.ranking(found.problem)[0]
        fewer = {Demand(Kind.SEATS)} if len(found.solution.selected) < problem.seats else set()
        assert {change.demand for change in found.changes} - fewer == set(
            brute_force.broken(problem, frozenset(found.solution.selected))
        )
        assert fewer <= {change.demand for change in found.changes}


@given(small_problems())
@trying(max_examples=100, deadline=None)
def test_what_is_attainable_is_attained(problem: Problem) -> None:
    by_id = brute_force.people(problem)

    def spread(fewer: Problem, quota: Quota) -> Range | None:
        counts = [
            sum(quota.value in by_id[member].attributes.get(quota.attribute, ()) for member in panel)
            for panel in brute_force.feasible(fewer)
        ]
        return Range(min(counts), max(counts)) if counts else None

    found = attainable(problem)
    assert [one.quota for one in found] == list(problem.quotas)
    for place, one in enumerate(found):
        assert one.alone == spread(replace(problem, quotas=()), one.quota)
        assert one.beside_others == spread(brute_force.without_quotas(problem, place), one.quota)


def test_too_many_of_everything() -> None:
    """Twenty women and fourteen men in thirty seats: the minima conflict, and to ask fewer women weighs less."""
    problem = real_problem(1000)
    women = Quota("gender", "woman", 20, 22)
    impossible = replace(problem, quotas=(women, *problem.quotas[1:]))
    assert solve(impossible).status is Status.INFEASIBLE
    minima = tuple(Demand(Kind.MIN, "gender", value) for value in ("man", "woman"))
    assert conflict(impossible) == Conflict(minima)
    found = relax(impossible)
    assert found is not None
    assert found.changes == (Change(minima[1], 20, 16),)
    assert found.weight == Decimal("4.400")  # four times 1 + 2/20
    assert found.solution.status is Status.OPTIMAL
    ranges = {(one.quota.attribute, one.quota.value): one for one in attainable(impossible)}
    assert ranges["gender", "woman"].beside_others == Range(14, 16)
    assert ranges["gender", "woman"].alone == Range(0, 30)
    assert ranges["region", "africa"].beside_others is None


def test_the_limit_and_inclusions_give_way_only_if_asked() -> None:
    people = tuple(Candidate(number, 50 + number, "PE") for number in range(4))
    problem = Problem(people, 2, (), 1, frozenset({0, 1, 2}))
    assert relax(problem) is None
    assert relax(problem, per_country=True) is None
    found = relax(problem, per_country=True, include=True)
    assert found is not None
    assert found.changes == (
        Change(Demand(Kind.PER_COUNTRY), 1, 2),
        Change(Demand(Kind.INCLUDE, candidate=0), 1, 0),
    )
    assert (found.weight, found.solution.selected) == (Decimal(4), (2, 1))
    assert conflict(problem) == Conflict(tuple(Demand(Kind.INCLUDE, candidate=i) for i in (0, 1, 2)))


def test_a_pool_smaller_than_the_panel_is_no_rule_s_fault() -> None:
    problem = Problem((Candidate(1, 50), Candidate(2, None)), 2)
    assert conflict(problem) == Conflict(())
    assert relax(problem, per_country=True, include=True) is None


def test_a_problem_with_a_panel_is_left_as_it_is() -> None:
    problem = real_problem(200)
    found = relax(problem)
    assert found is not None
    assert (found.changes, found.weight, found.problem) == ((), 0, problem)
    assert found.solution == solve(problem)
