"""The search by parts: with cores so small that they are too small, everything still agrees with every panel."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from experts.panel import Problem, Status, attainable, relax, search, solve
from experts.panel.instance import Instance
from experts.panel.search import SCALE, best, bound_of
from experts.panel.solver import maximise
from tests.experts.panel import brute_force
from tests.experts.panel.problems import real_problem, small_problems, tight_problem


@given(small_problems(), st.integers(1, 4), st.integers(1, 3))
@trying(max_examples=80, deadline=None)
def test_a_core_that_is_too_small_is_widened(problem: Problem, core: int, block: int) -> None:
    with patch.multiple(search, FIRST_CORE=core, WIDENED=2, BLOCK=block):
        solution, ranges, change = solve(problem), attainable(problem), relax(problem)
    ranking = brute_force.ranking(problem)
    assert (solution.status is Status.OPTIMAL) == bool(ranking)
    assert set(solution.selected) == set(ranking[0] if ranking else ())
    assert ranges == attainable(problem)
    assert change == relax(problem)


def test_a_core_with_a_panel_but_not_the_best() -> None:
    """What such a core finds says which candidates are still needed; the oracle is the solver without any core."""
    not_the_best = 0
    for seed in range(20):
        instance = Instance(tight_problem(seed))
        program = instance.program()
        expected = maximise(program).value
        with patch.multiple(search, FIRST_CORE=20, WIDENED=2):
            assert best(program).value == expected
        with patch.multiple(search, FIRST_CORE=20, BLOCK=5):
            found_in_parts = solve(instance.problem)
        assert found_in_parts == solve(instance.problem)
        bound = bound_of(program)
        assert bound is not None
        outside = {column: bound.favoured[column] for column in bound.ranked[20:]}
        found = maximise(program.fixed(outside).program)
        not_the_best += found.value is not None and found.value + program.fixed(outside).constant != expected
    assert not_the_best >= 2  # otherwise this test tries nothing


@given(small_problems())
@trying(max_examples=80, deadline=None)
def test_no_panel_exceeds_the_bound_and_what_is_settled_holds_for_the_best(problem: Problem) -> None:
    instance = Instance(problem)
    bound = bound_of(instance.program())
    ranking = brute_force.ranking(problem)
    if bound is None:
        assert not ranking
        return
    for panel in ranking:
        columns = set(instance.columns_of(panel))
        merit = sum(instance.merits[column] for column in columns)
        assert merit * SCALE <= bound.upper
        for column, value in bound.settled(merit).items():
            assert (column in columns) == bool(value)


def test_the_bound_is_close() -> None:
    """Rounding the multipliers must not cost a hundredth; otherwise nobody could be put aside."""
    for seed in range(3):
        program = Instance(real_problem(1000, seed)).program()
        bound, answer = bound_of(program), best(program)
        assert bound is not None and answer.value is not None
        assert answer.value <= bound.upper // SCALE <= answer.value + 200
        assert len(bound.settled(answer.value)) > 900
