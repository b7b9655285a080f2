"""What is out of reach by itself, what else conflicts, and what helps where quotas alone don't; against every panel."""

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
    Unattainable,
    analyse,
    attainable,
    least_change,
    relax,
    unattainable,
)
from tests.experts.panel import brute_force
from tests.experts.panel.problems import REGIONS, real_problem, small_problems


def without(problem: Problem, demands: Iterable[Demand]) -> Problem:
    """The problem without these decisions and the limit, if it is among them."""
    left_out = set(demands)
    return replace(
        brute_force.may_sit(problem),
        per_country=None if Demand(Kind.PER_COUNTRY) in left_out else problem.per_country,
        include=frozenset(i for i in problem.include if Demand(Kind.INCLUDE, candidate=i) not in left_out),
        exclude=frozenset(i for i in problem.exclude if Demand(Kind.EXCLUDE, candidate=i) not in left_out),
    )


@given(small_problems())
@trying(max_examples=150, deadline=None)
def test_every_quota_that_is_out_of_reach_by_itself_is_told_and_no_other(problem: Problem) -> None:
    found = {one.demand: one for one in unattainable(problem, attainable(problem))}
    bare = replace(problem, quotas=())
    by_id = brute_force.people(problem)
    panels = brute_force.feasible(bare)
    for quota in problem.quotas:
        counts = [sum(by_id[member].has(quota.attribute, quota.value) for member in p) for p in panels]
        for kind, bound in ((Kind.MIN, quota.min), (Kind.MAX, quota.max)):
            demand = Demand(kind, quota.attribute, quota.value)
            if bound is None or not panels:
                assert demand not in found
                continue
            nearest = max(counts) if kind is Kind.MIN else min(counts)
            missed = nearest < bound if kind is Kind.MIN else nearest > bound
            assert (demand in found) == missed
            if missed:
                one = found[demand]
                assert (one.asked, one.reached) == (bound, nearest)
                side = Quota(quota.attribute, quota.value, **{str(kind): bound})
                alone = replace(bare, quotas=(side,))
                _is_minimal(alone, one.because)


def _is_minimal(problem: Problem, because: tuple[Demand, ...]) -> None:
    """With these demands and the quota there is no panel; with any one of them fewer, there is."""
    every = {Demand(Kind.PER_COUNTRY)} if problem.per_country is not None else set()
    every |= {Demand(Kind.INCLUDE, candidate=i) for i in problem.include}
    every |= {Demand(Kind.EXCLUDE, candidate=i) for i in problem.exclude}
    assert set(because) <= every
    others = every - set(because)
    assert not brute_force.feasible(without(problem, others))
    for demand in because:
        assert brute_force.feasible(without(problem, others | {demand}))


def test_first_what_is_out_of_reach_alone_then_what_conflicts_beside_it() -> None:
    """Five lawyers of two asked for; and women and men that together are more than the seats."""
    people = tuple(
        Candidate(
            number,
            50 + number,
            f"C{number}",
            {"gender": {"woman" if number % 2 else "man"}, "field": {"law"} if number < 2 else set()},
        )
        for number in range(10)
    )
    law = Quota("field", "law", 5)
    problem = Problem(people, 4, (law, Quota("gender", "woman", 3), Quota("gender", "man", 3)), 1)
    found = analyse(problem)
    assert found.unattainable == (Unattainable(Demand(Kind.MIN, "field", "law"), 5, 2, ()),)
    assert found.further == Conflict((Demand(Kind.MIN, "gender", "man"), Demand(Kind.MIN, "gender", "woman")))
    assert found.obstacle is None
    assert found.relaxation is not None and found.relaxation.of_quotas_alone


def test_the_limit_the_included_and_the_excluded_are_named_where_they_take_part() -> None:
    """Four women: two of one country, one is excluded, and a man is included for the last seat."""
    people = (
        Candidate("ana", 90, "PE", {"gender": {"woman"}}),
        Candidate("bea", 80, "PE", {"gender": {"woman"}}),
        Candidate("cleo", 70, "KE", {"gender": {"woman"}}),
        Candidate("dan", 60, "FR", {"gender": {"man"}}),
        Candidate("eva", 50, "IN", {"gender": {"woman"}}),
        Candidate("fay", 40, "CL", {"gender": {"man"}}),
    )
    woman = Quota("gender", "woman", 3)
    problem = Problem(people, 3, (woman,), 1, include=frozenset({"dan"}), exclude=frozenset({"eva", "fay"}))
    (one,) = analyse(problem).unattainable
    # Whoever is excluded doesn't matter here: with three seats and a man in one of them, three women never fit.
    assert one == Unattainable(
        Demand(Kind.MIN, "gender", "woman"), 3, 2, (Demand(Kind.INCLUDE, candidate="dan"),)
    )
    (one,) = analyse(replace(problem, include=frozenset())).unattainable
    assert one.because == (Demand(Kind.EXCLUDE, candidate="eva"), Demand(Kind.PER_COUNTRY))
    conflict = analyse(replace(problem, include=frozenset())).conflict
    assert conflict == Conflict((*one.because, one.demand))


