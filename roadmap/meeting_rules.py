"""Who may see and do what with meetings."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rules import may_write
from core.models import StoredFile
from core.verdicts import Allowed, Refused, Verdict
from experts.standing import is_staff
from roadmap.models import Meeting, MeetingInvitation, MeetingPaper, MeetingTask

S = Meeting.State
HIDDEN = Refused(_("There is no such meeting, or it is not open to you."), "hidden")
CANCELLED = Refused(_("This meeting was cancelled."), "cancelled")
# Who comes early is noted, too.
DOORS = timedelta(hours=1)


def may_manage_meetings(user: Any) -> Verdict:
    """The secretariat plans, announces, runs and tells of meetings."""
    return Allowed if is_staff(user) else Refused(_("Only the secretariat may do this."), "not_staff")


def may_see_meeting(user: Any, meeting: Meeting) -> Verdict:
    """Asked of the query itself, so that page and list cannot differ."""
    return Allowed if Meeting.objects.visible_to(user).filter(pk=meeting.pk).exists() else HIDDEN


def may_see_inside(user: Any, meeting: Meeting) -> Verdict:
    """The agenda, papers, notes and where to join: whoever is invited, and the secretariat. The same query as for
    lists."""
    if Meeting.objects.open_inside_to(user).filter(pk=meeting.pk).exists():
        return Allowed
    return Refused(_("This is for those invited to the meeting."), "not_invited")


def may_see_paper(user: Any, paper: MeetingPaper, *, at: datetime | None = None) -> Verdict:
    """Asked of the query itself: invited, and no embargo any more."""
    return Allowed if MeetingPaper.objects.visible_to(user, at=at).filter(pk=paper.pk).exists() else HIDDEN


def may_read_meeting_file(user: Any, stored: StoredFile) -> Verdict:
    """A file is read by whoever may know of the paper that it belongs to, at this moment."""
    return Allowed if MeetingPaper.objects.visible_to(user).filter(file=stored.pk).exists() else HIDDEN


def may_see_task(user: Any, task: MeetingTask) -> Verdict:
    """Asked of the query itself: its owner, and the secretariat."""
    return Allowed if MeetingTask.objects.visible_to(user).filter(pk=task.pk).exists() else HIDDEN


def may_change_plan(user: Any, meeting: Meeting) -> Verdict:
    """When, where and of what kind: until the meeting was held or cancelled."""
    verdict = may_manage_meetings(user)
    if not verdict:
        return verdict
    if meeting.cancelled_at:
        return CANCELLED
    if meeting.held_at:
        return Refused(_("This meeting was held: its plan stays as it was."), "held")
    return Allowed


def may_announce(user: Any, meeting: Meeting) -> Verdict:
    verdict = may_change_plan(user, meeting)
    if verdict and meeting.announced_at:
        return Refused(_("This meeting is announced already."), "announced")
    return verdict


def may_hold(user: Any, meeting: Meeting, *, at: datetime) -> Verdict:
    """Noting that it took place: once it began."""
    verdict = may_change_plan(user, meeting)
    if not verdict:
        return verdict
    if meeting.announced_at is None:
        return Refused(_("Announce the meeting first."), "not_announced")
    if at < meeting.starts_at:
        return Refused(_("The meeting hasn’t begun yet."), "not_begun")
    return Allowed


def doors_open(meeting: Meeting, at: datetime) -> bool:
    """Whether people may be coming in: from an hour before the meeting begins."""
    return at >= meeting.starts_at - DOORS


def may_note_presence(user: Any, meeting: Meeting, *, at: datetime) -> Verdict:
    """Who came and who spoke for how long: from an hour before it begins until the summary is published."""
    verdict = may_write_record(user, meeting)
    if not verdict:
        return verdict
    if not doors_open(meeting, at):
        return Refused(_("Who comes is noted from an hour before the meeting begins."), "not_begun")
    if meeting.published_at:
        return Refused(_("The summary is published: its numbers stay as they are."), "published")
    return Allowed


def may_write_record(user: Any, meeting: Meeting) -> Verdict:
    """Notes, decisions, tasks and the summary, of a meeting that is announced and not cancelled."""
    verdict = may_manage_meetings(user)
    if not verdict:
        return verdict
    if meeting.cancelled_at:
        return CANCELLED
    if meeting.announced_at is None:
        return Refused(_("Announce the meeting first."), "not_announced")
    return Allowed


def may_publish(user: Any, meeting: Meeting) -> Verdict:
    verdict = may_write_record(user, meeting)
    if not verdict:
        return verdict
    if meeting.held_at is None:
        return Refused(_("Note first that the meeting was held."), "not_held")
    if meeting.published_at:
        return Refused(_("The summary is published already."), "published")
    return Allowed


def may_answer(user: Any, invitation: MeetingInvitation, *, at: datetime) -> Verdict:
    """Whoever is invited, until the meeting begins; the secretariat on their behalf, until it was held."""
    meeting = invitation.meeting
    mine = bool(user.is_authenticated and user.is_active and invitation.person_id == user.pk)
    if not mine and not is_staff(user):
        return HIDDEN
    if invitation.withdrawn_at:
        return HIDDEN if not is_staff(user) else Refused(_("This invitation was withdrawn."), "withdrawn")
    if meeting.announced_at is None:
        return Refused(_("Announce the meeting first."), "not_announced") if is_staff(user) else HIDDEN
    if meeting.cancelled_at:
        return CANCELLED
    if meeting.held_at or (at >= meeting.starts_at and not is_staff(user)):
        return Refused(_("The meeting has begun: answers stay as they are."), "begun")
    return may_write(user) if mine else Allowed


def may_be_named(user: Any, invitation: MeetingInvitation) -> Verdict:
    """Nobody but the person says whether they are named in public; they may say it at any time."""
    if user.is_authenticated and user.is_active and invitation.person_id == user.pk:
        return Allowed if invitation.withdrawn_at is None and invitation.meeting.announced_at else HIDDEN
    return Refused(_("Only people themselves say whether they are named."), "not_self")


def may_finish_task(user: Any, task: MeetingTask) -> Verdict:
    """Its owner, and the secretariat."""
    if is_staff(user) or (user.is_authenticated and user.is_active and task.owner_id == user.pk):
        return Allowed
    return HIDDEN


def is_told(meeting: Meeting, *, at: datetime | None = None) -> bool:
    """Whether people hear by mail of what changes: of what is announced and not over yet."""
    return meeting.announced_at is not None and (at or timezone.now()) < meeting.ends_at
