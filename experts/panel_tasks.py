"""What follows outside the request in choosing a panel: searches, mails, records, and what the clock does."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs, notices, outbox, schedule
from core.models import Job, StoredFile, pk_of
from experts.actions import appointing, clocked_places, recording, selecting
from experts.models import Appointment, DecisionItem
from experts.panel_mails import decision_mail, offer_mail, render_free

HOUR, MINUTE = 3600.0, 60.0


@jobs.kind(selecting.KIND, label=_("Computing what stands around a panel"))
def finish_selection(job: Job, progress: jobs.Progress) -> None:
    selecting.finish_selection(job=job, progress=progress)


@jobs.kind(recording.KIND, label=_("Making the record of a decision"))
def make_record(job: Job, progress: jobs.Progress) -> StoredFile:
    return recording.make_record(job=job, progress=progress)


@outbox.handler("appointment.offered", name="experts.send_offer", outside=True, slow=True, pause=60)
def send_offer(subject: str) -> None:
    """Send the mail of an invitation, unless it went out or isn't open any more."""
    found = _open_appointment(subject)
    if found is not None and found.sent_at is None:
        offer_mail(found).send()
        Appointment.objects.filter(pk=found.pk, mailing=found.mailing).update(sent_at=timezone.now())


@outbox.handler("appointment.remind", name="experts.send_reminder", outside=True, slow=True, pause=60)
def send_reminder(subject: str) -> None:
    found = _open_appointment(subject)
    if found is not None:
        offer_mail(found, reminder=True).send()


@outbox.handler("decision.tell", name="experts.tell_decision", outside=True, pause=60)
def tell_decision(subject: str) -> None:
    """Tell somebody who is offered no place; whoever withdrew meanwhile, or was invited, isn't told."""
    found = DecisionItem.objects.select_related("nomination__call", "decision").filter(
        pk=pk_of(subject, DecisionItem), decision__announced_at__isnull=False
    )
    item = found.first()
    if item is not None and item.nomination.state in ("alternate", "not_selected"):
        decision_mail(item).send()


@schedule.every(MINUTE, "experts.lapse_invitations")
def lapse(now: datetime) -> None:
    clocked_places.lapse_expired(now)


@schedule.every(HOUR, "experts.remind_invited")
def remind(now: datetime) -> None:
    clocked_places.remind(now)


@schedule.every(HOUR, "experts.keep_memberships")
def keep_memberships(now: datetime) -> None:
    clocked_places.link_accounts()
    clocked_places.end_memberships_of_withdrawn(now)


def _open_appointment(subject: str) -> Appointment | None:
    found = (
        Appointment.objects.select_related("group", "nomination__call__guidelines", "nomination__country")
        .filter(pk=pk_of(subject, Appointment))
        .first()
    )
    if found is None or appointing.state_at(found, timezone.now()) != appointing.OPEN:
        return None
    return found


notices.register_kind("appointment_free", render_free)
