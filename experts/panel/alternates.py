"""Who takes the place of a member who declines, all others staying."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from experts.panel.exchange import Exchange
from experts.panel.instance import Instance
from experts.panel.optimum import Solution, best_and_first_drawn, solution_of
from experts.panel.problem import CandidateId, Problem, Quota, points
from experts.panel.program import Program, Row
from experts.panel.progress import Progress, silent
from experts.panel.search import deadline_of

RANKED = 5
LENGTH = 20


@dataclass(frozen=True)
class Replacement:
    """Somebody who may take a member's place; ``costs`` is the merit that the panel loses (negative: gains)."""

    candidate: CandidateId
    costs: Decimal


@dataclass(frozen=True)
class Hindrance:
    """A rule that stands in the way of ``candidates`` people; ``quota`` None is the limit per country."""

    quota: Quota | None
    candidates: int


@dataclass(frozen=True)
class Alternates:
    """The best replacements for ``member``, best first.

    Where there is none, ``considered`` says how many people might have come in (0: nobody is left), and
    ``hindrances`` which rules they would break, the most frequent first; one person may break several.
    """

    member: CandidateId
    replacements: tuple[Replacement, ...]
    considered: int
    hindrances: tuple[Hindrance, ...] = ()


@dataclass(frozen=True)
class Reserve:
    """Somebody on the general list, and the members whose place they may take."""

    candidate: CandidateId
    merit: Decimal
    replaces: tuple[CandidateId, ...]


@dataclass(frozen=True)
class Step:
    """One decline: who left, and who came in (None: nobody could)."""

    declined: CandidateId
    replacement: CandidateId | None


@dataclass(frozen=True)
class Succession:
    """The steps in their order, and the panel after them."""

    steps: tuple[Step, ...]
    panel: tuple[CandidateId, ...]


def alternates(
    problem: Problem, panel: Iterable[CandidateId], *, ranked: int = RANKED, progress: Progress = silent
) -> tuple[Alternates, ...]:
    """For each member the best ``ranked`` replacements with all others fixed and all rules kept.

    Ranked by merit, equals as they are drawn. Members in the panel's order. Where a person's decision departs from
    a rule already, a replacement may not depart further. KeyError: a member who is no candidate.
    """
    instance = Instance(problem)
    members = list(panel)
    exchange = Exchange(instance, instance.columns_of(members))
    others = list(exchange.others())
    found = []
    for done, member in enumerate(members):
        progress(done, len(members))
        found.append(_alternates(exchange, instance.column[member], others, ranked))
    progress(len(members), len(members))
    return tuple(found)


def reserve_list(
    problem: Problem, panel: Iterable[CandidateId], *, length: int = LENGTH
) -> tuple[Reserve, ...]:
    """The people who may take at least one member's place, by merit, equals as they are drawn; at most ``length``."""
    instance = Instance(problem)
    exchange = Exchange(instance, instance.columns_of(panel))
    members = [instance.column[member] for member in instance.ranked(exchange.panel)]
    found: list[Reserve] = []
    for other in exchange.others():
        if len(found) >= length:
            break
        replaces = [member for member in members if exchange.keeps_rules(member, other)]
        if replaces:
            candidate = instance.candidates[other].id
            ids = tuple(instance.candidates[member].id for member in replaces)
            found.append(Reserve(candidate, points(instance.merits[other]), ids))
    return tuple(found)


def succession(
    problem: Problem,
    panel: Iterable[CandidateId],
    declines: Sequence[CandidateId],
    *,
    progress: Progress = silent,
) -> Succession:
    """What becomes of the panel when members decline one after the other, each replaced by the best at that moment.

    Who has declined doesn't come back; a replacement may decline too. A seat that nobody can take stays empty.
    ValueError: a decline by somebody who isn't in the panel then.
    """
    instance = Instance(problem)
    columns = set(instance.columns_of(panel))
    gone: set[int] = set()
    steps: list[Step] = []
    for decline in declines:
        progress(len(steps), len(declines))
        column = instance.column.get(decline)
        if column is None or column not in columns:
            raise ValueError(f"{decline!r} is not in the panel.")
        gone.add(column)
        exchange = Exchange(instance, columns)
        fit = (other for other in exchange.others(frozenset(gone)) if exchange.keeps_rules(column, other))
        other = next(fit, None)
        columns.remove(column)
        if other is not None:
            columns.add(other)
        steps.append(Step(decline, None if other is None else instance.candidates[other].id))
    progress(len(declines), len(declines))
    return Succession(tuple(steps), instance.ranked(columns))


def replace_together(
    problem: Problem,
    panel: Iterable[CandidateId],
    declined: Iterable[CandidateId],
    *,
    time_limit: float | None = None,
) -> Solution:
    """The best panel that keeps all members but those who declined, replaced together: where one can't be, two may.

    The panel keeps its size; its own departures from rules may stay, not grow. ``infeasible``: there is no such
    panel. KeyError: somebody who is no candidate.
    """
    instance = Instance(problem)
    members, leaving = set(instance.columns_of(panel)), set(instance.columns_of(declined))
    choosable = {
        column for column, candidate in enumerate(instance.candidates) if instance.choosable(candidate)
    }
    lower = [int(column in members - leaving) for column in instance.order()]
    upper = [int(column in (choosable | members) - leaving) for column in instance.order()]
    base = instance.program()
    seats = Row(range(len(lower)), len(members), len(members))
    rows = [seats, *(_widened(row, members) for row in base.rows[1:])]  # the first is of the seats
    program = Program(base.objective, lower, upper, rows)
    return solution_of(instance, *best_and_first_drawn(instance, program, deadline=deadline_of(time_limit)))


def _widened(row: Row, members: set[int]) -> Row:
    """A rule as far as these members keep it."""
    count = len(members.intersection(row.columns))
    low = None if row.low is None else min(row.low, count)
    high = None if row.high is None else max(row.high, count)
    return Row(row.columns, low, high)


def _alternates(exchange: Exchange, member: int, others: Sequence[int], ranked: int) -> Alternates:
    instance = exchange.instance
    found: list[Replacement] = []
    for other in others:
        if len(found) >= ranked:
            break
        if exchange.keeps_rules(member, other):
            costs = points(instance.merits[member] - instance.merits[other])
            found.append(Replacement(instance.candidates[other].id, costs))
    hindrances = () if found else _hindrances(exchange, member, others)
    return Alternates(instance.candidates[member].id, tuple(found), len(others), hindrances)


def _hindrances(exchange: Exchange, member: int, others: Sequence[int]) -> tuple[Hindrance, ...]:
    counts: Counter[int] = Counter()
    country = 0
    for other in others:
        counts.update(exchange.broken_quotas(member, other))
        country += exchange.breaks_country(member, other)
    quotas = exchange.instance.problem.quotas
    found = [Hindrance(quotas[place], counts[place]) for place in sorted(counts)]
    if country:
        found.append(Hindrance(None, country))
    return tuple(sorted(found, key=lambda hindrance: -hindrance.candidates))
