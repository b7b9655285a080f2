"""Instants as a zone's clocks show them: a time that doesn't exist there, one that exists twice, and its name."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_name
from django.utils.translation import get_language, to_locale

from accounts.time_zones import time_zones


def is_zone(name: str) -> bool:
    """Whether ``name`` is a place's IANA zone, or UTC. Abbreviations are none: "CET" is an hour off all summer."""
    return name in time_zones()


def instants(clock: datetime, zone: str) -> list[datetime]:
    """The instants (UTC, earliest first) at which clocks in ``zone`` show ``clock``, which has no zone itself.

    None where clocks go forward over it; two where they go back over it.
    """
    place = ZoneInfo(zone)
    found = {clock.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in found if at.astimezone(place).replace(tzinfo=None, fold=0) == clock)


def offset_name(at: datetime, zone: str) -> str:
    """How far a zone is from UTC at that instant: ``UTC+02:00``; ``UTC`` where it isn't."""
    minutes = round((at.astimezone(ZoneInfo(zone)).utcoffset() or UTC.utcoffset(None)).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours:02}:{rest:02}"


def long_name(at: datetime, zone: str) -> str:
    """What a zone's time is called at that instant, in full and in the reader's language: ``Central European Summer
    Time``. Empty where it has no name but its offset."""
    locale = Locale.parse(to_locale(get_language() or "en"))
    local = at.astimezone(ZoneInfo(zone))
    name: str = get_timezone_name(local, width="long", locale=locale)
    # Without a name the library writes the offset, in figures.
    if not any(character.isdecimal() for character in name):
        return name
    named = locale.meta_zones.get(_older_zone(zone), {}).get("long", {})
    return str(named.get("daylight" if local.dst() else "standard", ""))


@cache
def _older_zone(zone: str) -> str:
    """Under what the tables of names know a zone that was renamed since, such as Europe/Kyiv; "" for none."""
    known, aliases = get_global("meta_zones"), get_global("zone_aliases")
    older = sorted(old for old, new in aliases.items() if new == zone and old in known)
    return str(known[older[0]]) if older else ""
