"""Ties and the panels that come next, against the ranking of every panel."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as trying

from experts.panel import Candidate, Problem, near_ties, solve
from tests.experts.panel import brute_force
from tests.experts.panel.problems import real_problem, small_problems


@given(small_problems())
@trying(max_examples=100, deadline=None)
def test_ties_and_the_next_panels_are_those_of_the_ranking(problem: Problem) -> None:
    solution, ranking = solve(problem), brute_force.ranking(problem)
    if not ranking:
        with pytest.raises(ValueError, match="optimal"):
            near_ties(problem, solution)
        return
    merits = [brute_force.merit(problem, panel) for panel in ranking]
    ties = merits.count(merits[0]) - 1
    for cap in (1, 4, 100):
        found = near_ties(problem, solution, cap=cap)
        assert (found.ties, found.complete) == (min(ties, cap), ties < cap)
        described = [
            (near.merit, near.behind, set(near.comes_in), set(near.goes_out)) for near in found.panels
        ]
        assert described == [
            (merit, merits[0] - merit, panel - ranking[0], ranking[0] - panel)
            for merit, panel in list(zip(merits, ranking, strict=True))[1:4]
        ]


def test_millions_of_ties_are_not_counted_out() -> None:
    problem = real_problem(1000)
    level = replace(
        problem, candidates=tuple(replace(candidate, merit=80) for candidate in problem.candidates)
    )
    found = near_ties(level, solve(level), cap=50)
    assert (found.ties, found.complete) == (50, False)
    assert len({near.comes_in + near.goes_out for near in found.panels}) == 3
    assert all(near.behind == 0 for near in found.panels)


def test_one_possible_panel_has_no_other() -> None:
    problem = Problem((Candidate("ana", 80), Candidate("bo", 70)), 2)
    assert near_ties(problem, solve(problem)) == replace(
        near_ties(problem, solve(problem)), ties=0, complete=True, panels=()
    )


def test_the_watcher_hears_of_steps_and_may_stop() -> None:
    problem, heard = real_problem(200), []

    def watch(done: int, total: int) -> None:
        heard.append((done, total))
        if done == 1:
            raise InterruptedError

    solution = solve(problem)
    with pytest.raises(InterruptedError):
        near_ties(problem, replace(solution), listed=3, cap=1, progress=watch)
    assert heard == [(0, 3), (1, 3)]
