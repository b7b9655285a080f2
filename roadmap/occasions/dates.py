"""Which reminder of an occasion is due for which dates, what tells one from another, and when a daily mail goes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from roadmap.models import ReminderRule
from roadmap.models.reminders import FIRST_HOUR
from roadmap.occasions.registry import Span

# A reminder that is this much overdue isn't begun any more: the portal was away, or the rule is new.
LOOKS_BACK = timedelta(days=30)
STAMP = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Step:
    """One reminder of an occasion: due ``offset`` after its date (before it where negative), until the next is."""

    offset: timedelta
    mandatory: bool
    following: timedelta | None

    def span(self, now: datetime) -> Span:
        """The dates for which this reminder, and no later one, is due at ``now``. Before a date: not past it."""
        until = now - self.offset
        after = until - LOOKS_BACK if self.following is None else now - self.following
        return Span(now, max(after, now) if self.offset < timedelta(0) else after, until)


def steps_of(rules: Iterable[ReminderRule]) -> list[Step]:
    """The reminders of an occasion, first to last. Where two rules meet on a day there is one."""
    mandatory: dict[timedelta, bool] = {}
    for rule in rules:
        for offset in rule.offsets:
            mandatory[offset] = mandatory.get(offset, False) or rule.mandatory
    offsets = sorted(mandatory)
    return [
        Step(offset, mandatory[offset], following)
        for offset, following in zip(offsets, [*offsets[1:], None], strict=False)
    ]


def occurrence_of(offset: timedelta, at: datetime) -> str:
    """What makes a reminder one: how far from its date, and the date itself; a date that moved makes another."""
    return f"{offset.days:+d} {at.astimezone(UTC):{STAMP}}"


def read_occurrence(occurrence: str) -> tuple[timedelta, datetime]:
    """The same, taken apart."""
    days, _space, stamp = occurrence.partition(" ")
    return timedelta(days=int(days)), datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def at_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The instant at which that day's clocks in ``zone`` show the hour: the first of two where they go back over it,
    the same distance after midnight where they go forward over it. There is one for each day."""
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def next_daily(now: datetime, hour: int, zone: ZoneInfo) -> tuple[date, datetime]:
    """The day (of the zone) and the instant of the next daily mail after ``now``."""
    day = now.astimezone(zone).date()
    while (at := at_hour(day, hour, zone)) <= now:
        day += timedelta(days=1)
    return day, at


def of_day(day: date) -> datetime:
    """The instant that stands for a date without a time: the morning of that day, by the secretariat's clocks."""
    return at_hour(day, FIRST_HOUR, ZoneInfo(settings.SECRETARIAT_TIME_ZONE))


def days_of(span: Span) -> tuple[date, date]:
    """The first and the last day whose morning may lie in the span."""
    zone = ZoneInfo(settings.SECRETARIAT_TIME_ZONE)
    return span.after.astimezone(zone).date(), span.until.astimezone(zone).date()


def in_span(days: Iterable[date], span: Span) -> Iterator[tuple[date, datetime]]:
    """Those of the days whose morning lies in the span, with it; each once."""
    for day in sorted(set(days)):
        if span.after < (at := of_day(day)) <= span.until:
            yield day, at
