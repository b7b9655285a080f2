"""How a nomination begins: applied for, made by a country, or entered by the secretariat."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Country
from core import audit, outbox
from core.verdicts import Conflict, Refused, require
from experts.actions.limits import lock_call, refuse_twice, take_place
from experts.actions.linking import send_link
from experts.actions.moving import lock_nomination, move
from experts.actions.writing import apply_changes, check_version, clean_changes, is_late
from experts.models import Call, Nomination
from experts.rules import may_apply, may_manage_calls, may_nominate, speaks_for_country
from experts.standing import country_spoken_for

S, Way = Nomination.State, Nomination.Way


def apply_for(
    *, actor: Any, call: Call, country: Country, changes: dict[str, Any] | None = None
) -> Nomination:
    """Begin an application of one's own, as a draft. Who has one that isn't finished gets that one.

    ``Refusal``: not signed in, the call isn't open yet. After it has closed a draft is kept all the same.
    """
    require(may_apply(actor, call, at=timezone.now()))
    with transaction.atomic():
        call = lock_call(call.pk)
        begun = Nomination.objects.filter(call=call, nominee=actor.pk, country=country, way=Way.APPLIED)
        if standing := begun.exclude(state=S.WITHDRAWN).first():
            return standing
        nomination = Nomination(
            call=call,
            way=Way.APPLIED,
            country=country,
            nominee=actor,
            email=actor.email,
            language=actor.language,
            name=actor.name,
            created_by=actor,
        )
        return _begin(nomination, actor, {**(changes or {})})


def nominate(*, actor: Any, call: Call, changes: dict[str, Any], attested: bool) -> Nomination:
    """Nominate somebody for the country the actor speaks for; with ``attested`` the nominee is told at once.

    Without it, without an address, or after the deadline it stays a draft (``state``). ``Conflict`` where the country's
    places are taken or the address was nominated already; ``ValidationError`` by field.
    """
    require(may_nominate(actor, call, at=timezone.now()))
    with transaction.atomic():
        call = lock_call(call.pk)
        country = Country.objects.get(pk=country_spoken_for(actor))
        nomination = Nomination(call=call, way=Way.NOMINATED, country=country, created_by=actor, name="")
        nomination = _begin(nomination, actor, changes)
        if attested and nomination.email and not is_late(nomination, at=timezone.now()):
            _tell(nomination, call, actor)
    return nomination


def tell_nominee(*, actor: Any, nomination: Nomination, version: int, attested: bool) -> Nomination:
    """Hand a draft of the country's to the nominee. Twice is once; after the deadline it stays a draft."""
    with transaction.atomic():
        call = lock_call(nomination.call_id)
        nomination = lock_nomination(nomination.pk)
        if not speaks_for_country(actor, nomination) or nomination.way != Way.NOMINATED:
            require(Refused(_("Only the focal point of a Member State nominates."), "not_focal_point"))
        if nomination.state == S.AWAITING_NOMINEE:
            return nomination
        if nomination.state != S.DRAFT:
            raise Conflict(_("This is no draft any more."), current={"version": nomination.version})
        check_version(nomination, version)
        if not attested:
            raise ValidationError({"attested": _("Say that the person agreed to be nominated.")})
        if not nomination.email:
            raise ValidationError({"email": _("Give an e-mail address.")})
        if not is_late(nomination, at=timezone.now()):
            _tell(nomination, call, actor)
    return nomination


def enter(*, actor: Any, call: Call, country: Country, changes: dict[str, Any]) -> Nomination:
    """Enter a nomination that reached the secretariat otherwise, as a draft; marked as entered on behalf."""
    require(may_manage_calls(actor))
    with transaction.atomic():
        call = lock_call(call.pk)
        nomination = Nomination(call=call, way=Way.ENTERED, country=country, created_by=actor, name="")
        return _begin(nomination, actor, changes)


def _begin(nomination: Nomination, actor: Any, changes: dict[str, Any]) -> Nomination:
    if nomination.way != Way.APPLIED:
        own = str(changes.get("email", "")).strip().lower() == actor.email
        if own and nomination.way == Way.NOMINATED:
            raise ValidationError(
                {
                    "email": _(
                        "Nobody nominates themselves. Apply, and let your deputy or contact point endorse."
                    )
                }
            )
        if not str(changes.get("name", "")).strip():
            raise ValidationError({"name": _("Give a name.")})
    nomination.save(force_insert=True)
    apply_changes(nomination, clean_changes(nomination, changes))
    nomination.save()
    audit.record("nomination.begin", nomination, actor=actor, changes={"way": nomination.way})
    return nomination


def _tell(nomination: Nomination, call: Call, actor: Any) -> None:
    refuse_twice(nomination)
    take_place(call, nomination.country_id)
    nomination.attested_by, nomination.attested_at = actor, timezone.now()
    outbox.record("nomination.moved", move(nomination, to=S.AWAITING_NOMINEE, by=actor))
    send_link(nomination)
