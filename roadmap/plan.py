"""The arithmetic of the road map: dates as a source gives them, slippage, what follows a move, the chain with the
least room. Asks no database."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DAY = timedelta(days=1)


class State(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", pgettext_lazy("milestone", "Done")
    DROPPED = "dropped", _("Dropped")


class Precision(models.TextChoices):
    """How exactly the source says when: a day; some time within a month; from a day or month to another."""

    DAY = "day", _("A day")
    MONTH = "month", _("A month")
    SPAN = "span", _("A span of days or months")


@dataclass(frozen=True)
class Dates:
    """Days, both inclusive. ``end`` None: begun and not ended, of actual dates only."""

    start: date
    end: date | None
    precision: str = Precision.SPAN

    @property
    def whole_months(self) -> bool:
        """From the first day of a month to the last of one: the source names months, not days."""
        return self.end is not None and self.start.day == 1 and self.end == last_of_month(self.end)

    @property
    def latest_start(self) -> date:
        """The last day on which this may begin and be as said: of what begins in a month, the month's last."""
        return last_of_month(self.start) if self.whole_months else self.start

    def begun_on(self, day: date) -> "Dates":
        """The same, as long, beginning on ``day``, or in the month of it where months are named."""
        assert self.end is not None
        if not self.whole_months:
            return Dates(day, self.end + (day - self.start), self.precision)
        months = 12 * (day.year - self.start.year) + day.month - self.start.month
        first = add_months(self.end.replace(day=1), months)
        return Dates(add_months(self.start, months), last_of_month(first), self.precision)


@dataclass(frozen=True)
class Standing:
    """Where a milestone stands: now, or by the end of an earlier day. ``stated`` is what a person says of its state
    against what follows from its dates, "" where nobody does."""

    tentative: Dates | None = None
    forecast: Dates | None = None
    actual: Dates | None = None
    stated: str = ""

    @property
    def derived(self) -> State:
        """The state that follows from the dates alone."""
        if self.actual is None:
            return State.PLANNED
        return State.UNDER_WAY if self.actual.end is None else State.DONE

    @property
    def state(self) -> State:
        return State(self.stated) if self.stated else self.derived

    @property
    def planned(self) -> Dates | None:
        """When it is expected, whatever has begun: as forecast, else as first planned."""
        return self.forecast or self.tentative

    @property
    def expected(self) -> Dates | None:
        """When it was or is expected: what happened before what is forecast before what was planned."""
        if self.actual is None or self.actual.end is not None:
            return self.actual or self.planned
        until = self.planned.end if self.planned and self.planned.end else self.actual.start
        return Dates(self.actual.start, max(until, self.actual.start), Precision.SPAN)

    @property
    def date_unknown(self) -> bool:
        """Done, as a person says, on a day that nobody has noted."""
        return self.state == State.DONE and (self.actual is None or self.actual.end is None)

    @property
    def movable(self) -> bool:
        """Whether a shift may move it: what has begun, is done or is dropped stays."""
        return self.state == State.PLANNED and self.planned is not None

    def slippage(self, baseline: Dates | None = None) -> int | None:
        """Days outside the baseline (as first planned, unless another is given): late is positive, early negative,
        within it 0; None where either isn't known, where it is dropped, or done on a day that nobody has noted."""
        baseline = baseline or self.tentative
        if baseline is None or self.expected is None or self.state == State.DROPPED or self.date_unknown:
            return None
        return slippage(baseline, self.expected)

    def overdue(self, today: date) -> bool:
        expected = self.expected
        open_ = self.state in (State.PLANNED, State.UNDER_WAY)
        return bool(open_ and expected and expected.end and expected.end < today)


def slippage(baseline: Dates, present: Dates) -> int:
    """By how many days ``present`` ends after the baseline's last day; or, where it ends before the baseline begins,
    how many days before, as a negative number."""
    assert baseline.end is not None and present.end is not None
    if present.end > baseline.end:
        return (present.end - baseline.end).days
    return min((present.end - baseline.start).days, 0)


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(first: date, months: int) -> date:
    """The first of the month that is ``months`` after the one that ``first`` begins."""
    count = 12 * first.year + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True)
