"""Prices against the optimum of every problem with a rule fewer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trying

from experts.panel import Candidate, Priced, Problem, Quota, prices, solve
from tests.experts.panel import brute_force
from tests.experts.panel.problems import real_problem, small_problems


def with_a_rule_fewer(problem: Problem) -> Iterator[tuple[tuple[Any, ...], Problem]]:
    quotas = list(enumerate(problem.quotas))
    for place, quota in quotas:
        yield (
            (Priced.QUOTA, quota.attribute, quota.value, None),
            brute_force.without_quotas(problem, place),
        )
    for attribute in dict.fromkeys(quota.attribute for quota in problem.quotas):
        places = [place for place, quota in quotas if quota.attribute == attribute]
        if len(places) > 1:
            yield (
                (Priced.ATTRIBUTE, attribute, None, None),
                brute_force.without_quotas(problem, *places),
            )
    if quotas:
        yield (Priced.QUOTAS, None, None, None), replace(problem, quotas=())
    if problem.per_country is not None:
        yield (Priced.PER_COUNTRY, None, None, None), replace(problem, per_country=None)
    for candidate in sorted(problem.include, key=str):
        yield (
            (Priced.INCLUDE, None, None, candidate),
            replace(problem, include=problem.include - {candidate}),
        )
    for candidate in sorted(problem.exclude, key=str):
        yield (
            (Priced.EXCLUDE, None, None, candidate),
            replace(problem, exclude=problem.exclude - {candidate}),
        )


@given(small_problems())
@trying(max_examples=100, deadline=None)
def test_a_price_is_what_the_optimum_gains_without_the_rule(problem: Problem) -> None:
    solution = solve(problem)
    if solution.merit is None:
        with pytest.raises(ValueError, match="optimal"):
            prices(problem, solution)
        return
    found = [
        ((price.of, price.attribute, price.value, price.candidate), price.merit, price.price)
        for price in prices(problem, solution)
    ]
    assert found == [
        (named, best, best - solution.merit)
        for named, fewer in with_a_rule_fewer(brute_force.may_sit(problem))
        if (best := brute_force.optimum(fewer)) is not None
    ]


def test_a_decision_that_costs_nothing_and_one_that_does() -> None:
    people = (Candidate("ana", 90), Candidate("bo", 80), Candidate("cy", 70), Candidate("di", 60))
    problem = Problem(people, 2, include=frozenset({"cy"}), exclude=frozenset({"ana", "di"}))
    found = {price.candidate: price.price for price in prices(problem, solve(problem))}
    # Without "cy": ana is excluded, so bo and cy are the best anyway. Without excluding ana: she for bo.
    assert found == {"cy": 0, "ana": 10, "di": 0}


def test_an_included_person_without_a_score_may_be_all_that_makes_a_panel_possible() -> None:
    """Only the woman who has no score yet keeps the quota: that she must sit costs nothing, and has a price."""
    people = (
        Candidate("ana", None, None, {"gender": {"woman"}}),
        *(Candidate(name, 80, None, {"gender": {"man"}}) for name in ("bo", "cy", "di")),
    )
    problem = Problem(people, 2, (Quota("gender", "woman", 1),), include=frozenset({"ana"}))
    found = {price.of: (price.price, price.merit) for price in prices(problem, solve(problem))}
    assert found[Priced.INCLUDE] == (0, 80)
    assert found[Priced.QUOTA] == (0, 80)


def test_many_exclusions_are_priced_at_the_real_size() -> None:
    problem = real_problem(1000)
    best = solve(problem).selected[:3]
    excluded = replace(problem, exclude=frozenset({*best, *range(0, 200)}))
    found = prices(excluded, solve(excluded))
    of = {price.candidate: price.price for price in found if price.of is Priced.EXCLUDE}
    assert len(of) == len(excluded.exclude)
    for candidate in best:
        fewer = solve(replace(excluded, exclude=excluded.exclude - {candidate}))
        excluded_merit = solve(excluded).merit
        assert fewer.merit is not None and excluded_merit is not None
        assert of[candidate] == fewer.merit - excluded_merit > 0


def test_the_watcher_hears_of_every_step() -> None:
    heard: list[tuple[int, int]] = []
    problem = Problem((Candidate("ana", 80, None, {"a": {"x"}}),), 1, (Quota("a", "x", 1),))
    prices(problem, solve(problem), progress=lambda done, total: heard.append((done, total)))
    assert heard == [(0, 2), (1, 2), (2, 2)]
