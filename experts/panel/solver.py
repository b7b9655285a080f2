"""HiGHS, on one core and silent. Its answers are checked by whole numbers before anybody sees them.

HiGHS is imported when first asked for: importing this module starts no thread, so a process may fork after it.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from experts.panel.program import Program

CLOSE = 1e-6  # of a unit: HiGHS keeps rows and whole numbers to this


class Status(StrEnum):
    """``stopped`` is of a time limit: what was found until then, and the bound, stand."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


class SolverError(RuntimeError):
    """The solver answered what isn't so, or failed. Never to be shown as a result."""


@dataclass(frozen=True)
class Answer:
    """``values`` and ``value`` None: nothing found. ``bound``: no solution is worth more."""

    status: Status
    values: Sequence[int] | None = None
    value: int | None = None
    bound: int | None = None


def maximise(program: Program, *, deadline: float | None = None) -> Answer:
    """The best solution, proven, or the best by ``deadline`` (of ``time.monotonic``). Raises ``SolverError``."""
    if not program.objective:
        return Answer(Status.OPTIMAL, (), 0, 0) if program.allows(()) else Answer(Status.INFEASIBLE)
    if deadline is not None and deadline <= time.monotonic():
        return Answer(Status.STOPPED, bound=_highest(program))
    highs, solver = _loaded(program, whole=True)
    if deadline is not None:
        solver.setOptionValue("time_limit", max(0.001, deadline - time.monotonic()))
    solver.run()
    status = solver.getModelStatus()
    if status in _without_solution(highs):
        return Answer(Status.INFEASIBLE)
    stopped = status == highs.HighsModelStatus.kTimeLimit
    if not stopped and status != highs.HighsModelStatus.kOptimal:
        raise SolverError(solver.modelStatusToString(status))
    return _checked(program, solver, stopped)


def relaxation_of(program: Program) -> tuple[list[float], list[float]] | None:
    """Columns' values and rows' multipliers where fractions are allowed; None where even those can't keep all rows."""
    if not program.objective:
        return ([], [0.0] * len(program.rows)) if program.allows(()) else None
    highs, solver = _loaded(program, whole=False)
    solver.run()
    status = solver.getModelStatus()
    if status in _without_solution(highs):
        return None
    if status != highs.HighsModelStatus.kOptimal:
        raise SolverError(solver.modelStatusToString(status))
    solution = solver.getSolution()
    return list(solution.col_value), list(solution.row_dual)


def _checked(program: Program, solver: Any, stopped: bool) -> Answer:
    info = solver.getInfo()
    bound = _highest(program)
    if math.isfinite(info.mip_dual_bound):
        bound = min(bound, math.floor(info.mip_dual_bound + CLOSE * max(1.0, abs(info.mip_dual_bound) / 1e4)))
    if stopped and not math.isfinite(info.objective_function_value):
        return Answer(Status.STOPPED, bound=bound)
    values = [round(value) for value in solver.getSolution().col_value]
    if len(values) != len(program.objective) or not program.allows(values):
        if stopped:
            return Answer(Status.STOPPED, bound=bound)
        raise SolverError("The solver's answer does not keep the rules.")
    value = program.value(values)
    if value == bound:
        return Answer(Status.OPTIMAL, values, value, bound)
    if not stopped:
        raise SolverError(f"The solver's bound {bound} does not prove its answer {value}.")
    return Answer(Status.STOPPED, values, value, bound)


def _without_solution(highs: Any) -> tuple[Any, Any]:
    """Presolve may leave open which of two it is; nothing here is unbounded."""
    return highs.HighsModelStatus.kInfeasible, highs.HighsModelStatus.kUnboundedOrInfeasible


def _highest(program: Program) -> int:
    """What no solution exceeds whatever the rows say."""
    limits = zip(program.objective, program.lower, program.upper, strict=True)
    return sum(max(weight * low, weight * high) for weight, low, high in limits)


def _loaded(program: Program, *, whole: bool) -> tuple[Any, Any]:
    import highspy

    solver = highspy.Highs()
    for option, value in _OPTIONS.items():
        solver.setOptionValue(option, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.objective), len(program.rows)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = [float(weight) for weight in program.objective]
    model.col_lower_ = [float(low) for low in program.lower]
    model.col_upper_ = [float(high) for high in program.upper]
    model.row_lower_ = [-highspy.kHighsInf if row.low is None else float(row.low) for row in program.rows]
    model.row_upper_ = [highspy.kHighsInf if row.high is None else float(row.high) for row in program.rows]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    starts, indices, entries = [0], [], []
    for row in program.rows:
        for column, coefficient in row.terms():
            indices.append(column)
            entries.append(float(coefficient))
        starts.append(len(indices))
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = starts, indices, entries
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
    if solver.passModel(model) == highspy.HighsStatus.kError:
        raise SolverError("The solver refused the program.")
    return highspy, solver


_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,  # objectives are whole numbers: less than 1 apart is proof
}
