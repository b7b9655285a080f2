"""Rates between currencies: entered with their source, withdrawn where they were wrong."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Conflict, require
from roadmap.actions.accounting import check_day, said
from roadmap.funding_rules import may_manage_funding
from roadmap.models import BASE, ExchangeRate
from roadmap.rates import check_currency

LONGEST_SOURCE = 300
FINEST, MOST = Decimal("0.00000001"), Decimal(10) ** 10


def enter_rate(*, actor: Any, currency: str, on: date, per_usd: Decimal, source: str) -> ExchangeRate:
    """So many units of ``currency`` for one US dollar from ``on`` on, as ``source`` says.

    The same again is the one that stands. ``Refusal`` unless staff; ``ValidationError`` by field, also for a day that
    has another rate already.
    """
    require(may_manage_funding(actor))
    currency = currency.strip().upper()
    if currency == BASE:
        raise ValidationError({"currency": _("All sums are in US dollars: they need no rate.")})
    check_currency(currency)
    check_day(on)
    if not per_usd.is_finite() or not FINEST <= per_usd < MOST or per_usd != per_usd.quantize(FINEST):
        raise ValidationError({"per_usd": _("Give a number above nothing, with eight decimals at most.")})
    source = said("source", source, needed=_("Say where the rate is read."), longest=LONGEST_SOURCE)
    with transaction.atomic():
        standing = ExchangeRate.objects.select_for_update().filter(
            currency=currency, on=on, withdrawn_at__isnull=True
        )
        if (there := standing.first()) is not None:
            if there.per_usd == per_usd and there.source == source:
                return there
            raise _taken()
        rate = ExchangeRate(currency=currency, on=on, per_usd=per_usd, source=source)
        rate.entered_by, rate.entered_at = actor, timezone.now()
        try:
            with transaction.atomic():
                rate.save()
        except IntegrityError as error:  # entered by somebody else at the same moment
            raise _taken() from error
        changes = {"currency": currency, "on": str(on), "per_usd": str(per_usd)}
        audit.record("funding.rate", rate, actor=actor, changes=changes)
    return rate


def _taken() -> ValidationError:
    return ValidationError(
        {"on": _("There is another rate for this day. Withdraw it first, if it is wrong.")}
    )


def withdraw_rate(*, actor: Any, rate: ExchangeRate, reason: str) -> ExchangeRate:
    """Use a rate no more. What was converted with it stays as it is, and says so, until it is corrected.

    ``Refusal`` unless staff; ``Conflict`` where it is withdrawn already; ``ValidationError`` without a reason.
    """
    require(may_manage_funding(actor))
    reason = said("reason", reason, needed=_("Say why."))
    with transaction.atomic():
        rate = ExchangeRate.objects.select_for_update().get(pk=rate.pk)
        if rate.withdrawn_at is not None:
            raise Conflict(_("This rate is withdrawn already."))
        rate.withdrawn_at, rate.withdrawn_by, rate.withdrawn_reason = timezone.now(), actor, reason
        rate.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        audit.record("funding.withdraw_rate", rate, actor=actor)
    return rate
