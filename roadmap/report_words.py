"""Sums of money, halves of years and sessions as a report sets them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from babel import Locale
from django.utils.translation import get_language, get_language_bidi, to_locale
from django.utils.translation import gettext as _

from core.punctuation import listed
from roadmap.milestone_words import day_words
from roadmap.models import ReportingPeriod
from roadmap.money_words import amount_words


def money_words(amount: Decimal | None, currency: str) -> str:
    """``USD 867,684``, cents only where there are any; "" for none."""
    if amount is None:
        return ""
    return amount_words(amount, currency)


def period_words(period: ReportingPeriod) -> str:
    """``July to December 2024``: the half of the year that is reported on."""
    if period.half == 1:
        return _("First half of %(year)d") % {"year": period.year}
    return _("Second half of %(year)d") % {"year": period.year}


def session_words(session: int, year: int) -> str:
    """Heading of the resolutions of a session of the Assembly."""
    named = {"year": year, "session": session}
    if session == 1:
        return (
            _("Resolutions adopted by the United Nations Habitat Assembly at its first session (%(year)d)")
            % named
        )
    if session == 2:
        return (
            _("Resolutions adopted by the United Nations Habitat Assembly at its second session (%(year)d)")
            % named
        )
    return (
        _("Resolutions adopted by the United Nations Habitat Assembly at session %(session)d (%(year)d)")
        % named
    )


def operative_words(numbers: Iterable[str]) -> str:
    """``2 (a), 4``, the numbers of operative paragraphs; each is kept whole where words run from right to left."""
    return listed(f"\u2066{each}\u2069" if get_language_bidi() else each for each in numbers)


def as_of_words(day: date) -> str:
    return _("As of %(day)s") % {"day": day_words(day)}


def language_words(code: str) -> str:
    """What a language is called in the language that is active: ``inglés``."""
    names = Locale.parse(to_locale(get_language() or "en")).languages
    locale = to_locale(code)
    return str(names.get(locale.split("_")[0]) or names.get(locale) or code)
