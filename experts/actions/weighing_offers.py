"""Scoring offers, deciding on them, and announcing the hosts together."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, outbox
from core.verdicts import Conflict, require
from core.words import clean_words
from experts.actions.calls import LONGEST_REASON, check_version, locked
from experts.actions.offer_moves import check_offer_version, lock_offer, move_offer
from experts.hosting_rules import DECIDED, may_announce_hosts, may_decide_offer, may_score_offer
from experts.models import Call, Criterion, HostingOffer, OfferScore

S = HostingOffer.State
LONGEST_COMMENT = 2000


def score_offer(
    *, actor: Any, offer: HostingOffer, scores: Mapping[str, tuple[int | None, str]]
) -> list[OfferScore]:
    """Set the caller's own scores of an offer: criterion's code to (0 to 10 or None, comment). None takes one back;
    criteria that aren't named stay.

    ``Refusal`` as ``may_score_offer``; ``ValidationError`` by the criterion's code.
    """
    with transaction.atomic():
        offer = lock_offer(offer)
        require(may_score_offer(actor, offer))
        criteria = {criterion.code: criterion for criterion in offer.slot.call.criteria.all()}
        cleaned = _cleaned(criteria, scores)
        standing = {row.criterion_id: row for row in offer.scores.filter(scored_by=actor)}
        changed = []
        for code, (value, comment) in cleaned.items():
            row = standing.get(criteria[code].pk)
            if value is None:
                if row:
                    row.delete()
                    changed.append(code)
                continue
            if row and (row.value, row.comment) == (value, comment):
                continue
            row = row or OfferScore(offer=offer, criterion=criteria[code], scored_by=actor)
            row.value, row.comment, row.at = value, comment, timezone.now()
            row.save()
            changed.append(code)
        if changed:
            audit.record("offer.score", offer, actor=actor, changes={"criteria": changed})
    return list(offer.scores.filter(scored_by=actor))


def _cleaned(
    criteria: Mapping[str, Criterion], scores: Mapping[str, tuple[int | None, str]]
) -> dict[str, tuple[int | None, str]]:
    errors: dict[str, str] = {}
    cleaned: dict[str, tuple[int | None, str]] = {}
    for code, (value, words) in scores.items():
        comment = clean_words(words)
        if code not in criteria:
            errors[code] = _("The call has no such criterion.")
        elif value is not None and not 0 <= value <= Criterion.SCALE:
            errors[code] = _("Give a number from %(first)d to %(last)d.") % {
                "first": 0,
                "last": Criterion.SCALE,
            }
        elif len(comment) > LONGEST_COMMENT:
            errors[code] = _("At most %(limit)d characters.") % {"limit": LONGEST_COMMENT}
        elif value is None and comment:
            errors[code] = _("Give a score beside the comment.")
        cleaned[code] = (value, comment)
    if errors:
        raise ValidationError(errors)
    return cleaned


def decide_offer(
    *, actor: Any, offer: HostingOffer, outcome: str, reason: str, version: int | None = None
) -> HostingOffer:
    """Decide on an offer: ``chosen``, ``reserve`` or ``not_chosen``, with a reason. The same again changes nothing.

    Before the announcement nobody outside learns of it, and it may change freely; after it whoever offered is told of
    every change. ``Refusal`` as ``may_decide_offer``; ``Conflict`` where another is chosen for the meeting, or somebody
    changed the offer since ``version``; ``ValidationError`` by field.
    """
    said = clean_words(reason)
    if outcome not in DECIDED:
        raise ValidationError({"outcome": _("Choose what becomes of this offer.")})
    if not said:
        raise ValidationError({"reason": _("Say why: the reason is kept with the offer.")})
    if len(said) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})
    with transaction.atomic():
        offer = lock_offer(offer)
        require(may_decide_offer(actor, offer))
        if (offer.state, offer.decision_reason) == (outcome, said):
            return offer
        check_offer_version(offer, version, reader=actor)
        chosen = HostingOffer.objects.filter(slot=offer.slot_id, state=S.CHOSEN).exclude(pk=offer.pk).first()
        if outcome == S.CHOSEN and chosen:
            raise Conflict(
                _("“%(host)s” is chosen for this meeting. Decide otherwise on that offer first.")
                % {"host": chosen.host},
                current={"version": offer.version, "chosen": str(chosen.uuid)},
            )
        told = offer.state != outcome and offer.slot.call.decided_at is not None
        offer.decided_by, offer.decided_at, offer.decision_reason = actor, timezone.now(), said
        move_offer(offer, to=outcome, by=actor, reason=said)
        if told:
            outbox.record("offer.decided", offer)
    return offer


def undecided(call: Call) -> int:
    """How many offers still wait for a decision."""
    return HostingOffer.objects.filter(slot__call=call, state=S.SUBMITTED).count()


def announce_hosts(*, actor: Any, call: Call, version: int | None = None) -> Call:
    """Make the decisions known, all at the same moment: the hosts become public, and whoever offered is told.

    Again changes nothing. ``Refusal`` as ``may_announce_hosts``; ``Conflict`` where an offer isn't decided yet, where
    the call isn't one for hosts, or was changed since ``version``.
    """
    with transaction.atomic():
        call = locked(call)
        require(may_announce_hosts(actor, call))
        if call.kind != Call.Kind.HOSTING:
            raise Conflict(_("This call asks for no hosts."))
        if call.decided_at:
            return call
        check_version(call, version)
        if not call.announced_at:
            raise Conflict(_("This call has not been announced."))
        if undecided(call):
            raise Conflict(_("Decide on every offer first: all are told together."))
        call.decided_at = timezone.now()
        call.version += 1
        call.save()
        audit.record("hosting.announce", call, actor=actor)
        outbox.record("hosting.announced", call)
    return call
