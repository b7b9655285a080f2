"""Which demands can't be met together."""

from dataclasses import dataclass

from experts.panel.instance import Instance
from experts.panel.problem import Problem
from experts.panel.progress import Progress, silent
from experts.panel.rules import Demand, Kind, demands, leaving_out
from experts.panel.search import feasible


@dataclass(frozen=True)
class Conflict:
    """Demands that no panel of so many members meets together, and any one fewer could be met.

    Empty: there are fewer people to choose from than seats. One conflict may hide others: read it beside what is
    unattainable alone, the relaxation and what is attainable.
    """

    demands: tuple[Demand, ...]


def conflict(problem: Problem, *, progress: Progress = silent) -> Conflict | None:
    """A minimal set of demands that conflict; None where the problem has a panel.

    Demands are left out one by one, exclusions first, then the limit, inclusions and quotas; whatever isn't needed
    for the conflict stays out. So a conflict names quotas alone where quotas alone conflict, and else the limit,
    the inclusions and the very exclusions that take part.
    """
    instance = Instance(problem)
    if feasible(instance.program()):
        return None
    every = list(demands(problem))
    exclusions = {demand for demand in every if demand.kind is Kind.EXCLUDE}
    # Mostly nobody excluded takes part: one search instead of one for each.
    without = instance.program(leaving_out(problem, exclusions))
    dropped = exclusions if exclusions and not feasible(without) else set()
    for done, demand in enumerate(every):
        progress(done, len(every))
        if demand in dropped:
            continue
        tried = dropped | {demand}
        if not feasible(instance.program(leaving_out(problem, tried))):
            dropped = tried
    progress(len(every), len(every))
    return Conflict(tuple(demand for demand in every if demand not in dropped))
