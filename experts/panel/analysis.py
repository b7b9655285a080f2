"""Everything about one problem, one step after the other."""

from collections.abc import Collection
from dataclasses import dataclass

from experts.panel.alternates import Alternates, Reserve, alternates, reserve_list
from experts.panel.attainable import Attainable, attainable
from experts.panel.conflict import Conflict, conflict
from experts.panel.near_ties import NearTies, near_ties
from experts.panel.optimum import Solution, solve
from experts.panel.prices import Price, prices
from experts.panel.problem import Problem
from experts.panel.progress import Progress, silent
from experts.panel.relaxation import Relaxation, least_change
from experts.panel.solver import Status
from experts.panel.unattainable import Unattainable, only_fixed, unattainable, without_sides

# Shares of the whole time, in parts of a hundred, as measured for 30 of 1,000.
SHARES = {
    Status.OPTIMAL: {"solve": 3, "near_ties": 20, "prices": 60, "alternates": 7, "attainable": 10},
    Status.INFEASIBLE: {
        "solve": 3,
        "attainable": 20,
        "unattainable": 5,
        "conflict": 40,
        "further": 17,
        "relax": 15,
    },
}


@dataclass(frozen=True)
class Analysis:
    """The solution; for an optimal one what surrounds it, for an infeasible problem why and what would help.

    ``near_ties``, ``prices``, ``alternates`` and ``reserve`` are of the optimum, the rest of the infeasible: quotas
    ``unattainable`` by themselves; a minimal ``conflict``, and a ``further`` one (None: none) among what is left
    without these quotas; the ``relaxation`` (None: nobody may be chosen at all), and where quotas alone can't give
    way enough the ``obstacle``: what conflicts without any quota. A stopped search has neither.
    """

    solution: Solution
    attainable: tuple[Attainable, ...] = ()
    near_ties: NearTies | None = None
    prices: tuple[Price, ...] = ()
    alternates: tuple[Alternates, ...] = ()
    reserve: tuple[Reserve, ...] = ()
    unattainable: tuple[Unattainable, ...] = ()
    conflict: Conflict | None = None
    further: Conflict | None = None
    obstacle: Conflict | None = None
    relaxation: Relaxation | None = None


def analyse(
    problem: Problem,
    *,
    time_limit: float | None = None,
    fixed: Collection[str] = (),
    progress: Progress = silent,
) -> Analysis:
    """Solve, and say everything about the answer. ``time_limit`` is of the first search, in seconds;
    quotas of ``fixed`` attributes never give way.

    ``progress`` hears parts of a hundred. Raises what it raises, ``SolverError``.
    """
    progress(0, 100)
    solution = solve(problem, time_limit=time_limit)
    if solution.status is Status.STOPPED:
        progress(100, 100)
        return Analysis(solution)
    parts = _Parts(solution.status, progress)
    if solution.status is Status.OPTIMAL:
        return Analysis(
            solution,
            near_ties=near_ties(problem, solution, progress=parts.of("near_ties")),
            prices=prices(problem, solution, progress=parts.of("prices")),
            alternates=alternates(problem, solution.selected, progress=parts.of("alternates")),
            reserve=reserve_list(problem, solution.selected),
            attainable=attainable(problem, fixed=fixed, progress=parts.of("attainable")),
        )
    return _explained(problem, solution, fixed, parts)


def _explained(problem: Problem, solution: Solution, fixed: Collection[str], parts: "_Parts") -> Analysis:
    """Why there is no panel, and what would help."""
    ranges = attainable(problem, fixed=fixed, progress=parts.of("attainable"))
    alone = unattainable(problem, ranges, fixed=fixed)
    parts.of("unattainable")(1, 1)
    found = conflict(problem, progress=parts.of("conflict"))
    further = None
    if alone:
        rest = without_sides(problem, {one.demand for one in alone})
        further = conflict(rest, progress=parts.of("further"))
    relaxation = least_change(problem, fixed=fixed)
    quotas_suffice = relaxation is not None and relaxation.of_quotas_alone
    parts.of("relax")(1, 1)
    return Analysis(
        solution,
        attainable=ranges,
        unattainable=alone,
        conflict=found,
        further=further,
        obstacle=None if quotas_suffice else conflict(only_fixed(problem, fixed)),
        relaxation=relaxation,
    )


class _Parts:
    """The progress of a part as a share of the whole."""

    def __init__(self, status: Status, progress: Progress) -> None:
        self._shares, self._progress = SHARES[status], progress

    def of(self, part: str) -> Progress:
        names = list(self._shares)
        before = sum(self._shares[name] for name in names[: names.index(part)])
        share = self._shares[part]

        def progress(done: int, total: int) -> None:
            self._progress(before + (share * done // total if total else share), 100)

        return progress
