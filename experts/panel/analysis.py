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
from experts.panel.relaxation import Relaxation, relax
from experts.panel.solver import Status

# Shares of the whole time, in parts of a hundred, as measured for 30 of 1,000.
SHARES = {
    Status.OPTIMAL: {"solve": 3, "near_ties": 20, "prices": 60, "alternates": 7, "attainable": 10},
    Status.INFEASIBLE: {"solve": 3, "conflict": 60, "relax": 17, "attainable": 20},
}


@dataclass(frozen=True)
class Analysis:
    """The solution; for an optimal one what surrounds it, for an infeasible problem why and what would help.

    ``near_ties``, ``prices``, ``alternates`` and ``reserve`` are of the optimum; ``conflict`` and ``relaxation`` of
    the infeasible (``relaxation`` None: no change of the rules allowed suffices). A stopped search has neither.
    """

    solution: Solution
    attainable: tuple[Attainable, ...] = ()
    near_ties: NearTies | None = None
    prices: tuple[Price, ...] = ()
    alternates: tuple[Alternates, ...] = ()
    reserve: tuple[Reserve, ...] = ()
    conflict: Conflict | None = None
    relaxation: Relaxation | None = None


def analyse(
    problem: Problem,
    *,
    time_limit: float | None = None,
    relax_per_country: bool = False,
    relax_include: bool = False,
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
            attainable=attainable(problem, progress=parts.of("attainable")),
        )
    return Analysis(
        solution,
        conflict=conflict(problem, progress=parts.of("conflict")),
        relaxation=relax(problem, per_country=relax_per_country, include=relax_include, fixed=fixed),
        attainable=attainable(problem, progress=parts.of("attainable")),
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
