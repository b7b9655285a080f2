"""The steps to the signed host agreement, and after it."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.punctuation import listed
from core.verdicts import Conflict, require
from core.words import clean_words
from experts.actions.calls import YEARS
from experts.actions.offer_moves import lock_offer
from experts.models import HostAgreementStep, HostingOffer
from experts.rules import may_manage_calls

LONGEST_NOTE = 2000


def version_of(step: HostAgreementStep | None) -> str:
    """What stands for a step as somebody saw it: the instant of its last change; "" where there is none."""
    return step.changed_at.isoformat() if step else ""


def set_agreement_step(
    *,
    actor: Any,
    offer: HostingOffer,
    kind: str,
    due_on: date | None = None,
    done_on: date | None = None,
    note: str = "",
    seen: str | None = None,
) -> HostAgreementStep | None:
    """Set a step with the chosen host; empty altogether it goes. The same again changes nothing.

    ``seen`` is ``version_of`` the step as it was shown: ``Conflict`` where it changed since, and where the offer isn't
    the chosen one. ``Refusal`` unless staff; ``ValidationError`` by field.
    """
    said = clean_words(note)
    if kind not in HostAgreementStep.Kind.values:
        choices = listed(HostAgreementStep.Kind.values)
        raise ValidationError({"kind": _("Choose one of: %(choices)s.") % {"choices": choices}})
    errors = {
        name: _("Give a year from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]}
        for name, day in (("due_on", due_on), ("done_on", done_on))
        if day is not None and day.year not in YEARS
    }
    if len(said) > LONGEST_NOTE:
        errors["note"] = _("At most %(limit)d characters.") % {"limit": LONGEST_NOTE}
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        offer = lock_offer(offer)
        require(may_manage_calls(actor))
        if offer.state != HostingOffer.State.CHOSEN:
            raise Conflict(_("There is no agreement with this host."), current={"state": offer.state})
        step = offer.agreement_steps.filter(kind=kind).first()
        wanted = (due_on, done_on, said)
        if wanted == ((step.due_on, step.done_on, step.note) if step else (None, None, "")):
            return step
        if seen is not None and seen != version_of(step):
            raise Conflict(_("This step has changed since you opened it."), current={"kind": kind})
        if not any(wanted):
            if step:
                step.delete()
            step = None
        else:
            step = step or HostAgreementStep(offer=offer, kind=kind)
            step.due_on, step.done_on, step.note = wanted
            step.changed_by, step.changed_at = actor, timezone.now()
            step.save()
        dates = {"due_on": due_on and due_on.isoformat(), "done_on": done_on and done_on.isoformat()}
        audit.record("offer.agreement_step", offer, actor=actor, changes={"kind": kind, **dates})
    return step
