"""Makers of meetings for tests; every default is said here."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Group, User
from roadmap.actions.invitations import invite_people
from roadmap.actions.meeting_papers import add_paper
from roadmap.actions.meetings import announce_meeting, plan_meeting
from roadmap.models import Meeting, MeetingInvitation, MeetingPaper
from tests.experts.hosts import pdf

DAY = timedelta(days=1)


def make_meeting(
    staff: User, *, announced: bool = True, groups: tuple[Group, ...] = (), **plan: Any
) -> Meeting:
    """A call of two hours in three days, online; everybody in ``groups`` is invited when it is announced."""
    starts = timezone.now().replace(minute=0, second=0, microsecond=0) + 3 * DAY
    plan = {
        "kind": Meeting.Kind.WORKING_GROUP_CALL,
        "titles": {"en": "Monthly call"},
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "precision": Meeting.Precision.TIME,
        "time_zone": "Europe/Paris",
        "mode": Meeting.Mode.ONLINE,
        "join_url": "https://example.org/room",
        **plan,
    }
    meeting = plan_meeting(actor=staff, groups=groups, **plan)
    return announce_meeting(actor=staff, meeting=meeting) if announced else meeting


def invite(staff: User, meeting: Meeting, *people: User) -> list[MeetingInvitation]:
    return invite_people(actor=staff, meeting=meeting, people=people)


def invitation_of(meeting: Meeting, person: User) -> MeetingInvitation:
    return MeetingInvitation.objects.get(meeting=meeting, person=person)


def make_paper(staff: User, meeting: Meeting, title: str = "Background", **content: Any) -> MeetingPaper:
    content = {"language": "en", "file": pdf("background.pdf"), **content}
    return add_paper(actor=staff, meeting=meeting, title=title, **content)


def set_times(meeting: Meeting, **fields: Any) -> Meeting:
    """Put a meeting at another time or state without an act."""
    Meeting.objects.filter(pk=meeting.pk).update(**fields)
    meeting.refresh_from_db()
    return meeting


def put_in_the_past(meeting: Meeting, days: int = 1) -> Meeting:
    """As if it had been ``days`` ago."""
    back = timezone.now() - days * DAY
    return set_times(meeting, starts_at=back, ends_at=back + timedelta(hours=2), announced_at=back - DAY)
