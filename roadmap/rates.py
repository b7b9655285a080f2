"""Rates between currencies: which one holds on a day, and what an amount comes to by it."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from experts.hosting_offers import currencies
from roadmap.ledger import CENT, MOST_MONEY
from roadmap.milestone_words import day_words
from roadmap.models import BASE, RATE_HOLDS, ExchangeRate


def rate_on(currency: str, on: date) -> ExchangeRate | None:
    """The rate that holds on the day: the latest before its end that isn't too old."""
    standing = ExchangeRate.objects.filter(currency=currency, withdrawn_at__isnull=True)
    return standing.filter(on__lte=on, on__gt=on - RATE_HOLDS).order_by("-on", "-pk").first()


def in_usd(amount: Decimal, currency: str, on: date) -> tuple[Decimal, ExchangeRate | None]:
    """What ``amount`` comes to in US dollars by the rate of the day, to the cent, and that rate (None for dollars).

    ``ValidationError`` at ``currency`` where there is no rate for that day, saying what to do.
    """
    if currency == BASE:
        return amount, None
    check_currency(currency)
    rate = rate_on(currency, on)
    if rate is None:
        problem = _(
            "There is no rate of %(currency)s for %(day)s. Enter one first, dated that day or at most"
            " %(days)d days before."
        )
        told = {"currency": currency, "day": day_words(on), "days": RATE_HOLDS.days - 1}
        raise ValidationError({"currency": problem % told})
    dollars = (amount / rate.per_usd).quantize(CENT, ROUND_HALF_UP)
    if dollars >= MOST_MONEY:
        raise ValidationError({"currency": _("This is more than is kept here.")})
    return dollars, rate


def check_currency(currency: str) -> None:
    """``ValidationError`` at ``currency`` unless it is the code of money that is paid with today."""
    if currency not in currencies():
        raise ValidationError({"currency": _("Choose a currency by its code, such as USD.")})
