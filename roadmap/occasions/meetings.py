"""Reminders of meetings: invitations without an answer before they begin, and tasks around their day."""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roadmap.meeting_queries import invitations_unanswered, tasks_due
from roadmap.meeting_times import in_full
from roadmap.milestone_words import day_words
from roadmap.models import MeetingInvitation, MeetingTask
from roadmap.occasions.dates import days_of, in_span
from roadmap.occasions.registry import DefaultRule, Occasion, Reminded, ReminderWords, Span, candidates

# --- Invitations ------------------------------------------------------------------------------------------


def unanswered(span: Span, about: int | None = None) -> Iterator["QuerySet[MeetingInvitation]"]:
    """Whoever was invited to a meeting to come and has neither said yes nor no."""
    found = invitations_unanswered(at=span.now).filter(
        invited_at__lte=span.settled, meeting__announced_at__lte=span.settled
    )
    if about is not None:
        found = found.filter(pk=about)
    yield candidates(found, who=F("person_id"), about=F("pk"), date=F("meeting__starts_at"))


def _unanswered_words(reminded: Reminded) -> ReminderWords | None:
    invitation = MeetingInvitation.objects.select_related("meeting__country").get(pk=reminded.about)
    meeting = invitation.meeting
    named = {"meeting": meeting.title, "when": in_full(meeting, reminded.person)}
    return ReminderWords(
        title=_("Will you come? %(meeting)s") % named,
        paragraphs=[
            _("You are invited to “%(meeting)s” and haven’t answered yet.") % named,
            _("When: %(when)s") % named,
        ],
        action_label=_("Answer the invitation"),
        action_path=reverse("meetings:detail", args=[meeting.uuid]),
        reason=_("You get this message because you were invited to “%(meeting)s”.") % named,
    )


def _invitation_names(pks: Sequence[int], reader: Any) -> dict[int, str]:
    found = MeetingInvitation.objects.visible_to(reader).filter(pk__in=pks).select_related("meeting")
    return {invitation.pk: invitation.meeting.title for invitation in found}


# --- Tasks ------------------------------------------------------------------------------------------------


def to_do(span: Span, about: int | None = None) -> Iterator["QuerySet[MeetingTask]"]:
    """Owners of tasks that aren't done, by the day of each."""
    first, last = days_of(span)
    found = tasks_due(on=last).filter(due_on__gte=first, given_at__lte=span.settled)
    if about is not None:
        found = found.filter(pk=about)
    days = found.order_by().values_list("due_on", flat=True).distinct()
    for day, at in in_span((day for day in days if day), span):
        yield candidates(found.filter(due_on=day), who=F("owner_id"), about=F("pk"), date=at)


def _task_words(reminded: Reminded) -> ReminderWords | None:
    task = MeetingTask.objects.select_related("meeting").get(pk=reminded.about)
    assert task.due_on is not None
    named = {"task": task.title, "meeting": task.meeting.title, "day": day_words(task.due_on)}
    paragraphs = [
        _("In “%(meeting)s” you took this on: %(task)s") % named,
        _("Until: %(day)s") % named,
    ]
    overdue = timezone.now().astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE)).date() > task.due_on
    if overdue:
        paragraphs.append(_("That day has passed."))
    title = _("Overdue: %(task)s") if overdue else _("To do soon: %(task)s")
    return ReminderWords(
        title=title % named,
        paragraphs=[*paragraphs, _("When it is done, please say so there.")],
        action_label=_("See my tasks"),
        action_path=reverse("meetings:mine"),
        reason=_("You get this message because a meeting gave you a task."),
    )


def _task_names(pks: Sequence[int], reader: Any) -> dict[int, str]:
    found = MeetingTask.objects.visible_to(reader).filter(pk__in=pks)
    return {task.pk: task.title for task in found}


OCCASIONS = [
    Occasion(
        "meeting_unanswered",
        gettext_lazy("An invitation to a meeting is not answered"),
        gettext_lazy("People invited who have not said whether they come"),
        gettext_lazy("the beginning of the meeting"),
        MeetingInvitation,
        unanswered,
        _unanswered_words,
        [DefaultRule(7), DefaultRule(2)],
        _invitation_names,
    ),
    Occasion(
        "meeting_task",
        gettext_lazy("Tasks from meetings"),
        gettext_lazy("Who took the task on"),
        gettext_lazy("the due date of the task"),
        MeetingTask,
        to_do,
        _task_words,
        [DefaultRule(3), DefaultRule(1, "after", repeat_days=7, times=4)],
        _task_names,
    ),
]
