"""Handing a nomination in, endorsing it, giving it back, withdrawing it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ConsentText
from accounts.queries import newest_version
from core import audit, outbox
from core.verdicts import Conflict, Refused, require
from core.words import clean_words
from experts.actions.conflicts import find_conflicts
from experts.actions.limits import lock_call, refuse_twice, take_place
from experts.actions.moving import lock_nomination, move
from experts.actions.writing import check_version, fresh, is_late
from experts.completeness import gaps_of_entry, gaps_of_nominee, letter_is_missing
from experts.models import Nomination
from experts.receipts import receipt_of
from experts.rules import is_nominee, may_endorse, may_manage_calls, may_withdraw

S, Way = Nomination.State, Nomination.Way
CONSENT = "nomination"
HANDED_IN = frozenset({S.AWAITING_ENDORSEMENT, S.SUBMITTED})


def hand_in(
    *, actor: Any, nomination: Nomination, version: int | None, consent: ConsentText | None, declared: bool
) -> Nomination:
    """The nominee hands their nomination in: to the focal point, or, where the government's part is there, to the
    secretariat. Twice is once.

    ``consent`` is the text the nominee agreed to, ``declared`` that the declaration of interests is true and complete.
    After the deadline it stays as it is (``state``), and nothing is lost. ``ValidationError`` by field for what is
    missing; ``Conflict`` for another version, and where the country nominated the person meanwhile.
    """
    with transaction.atomic():
        lock_call(nomination.call_id)
        nomination = lock_nomination(nomination.pk)
        if not is_nominee(actor, nomination):
            require(Refused(_("Only the nominee hands a nomination in."), "not_theirs"))
        if nomination.state in HANDED_IN:
            return nomination
        if nomination.state not in (S.DRAFT, S.AWAITING_NOMINEE):
            raise Conflict(_("This is no draft any more."), current={"version": nomination.version})
        check_version(nomination, version)
        _check_whole(nomination, consent, declared)
        now = timezone.now()
        if is_late(nomination, at=now):
            audit.record("nomination.hand_in_late", nomination, actor=actor)
            return nomination
        refuse_twice(nomination)
        nomination.consent_text, nomination.consented_at, nomination.declared_at = consent, now, now
        _note_submission(nomination)
        whole = nomination.way == Way.NOMINATED and not letter_is_missing(fresh(nomination))
        if whole:
            nomination.endorsed_by, nomination.endorsed_at = nomination.attested_by, nomination.attested_at
        made = move(nomination, to=S.SUBMITTED if whole else S.AWAITING_ENDORSEMENT, by=actor)
        outbox.record("nomination.moved", made)
        find_conflicts(nomination.call, nomination=nomination)
    return nomination


def hand_in_entered(*, actor: Any, nomination: Nomination, version: int | None) -> Nomination:
    """The secretariat hands in, on behalf of a country, what it entered. Twice is once."""
    require(may_manage_calls(actor))
    with transaction.atomic():
        call = lock_call(nomination.call_id)
        nomination = lock_nomination(nomination.pk)
        if nomination.way != Way.ENTERED:
            require(Refused(_("Only the nominee hands a nomination in."), "not_theirs"))
        if nomination.state == S.SUBMITTED:
            return nomination
        check_version(nomination, version)
        if gaps := gaps_of_entry(fresh(nomination)):
            raise ValidationError({gap.field: gap.reason for gap in gaps})
        refuse_twice(nomination)
        take_place(call, nomination.country_id)
        _note_submission(nomination)
        outbox.record("nomination.moved", move(nomination, to=S.SUBMITTED, by=actor, on_behalf=True))
        find_conflicts(nomination.call, nomination=nomination)
    return nomination


def endorse(*, actor: Any, nomination: Nomination, version: int | None = None) -> Nomination:
    """The focal point endorses what was laid before them: with it the secretariat considers it. Twice is once.

    ``Refusal``: another country, oneself, after the date. ``ValidationError``: the letter is missing. ``Conflict``: it
    has changed since it was read, or the country's places are taken.
    """
    with transaction.atomic():
        call = lock_call(nomination.call_id)
        nomination = lock_nomination(nomination.pk)
        if nomination.state == S.SUBMITTED and nomination.endorsed_by_id == actor.pk:
            return nomination
        require(may_endorse(actor, nomination, at=timezone.now()))
        check_version(nomination, version)
        if letter_is_missing(fresh(nomination)):
            raise ValidationError({"paper_letter": _("Upload the signed letter of your government first.")})
        if nomination.way == Way.APPLIED:  # what the country nominated itself has its place already
            take_place(call, nomination.country_id)
        nomination.endorsed_by, nomination.endorsed_at = actor, timezone.now()
        outbox.record("nomination.moved", move(nomination, to=S.SUBMITTED, by=actor))
    return nomination


def give_back(*, actor: Any, nomination: Nomination, reason: str) -> Nomination:
    """The focal point gives a nomination back to the nominee, who reads why and may mend it until the deadline."""
    reason = clean_words(reason)[:5000]
    with transaction.atomic():
        nomination = lock_nomination(nomination.pk)
        require(may_endorse(actor, nomination, at=timezone.now()))
        if not reason:
            raise ValidationError({"reason": _("Say why: the nominee will read it.")})
        back = S.DRAFT if nomination.way == Way.APPLIED else S.AWAITING_NOMINEE
        outbox.record("nomination.moved", move(nomination, to=back, by=actor, reason=reason))
    return nomination


def withdraw(*, actor: Any, nomination: Nomination, reason: str = "") -> Nomination:
    """Take a nomination back, at any time; by the secretariat on behalf. Twice is once."""
    with transaction.atomic():
        nomination = lock_nomination(nomination.pk)
        if nomination.state == S.WITHDRAWN:
            return nomination
        require(may_withdraw(actor, nomination))
        theirs = is_nominee(actor, nomination) or nomination.created_by_id == actor.pk
        on_behalf = bool(may_manage_calls(actor)) and not theirs
        made = move(
            nomination, to=S.WITHDRAWN, by=actor, reason=clean_words(reason)[:5000], on_behalf=on_behalf
        )
        outbox.record("nomination.moved", made)
    return nomination


def _check_whole(nomination: Nomination, consent: ConsentText | None, declared: bool) -> None:
    errors: dict[str, Any] = {gap.field: gap.reason for gap in gaps_of_nominee(fresh(nomination))}
    if consent is None or consent.kind != CONSENT:
        errors["consent"] = _("Without your consent the nomination can't be handed in.")
    elif consent.version != newest_version(CONSENT):
        errors["consent"] = _("A newer text has come into force. Please read that one.")
    if not declared:
        errors["declared"] = _("Say that your declaration of interests is true and complete.")
    if errors:
        raise ValidationError(errors)


def _note_submission(nomination: Nomination) -> None:
    nomination.submitted_at = timezone.now()
    nomination.receipt = receipt_of(fresh(nomination), at=nomination.submitted_at)
