"""What follows outside the request in choosing a panel: searches, mails, records, and what the clock does."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core import jobs, notices, outbox, schedule
from core.models import Job, StoredFile, pk_of
from experts.actions import clocked_places, recording, selecting
from experts.models import Appointment, DecisionItem
from experts.panel_mails import (
    address_of,
    address_of_decision,
    mailing_of,
    note_sent,
    render_decision,
    render_free,
    render_offer,
    render_taken,
)

HOUR, MINUTE = 3600.0, 60.0


@jobs.kind(selecting.KIND, label=_("Computing what stands around a panel"))
def finish_selection(job: Job, progress: jobs.Progress) -> None:
    selecting.finish_selection(job=job, progress=progress)


@jobs.kind(recording.KIND, label=_("Making the record of a decision"))
def make_record(job: Job, progress: jobs.Progress) -> StoredFile:
    return recording.make_record(job=job, progress=progress)


@outbox.handler("appointment.offered", name="experts.send_offer")
def send_offer(subject: str) -> None:
    """Have the mail of an invitation sent, once for each mailing."""
    found = Appointment.objects.select_related("nomination").get(pk=pk_of(subject, Appointment))
    if found.sent_at is None:
        notices.notify(
            recipient=None,
            kind="appointment_offered",
            subject=found,
            occurrence=mailing_of(found),
            language=found.nomination.language,
        )


@outbox.handler("decision.tell", name="experts.tell_decision")
def tell_decision(subject: str) -> None:
    """Tell somebody who is offered no place, once."""
    item = DecisionItem.objects.select_related("nomination").get(pk=pk_of(subject, DecisionItem))
    notices.notify(recipient=None, kind="decision_told", subject=item, language=item.nomination.language)


@schedule.every(MINUTE, "experts.lapse_invitations")
def lapse(now: datetime) -> None:
    clocked_places.lapse_expired(now)


@schedule.every(HOUR, "experts.keep_memberships")
def keep_memberships(now: datetime) -> None:
    clocked_places.link_accounts()
    clocked_places.end_memberships_of_withdrawn(now)


notices.register_kind("appointment_free", render_free)
notices.register_kind("appointment_taken", render_taken)
notices.register_kind("appointment_offered", render_offer, address=address_of, sent=note_sent, slow=True)
notices.register_kind("decision_told", render_decision, address=address_of_decision)
