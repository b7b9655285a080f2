"""The road map of the front page: rounds on a line of time, with today. Places are per cent from the left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from accounts.templatetags.moments import from_now
from consultations.models import Round

MOST_ROUNDS = 6
MOST_TICKS = 5
AROUND = 0.04  # of the time shown, kept free at either end
NEAR_EDGE = 6.0  # a word in the middle of its place would be cut off


@dataclass(frozen=True)
class Tick:
    """A month that begins at ``x``."""

    x: float
    label: str


@dataclass(frozen=True)
class Stretch:
    """A round from ``left`` to ``right``, with where it stands in words."""

    round: Round
    state: Round.State
    left: float
    right: float
    words: str


@dataclass(frozen=True)
class RoadMap:
    """``anchor`` says which part of the word "today" stands at ``today``."""

    stretches: list[Stretch]
    ticks: list[Tick]
    today: float
    anchor: str


def road_map(rounds: list[Round], now: datetime) -> RoadMap | None:
    """The line for ``rounds`` (in order of opening); None where there is nothing to draw."""
    shown = _shown(rounds, now)
    if not shown:
        return None
    line = _Line(min([now, *(r.opens_at for r in shown)]), max([now, *(_end_of(r) for r in shown)]))
    today = line.place(now)
    anchor = "start" if today < NEAR_EDGE else "end" if today > 100 - NEAR_EDGE else "middle"
    stretches = [_stretch(round, line, now) for round in shown]
    return RoadMap(stretches, list(line.ticks()), today, anchor)


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


def _shown(rounds: list[Round], now: datetime) -> list[Round]:
    """All that are open or to come, and the latest before them while there is room."""
    ahead = [r for r in rounds if r.state_at(now) in (Round.State.OPEN, Round.State.PLANNED)]
    behind = [r for r in rounds if r not in ahead]
    room = max(MOST_ROUNDS - len(ahead), 1)
    return behind[-room:] + ahead[:MOST_ROUNDS]


def _end_of(round: Round) -> datetime:
    """When input ended or will end: earlier than planned where the round was closed early."""
    return min(round.closed_at or round.closes_at, round.closes_at)


def _stretch(round: Round, line: _Line, now: datetime) -> Stretch:
    state = round.state_at(now)
    left, right = sorted((line.place(round.opens_at), line.place(max(_end_of(round), round.opens_at))))
    return Stretch(round, state, left, max(right, left + 0.5), _where_it_stands(round, state, now))


def _where_it_stands(round: Round, state: Round.State, now: datetime) -> str:
    if state == Round.State.PLANNED:
        return _("opens %(when)s") % {"when": from_now(round.opens_at, now)}
    if state == Round.State.OPEN:
        return _("closes %(when)s") % {"when": from_now(round.closes_at, now)}
    if state == Round.State.PUBLISHED and round.published_at:
        return _("every comment answered, %(when)s") % {"when": from_now(round.published_at, now)}
    if state == Round.State.ANSWERED:
        return _("answers written, about to be published")
    return _("answers being written")
