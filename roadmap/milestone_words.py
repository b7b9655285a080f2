"""Dates and differences of milestones as people read them."""

from datetime import date, datetime, time

from babel.dates import format_interval, format_skeleton
from django.conf import settings
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from accounts.templatetags.moments import day_in_words
from roadmap.plan import Dates


def _locale() -> str:
    language = get_language() or settings.LANGUAGE_CODE
    # Babel's English puts the month first, as the United Nations don't.
    return "en_GB" if language == "en" else to_locale(language)


def day_words(day: date) -> str:
    """``17 April 2024`` in the reader's language."""
    return day_in_words(datetime.combine(day, time()))


def dates_words(dates: Dates | None) -> str:
    """As exactly as the source says: ``17–18 Apr 2024``, ``February 2024``, ``January – May 2024``; "" for none."""
    if dates is None:
        return ""
    if dates.end is None:
        return _("since %(day)s") % {"day": day_words(dates.start)}
    if dates.start == dates.end:
        return day_words(dates.start)
    if dates.whole_months and (dates.start.year, dates.start.month) == (dates.end.year, dates.end.month):
        return str(format_skeleton("yMMMM", dates.start, locale=_locale()))
    skeleton = "yMMMM" if dates.whole_months else "yMMMd"
    return str(format_interval(dates.start, dates.end, skeleton, locale=_locale()))


def slippage_words(days: int | None) -> str:
    """``49 days late``, ``4 days early``, ``as planned``; "" where it can't be said."""
    if days is None:
        return ""
    if days > 0:
        return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
    if days < 0:
        return ngettext("%(days)d day early", "%(days)d days early", -days) % {"days": -days}
    return _("as planned")


def slippage_figure(days: int | None) -> str:
    """``+49`` or ``−4``, for a picture; "" for none or nothing."""
    return f"{'+' if days > 0 else '−'}{abs(days)}" if days else ""
