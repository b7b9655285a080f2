"""A call's times as people read them: in the call's zone with its offset, in UTC, in the reader's zone, from now."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_interval
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from accounts.templatetags.moments import day_in_words, from_now, readers_zone, zone_name
from core.punctuation import detail, semicolon
from experts.models import Call
from experts.zones import long_name, offset_name


def in_zone(at: datetime, zone: str) -> str:
    """``Thursday 12 October 2023, 23:59 Paris (Central European Summer Time, UTC+02:00)``."""
    local = at.astimezone(ZoneInfo(zone))
    named = {
        "date": day_in_words(local.replace(tzinfo=None), weekday=True),
        "time": local.strftime("%H:%M"),
        "city": zone_name(zone),
    }
    if zone == "UTC":
        return _("%(date)s, %(time)s %(city)s") % named
    name, offset = long_name(at, zone), offset_name(at, zone)
    return _("%(date)s, %(time)s %(city)s (%(zone)s)") % {
        **named,
        "zone": f"{name}{detail()}{offset}" if name else offset,
    }


def in_short(at: datetime, zone: str) -> str:
    """``12 October 2023, 23:59 Paris (UTC+02:00)``."""
    local = at.astimezone(ZoneInfo(zone))
    return _("%(date)s, %(time)s %(city)s (%(zone)s)") % {
        "date": day_in_words(local.replace(tzinfo=None)),
        "time": local.strftime("%H:%M"),
        "city": zone_name(zone),
        "zone": offset_name(at, zone),
    }


def in_utc(at: datetime, zone: str) -> str:
    """``21:59 UTC``, with the date where it is another one than in ``zone``; "" where ``zone`` is UTC itself."""
    if zone == "UTC":
        return ""
    there, here = at.astimezone(ZoneInfo(zone)), at.astimezone(UTC)
    if there.date() == here.date():
        return _("%(time)s UTC") % {"time": here.strftime("%H:%M")}
    return _("%(date)s, %(time)s UTC") % {
        "date": day_in_words(here.replace(tzinfo=None)),
        "time": here.strftime("%H:%M"),
    }


def for_reader(at: datetime, zone: str, reader: Any) -> str:
    """The same in the reader's own zone; "" where they have said none, or it is one of those told already."""
    own = readers_zone(reader)
    return in_zone(at, own) if own and own not in (zone, "UTC") else ""


def in_full(at: datetime, zone: str, reader: Any = None, *, countdown: bool = True) -> str:
    """All of it as plain text, for messages and mails."""
    words = in_zone(at, zone)
    if utc := in_utc(at, zone):
        words = f"{words} = {utc}"
    if own := for_reader(at, zone, reader):
        words += semicolon() + _("your time: %(time)s") % {"time": own}
    return words + semicolon() + from_now(at, timezone.now()) if countdown else words


def for_mail(at: datetime, call: Call, reader: Any = None) -> str:
    """A time of a call in a mail or letter, which doesn't know when it is read: as pages show it, without how far off
    it is."""
    return in_full(at, call.zone, reader, countdown=False)


def days_in_words(first: date | None, last: date | None) -> str:
    """``3–5 May 2024`` in the reader's language, or the one day that is known; "" for none."""
    # A template passes "" for what is missing.
    days = [day for day in (first, last) if day]
    if not days:
        return ""
    language = get_language() or "en"
    # United Nations usage: day before month. Babel's own English order is the American one.
    locale = "en_GB" if language == "en" else to_locale(language)
    words: str = format_interval(days[0], days[-1], "yMMMMd", locale=locale)
    return words
