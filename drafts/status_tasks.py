"""What follows an act on a draft's way, outside the request: who is told, and what happens by the clock."""

from datetime import datetime

from accounts.models import User
from core import notices, outbox, schedule
from core.models import pk_of
from drafts.actions.publishing import carry_out_due
from drafts.models import Draft, StatusRequest
from drafts.readers import readers_of
from drafts.rules import people_who_publish
from drafts.status_mails import (
    ASKED,
    CIRCULATED,
    SETTLED,
    render_asked,
    render_circulated,
    render_settled,
)

MINUTE = 60.0


@schedule.every(MINUTE, "drafts.carry_out_status_requests")
def carry_out_status_requests(now: datetime) -> None:
    carry_out_due(now)


@outbox.handler("draft.status_requested", name="drafts.tell_of_status_request")
def tell_of_status_request(subject: str) -> None:
    """Tell everyone who may confirm that somebody asks."""
    request = StatusRequest.objects.select_related("draft", "requested_by").get(
        pk=pk_of(subject, StatusRequest)
    )
    if request.is_open and not request.confirmed_at:
        for person in people_who_publish(request.draft, but=request.requested_by):
            notices.notify(recipient=person, kind=ASKED, subject=request)


@outbox.handler("draft.status_settled", name="drafts.tell_of_outcome")
def tell_of_outcome(subject: str) -> None:
    """Tell the one who asked, and where it waited for its time also the one who confirmed; not who acted last."""
    request = StatusRequest.objects.select_related("requested_by", "confirmed_by", "ended_by").get(
        pk=pk_of(subject, StatusRequest)
    )
    occurrence = request.ending or ("carried_out" if request.carried_out_at else "confirmed")
    by_clock = request.due_at is not None and request.carried_out_at != request.confirmed_at
    acted = request.ended_by if request.ending else None if by_clock else request.confirmed_by
    if occurrence == "confirmed":
        acted = request.confirmed_by
    for person in {request.requested_by, request.confirmed_by} - {acted, None}:
        if person is not None and person.is_active and not person.erased_at:
            notices.notify(recipient=person, kind=SETTLED, subject=request, occurrence=occurrence)


@outbox.handler("draft.circulated", name="drafts.tell_readers")
def tell_readers(subject: str) -> None:
    """Tell the members of the groups, each once per circulation, also who is in two of them."""
    draft = Draft.objects.get(pk=pk_of(subject, Draft))
    if draft.status != Draft.Status.CIRCULATED or draft.circulated_at is None:
        return
    told = f"circulated-{draft.circulated_at.isoformat()}"
    for person in User.objects.filter(pk__in=readers_of(draft)).order_by("pk"):
        notices.notify(recipient=person, kind=CIRCULATED, subject=draft, occurrence=told)


notices.register_kind(ASKED, render_asked)
notices.register_kind(SETTLED, render_settled)
notices.register_kind(CIRCULATED, render_circulated)
