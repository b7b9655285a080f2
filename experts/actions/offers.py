"""Making an offer: written as a draft, handed in by the deadline, changed until then, withdrawn at any time."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facts import facts_of
from accounts.models import Affiliation, Country, Organisation, StakeholderGroup
from core import audit, outbox
from core.names import without_overrides
from core.verdicts import Refusal, Refused, require
from core.words import clean_words
from experts.actions.calls import LONGEST_REASON, locked
from experts.actions.hosting_slots import check_dates
from experts.actions.offer_moves import check_offer_version, lock_offer, move_offer
from experts.hosting_offers import CONTENT, MOST_PEOPLE, WORDS, currencies, gaps, receipt_of
from experts.hosting_rules import (
    is_open_for,
    may_edit_offer,
    may_offer,
    may_see_offer,
    may_withdraw_offer,
)
from experts.models import Call, HostingOffer, HostingSlot, OfferMove

S, HostKind = HostingOffer.State, HostingOffer.HostKind
MOST_OFFERS = 20  # of one person to one call
LINES = ("host_name", "place")  # what stands in one line, and is published
MOST_MONEY = Decimal(10) ** 10


def begin_offer(
    *,
    actor: Any,
    call: Call,
    uuid: UUID,
    slot: HostingSlot,
    host_kind: str,
    country: Country | None = None,
    organisation: Organisation | None = None,
    **words: Any,
) -> HostingOffer:
    """A draft of an offer, known by ``uuid``, which the form brings: sent twice it is one.

    For a member state speaks who was confirmed to: country, name and organisation follow from that. Others name the
    ``country``, and an ``organisation`` of theirs if they like. ``Refusal`` as ``may_offer``; ``ValidationError``.
    """
    with transaction.atomic():
        call = locked(call)
        now = timezone.now()
        require(may_offer(actor, call, at=now))
        standing = HostingOffer.objects.select_related("slot__call").filter(uuid=uuid).first()
        if standing is not None:
            if standing.slot.call_id != call.pk:
                raise Refusal(Refused(_("There is no such offer."), "hidden"))
            require(may_see_offer(actor, standing))
            return standing
        mine = HostingOffer.objects.filter(created_by=actor, slot__call=call).exclude(state=S.WITHDRAWN)
        if mine.count() >= MOST_OFFERS:
            limit = {"limit": MOST_OFFERS}
            raise ValidationError({"slot": _("You have begun %(limit)d offers already.") % limit})
        offer = HostingOffer(uuid=uuid, created_by=actor, created_at=now, changed_at=now)
        _set_host(actor, offer, host_kind, country, organisation)
        _set_slot(offer, call, slot)
        _set_content(offer, words)
        offer.save()
        audit.record("offer.begin", offer, actor=actor, changes={"slot": slot.pk})
    return offer


def save_offer(
    *,
    actor: Any,
    offer: HostingOffer,
    version: int | None = None,
    slot: HostingSlot | None = None,
    **words: Any,
) -> HostingOffer:
    """Change what an offer says (``CONTENT``); what isn't named stays, and the same again leaves no trace.

    What was handed in must stay complete, and gets a new receipt. ``Refusal`` as ``may_edit_offer``; ``Conflict`` where
    somebody changed it since ``version``; ``ValidationError`` by field.
    """
    with transaction.atomic():
        offer = lock_offer(offer)
        now = timezone.now()
        require(may_edit_offer(actor, offer, at=now))
        check_offer_version(offer, version, reader=actor)
        before = {name: getattr(offer, name) for name in ("slot_id", *CONTENT)}
        if slot is not None:
            _set_slot(offer, offer.slot.call, slot)
        _set_content(offer, words)
        after = {name: getattr(offer, name) for name in before}
        if changed := sorted(name for name in before if before[name] != after[name]):
            note_change(offer, actor, changed)
    return offer


def note_change(offer: HostingOffer, actor: Any, changed: list[str]) -> None:
    """Save an offer that the caller has locked and changed. What was handed in must be complete, and its receipt is
    made anew, of what it says now."""
    if offer.state != S.DRAFT:
        if missing := gaps(offer, offer.papers.values_list("kind", flat=True)):
            raise ValidationError(missing)
        offer.receipt = receipt_of(offer, at=offer.submitted_at or timezone.now())
        audit.record("offer.change", offer, actor=actor, changes={"fields": changed})
        if offer.state != S.SUBMITTED:
            # Decided, but its country was given more time since: what was decided on is no longer what is offered.
            offer.decided_by, offer.decided_at, offer.decision_reason = None, None, ""
            move_offer(offer, to=S.SUBMITTED, by=None)
            return
    offer.version += 1
    offer.changed_at = timezone.now()
    offer.save()


def submit_offer(*, actor: Any, offer: HostingOffer, version: int | None = None) -> HostingOffer:
    """Hand an offer in. Handing in again changes nothing.

    After the deadline, by the server's clock, it stays a draft: look at the state. ``Refusal`` as ``may_edit_offer``;
    ``Conflict`` where somebody changed it since ``version``; ``ValidationError`` by field with what is missing.
    """
    with transaction.atomic():
        offer = lock_offer(offer)
        now = timezone.now()
        require(may_edit_offer(actor, offer, at=now))
        if offer.state != S.DRAFT:
            return offer
        check_offer_version(offer, version, reader=actor)
        if not is_open_for(offer.slot.call, offer.country_id, at=now):
            audit.record("offer.hand_in_late", offer, actor=actor)
            return offer
        if missing := gaps(offer, offer.papers.values_list("kind", flat=True)):
            raise ValidationError(missing)
        offer.submitted_at = now
        offer.receipt = receipt_of(offer, at=now)
        move_offer(offer, to=S.SUBMITTED, by=actor)
        outbox.record("offer.submitted", offer)
    return offer


def withdraw_offer(*, actor: Any, offer: HostingOffer, reason: str = "") -> HostingOffer:
    """Take an offer back, at any time; again changes nothing. Whoever decided on it is told.

    The secretariat does it on a host's behalf with a ``reason``. ``Refusal`` as ``may_withdraw_offer``.
    """
    said = clean_words(reason)
    if len(said) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})
    with transaction.atomic():
        offer = lock_offer(offer)
        require(may_see_offer(actor, offer))
        if offer.state == S.WITHDRAWN:
            return offer
        require(may_withdraw_offer(actor, offer))
        if not said and not HostingOffer.objects.of_hosts(actor).filter(pk=offer.pk).exists():
            raise ValidationError({"reason": _("Say why: the reason is kept with the offer.")})
        made: OfferMove = move_offer(offer, to=S.WITHDRAWN, by=actor, reason=said)
        outbox.record("offer.withdrawn", made)
    return offer


def organisations_of(user: Any) -> list[Organisation]:
    """The caller's confirmed organisations, member states aside: those in whose name they may offer."""
    places = facts_of(user).organisations
    confirmed = [pk for pk, position in places.items() if position in Affiliation.Position.values]
    found = Organisation.objects.filter(pk__in=confirmed).exclude(kind=StakeholderGroup.MEMBER_STATE)
    return list(found.order_by("name", "pk")) if confirmed else []


