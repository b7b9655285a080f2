"""What follows acts on meetings, outside the request: mails, each once."""

from django.db import transaction

from accounts.models import User
from core import notices, outbox
from core.models import Notice, pk_of, subject_of
from roadmap.meeting_mails import (
    asked,
    changed,
    render_cancelled,
    render_changed,
    render_invited,
    render_task,
    render_withdrawn,
)
from roadmap.meeting_rules import is_told
from roadmap.models import Meeting, MeetingInvitation, MeetingTask
from roadmap.models.meeting_parts import InvitationQuerySet


def _invited(subject: str) -> "tuple[Meeting, InvitationQuerySet]":
    meeting = Meeting.objects.get(pk=pk_of(subject, Meeting))
    standing = MeetingInvitation.objects.standing().filter(meeting=meeting, person__is_active=True)
    return meeting, standing.select_related("person", "meeting").order_by("pk")


def _was_told(invitation: MeetingInvitation) -> bool:
    told = Notice.objects.filter(kind="meeting_invited", subject=subject_of(invitation))
    return told.filter(occurrence=asked(invitation)).exists()


@outbox.handler("meeting.announced", name="roadmap.invite_to_meeting")
def invite_everybody(subject: str) -> None:
    """Send every invitation, once."""
    meeting, standing = _invited(subject)
    if not is_told(meeting) or meeting.cancelled_at:
        return
    with transaction.atomic():
        for invitation in standing:
            _invite(invitation)


@outbox.handler("meeting.invited", name="roadmap.invite_person")
def invite_one(subject: str) -> None:
    """Send the invitation of one person who was invited after the others."""
    found = MeetingInvitation.objects.select_related("person", "meeting")
    invitation = found.filter(pk=pk_of(subject, MeetingInvitation), withdrawn_at__isnull=True).first()
    if invitation and is_told(invitation.meeting) and not invitation.meeting.cancelled_at:
        with transaction.atomic():
            _invite(invitation)


def _invite(invitation: MeetingInvitation) -> None:
    notices.notify(
        recipient=invitation.person, kind="meeting_invited", subject=invitation, occurrence=asked(invitation)
    )


@outbox.handler("meeting.changed", name="roadmap.tell_of_change")
def tell_of_change(subject: str) -> None:
    """Tell whoever was invited what changed; who was invited after the change knows it as it is."""
    _tell(subject, "meeting_changed")


@outbox.handler("meeting.cancelled", name="roadmap.tell_of_cancellation")
def tell_of_cancellation(subject: str) -> None:
    """Tell whoever was invited that the meeting doesn't take place."""
    _tell(subject, "meeting_cancelled")


def _tell(subject: str, kind: str) -> None:
    meeting, standing = _invited(subject)
    if not is_told(meeting):
        return
    with transaction.atomic():
        for invitation in standing:
            if _was_told(invitation):
                notices.notify(
                    recipient=invitation.person, kind=kind, subject=invitation, occurrence=changed(invitation)
                )


@outbox.handler("meeting.uninvited", name="roadmap.tell_of_withdrawn_invitation")
def tell_of_withdrawal(subject: str) -> None:
    """Take the meeting out of the calendar of somebody who is no longer invited."""
    invitation = MeetingInvitation.objects.select_related("person", "meeting").get(
        pk=pk_of(subject, MeetingInvitation)
    )
    if invitation.withdrawn_at and invitation.person.is_active and _was_told(invitation):
        with transaction.atomic():
            notices.notify(
                recipient=invitation.person,
                kind="meeting_uninvited",
                subject=invitation,
                occurrence=asked(invitation),
            )


@outbox.handler("meeting.task_given", name="roadmap.tell_of_task")
def tell_of_task(subject: str) -> None:
    """Tell the owner of a task, once for each owner."""
    task = MeetingTask.objects.select_related("owner").filter(pk=pk_of(subject, MeetingTask)).first()
    if task and task.owner.is_active and task.done_at is None:
        with transaction.atomic():
            notices.notify(
                recipient=task.owner, kind="meeting_task", subject=task, occurrence=f"owner-{task.owner_id}"
            )


@outbox.handler("person.erase", name="roadmap.erase_from_meetings")
def forget_consents(subject: str) -> None:
    """An account erased: nobody is named in public any more. That they were invited and came is on record."""
    person = User.objects.filter(pk=pk_of(subject, User), erased_at__isnull=False).first()
    if person:
        MeetingInvitation.objects.filter(person=person).update(named=False)


notices.register_kind("meeting_invited", render_invited)
notices.register_kind("meeting_changed", render_changed)
notices.register_kind("meeting_cancelled", render_cancelled)
notices.register_kind("meeting_uninvited", render_withdrawn)
notices.register_kind("meeting_task", render_task)
