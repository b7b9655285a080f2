"""What meetings keep of a person, for their own eyes, and what the trail shows of them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.slots import PersonalRecords
from core.audit import Shown
from roadmap.models import AgendaSpeaker, CalendarLink, Meeting, MeetingInvitation, MeetingTask

Rows = list[dict[str, Any]]


def invitations(person: User) -> Rows:
    """Invitations that the person was told of, with what was noted; whether they came is theirs to know."""
    found = MeetingInvitation.objects.filter(person=person, meeting__announced_at__isnull=False)
    return [
        {
            "meeting": row.meeting.title,
            "starts_at": row.meeting.starts_at,
            "invited_at": row.invited_at,
            "withdrawn_at": row.withdrawn_at,
            "answer": str(row.get_answer_display()) if row.answer else None,
            "answered_at": row.answered_at,
            "on_behalf": row.on_behalf,
            "named": row.named,
            "attendance": str(row.attendance.get_state_display()) if hasattr(row, "attendance") else None,
        }
        for row in found.select_related("meeting", "attendance").order_by("pk")
    ]


def speaking(person: User) -> Rows:
    found = AgendaSpeaker.objects.filter(person=person, item__meeting__announced_at__isnull=False)
    return [
        {
            "meeting": row.item.meeting.title,
            "point": row.item.title,
            "minutes": row.minutes,
            "spoken": row.spoken,
        }
        for row in found.select_related("item__meeting").order_by("pk")
    ]


def tasks(person: User) -> Rows:
    found = MeetingTask.objects.filter(owner=person).select_related("meeting").order_by("pk")
    return [
        {"meeting": row.meeting.title, "task": row.title, "due_on": row.due_on, "done_at": row.done_at}
        for row in found
    ]


def calendar(person: User) -> Rows:
    """That there is a secret address, never the address."""
    return [{"made_at": row.made_at} for row in CalendarLink.objects.filter(person=person)]


def shown_meetings(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = Meeting.objects.visible_to(reader).filter(pk__in=keys)
    return {str(row.pk): Shown(row.title, reverse("meetings:detail", args=[row.uuid])) for row in found}


SUBJECTS = {"roadmap.meeting": shown_meetings}
RECORDS = [
    PersonalRecords(
        "meeting_invitations",
        _("Invitations to meetings"),
        invitations,
        {
            "meeting": _("Meeting"),
            "starts_at": _("When"),
            "answer": _("Answer"),
            "attendance": _("Attendance"),
            "named": _("Named in public"),
        },
    ),
    PersonalRecords(
        "meeting_speaking",
        _("Speaking in meetings"),
        speaking,
        {
            "meeting": _("Meeting"),
            "point": _("Point of the agenda"),
            "minutes": _("Minutes planned"),
            "spoken": _("Minutes spoken"),
        },
    ),
    PersonalRecords(
        "meeting_tasks",
        _("Tasks from meetings"),
        tasks,
        {
            "meeting": _("Meeting"),
            "task": _("Task"),
            "due_on": _("Due"),
            "done_at": _("Done"),
        },
    ),
    PersonalRecords("calendar_link", _("Address of your calendar"), calendar, {"made_at": _("Made")}),
]
