"""Publishing a draft takes two people: one asks, another confirms."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Conflict, Refusal, Refused, require
from drafts.actions.editions import release_draft
from drafts.models import Draft, StatusRequest
from drafts.rules import may_publish_draft


def publish_draft(*, actor: Any, draft: Draft) -> StatusRequest:
    """Ask for publication, or confirm what somebody else asked for; the second one releases the draft.

    Returns the request (``confirmed_at`` says whether the draft is out). ``Conflict`` where it is published
    already; ``Refusal`` for whoever may not, and for the one who asked confirming alone.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        require(may_publish_draft(actor, draft))
        if draft.is_open_to_all:
            raise Conflict(_("This draft is published already."), current={"status": draft.status})
        request = StatusRequest.objects.filter(draft=draft, carried_out_at=None, withdrawn_at=None).first()
        if request is None:
            request = StatusRequest.objects.create(draft=draft, requested_by=actor)
            audit.record("draft.ask_to_publish", draft, actor=actor)
            return request
        if request.requested_by_id == actor.pk:
            raise Refusal(Refused(_("Another person must confirm: publishing takes two."), "second_person"))
        now = timezone.now()
        request.confirmed_by, request.confirmed_at, request.carried_out_at = actor, now, now
        request.save()
        release_draft(draft, actor=actor, at=now)
    return request
