"""The panel of best merit that keeps every rule, with its proof."""

from dataclasses import dataclass
from decimal import Decimal

from experts.panel.instance import Instance
from experts.panel.problem import CandidateId, Problem, points
from experts.panel.program import Program
from experts.panel.search import Bound, best, bound_of, deadline_of, first_drawn
from experts.panel.solver import Answer, Status


@dataclass(frozen=True)
class Solution:
    """The answer to a problem.

    ``selected`` is the panel, best merit first; empty where there is none. ``merit`` is its sum in points, ``bound``
    what no panel exceeds: equal where the optimum is proven. ``drawn``: the draw between panels of that merit was
    carried through, so anybody gets this very panel; False only after a time limit. ``infeasible`` has no merit.
    """

    status: Status
    selected: tuple[CandidateId, ...] = ()
    merit: Decimal | None = None
    bound: Decimal | None = None
    drawn: bool = False

    @property
    def gap(self) -> Decimal | None:
        """Points of merit that may be missing to the optimum: 0 once proven; None without a panel."""
        return None if self.merit is None or self.bound is None else self.bound - self.merit


def solve(problem: Problem, *, time_limit: float | None = None) -> Solution:
    """The panel of best merit, proven, ties broken by the draw (see ``draw.drawn_number``).

    ``time_limit`` in seconds; once it is reached, ``stopped`` comes with the best panel so far and an honest
    bound. Raises ``SolverError`` if the solver fails, never an unproven optimum.
    """
    instance = Instance(problem)
    deadline = deadline_of(time_limit)
    return solution_of(instance, *best_and_first_drawn(instance, instance.program(), deadline=deadline))


def best_and_first_drawn(
    instance: Instance, program: Program, *, deadline: float | None = None, bound: Bound | None = None
) -> tuple[Answer, bool]:
    """The first drawn of the best solutions of a program of this instance, and whether the draw was carried through."""
    bound = bound or bound_of(program)
    if bound is None:
        return Answer(Status.INFEASIBLE), False
    answer = best(program, bound=bound, deadline=deadline)
    if answer.status is not Status.OPTIMAL:
        return answer, False
    first = first_drawn(program, answer, instance.order(), deadline=deadline, bound=bound)
    return Answer(Status.OPTIMAL, first.values, answer.value, answer.bound), first.status is Status.OPTIMAL


def solution_of(instance: Instance, answer: Answer, drawn: bool) -> Solution:
    """An answer in the problem's words."""
    if answer.status is Status.INFEASIBLE:
        return Solution(Status.INFEASIBLE)
    bound = None if answer.bound is None else points(answer.bound)
    if answer.values is None:
        return Solution(answer.status, bound=bound)
    merit = sum(value * merit for value, merit in zip(answer.values, instance.merits, strict=True))
    return Solution(answer.status, instance.members(answer.values), points(merit), bound, drawn)
