"""Announcing a call, closing it early, and reopening it for one country."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Country
from core import audit, outbox
from core.verdicts import Conflict, require
from core.words import clean_words
from experts.actions.calls import LONGEST_REASON, YEARS, check_plan, check_version, locked
from experts.models import Call, CallReopening
from experts.rules import may_manage_calls


def announce_call(*, actor: Any, call: Call, version: int | None = None) -> Call:
    """Make a call public. From then on it is a promise. Announcing it again changes nothing.

    ``version`` is that of the summary which was confirmed: ``Conflict`` where the call has changed since.
    ``Refusal`` unless staff.
    """
    with transaction.atomic():
        call = locked(call)
        require(may_manage_calls(actor))
        if call.announced_at:
            return call
        check_version(call, version)
        check_plan(call)
        call.announced_at = timezone.now()
        call.version += 1
        call.save()
        audit.record("call.announce", call, actor=actor, changes={"closes_at": call.closes_at.isoformat()})
        outbox.record("call.announced", call)
    return call


def close_call(*, actor: Any, call: Call, reason: str, version: int | None = None) -> Call:
    """Close an open call before its time. ``reason`` goes on the audit trail. Closing it again changes nothing.

    ``Conflict`` with the present state where it isn't open; ``ValidationError`` without a reason; ``Refusal`` unless
    staff.
    """
    with transaction.atomic():
        call = locked(call)
        require(may_manage_calls(actor))
        if call.closed_at:
            return call
        check_version(call, version)
        now = timezone.now()
        state = call.state_at(now)
        if state != Call.State.OPEN:
            raise Conflict(
                _("A call that is “%(state)s” can’t be closed.") % {"state": state.label},
                current={"state": str(state), "version": call.version},
            )
        said = _reason_given(reason)
        call.closed_at = now
        call.version += 1
        call.save()
        audit.record("call.close", call, actor=actor, changes={"reason": said})
        outbox.record("call.closed", call)
    return call


def reopen_for_country(
    *,
    actor: Any,
    call: Call,
    country: Country,
    closes_at: datetime,
    endorsement_closes_at: datetime | None = None,
    reason: str,
) -> CallReopening:
    """Give one country later deadlines than the call's. Its contact point and deputies are told by mail.

    Without ``endorsement_closes_at`` endorsing ends with nominating, or when it ended before if that is later.
    The same dates again change nothing. ``Conflict`` where the call isn't announced or is decided;
    ``ValidationError`` by field; ``Refusal`` unless staff.
    """
    with transaction.atomic():
        call = locked(call)
        require(may_manage_calls(actor))
        state = call.state
        if call.announced_at is None or call.decided_at:
            raise Conflict(
                _("A call that is “%(state)s” can’t be reopened.") % {"state": state.label},
                current={"state": str(state)},
            )
        given = call.reopenings.filter(country=country).first()
        if given and (given.closes_at, given.endorsement_closes_at) == (closes_at, endorsement_closes_at):
            return given
        said = _reason_given(reason)
        _check_later(call, country, closes_at, endorsement_closes_at)
        reopening = CallReopening.objects.create(
            call=call,
            country=country,
            closes_at=closes_at,
            endorsement_closes_at=endorsement_closes_at,
            reason=said,
            given_by=actor,
        )
        changes = {"country": country.pk, "closes_at": closes_at.isoformat()}
        audit.record("call.reopen", call, actor=actor, changes=changes)
        outbox.record("call.reopened", reopening)
    return reopening


def _reason_given(reason: str) -> str:
    said = clean_words(reason)
    if not said:
        raise ValidationError({"reason": _("Say why: the reason is kept on the audit trail.")})
    if len(said) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})
    return said


def _check_later(call: Call, country: Country, closes_at: datetime, endorsed_until: datetime | None) -> None:
    """A reopening gives time: what it gives is to come, and later than what the country has."""
    errors: dict[str, str] = {}
    closes, endorsed = call.deadlines_for(country.pk)
    times = {"closes_at": closes_at, "endorsement_closes_at": endorsed_until}
    for name, at in times.items():
        if at is not None and at.year not in YEARS:
            errors[name] = _("Give a year from %(first)d to %(last)d.") % {
                "first": YEARS[0],
                "last": YEARS[-1],
            }
    if not errors and closes_at <= timezone.now():
        errors["closes_at"] = _("This is in the past. Give a time that is to come.")
    elif not errors and closes_at <= closes and (endorsed_until or closes_at) <= endorsed:
        errors["closes_at"] = _("This country has until then already. Give a later time.")
    if endorsed_until is not None and endorsed_until < closes_at:
        errors["endorsement_closes_at"] = _(
            "Endorsing ends when nominating ends, or later. Left empty, it ends with it."
        )
    if errors:
        raise ValidationError(errors)
