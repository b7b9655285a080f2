"""The least change of the rules that lets a panel exist."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from experts.panel.instance import Instance, Without
from experts.panel.optimum import Solution, solve
from experts.panel.problem import Problem
from experts.panel.program import Program, Row
from experts.panel.rules import Demand, Kind
from experts.panel.search import best, bound_of
from experts.panel.solver import Answer, SolverError, Status

THOUSANDTHS = 1000
PLACE = 3 * THOUSANDTHS  # what somebody's place weighs, as a minimum of 1 does: 1 + 2/1


@dataclass(frozen=True)
class Change:
    """A demand before and after; an inclusion goes from 1 to 0."""

    demand: Demand
    before: int
    after: int


@dataclass(frozen=True)
class Relaxation:
    """The changes, their weight together, the problem so changed, and its solution, which proves that they suffice."""

    changes: tuple[Change, ...]
    weight: Decimal
    problem: Problem
    solution: Solution

    @property
    def of_quotas_alone(self) -> bool:
        return all(change.demand.kind in (Kind.MIN, Kind.MAX) for change in self.changes)


@dataclass(frozen=True)
class _Slack:
    """How far a demand may give way: ``most`` units, each of this weight in thousandths."""

    demand: Demand
    before: int
    most: int
    weight: int
    sign: int  # of the change: a minimum falls, a maximum rises

    def drawn(self, seed: int | str) -> int:
        named = (self.demand.kind, self.demand.attribute, self.demand.value, self.demand.candidate)
        text = ":".join([str(seed), *("" if part is None else str(part) for part in named)])
        return int(hashlib.sha256(text.encode()).hexdigest()[:4], 16)


def least_change(problem: Problem, *, fixed: Collection[str] = ()) -> Relaxation | None:
    """The least change of quotas alone where that is enough; else of quotas, limit, inclusions and seats together.

    None: not one person may be chosen. ``fixed`` as in ``relax``.
    """
    return relax(problem, fixed=fixed) or relax(
        problem, per_country=True, include=True, seats=True, fixed=fixed
    )


def relax(
    problem: Problem,
    *,
    per_country: bool = False,
    include: bool = False,
    seats: bool = False,
    fixed: Collection[str] = (),
) -> Relaxation | None:
    """The changes of least weight after which there is a panel; None where no change of these rules suffices.

    Each seat by which a minimum falls weighs 1 + 2/minimum, in thousandths, each by which a maximum rises 1
    (Flanigan et al. 2021: lowering a small minimum hurts most). Only if asked: the limit per country rises (1 each),
    inclusions are dropped (3 each, as minima of 1), seats become fewer, one at least (3 each: a seat is somebody's
    place). Exclusions stay, and so do the quotas of ``fixed`` attributes. Of changes of equal weight those are taken
    that leave the panel of most merit, then those drawn first. A problem with a panel changes nothing.
    """
    instance = Instance(problem)
    slacks = [
        slack
        for slack in _slacks(problem, per_country=per_country, include=include, seats=seats)
        if slack.demand.attribute not in fixed
    ]
    program = _program(instance, slacks)
    people = len(instance.candidates)
    weights = [0] * people + [-slack.weight for slack in slacks]
    lightest = best(program.with_objective(weights))
    if lightest.status is Status.INFEASIBLE:
        return None
    weight = -_value(lightest)
    program = program.with_rows(Row(range(len(weights)), -weight, None, weights))
    merits = [*instance.merits, *([0] * len(slacks))]
    answer = _first_drawn_change(program, merits, slacks, problem.seed)
    assert answer.values is not None
    changes = tuple(
        Change(slack.demand, slack.before, slack.before + slack.sign * value)
        for slack, value in zip(slacks, answer.values[people:], strict=True)
        if value
    )
    return _proven(problem, changes, weight)


def changed(problem: Problem, changes: tuple[Change, ...]) -> Problem:
    """The problem with these changes made."""
    after = {change.demand: change.after for change in changes}
    quotas = tuple(
        replace(
            quota,
            min=after.get(Demand(Kind.MIN, quota.attribute, quota.value), quota.min),
            max=after.get(Demand(Kind.MAX, quota.attribute, quota.value), quota.max),
        )
        for quota in problem.quotas
    )
    dropped = {demand.candidate for demand in after if demand.kind is Kind.INCLUDE}
    return replace(
        problem,
        seats=after.get(Demand(Kind.SEATS), problem.seats),
        quotas=quotas,
        per_country=after.get(Demand(Kind.PER_COUNTRY), problem.per_country),
        include=problem.include - dropped,
    )


def _slacks(problem: Problem, *, per_country: bool, include: bool, seats: bool) -> Iterator[_Slack]:
    for quota in problem.quotas:
        named = (quota.attribute, quota.value)
        if quota.min:
            weight = THOUSANDTHS + round(2 * THOUSANDTHS / quota.min)
            yield _Slack(Demand(Kind.MIN, *named), quota.min, quota.min, weight, -1)
        if quota.max is not None and quota.max < problem.seats:
            yield _Slack(Demand(Kind.MAX, *named), quota.max, problem.seats - quota.max, THOUSANDTHS, 1)
    if per_country and problem.per_country is not None and problem.per_country < problem.seats:
        most = problem.seats - problem.per_country
        yield _Slack(Demand(Kind.PER_COUNTRY), problem.per_country, most, THOUSANDTHS, 1)
    if include:
        for candidate in sorted(problem.include, key=str):
            yield _Slack(Demand(Kind.INCLUDE, candidate=candidate), 1, 1, PLACE, -1)
    if seats and problem.seats > 1:
        yield _Slack(Demand(Kind.SEATS), problem.seats, problem.seats - 1, PLACE, -1)


def _program(instance: Instance, slacks: list[_Slack]) -> Program:
    """The problem with a column for each slack behind those of the people."""
    problem, people = instance.problem, len(instance.candidates)
    column = {slack.demand: people + place for place, slack in enumerate(slacks)}
    fewer = column.get(Demand(Kind.SEATS))
    everybody = range(people)
    rows = [_with_slack(everybody, problem.seats, problem.seats, fewer)]
    for quota, holders in zip(problem.quotas, instance.holders, strict=True):
        for kind, low, high in ((Kind.MIN, quota.min, None), (Kind.MAX, None, quota.max)):
            if low or high is not None:
                demand = Demand(kind, quota.attribute, quota.value)
                rows.append(_with_slack(holders, low, high, column.get(demand)))
    if problem.per_country is not None:
        limit = Demand(Kind.PER_COUNTRY)
        for row in instance.country_rows(problem.per_country):
            rows.append(_with_slack(row.columns, None, row.high, column.get(limit)))
    given_up = [slack.demand.candidate for slack in slacks if slack.demand.kind is Kind.INCLUDE]
    for candidate in given_up:
        columns = [instance.column[candidate]] if candidate is not None else []
        rows.append(_with_slack(columns, 1, None, column[Demand(Kind.INCLUDE, candidate=candidate)]))
    _lower, upper = instance.limits()
    lower, _upper = instance.limits(Without(include=frozenset(id for id in given_up if id is not None)))
    return Program(
        [0] * (people + len(slacks)),
        [*lower, *([0] * len(slacks))],
        [*upper, *(slack.most for slack in slacks)],
        rows,
    )


def _with_slack(columns: object, low: int | None, high: int | None, slack: int | None) -> Row:
    assert isinstance(columns, list | range)
    if slack is None:
        return Row(columns, low, high)
    sign = 1 if low is not None else -1
    return Row([*columns, slack], low, high, [*([1] * len(columns)), sign])


def _first_drawn_change(program: Program, merits: list[int], slacks: list[_Slack], seed: int | str) -> Answer:
    """Best merit first; of the changes that allow it, those whose drawn numbers, by unit, have the least sum."""
    richest = best(program.with_objective(merits))
    merit = _value(richest)
    bound = bound_of(program.with_objective(merits))
    numbers = [0] * (len(merits) - len(slacks)) + [-slack.drawn(seed) for slack in slacks]
    tied = program.with_rows(Row(range(len(merits)), merit, None, merits)).with_objective(numbers)
    reduced = tied.fixed(bound.settled(merit) if bound else {})
    answer = best(reduced.program)
    _value(answer)
    assert answer.values is not None
    return replace(answer, values=reduced.widened(answer.values))


def _proven(problem: Problem, changes: tuple[Change, ...], weight: int) -> Relaxation:
    relaxed = changed(problem, changes)
    solution = solve(relaxed)
    if solution.status is not Status.OPTIMAL:
        raise SolverError("After the least change there must be a panel.")
    return Relaxation(changes, Decimal(weight).scaleb(-3), relaxed, solution)


def _value(answer: Answer) -> int:
    if answer.value is None or answer.status is not Status.OPTIMAL:
        raise SolverError("The least change must be found.")
    return answer.value
