"""All answers to one problem, its progress, and both as JSON."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as trying

from experts.panel import (
    Candidate,
    Conflict,
    Demand,
    Kind,
    Problem,
    Quota,
    Status,
    alternates,
    analyse,
    attainable,
    conflict,
    least_change,
    near_ties,
    plain,
    prices,
    problem_from,
    relax,
    reserve_list,
    solve,
    unattainable,
)
from tests.experts.panel.problems import real_problem, small_problems


def test_a_problem_with_a_panel() -> None:
    problem = real_problem(200)
    found = analyse(problem)
    solution = solve(problem)
    assert found.solution == solution
    assert found.near_ties == near_ties(problem, solution)
    assert found.prices == prices(problem, solution)
    assert found.alternates == alternates(problem, solution.selected)
    assert found.reserve == reserve_list(problem, solution.selected)
    assert found.attainable == attainable(problem)
    assert (found.conflict, found.relaxation) == (None, None)


def test_a_problem_without_one() -> None:
    people = tuple(Candidate(number, 50, "PE", {"gender": {"man"}}) for number in range(3))
    problem = Problem(people, 2, (Quota("gender", "woman", 1),), 1)
    found = analyse(problem)
    assert found.solution.status is Status.INFEASIBLE
    assert (found.conflict, found.attainable) == (conflict(problem), attainable(problem))
    assert (found.prices, found.near_ties, found.alternates) == ((), None, ())
    assert found.unattainable == unattainable(problem, found.attainable)
    # All are of one country: without any quota the limit alone leaves no panel of two.
    assert found.obstacle == Conflict((Demand(Kind.PER_COUNTRY),))
    assert relax(problem) is None
    assert found.relaxation == least_change(problem)
    assert found.relaxation is not None and not found.relaxation.of_quotas_alone


def test_a_search_that_was_stopped_is_not_explained() -> None:
    found = analyse(real_problem(200), time_limit=0)
    assert found.solution.status is Status.STOPPED
    assert (found.prices, found.conflict, found.attainable) == ((), None, ())


@pytest.mark.parametrize("women", [14, 20])
def test_progress_rises_from_nothing_to_all(women: int) -> None:
    problem = real_problem(200)
    heard: list[tuple[int, int]] = []
    quotas = (Quota("gender", "woman", women, 22), *problem.quotas[1:])
    analyse(replace(problem, quotas=quotas), progress=lambda *step: heard.append(step))
    assert heard[0] == (0, 100) and heard[-1] == (100, 100)
    assert heard == sorted(heard) and len(set(heard)) > 20


def test_whoever_watches_may_stop_it() -> None:
    def stop(done: int, total: int) -> None:
        if done > 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyse(real_problem(200), progress=stop)


@given(small_problems())
@trying(max_examples=50, deadline=None)
def test_a_stored_problem_gives_the_same_answers(problem: Problem) -> None:
    stored = json.loads(json.dumps(plain(problem)))
    again = problem_from(stored)
    assert plain(analyse(again)) == plain(analyse(problem))
    assert plain(again) == stored


def test_answers_are_plain() -> None:
    problem = Problem((Candidate("ana", Decimal("80.25"), "PE", {"field": {"law", "data"}}),), 1)
    outcome = json.loads(json.dumps(plain(analyse(problem))))
    assert outcome["solution"] == {
        "status": "optimal",
        "selected": ["ana"],
        "merit": "80.25",
        "bound": "80.25",
        "drawn": True,
    }
    assert plain(problem)["candidates"][0]["attributes"] == {"field": ["data", "law"]}