class Node:
    """A milestone in the plan: its key, its place in the order, when it is expected, whether a shift may move it."""

    key: int
    position: int
    expected: Dates
    movable: bool = True

    @property
    def end(self) -> date:
        assert self.expected.end is not None
        return self.expected.end


Plan = Mapping[int, Node]
# (milestone, what it depends on)
Edges = Iterable[tuple[int, int]]


def has_cycle(edges: Edges) -> bool:
    """Whether following dependencies from some milestone leads back to it."""
    pairs = set(edges)
    while pairs:
        waiting = {on for _key, on in pairs}
        # Nothing depends on these: no cycle leads through them.
        outermost = {pair for pair in pairs if pair[0] not in waiting}
        if not outermost:
            return True
        pairs -= outermost
    return False


def in_order(plan: Plan, edges: Edges) -> list[int]:
    """Every key after those that it depends on; among equals by position. There must be no cycle."""
    before = _before(plan, edges)
    done: list[int] = []
    left = sorted(plan, key=lambda key: (plan[key].position, key))
    while left:
        key = next(key for key in left if before[key] <= set(done))
        done.append(key)
        left.remove(key)
    return done


def _before(plan: Plan, edges: Edges) -> dict[int, set[int]]:
    before: dict[int, set[int]] = {key: set() for key in plan}
    for key, on in edges:
        if key in plan and on in plan:
            before[key].add(on)
    return before


def room_between(on: Node, node: Node) -> int:
    """Days for which ``on`` may slip before ``node`` has to move; negative where they overlap in the plan."""
    return (node.expected.latest_start - on.end).days - 1


def consequences(plan: Plan, edges: Edges, moved: Mapping[int, Dates]) -> dict[int, Dates]:
    """What has to move when those in ``moved`` do: the new dates of each, without those of ``moved``.

    Room in the plan takes a slip up first; an overlap that the plan has is kept. Nothing moves to an earlier time.
    """
    edges = list(edges)
    before, new = _before(plan, edges), dict(moved)
    for key in in_order(plan, edges):
        node = plan[key]
        if key in moved or not node.movable:
            continue
        latest, wanted = node.expected.latest_start, node.expected.latest_start
        for on in before[key] & set(new):
            end = new[on].end
            if end is not None and end > plan[on].end:
                overlap = min(room_between(plan[on], node), 0)
                wanted = max(wanted, end + (1 + overlap) * DAY)
        if wanted > latest:
            new[key] = node.expected.begun_on(wanted)
    return {key: dates for key, dates in new.items() if key not in moved}


def critical_chain(plan: Plan, edges: Edges) -> tuple[int, ...]:
    """The chain of dependencies to the last milestone that has the least room in all: what leaves the least time.

    From a milestone that depends on nothing. Of chains with equal room the longer, then the earlier in the order.
    Empty where nothing leads to the last milestone.
    """
    if not plan:
        return ()
    edges = list(edges)
    before = _before(plan, edges)
    best: dict[int, tuple[int, int, tuple[tuple[int, int], ...]]] = {}
    for key in in_order(plan, edges):
        own = (plan[key].position, key)
        ways = [
            (room + max(room_between(plan[on], plan[key]), 0), length - 1, (*path, own))
            for on in before[key]
            for room, length, path in [best[on]]
        ]
        best[key] = min(ways, default=(0, -1, (own,)))
    goal = goal_of(plan)
    chain = tuple(key for _position, key in best[goal][2])
    return chain if len(chain) > 1 else ()


def goal_of(plan: Plan) -> int:
    """The milestone that ends last."""
    return max(plan, key=lambda key: (plan[key].end, plan[key].position, key))


def room_to_goal(plan: Plan, edges: Edges) -> dict[int, int]:
    """For each milestone that leads to the last one: days that it may slip before the last one has to move."""
    if not plan:
        return {}
    edges = list(edges)
    before, room = _before(plan, edges), {goal_of(plan): 0}
    for key in reversed(in_order(plan, edges)):
        for on in before[key] if key in room else ():
            least = room[key] + max(room_between(plan[on], plan[key]), 0)
            room[on] = min(room.get(on, least), least)
    return room
