"""What every entry of the account shares: the lock, the day, the amount, the words."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.words import clean_words
from drafts.models import Guidelines
from roadmap.actions.milestone_dates import YEARS, today
from roadmap.ledger import CENT, MOST_MONEY

LONGEST_REASON, LONGEST_SOURCE = 2000, 200


def lock_budget(guidelines: Guidelines) -> Guidelines:
    """The guidelines, locked for the transaction: whoever writes about their funding begins here."""
    return Guidelines.objects.select_for_update().get(pk=guidelines.pk)


def check_day(on: date) -> None:
    """``ValidationError`` at ``on`` for a day to come, in the secretariat's zone, or a year that is a slip."""
    if on.year not in YEARS:
        words = _("Give a year from %(first)d to %(last)d.")
        raise ValidationError({"on": words % {"first": YEARS[0], "last": YEARS[-1]}})
    if on > today():
        raise ValidationError({"on": _("Only what has happened is entered: this day is still to come.")})


def check_amount(field: str, amount: Decimal, *, least: Decimal = CENT) -> Decimal:
    """The amount as it is kept, in cents; ``ValidationError`` where it is too small, too large or finer than that."""
    if not amount.is_finite() or amount != amount.quantize(CENT):
        raise ValidationError({field: _("Give an amount with two decimals at most.")})
    if amount < least:
        raise ValidationError({field: _("Give an amount above nothing.")})
    if amount >= MOST_MONEY:
        raise ValidationError({field: _("This is more than is kept here.")})
    return amount.quantize(CENT)


def said(field: str, words: str, *, needed: str = "", longest: int = LONGEST_REASON) -> str:
    """``words`` as they are kept; ``ValidationError`` where they are too long, or empty and ``needed`` says why not."""
    kept = clean_words(words)
    if needed and not kept:
        raise ValidationError({field: needed})
    if len(kept) > longest:
        raise ValidationError({field: _("At most %(limit)d characters.") % {"limit": longest}})
    return kept


def text_of(value: Any) -> Any:
    """As the trail keeps it: amounts and days as text, rows by their key."""
    if isinstance(value, Decimal | date):
        return str(value)
    return value if value is None or isinstance(value, str | bool | int) else value.pk
