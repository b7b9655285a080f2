"""When a meeting is, as its source knows it: to the minute, the day or the month; and in words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from accounts.templatetags.moments import readers_zone
from core.punctuation import semicolon
from experts.deadlines import days_in_words, in_utc, in_zone
from roadmap.models import Meeting

P = Meeting.Precision
MINUTE = timedelta(minutes=1)


def fitted(starts_at: datetime, ends_at: datetime, precision: str, zone: str) -> tuple[datetime, datetime]:
    """The span that a precision means: whole days or months of ``zone``'s clocks, the end not part of it.

    What is fitted already stays. With a precision to the minute nothing changes.
    """
    if precision == P.TIME:
        return starts_at, ends_at
    first, last = (
        starts_at.astimezone(ZoneInfo(zone)).date(),
        last_moment(ends_at).astimezone(ZoneInfo(zone)).date(),
    )
    if precision == P.MONTH:
        first, last = (
            first.replace(day=1),
            (last.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(1),
        )
    return midnight(first, zone), midnight(last + timedelta(days=1), zone)


def midnight(day: date, zone: str) -> datetime:
    """When a day begins in a zone, in UTC; where clocks skip midnight, its first moment."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def last_moment(ends_at: datetime) -> datetime:
    """A minute before the end: it lies within the last day."""
    return ends_at - MINUTE


def days_of(meeting: Meeting) -> tuple[date, date]:
    """The first and the last day, as the clocks of the meeting's zone have it."""
    zone = ZoneInfo(meeting.time_zone)
    return meeting.starts_at.astimezone(zone).date(), last_moment(meeting.ends_at).astimezone(zone).date()


def in_words(meeting: Meeting) -> str:
    """``Tuesday 17 March 2026, 14:00 to 16:00 Nairobi (East Africa Time, UTC+03:00)``; days or a month where no more is
    known."""
    first, last = days_of(meeting)
    if meeting.precision == P.MONTH:
        return month_in_words(first)
    if meeting.precision == P.DAY:
        return days_in_words(first, last)
    start = in_zone(meeting.starts_at, meeting.time_zone)
    if first == last:
        local = meeting.ends_at.astimezone(ZoneInfo(meeting.time_zone))
        return _("%(start)s; until %(end)s") % {"start": start, "end": local.strftime("%H:%M")}
    return _("%(start)s; until %(end)s") % {
        "start": start,
        "end": in_zone(meeting.ends_at, meeting.time_zone),
    }


def month_in_words(day: date) -> str:
    """``November 2024`` in the reader's language."""
    words: str = format_skeleton("yMMMM", day, locale=to_locale(get_language() or "en"))
    return words


def elsewhere(meeting: Meeting, reader: Any) -> tuple[str, str]:
    """When it is in UTC, and when it begins by the reader's clocks; "" each where that says nothing new."""
    if meeting.precision != P.TIME:
        return "", ""
    own = readers_zone(reader)
    shown = in_zone(meeting.starts_at, own) if own and own not in (meeting.time_zone, "UTC") else ""
    return _span_in_utc(meeting), shown


def _span_in_utc(meeting: Meeting) -> str:
    """``11:00–12:50 UTC``; with its date where days differ from the meeting's own; "" where its clocks are UTC."""
    words = in_utc(meeting.starts_at, meeting.time_zone)
    zone = ZoneInfo(meeting.time_zone)
    instants = (meeting.starts_at, meeting.ends_at)
    days = {at.astimezone(clocks).date() for at in instants for clocks in (zone, UTC)}
    if not words or len(days) > 1:
        return words
    first, last = (at.astimezone(UTC).strftime("%H:%M") for at in instants)
    return f"{first}–{last} UTC"


def in_full(meeting: Meeting, reader: Any = None) -> str:
    """All of it as plain text, for mails and calendars."""
    words = in_words(meeting)
    utc, own = elsewhere(meeting, reader)
    if utc:
        words = f"{words} = {utc}"
    return words + semicolon() + _("your time: %(time)s") % {"time": own} if own else words
