"""The best solution of a program, and the first drawn of the best.

Most candidates can be ruled out before the search: with multipliers for the rows (those of the relaxation, rounded)
the program's worth has an upper bound, and each column a loss, the amount by which the bound falls if the column
is not at its favoured end. A solution worth at least F can't contain a loss above bound - F. Bound and losses are
whole numbers, so what is ruled out is ruled out for certain, whatever the solver's precision.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from experts.panel.program import Program, Row
from experts.panel.solver import CLOSE, Answer, Status, maximise, relaxation_of

SCALE = 1 << 20  # multipliers are counted in these parts of a unit of the objective
FIRST_CORE, WIDENED = 120, 6  # columns left to the solver at first, and how many times more each time
BLOCK = 16  # drawn candidates decided by one solution


@dataclass(frozen=True)
class Bound:
    """No solution is worth more than ``upper / SCALE``.

    ``worth`` is what a unit of a column adds to that, after what it takes from the rows; its favoured end follows.
    ``ranked`` has the columns by loss, of equal ones those first that the relaxation makes use of.
    """

    upper: int
    worth: Sequence[int]
    favoured: Sequence[int]
    ranked: Sequence[int]

    def settled(self, floor: int) -> dict[int, int]:
        """The columns that have one and the same value in every solution worth at least ``floor``."""
        budget = self.upper - floor * SCALE
        return {
            column: self.favoured[column] for column, worth in enumerate(self.worth) if abs(worth) > budget
        }

    def if_released(self, column: int) -> int:
        """What no solution exceeds once this fixed column (at 0 or 1) may be 0 or 1."""
        gain = -self.worth[column] if self.favoured[column] else self.worth[column]
        return (self.upper + max(0, gain)) // SCALE


def bound_of(program: Program) -> Bound | None:
    """A bound with losses; None where even fractions can't keep all rows, so nothing can."""
    relaxed = relaxation_of(program)
    if relaxed is None:
        return None
    used, duals = relaxed
    worth = [weight * SCALE for weight in program.objective]
    upper = 0
    for row, dual in zip(program.rows, duals, strict=True):
        side = row.high if dual > 0 else row.low
        multiplier = round(dual * SCALE)
        if side is None or multiplier == 0:
            continue
        upper += multiplier * side
        for column, coefficient in row.terms():
            worth[column] -= multiplier * coefficient
    favoured = [
        high if rest > 0 else low for rest, low, high in zip(worth, program.lower, program.upper, strict=True)
    ]
    upper += sum(rest * end for rest, end in zip(worth, favoured, strict=True))
    ranked = sorted(range(len(worth)), key=lambda column: (abs(worth[column]), used[column] < CLOSE, column))
    return Bound(upper, worth, favoured, ranked)


def best(program: Program, *, bound: Bound | None = None, deadline: float | None = None) -> Answer:
    """The best solution, proven. ``bound`` may be that of the same program with fewer rows.

    The solver first gets the columns of least loss only; if its best is worth what the others can't reach, that is
    the best of all, and otherwise it tells how many columns are needed. Raises ``SolverError``.
    """
    if len(program.objective) <= FIRST_CORE:
        return maximise(program, deadline=deadline)
    bound = bound or bound_of(program)
    if bound is None:
        return Answer(Status.INFEASIBLE)
    columns = FIRST_CORE
    while columns < len(bound.ranked):
        outside = bound.ranked[columns:]
        # A solution in which any of those is not at its favoured end is worth at most this.
        reach = (bound.upper - abs(bound.worth[outside[0]])) // SCALE
        answer = _best_in_core(program, {column: bound.favoured[column] for column in outside}, deadline)
        if answer.value is not None and answer.value < reach and answer.status is Status.OPTIMAL:
            reach, found = answer.value, answer
            answer = _best_in_core(program, bound.settled(reach), deadline)
            if answer.value is None:  # stopped before it found as much again
                answer = replace(answer, values=found.values, value=found.value)
        if answer.status is Status.STOPPED:
            return replace(answer, bound=min(bound.upper // SCALE, max(reach, answer.bound or 0)))
        if answer.value is not None:
            return answer
        columns *= WIDENED
    return maximise(program, deadline=deadline)


def first_drawn(
    program: Program,
    found: Answer,
    order: Sequence[int],
    *,
    deadline: float | None = None,
    bound: Bound | None = None,
) -> Answer:
    """Of the solutions worth as much as ``found``, the first drawn.

    ``order`` has the columns (of values 0 and 1) as they are drawn: the first is 1 if it is 1 in any such
    solution, then the second if it is 1 in any of those that remain, and so on. ``stopped`` says that the
    deadline came first.
    """
    assert found.values is not None and found.value is not None
    keep = Row(range(len(program.objective)), found.value, None, program.objective)
    bound = bound or bound_of(program)
    settled = bound.settled(found.value) if bound else {}
    reduced = program.with_rows(keep).fixed(settled)
    place = {column: index for index, column in enumerate(reduced.free)}
    undecided = [place[column] for column in order if column in place]
    values: Sequence[int] = [found.values[column] for column in reduced.free]
    decided: dict[int, int] = {}
    while undecided:
        block, undecided = undecided[:BLOCK], undecided[BLOCK:]
        answer = _first_of_block(reduced.program, decided, block, deadline)
        if answer.values is None or answer.status is not Status.OPTIMAL:
            return Answer(Status.STOPPED, reduced.widened(values), found.value, found.value)
        values = answer.values
        decided |= {column: values[column] for column in block}
        undecided = _open(reduced.program, decided, undecided)
    return Answer(Status.OPTIMAL, reduced.widened(values), found.value, found.value)


def feasible(program: Program) -> bool:
    """Whether there is any solution at all. Raises ``SolverError``."""
    return best(program.with_objective([0] * len(program.objective))).status is not Status.INFEASIBLE


def deadline_of(time_limit: float | None) -> float | None:
    return None if time_limit is None else time.monotonic() + time_limit


def _best_in_core(program: Program, settled: dict[int, int], deadline: float | None) -> Answer:
    reduced = program.fixed(settled)
    answer = maximise(reduced.program, deadline=deadline)
    return Answer(
        answer.status,
        None if answer.values is None else reduced.widened(answer.values),
        None if answer.value is None else answer.value + reduced.constant,
        None if answer.bound is None else answer.bound + reduced.constant,
    )


def _first_of_block(
    program: Program, decided: dict[int, int], block: Sequence[int], deadline: float | None
) -> Answer:
    """Powers of two make one solution decide the whole block: an earlier column outweighs all later ones."""
    weights = [0] * len(program.objective)
    for rank, column in enumerate(reversed(block)):
        weights[column] = 1 << rank
    reduced = program.with_objective(weights).fixed(decided)
    answer = maximise(reduced.program, deadline=deadline)
    return answer if answer.values is None else replace(answer, values=reduced.widened(answer.values))


def _open(program: Program, decided: dict[int, int], undecided: list[int]) -> list[int]:
    """Columns that some row doesn't force by itself, now that others are decided: full countries, filled seats."""
    forced: set[int] = set()
    for row in program.rows:
        if row.coefficients is not None and any(coefficient != 1 for coefficient in row.coefficients):
            continue
        spent = sum(decided.get(column, 0) for column in row.columns)
        if row.high is not None and spent >= row.high:
            forced.update(row.columns)
    for column in undecided:
        if column in forced:
            decided[column] = 0
    return [column for column in undecided if column not in forced]
