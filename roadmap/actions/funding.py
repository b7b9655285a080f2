"""Pledges, commitments and receipts: entered, and replaced by new entries where something was wrong or changed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.names import without_overrides
from core.punctuation import listed
from core.verdicts import Conflict, require
from drafts.models import Guidelines
from roadmap.actions.accounting import LONGEST_SOURCE, check_amount, check_day, lock_budget, said, text_of
from roadmap.funding_rules import may_manage_funding
from roadmap.ledger import CENT, NOTHING
from roadmap.models import BASE, FundingTransaction
from roadmap.rates import in_usd

Kind, Replacement = FundingTransaction.Kind, FundingTransaction.Replacement
# What is said of an entry beside its kind, day and amount.
ABOUT = ("in_kind", "organisation", "source", "country", "line", "note", "public", "fulfils")


def enter_transaction(
    *,
    actor: Any,
    guidelines: Guidelines,
    kind: str,
    on: date,
    amount: Decimal,
    currency: str = BASE,
    uuid: UUID | None = None,
    **about: Any,
) -> FundingTransaction:
    """A pledge, commitment or receipt of the day ``on``, turned into dollars by that day's rate.

    ``about`` (``ABOUT``): from whom (``organisation``, or ``source`` by name; ``country``), what for (``line``),
    whether ``in_kind`` and ``public``, a ``note`` for the secretariat, and what it ``fulfils``: the pledge or
    commitment that it is the next step of. ``uuid`` makes it one, sent twice. ``Refusal`` unless staff;
    ``ValidationError`` by field.
    """
    require(may_manage_funding(actor))
    uuid = uuid or uuid4()
    with transaction.atomic():
        lock_budget(guidelines)
        if (standing := _standing(uuid, guidelines)) is not None:
            return standing
        entry = FundingTransaction(uuid=uuid, thread=uuid, guidelines=guidelines)
        if kind not in Kind.values:
            raise ValidationError(
                {"kind": _("Choose one of: %(choices)s.") % {"choices": listed(Kind.values)}}
            )
        entry.kind = kind
        _set_about(entry, about)
        _set_amount(entry, on, amount, currency, least=CENT)
        _check_fulfilled(entry)
        entry.entered_by, entry.entered_at = actor, timezone.now()
        entry.save()
        audit.record("funding.enter", entry, actor=actor, changes=_noted(entry))
    return entry


def replace_transaction(
    *,
    actor: Any,
    entry: FundingTransaction,
    replacement: str,
    reason: str,
    on: date | None = None,
    amount: Decimal | None = None,
    currency: str | None = None,
    uuid: UUID | None = None,
    **about: Any,
) -> FundingTransaction:
    """A new entry in the stead of ``entry``, with a reason; both stay.

    A ``correction`` says what should have been entered (nothing, where it should never have been); a ``change`` holds
    from its own day on, as does a ``cancellation``, which comes to nothing. What isn't named is as before. ``Refusal``
    unless staff; ``Conflict`` where ``entry`` is replaced already; ``ValidationError`` by field.
    """
    require(may_manage_funding(actor))
    uuid = uuid or uuid4()
    with transaction.atomic():
        lock_budget(entry.guidelines)
        if (standing := _standing(uuid, entry.guidelines)) is not None:
            return standing
        entry = FundingTransaction.objects.get(pk=entry.pk)
        if hasattr(entry, "replaced_by"):
            raise Conflict(
                _("Another entry stands in its stead already."), current={"id": str(entry.replaced_by.uuid)}
            )
        if replacement not in Replacement.values:
            choices = {"choices": listed(Replacement.values)}
            raise ValidationError({"replacement": _("Choose one of: %(choices)s.") % choices})
        made = FundingTransaction(
            uuid=uuid,
            thread=entry.thread,
            guidelines=entry.guidelines,
            kind=entry.kind,
            replaces=entry,
            replacement=replacement,
            reason=said("reason", reason, needed=_("Say why.")),
        )
        _set_about(made, {name: getattr(entry, name) for name in ABOUT} | about)
        _set_replaced_amount(made, entry, on, amount, currency)
        _check_fulfilled(made)
        made.entered_by, made.entered_at = actor, timezone.now()
        made.save()
        audit.record("funding.replace", made, actor=actor, changes=_noted(made))
    return made


def _set_replaced_amount(
    made: FundingTransaction,
    entry: FundingTransaction,
    on: date | None,
    amount: Decimal | None,
    currency: str | None,
) -> None:
    cancelled = made.replacement == Replacement.CANCELLATION
    if on is None and made.replacement != Replacement.CORRECTION:
        raise ValidationError({"on": _("Say from which day on.")})
    day = on or entry.on
    if made.replacement != Replacement.CORRECTION and day < entry.on:
        raise ValidationError({"on": _("This is before the entry itself. Correct the entry instead.")})
    if cancelled and amount:
        raise ValidationError({"amount": _("A cancellation comes to nothing. Enter a change instead.")})
    worth = NOTHING if cancelled else entry.amount if amount is None else amount
    _set_amount(made, day, worth, currency or entry.currency, least=NOTHING)
    if made.replacement == Replacement.CHANGE and not made.amount:
        raise ValidationError({"amount": _("Nothing from a day on is a cancellation.")})


def _standing(uuid: UUID, guidelines: Guidelines) -> FundingTransaction | None:
    return FundingTransaction.objects.filter(uuid=uuid, guidelines=guidelines).first()


def _set_about(entry: FundingTransaction, about: Mapping[str, Any]) -> None:
    if unknown := set(about) - set(ABOUT):
        raise TypeError(f"not of a transaction: {sorted(unknown)}")
    for name, value in about.items():
        setattr(entry, name, value)
    source = without_overrides(entry.source or "")
    entry.source = said("source", source, longest=LONGEST_SOURCE)
    entry.note = said("note", entry.note or "")
    if entry.organisation is not None:
        # A member state is its country; what it is called follows from there.
        entry.country = entry.organisation.country or entry.country
        entry.source = ""
    if entry.organisation is None and not entry.source and entry.country is None:
        raise ValidationError({"source": _("Say from whom: an organization, a name or a country.")})
    if entry.line is not None and entry.line.guidelines_id != entry.guidelines_id:
        raise ValidationError({"line": _("Choose a line of these guidelines.")})


def _set_amount(
    entry: FundingTransaction, on: date, amount: Decimal, currency: str, *, least: Decimal
) -> None:
    check_day(on)
    entry.on, entry.currency = on, currency.strip().upper()
    entry.amount = check_amount("amount", amount, least=least)
    entry.amount_usd, entry.rate = in_usd(entry.amount, entry.currency, on)


def _check_fulfilled(entry: FundingTransaction) -> None:
    """What it fulfils is an earlier step, of the same giver, and came before."""
    earlier = entry.fulfils
    if earlier is None:
        return
    if (
        earlier.guidelines_id != entry.guidelines_id
        or earlier.kind not in FundingTransaction.FULFILS[entry.kind]
    ):
        raise ValidationError(
            {"fulfils": _("A commitment fulfils a pledge, a receipt a pledge or a commitment.")}
        )
    standing = earlier
    while hasattr(standing, "replaced_by"):
        standing = standing.replaced_by
    if (standing.organisation_id, standing.source, standing.country_id) != (
        entry.organisation_id,
        entry.source,
        entry.country_id,
    ):
        raise ValidationError({"fulfils": _("This was promised by somebody else.")})
    if standing.on > entry.on:
        raise ValidationError({"on": _("This is before the day of what it fulfils.")})
    if standing.in_kind != entry.in_kind:
        raise ValidationError(
            {"fulfils": _("Money doesn’t fulfil a promise in kind, nor the other way round.")}
        )


def _noted(entry: FundingTransaction) -> dict[str, Any]:
    """For the trail: figures and keys, no names."""
    names = ("kind", "on", "amount", "currency", "replacement", "public", "fulfils", "replaces", "line")
    return {name: text_of(getattr(entry, name)) for name in names if getattr(entry, name) not in ("", None)}