def test_where_quotas_alone_cannot_help_the_limit_inclusions_or_seats_give_way() -> None:
    people = tuple(Candidate(number, 50 + number, "PE" if number < 4 else "KE") for number in range(6))
    limited = Problem(people, 4, (), 1)
    assert relax(limited) is None
    found = analyse(limited)
    assert found.obstacle == Conflict((Demand(Kind.PER_COUNTRY),))
    assert found.relaxation is not None
    assert found.relaxation.changes == (Change(Demand(Kind.PER_COUNTRY), 1, 2),)
    assert (found.relaxation.weight, found.relaxation.problem.per_country) == (Decimal(1), 2)

    crowded = Problem(people, 2, (), None, include=frozenset({1, 2, 3}))
    change = least_change(crowded)
    assert change is not None
    # The one whose going costs the least merit.
    assert change.changes == (Change(Demand(Kind.INCLUDE, candidate=1), 1, 0),)
    assert (change.weight, change.solution.selected) == (Decimal(3), (3, 2))

    few = Problem(people, 8, (), None)
    found = analyse(few)
    assert found.obstacle == Conflict(())
    assert found.relaxation is not None
    assert found.relaxation.changes == (Change(Demand(Kind.SEATS), 8, 6),)
    assert len(found.relaxation.solution.selected) == 6


def test_nobody_at_all_is_beyond_help() -> None:
    found = analyse(Problem((Candidate("ana", None),), 1))
    assert (found.relaxation, found.obstacle, found.conflict) == (None, Conflict(()), Conflict(()))


def test_what_never_gives_way_holds_for_a_quota_alone_too() -> None:
    """Two nominations of one woman: she can't be two of two women."""
    people = (
        Candidate("a1", 90, "PE", {"gender": {"woman"}, "person": {"ana"}}),
        Candidate("a2", 80, "KE", {"gender": {"woman"}, "person": {"ana"}}),
        Candidate("bo", 70, "FR", {"gender": {"man"}}),
    )
    one_place = Quota("person", "ana", max=1)
    problem = Problem(people, 2, (Quota("gender", "woman", 2), one_place))
    found = analyse(problem, fixed=("person",))
    assert found.attainable[0].alone == Range(1, 1)
    assert found.unattainable == (
        Unattainable(Demand(Kind.MIN, "gender", "woman"), 2, 1, (Demand(Kind.MAX, "person", "ana"),)),
    )
    assert found.relaxation is not None
    assert found.relaxation.changes == (Change(Demand(Kind.MIN, "gender", "woman"), 2, 1),)
    assert set(found.relaxation.solution.selected) == {"a1", "bo"}


@given(small_problems())
@trying(max_examples=100, deadline=None)
def test_what_is_proposed_always_leaves_a_panel(problem: Problem) -> None:
    found = analyse(problem)
    if found.solution.status is not Status.INFEASIBLE:
        return
    scored = [p.id for p in problem.candidates if p.merit is not None and p.id not in problem.exclude]
    if found.relaxation is None:
        assert not scored and not problem.include
        return
    best = brute_force.ranking(found.relaxation.problem)[0]
    assert frozenset(found.relaxation.solution.selected) == best
    assert (found.obstacle is None) == found.relaxation.of_quotas_alone


def test_a_region_that_is_missing_from_a_large_pool() -> None:
    """Nobody of Africa: its five are out of reach, and beside that four regions of seven at most don't make thirty."""
    problem = real_problem(1000)
    people = tuple(p for p in problem.candidates if not p.has("region", "africa"))
    found = analyse(replace(problem, candidates=people))
    assert [(one.demand.value, one.asked, one.reached) for one in found.unattainable] == [("africa", 5, 0)]
    assert found.further is not None
    assert [(demand.kind, demand.value) for demand in found.further.demands] == [
        (Kind.MAX, region) for region in REGIONS[1:]
    ]
    assert found.relaxation is not None and found.relaxation.of_quotas_alone
    changes = {change.demand.value: change.after - change.before for change in found.relaxation.changes}
    assert changes.pop("africa") == -5
    assert sum(changes.values()) == 2
