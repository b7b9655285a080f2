"""The words of the mails about meetings."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.mail import MailContent
from core.models import Notice, pk_of
from experts.deadlines import days_in_words
from roadmap.calendars import CANCEL, REQUEST, has_place_in_calendar, invitation_calendar, location_of
from roadmap.meeting_rules import is_told
from roadmap.meeting_times import in_full
from roadmap.models import MeetingInvitation, MeetingTask


def _invitation(notice: Notice) -> MeetingInvitation | None:
    """The invitation of a notice; None where it is of an earlier time, or its meeting is over."""
    found = MeetingInvitation.objects.select_related("meeting__country", "person")
    invitation = found.filter(pk=pk_of(notice.subject, MeetingInvitation)).first()
    return invitation if invitation and is_told(invitation.meeting) else None


def asked(invitation: MeetingInvitation) -> str:
    """Names the time that somebody was invited, for the notice of it."""
    return f"asked-{invitation.times}"


def changed(invitation: MeetingInvitation) -> str:
    """Names a change: what was told of an earlier one is told no more."""
    return f"sequence-{invitation.meeting.sequence}"


def _facts(invitation: MeetingInvitation) -> list[str]:
    meeting = invitation.meeting
    words = [_("When: %(when)s") % {"when": in_full(meeting, invitation.person)}]
    if where := location_of(meeting):
        words.append(_("Where: %(where)s") % {"where": where})
    if meeting.join_url:
        words.append(_("Join online: %(address)s") % {"address": meeting.join_url})
    return words


def _content(
    invitation: MeetingInvitation, subject: str, paragraphs: list[str], *, method: str, action: str = ""
) -> MailContent:
    meeting = invitation.meeting
    calendar = invitation_calendar(invitation, method) if has_place_in_calendar(meeting) else ""
    return MailContent(
        subject=subject % {"meeting": meeting.title},
        paragraphs=paragraphs,
        action_label=action,
        action_path=reverse("meetings:detail", args=[meeting.uuid]) if action else "",
        reason=_("You get this message because you were invited to “%(meeting)s”.")
        % {"meeting": meeting.title},
        calendar=calendar,
        calendar_method=method if calendar else "",
    )


def render_invited(notices: Sequence[Notice]) -> MailContent | None:
    """The invitation. None where it was withdrawn or the meeting was cancelled since."""
    invitation = _invitation(notices[-1])
    if invitation is None or invitation.withdrawn_at or invitation.meeting.cancelled_at:
        return None
    if notices[-1].occurrence != asked(invitation):
        return None
    named = {"meeting": invitation.meeting.title}
    paragraphs = [_("You are invited to “%(meeting)s”.") % named, *_facts(invitation)]
    paragraphs.append(_("Please say whether you will come. The agenda and the papers are there, too."))
    subject = _("Invitation: %(meeting)s")
    return _content(invitation, subject, paragraphs, method=REQUEST, action=_("Answer the invitation"))


def render_changed(notices: Sequence[Notice]) -> MailContent | None:
    """What changed after the invitation. None where it changed again since: the later message tells it."""
    invitation = _invitation(notices[-1])
    if invitation is None or invitation.withdrawn_at or invitation.meeting.cancelled_at:
        return None
    if notices[-1].occurrence != changed(invitation):
        return None
    named = {"meeting": invitation.meeting.title}
    paragraphs = [
        _("“%(meeting)s” has changed. This takes the place of what we told you earlier.") % named,
        *_facts(invitation),
    ]
    if invitation.answer:
        said = invitation.get_answer_display()
        paragraphs.append(_("You answered: %(answer)s. If that changes, please tell us.") % {"answer": said})
    subject = _("Changed: %(meeting)s")
    return _content(invitation, subject, paragraphs, method=REQUEST, action=_("See the meeting"))


def render_cancelled(notices: Sequence[Notice]) -> MailContent | None:
    """The meeting doesn't take place."""
    invitation = _invitation(notices[-1])
    if invitation is None or invitation.withdrawn_at or not invitation.meeting.cancelled_at:
        return None
    meeting = invitation.meeting
    paragraphs = [
        _("“%(meeting)s” is cancelled. It was planned: %(when)s.")
        % {"meeting": meeting.title, "when": in_full(meeting, invitation.person)}
    ]
    if meeting.cancellation_note:
        paragraphs.append(meeting.cancellation_note)
    return _content(invitation, _("Cancelled: %(meeting)s"), paragraphs, method=CANCEL)


def render_withdrawn(notices: Sequence[Notice]) -> MailContent | None:
    """One person is no longer invited. None where they were invited again since."""
    invitation = _invitation(notices[-1])
    if invitation is None or invitation.withdrawn_at is None or notices[-1].occurrence != asked(invitation):
        return None
    named = {"meeting": invitation.meeting.title}
    paragraphs = [
        _(
            "Your invitation to “%(meeting)s” was withdrawn. If you think that this is a mistake, please write to us."
        )
        % named
    ]
    return _content(invitation, _("Invitation withdrawn: %(meeting)s"), paragraphs, method=CANCEL)


def render_task(notices: Sequence[Notice]) -> MailContent | None:
    """A task that somebody was given. None where it is done, or somebody else's by now."""
    notice = notices[-1]
    found = MeetingTask.objects.select_related("meeting").filter(pk=pk_of(notice.subject, MeetingTask))
    task = found.first()
    if task is None or task.done_at or task.owner_id != notice.recipient_id:
        return None
    named = {"meeting": task.meeting.title, "task": task.title}
    paragraphs = [_("In “%(meeting)s” you took this on: %(task)s") % named]
    if task.due_on:
        paragraphs.append(_("Until: %(day)s") % {"day": days_in_words(task.due_on, task.due_on)})
        if task.due_on < timezone.localdate():
            paragraphs.append(_("That day has passed."))
    return MailContent(
        subject=_("Your task: %(task)s") % named,
        paragraphs=paragraphs,
        action_label=_("See my tasks"),
        action_path=reverse("meetings:mine"),
        reason=_("You get this message because a meeting gave you a task."),
    )