def _set_host(
    actor: Any, offer: HostingOffer, kind: str, country: Country | None, organisation: Organisation | None
) -> None:
    if kind not in HostKind.values:
        raise ValidationError({"host_kind": _("Say who would be the host.")})
    offer.host_kind = kind
    if kind == HostKind.MEMBER_STATE:
        spoken_for = facts_of(actor).speaks_for or 0
        state = Organisation.objects.select_related("country").filter(pk=spoken_for).first()
        if state is None or state.country is None:
            raise ValidationError(
                {"host_kind": _("For a member state its focal point offers. Choose what else you speak for.")}
            )
        offer.organisation, offer.country = state, state.country
        offer.host_name = state.country.name
        return
    if country is None:
        raise ValidationError({"country": _("Choose a country.")})
    if organisation is not None and organisation.pk not in {row.pk for row in organisations_of(actor)}:
        raise ValidationError({"organisation": _("You don’t belong to this organization in the portal.")})
    offer.country, offer.organisation = country, organisation


def _set_slot(offer: HostingOffer, call: Call, slot: HostingSlot) -> None:
    if slot.call_id != call.pk:
        raise ValidationError({"slot": _("Choose a meeting of this call.")})
    offer.slot = slot


def _set_content(offer: HostingOffer, words: Mapping[str, Any]) -> None:
    """Set what is named in ``words``; ``ValidationError`` by field where it can't stand."""
    if unknown := set(words) - set(CONTENT):
        raise TypeError(f"not of an offer: {sorted(unknown)}")
    errors: dict[str, str] = {}
    for name, value in words.items():
        if name in WORDS:
            value = clean_words(value or "")
            if name in LINES:
                value = without_overrides(value)
            if len(value) > WORDS[name]:
                errors[name] = _("At most %(limit)d characters.") % {"limit": WORDS[name]}
                continue
            # A member state is called what it is called.
            if name == "host_name" and offer.host_kind == HostKind.MEMBER_STATE:
                continue
        setattr(offer, name, value)
    errors |= check_dates(offer.starts_on, offer.ends_on, ("starts_on", "ends_on"))
    if offer.capacity is not None and not 1 <= offer.capacity <= MOST_PEOPLE:
        errors["capacity"] = _("Give a number from %(first)d to %(last)d.") % {
            "first": 1,
            "last": MOST_PEOPLE,
        }
    languages = {code for code, _name in settings.LANGUAGES}
    if not isinstance(offer.interpretation, list) or not set(offer.interpretation) <= languages:
        errors["interpretation"] = _("Choose among the languages of the portal.")
    else:
        offer.interpretation = [code for code, _name in settings.LANGUAGES if code in offer.interpretation]
    errors |= _wrong_money(offer)
    if errors:
        raise ValidationError(errors)


def _wrong_money(offer: HostingOffer) -> dict[str, str]:
    amount, currency = offer.contribution_amount, offer.contribution_currency
    if currency and currency not in currencies():
        return {"contribution_currency": _("Choose a currency by its code, such as USD.")}
    if amount is None:
        # A currency alone says nothing, and is no mistake to be stopped by.
        offer.contribution_currency = ""
        return {}
    if not amount.is_finite() or not 0 < amount < MOST_MONEY:
        return {"contribution_amount": _("Give an amount above zero, such as 25000 or 25000.50.")}
    if amount != amount.quantize(Decimal("0.01")):
        return {"contribution_amount": _("At most two places after the point.")}
    offer.contribution_amount = amount.quantize(Decimal("0.01"))
    if not currency:
        return {"contribution_currency": _("Choose the currency of the amount.")}
    return {}
