"""Times as people read them: in the secretariat's zone and their own, with the zone named."""

import math
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import get_timezone_location
from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

register = template.Library()

# United Nations usage: day before month, the month in full. Django's English order is the American one.
DAYS = {
    "ar": "j F Y",
    "en": "j F Y",
    "es": r"j \d\e F \d\e Y",
    "fr": "j F Y",
    "ru": "j E Y г.",
    "zh-hans": "Y年n月j日",
}
WEEKDAYS = {"ru": "l, {}", "zh-hans": "{}l", "ar": "l، {}", "es": "l, {}"}


def day_in_words(day: datetime, *, weekday: bool = False) -> str:
    """``17 November 2026`` in the reader's language, with ``Friday`` where asked for."""
    language = get_language() or settings.LANGUAGE_CODE
    if language not in DAYS:
        return date_format(day, "DATE_FORMAT")
    pattern = DAYS[language]
    if language == "fr" and day.day == 1:
        pattern = pattern.replace("j", r"j\e\r", 1)  # 1er mai, but 2 mai
    if weekday:
        pattern = WEEKDAYS.get(language, "l {}").format(pattern)
    words = format_date(day, pattern)
    # Django writes Russian weekdays with a capital; within a sentence they have none.
    return words[0].lower() + words[1:] if language == "ru" else words


def moment_in_words(at: datetime) -> str:
    """Day, time and zone in words, in the secretariat's zone: for mails, which don't know when they are read."""
    local = at.astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE))
    return _("%(date)s, %(time)s %(zone)s time") % {
        "date": day_in_words(local.replace(tzinfo=None), weekday=True),
        "time": local.strftime("%H:%M"),
        "zone": zone_name(settings.SECRETARIAT_TIME_ZONE),
    }


def zone_name(zone: str) -> str:
    """A zone's city in the reader's language (``Africa/Nairobi`` → ``Найроби``)."""
    if zone == "UTC":
        return zone
    locale = Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))
    return get_timezone_location(zone, locale=locale, return_city=True)


def readers_zone(user: Any) -> str:
    """The reader's own zone, "" where unknown or no zone at all."""
    zone = getattr(user, "time_zone", "") or ""
    try:
        ZoneInfo(zone)
    except (ValueError, ZoneInfoNotFoundError):
        return ""
    return zone


def from_now(moment: datetime, now: datetime) -> str:
    """How far ``moment`` is from ``now``, in words."""
    ahead = moment >= now
    distance = abs(moment - now)
    if distance >= timedelta(days=2):
        days = round(distance / timedelta(days=1))
        if ahead:
            return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
        return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
    if distance < timedelta(hours=1):
        minutes = math.ceil(distance / timedelta(minutes=1)) or 1
        if ahead:
            return ngettext("in %(minutes)d minute", "in %(minutes)d minutes", minutes) % {"minutes": minutes}
        return ngettext("%(minutes)d minute ago", "%(minutes)d minutes ago", minutes) % {"minutes": minutes}
    hours = round(distance / timedelta(hours=1))
    if ahead:
        return ngettext("in %(hours)d hour", "in %(hours)d hours", hours) % {"hours": hours}
    return ngettext("%(hours)d hour ago", "%(hours)d hours ago", hours) % {"hours": hours}


@register.simple_tag(takes_context=True)
def moment(context: template.Context, at: datetime | None) -> SafeString | str:
    """``at`` in full: day, time and zone of the secretariat, the distance, and the reader's own time."""
    if at is None:
        return ""
    secretariat = settings.SECRETARIAT_TIME_ZONE
    local = at.astimezone(ZoneInfo(secretariat))
    own = readers_zone(context.get("user"))
    own = "" if own == secretariat else own
    zone = own or "UTC"
    other = at.astimezone(ZoneInfo(own) if own else UTC)
    same_day = other.date() == local.date()
    words = _("%(date)s, %(time)s %(zone)s time (%(distance)s; %(own_time)s %(own_zone)s)") % {
        "date": day_in_words(local.replace(tzinfo=None), weekday=True),
        "time": local.strftime("%H:%M"),
        "zone": zone_name(secretariat),
        "distance": from_now(at, timezone.now()),
        "own_time": other.strftime("%H:%M")
        if same_day
        else f"{day_in_words(other.replace(tzinfo=None))} {other.strftime('%H:%M')}",
        "own_zone": zone_name(zone),
    }
    return format_html(
        '<time datetime="{}">{}</time>', at.astimezone(UTC).isoformat(timespec="seconds"), words
    )


@register.simple_tag
def calendar_day(on: date | None) -> SafeString | str:
    """A day that is the same everywhere, such as the last of a term."""
    if on is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>', on.isoformat(), day_in_words(datetime.combine(on, time()))
    )


@register.simple_tag
def day(at: datetime | None) -> SafeString | str:
    """Only the day, in the secretariat's zone."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE))
    return format_html(
        '<time datetime="{}">{}</time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        day_in_words(local.replace(tzinfo=None)),
    )


@register.simple_tag
def clock(at: datetime | None) -> SafeString | str:
    """Only the time of day, in the secretariat's zone."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE))
    return format_html("<bdi>{}</bdi>", local.strftime("%H:%M"))


@register.simple_tag
def secretariat_zone() -> str:
    """The name of the secretariat's zone in the reader's language."""
    return zone_name(settings.SECRETARIAT_TIME_ZONE)
