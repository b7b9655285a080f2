"""The rules of a zone as a calendar carries them (VTIMEZONE, RFC 5545, 3.6.5), for the years that it needs.

Each change of the clocks is an observance of its own, told by the clocks before it. The library's own way writes all
changes from 1970 on as one list, some of them an hour off, which other programs read as no summer time at all.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
# Before the first and after the last instant: a program may look a little around them.
AROUND = 400 * DAY


def zone_rules(zone: str, first: datetime, last: datetime) -> Timezone:
    """The rules that hold from before ``first`` until after ``last``."""
    place = ZoneInfo(zone)
    start = (first.astimezone(UTC) - AROUND).replace(hour=0, minute=0, second=0, microsecond=0)
    found = Timezone()
    found.add("tzid", zone)
    found.add_component(_observance(place, start, start))
    for change in _changes(place, start, last.astimezone(UTC) + AROUND):
        found.add_component(_observance(place, change - SECOND, change))
    return found


def _observance(place: ZoneInfo, before: datetime, at: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds from ``at``; ``before`` lies under what held until then."""
    earlier, now = before.astimezone(place), at.astimezone(place)
    rules = TimezoneDaylight() if now.dst() else TimezoneStandard()
    offset = earlier.utcoffset() or timedelta(0)
    # The onset is told by the clocks that are about to change.
    rules.add("dtstart", (at + offset).replace(tzinfo=None))
    rules.add("tzoffsetfrom", offset)
    rules.add("tzoffsetto", now.utcoffset() or timedelta(0))
    rules.add("tzname", now.tzname() or "")
    return rules


def _changes(place: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which the zone's offset from UTC changes, to the second."""
    at = start
    while at < end:
        following = at + DAY
        if _offset(place, at) != _offset(place, following):
            yield _change_between(place, at, following)
        at = following


def _change_between(place: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second with the offset of ``high``."""
    new = _offset(place, high)
    while high - low > SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if _offset(place, middle) == new:
            high = middle
        else:
            low = middle
    return high


def _offset(place: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(place).utcoffset()
