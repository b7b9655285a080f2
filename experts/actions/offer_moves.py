"""How an offer is locked, and the one way by which it changes its state."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Conflict
from experts.actions.calls import locked
from experts.hosting_rules import state_shown_to
from experts.models import HostingOffer, OfferMove


def lock_offer(offer: HostingOffer) -> HostingOffer:
    """The offer's row, locked with its call's: the call first, as everybody does, so that closing, deciding and
    withdrawing wait for each other."""
    call = locked(offer.slot.call)
    found = HostingOffer.objects.select_for_update(of=("self",)).select_related("slot").get(pk=offer.pk)
    found.slot.call = call
    return found


def check_offer_version(offer: HostingOffer, version: int | None, *, reader: Any) -> None:
    """``Conflict`` with the present version where it isn't ``version``, and the state as ``reader`` may know it."""
    if version is not None and offer.version != version:
        raise Conflict(
            _("This offer has changed since you opened it."),
            current={"version": offer.version, "state": state_shown_to(reader, offer)},
        )


def move_offer(offer: HostingOffer, *, to: str, by: Any, reason: str = "") -> OfferMove:
    """Set the state of an offer that the caller has locked, and put it on the record. Other fields that the caller
    changed are saved with it. ``by`` None: it follows from another act.

    Everybody may read the trail of their own acts: it has the state as ``by`` may know it, the record the true one.
    """
    before = offer.state
    known = state_shown_to(by, offer) if by else before
    offer.state = to
    offer.version += 1
    offer.changed_at = timezone.now()
    offer.save()
    audit.record("offer.move", offer, actor=by, changes={"state": [known, to]})
    return OfferMove.objects.create(
        offer=offer, before=before, after=to, by=by, reason=reason, at=offer.changed_at
    )
