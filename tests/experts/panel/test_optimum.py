"""The optimum: against every panel of small problems, in any order, with its draw, under a time limit."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from experts.panel import Candidate, Problem, Quota, Status, drawn_number, solve
from tests.experts.panel import brute_force
from tests.experts.panel.problems import real_problem, small_problems


@given(small_problems())
@trying(max_examples=150, deadline=None)
def test_the_panel_is_the_first_drawn_of_the_best(problem: Problem) -> None:
    solution, expected = solve(problem), brute_force.ranking(problem)
    if not expected:
        assert (solution.status, solution.selected, solution.merit) == (Status.INFEASIBLE, (), None)
        return
    assert solution.status is Status.OPTIMAL and solution.drawn
    assert frozenset(solution.selected) == expected[0]
    assert solution.merit == solution.bound == brute_force.merit(problem, expected[0])
    assert solution.gap == 0


@given(small_problems(), st.randoms(use_true_random=False))
@trying(max_examples=50, deadline=None)
def test_the_order_of_the_input_plays_no_part(problem: Problem, chance: random.Random) -> None:
    candidates, quotas = list(problem.candidates), list(problem.quotas)
    chance.shuffle(candidates)
    chance.shuffle(quotas)
    assert solve(replace(problem, candidates=tuple(candidates), quotas=tuple(quotas))) == solve(problem)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_a_large_input_plays_no_part(seed: int) -> None:
    problem = real_problem(1000, seed)
    level = tuple(replace(candidate, merit=80) for candidate in problem.candidates)  # millions of ties
    for pool in (problem.candidates, level):
        shuffled = random.Random(seed).sample(pool, len(pool))
        first = solve(replace(problem, candidates=pool))
        assert first.status is Status.OPTIMAL and first.drawn
        assert solve(replace(problem, candidates=tuple(shuffled))) == first


def test_everybody_draws_a_number_that_anybody_can_work_out() -> None:
    # printf '%s' '2026:ana' | sha256sum
    assert drawn_number(2026, "ana") == "58411a84fa4ade1dbe34369aff1c67f5012242a1fa54eeb08cc1451242ceee39"
    people = tuple(Candidate(name, 80) for name in ("ana", "bo", "cy", "di"))
    for seed in range(8):
        first = min(("ana", "bo", "cy", "di"), key=lambda name: drawn_number(seed, name))
        assert solve(Problem(people, 1, seed=seed)).selected == (first,)


def test_another_process_with_another_hash_seed_finds_the_same_panel() -> None:
    code = (
        "from tests.experts.panel.problems import real_problem; from experts.panel import solve;"
        "print(solve(real_problem(300, 4)).selected)"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=settings.BASE_DIR,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert answers == {str(solve(real_problem(300, 4)).selected)}


def test_importing_the_package_does_not_load_the_solver() -> None:
    """A worker may fork after the import; who never chooses a panel pays nothing."""
    code = "import experts.panel, sys; sys.exit('highspy' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=False).returncode == 0


def test_a_forked_process_solves_too() -> None:
    expected = solve(real_problem(200)).selected
    code = (
        "import os; from experts.panel import solve; from tests.experts.panel.problems import real_problem\n"
        "p = real_problem(200); first = solve(p).selected\n"
        "child = os.fork()\n"
        "if child == 0: os._exit(0 if solve(p).selected == first else 1)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0; print(first)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout.strip() == str(expected)


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    solve(real_problem(200))
    assert capfd.readouterr() == ("", "")


def test_a_time_limit_is_kept_and_the_gap_is_honest() -> None:
    problem = real_problem(1000)
    stopped = solve(problem, time_limit=0)
    assert (stopped.status, stopped.drawn) == (Status.STOPPED, False)
    optimum = solve(problem)
    assert stopped.bound is not None and optimum.merit is not None and stopped.bound >= optimum.merit
    assert (stopped.merit is None) == (stopped.selected == ()) == (stopped.gap is None)
    assert solve(problem, time_limit=600) == optimum


@pytest.mark.parametrize("limit", [0.001, 0.01, 0.03, 0.1])
def test_whenever_it_is_stopped_the_optimum_lies_between_merit_and_bound(limit: float) -> None:
    problem = real_problem(3000, 1)
    optimum, stopped = solve(problem), solve(problem, time_limit=limit)
    assert optimum.merit is not None and stopped.bound is not None
    assert (stopped.merit or 0) <= optimum.merit <= stopped.bound
    if stopped.status is Status.OPTIMAL:
        assert stopped.merit == stopped.bound
        assert not stopped.drawn or stopped == optimum
    else:
        assert stopped.status is Status.STOPPED and not stopped.drawn


def test_degenerate_problems() -> None:
    people = tuple(Candidate(number, 80, "PE") for number in range(5))
    assert solve(Problem((), 0)).status is Status.OPTIMAL
    assert solve(Problem(people, 0)) == solve(Problem((), 0))
    assert solve(Problem((), 1)).status is Status.INFEASIBLE
    assert solve(Problem(people, 5)).merit == Decimal(400)
    assert solve(Problem(people, 2, per_country=1)).status is Status.INFEASIBLE
    assert len(solve(Problem(people, 2)).selected) == 2
    assert solve(Problem(people, 0, (Quota("gender", "woman", 1),))).status is Status.INFEASIBLE


def test_the_unscored_are_chosen_by_decision_only() -> None:
    scored, unscored = Candidate("ana", 1), Candidate("bo", None)
    assert solve(Problem((scored, unscored), 2)).status is Status.INFEASIBLE
    decided = solve(Problem((scored, unscored), 2, include=frozenset({"bo"})))
    assert (decided.selected, decided.merit) == (("ana", "bo"), Decimal(1))
