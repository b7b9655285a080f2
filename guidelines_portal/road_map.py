"""The road map of the front page: rounds, calls and milestones on a line of time, with today. Places are per cent from
the left."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from accounts.templatetags.moments import day, day_in_words, from_now
from consultations.models import Round
from experts.deadlines import in_short
from experts.models import Call
from roadmap.models import Milestone
from roadmap.plan import Dates, State

Step = Round | Call

MOST_STEPS = 6
AHEAD = (Round.State.OPEN, Round.State.PLANNED)  # a call's are written the same
MOST_TICKS = 5
MOST_AHEAD = 2  # milestones to come that the line reaches out to
AROUND = 0.04  # of the time shown, kept free at either end
NEAR_EDGE = 6.0  # a word in the middle of its place would be cut off


@dataclass(frozen=True)
class Tick:
    """A month that begins at ``x``."""

    x: float
    label: str


@dataclass(frozen=True)
class Stretch:
    """A round or call from ``left`` to ``right``, its page, and where it stands in words. ``first`` and ``last`` say
    from when to when, as the page of the step does."""

    step: Step
    path: str
    state: Round.State | Call.State
    left: float
    right: float
    words: str
    first: str
    last: str


@dataclass(frozen=True)
class Stop:
    """A milestone at ``x``, where it is expected or happened; ``done`` or still to come."""

    milestone: Milestone
    x: float
    done: bool
    expected: Dates


@dataclass(frozen=True)
class RoadMap:
    """``anchor`` says which part of the word "today" stands at ``today``. ``named`` are the stops that words tell: the
    one done last and the next."""

    stretches: list[Stretch]
    ticks: list[Tick]
    today: float
    anchor: str
    stops: list[Stop]

    @property
    def named(self) -> list[Stop]:
        done = [stop for stop in self.stops if stop.done][-1:]
        return [*done, *[stop for stop in self.stops if not stop.done][:1]]


def road_map(steps: Sequence[Step], now: datetime, milestones: Iterable[Milestone] = ()) -> RoadMap | None:
    """The line for rounds and calls (in order of opening), with the milestones of that time and the next to come; None
    where there is nothing to draw."""
    shown = _shown(steps, now)
    known = _known(milestones)
    ahead = [at for _m, at, _dates, done in known if not done and at >= now][:MOST_AHEAD]
    if not shown and not ahead:
        return None
    first = min([now, *(r.opens_at for r in shown)])
    line = _Line(first, max([now, *(_end_of(r) for r in shown), *ahead]))
    today = line.place(now)
    anchor = "start" if today < NEAR_EDGE else "end" if today > 100 - NEAR_EDGE else "middle"
    stretches = [_stretch(step, line, now) for step in shown]
    stops = [
        Stop(milestone, line.place(at), done, dates)
        for milestone, at, dates, done in known
        if line.start <= at <= line.end
    ]
    return RoadMap(stretches, list(line.ticks()), today, anchor, stops)


def _known(milestones: Iterable[Milestone]) -> list[tuple[Milestone, datetime, Dates, bool]]:
    """Milestones that have a date and aren't dropped, in the order of their ends."""
    zone = ZoneInfo(settings.SECRETARIAT_TIME_ZONE)
    found = []
    for milestone in milestones:
        standing = milestone.standing
        dates = standing.expected
        if dates is None or dates.end is None or standing.state == State.DROPPED or standing.date_unknown:
            continue
        at = datetime.combine(dates.end, time(12), zone)
        found.append((milestone, at, dates, standing.state == State.DONE))
    return sorted(found, key=lambda each: (each[1], each[0].position))


class _Line:
    """Time as a line; from right to left in languages that are read so."""

    def __init__(self, first: datetime, last: datetime) -> None:
        around = max((last - first) * AROUND, timedelta(days=1))
        self.start, self.end = first - around, last + around

    def place(self, at: datetime) -> float:
        percent = 100 * ((at - self.start) / (self.end - self.start))
        return round(100 - percent if get_language_bidi() else percent, 2)

    def ticks(self) -> Iterator[Tick]:
        """Beginnings of months, at most MOST_TICKS of them, none at the edges."""
        months = list(self._months())
        every = -(-len(months) // MOST_TICKS) or 1
        for month in months[::every]:
            x = self.place(month)
            if NEAR_EDGE < x < 100 - NEAR_EDGE:
                yield Tick(x, format_date(month, "N Y" if month.month == 1 else "N"))

    def _months(self) -> Iterator[datetime]:
        zone = ZoneInfo(settings.SECRETARIAT_TIME_ZONE)
        month = self.start.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        while month < self.end:
            if month > self.start:
                yield month
            month = (month + timedelta(days=32)).replace(day=1)


def _shown(steps: Sequence[Step], now: datetime) -> list[Step]:
    """All that are open or to come, and the latest before them while there is room."""
    ahead = [step for step in steps if step.state_at(now) in AHEAD]
    behind = [step for step in steps if step not in ahead]
    room = max(MOST_STEPS - len(ahead), 1)
    return behind[-room:] + ahead[:MOST_STEPS]


def _end_of(step: Step) -> datetime:
    """When input ended or will end: earlier than planned where it was closed early."""
    return min(step.closed_at or step.closes_at, step.closes_at)


def _stretch(step: Step, line: _Line, now: datetime) -> Stretch:
    left, right = sorted((line.place(step.opens_at), line.place(max(_end_of(step), step.opens_at))))
    route = "calls:call_detail" if isinstance(step, Call) else "consultations:round_detail"
    # Steps that aren't kept have no page.
    path = reverse(route, args=[step.pk]) if step.pk else ""
    words = _where_it_stands(step, now)
    return Stretch(step, path, step.state_at(now), left, max(right, left + 0.5), words, *_days_of(step))


def _days_of(step: Step) -> tuple[str, str]:
    """First and last day; of a call in the call's zone, with the clock and the zone of its end."""
    end = _end_of(step)
    if isinstance(step, Round):
        return day(step.opens_at), day(end)
    opens = step.opens_at.astimezone(ZoneInfo(step.zone)).replace(tzinfo=None)
    return _timed(step.opens_at, day_in_words(opens)), _timed(end, in_short(end, step.zone))


def _timed(at: datetime, words: str) -> str:
    return format_html(
        '<time datetime="{}">{}</time>', at.astimezone(UTC).isoformat(timespec="seconds"), words
    )


def _where_it_stands(step: Step, now: datetime) -> str:
    state = step.state_at(now)
    if state == Round.State.PLANNED:
        return _("opens %(when)s") % {"when": from_now(step.opens_at, now)}
    if state == Round.State.OPEN:
        return _("closes %(when)s") % {"when": from_now(step.closes_at, now)}
    if isinstance(step, Call):
        if step.decided_at:
            return _("decided, %(when)s") % {"when": from_now(step.decided_at, now)}
        return _("being assessed")
    if state == Round.State.PUBLISHED and step.published_at:
        return _("every comment answered, %(when)s") % {"when": from_now(step.published_at, now)}
    if state == Round.State.ANSWERED:
        return _("answers written, about to be published")
    return _("answers being written")
