"""What pages, mails, reminders and the API read of meetings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import Affiliation, Group, Membership, User
from accounts.queries import holding
from drafts.models import Draft, Provision
from drafts.naming import LANGUAGES, column
from drafts.places import place_in_a_list
from experts.standing import is_staff
from roadmap.meeting_rules import may_see_inside
from roadmap.models import (
    AgendaItem,
    AgendaSpeaker,
    Attendance,
    Meeting,
    MeetingDecision,
    MeetingInvitation,
    MeetingPaper,
    MeetingTask,
)
from roadmap.models.meeting_parts import InvitationQuerySet
from roadmap.models.meeting_records import TaskQuerySet

S = Meeting.State
TITLES = [column("title", code) for code in LANGUAGES]
SUMMARIES = [column("record__summary", code) for code in LANGUAGES]


def found_meetings(user: Any, words: str = "") -> "QuerySet[Meeting]":
    """Meetings that the caller may see; with ``words`` those in whose title, published summary, or papers that the
    caller may know of, each of them stands."""
    seen = Meeting.objects.visible_to(user)
    if words.strip():
        papers = MeetingPaper.objects.visible_to(user).filter(holding(words, "title"))
        published = Q(published_at__isnull=False) & holding(words, *SUMMARIES)
        seen = seen.filter(holding(words, *TITLES, "place") | published | Q(pk__in=papers.values("meeting")))
    return seen.select_related("country")


@dataclass(frozen=True)
class MeetingCard:
    """A meeting in a list, with the reader's own invitation to it, if any."""

    meeting: Meeting
    state: Meeting.State
    invitation: MeetingInvitation | None


def cards(user: Any, meetings: "QuerySet[Meeting]", *, at: datetime) -> list[MeetingCard]:
    """Two queries, however many."""
    own: dict[int, MeetingInvitation] = {}
    if user.is_authenticated and user.is_active:
        mine = MeetingInvitation.objects.standing().filter(person=user.pk)
        own = {row.meeting_id: row for row in mine.filter(meeting__announced_at__isnull=False)}
    return [MeetingCard(row, row.state_at(at), own.get(row.pk)) for row in meetings]


@dataclass(frozen=True)
class AgendaLine:
    """A point as one reader sees it. ``about`` is the (label, path) of a draft that they may read; ``speakers`` are
    those they may know of."""

    item: AgendaItem
    about: tuple[str, str] | None
    speakers: list[AgendaSpeaker]
    papers: list[MeetingPaper] = field(default_factory=list)

    @property
    def spoken(self) -> int:
        return sum(speaker.spoken or 0 for speaker in self.item.speakers.all())


def agenda_of(meeting: Meeting, user: Any, *, inside: bool) -> list[AgendaLine]:
    """The agenda (six queries at most). Without ``inside`` only who agreed to be named in public is."""
    items = list(meeting.agenda.prefetch_related("speakers__person"))
    drafts = {row.draft_id for row in items if row.draft_id}
    readable = {
        row.pk: row
        for row in Draft.objects.visible_to(user).filter(pk__in=drafts).select_related("guidelines")
    }
    keys = [row.provision_key for row in items if row.provision_key]
    places = {
        (row.draft_id, row.key): row for row in Provision.objects.filter(draft__in=readable, key__in=keys)
    }
    papers: dict[int | None, list[MeetingPaper]] = {}
    for paper in papers_of(meeting, user):
        papers.setdefault(paper.item_id, []).append(paper)
    named = None if inside else named_in_public(meeting)
    lines = []
    for item in items:
        about = None
        if draft := readable.get(item.draft_id or 0):
            slug, number = draft.guidelines.slug, draft.number
            place = places.get((draft.pk, item.provision_key))
            about = (draft.label, reverse("drafts:contents", args=[slug, number]))
            if place:
                path = reverse("drafts:read", args=[slug, number, place.key])
                about = (f"{draft.label} – {place_in_a_list(place)}", path)
        speakers = [row for row in item.speakers.all() if named is None or row.person_id in named]
        lines.append(AgendaLine(item, about, speakers, papers.get(item.pk, [])))
    return lines


def papers_of(meeting: Meeting, user: Any) -> list[MeetingPaper]:
    """The papers that the caller may know of (one query)."""
    found = MeetingPaper.objects.visible_to(user).filter(meeting=meeting)
    return list(found.select_related("file", "item"))


def named_in_public(meeting: Meeting) -> set[int]:
    """Ids of the people who agreed to be named where the meeting is told of."""
    agreed = meeting.invitations.filter(named=True, withdrawn_at__isnull=True, person__erased_at__isnull=True)
    return set(agreed.values_list("person", flat=True))


@dataclass(frozen=True)
class Numbers:
    """Of those invited: how they answered, and who came as far as it was noted."""

    invited: int
    yes: int
    online: int
    no: int
    present: int
    on_site: int
    absent: int

    @property
    def unanswered(self) -> int:
        return self.invited - self.yes - self.online - self.no

    @property
    def noted(self) -> int:
        return self.present + self.absent


def numbers_of(meeting: Meeting) -> Numbers:
    """One query."""
    A, P = MeetingInvitation.Answer, Attendance.State
    there = {"attendance__state__in": Attendance.PRESENT}
    return Numbers(
        **meeting.invitations.standing().aggregate(
            invited=Count("pk"),
            yes=Count("pk", filter=Q(answer=A.YES)),
            online=Count("pk", filter=Q(answer=A.ONLINE)),
            no=Count("pk", filter=Q(answer=A.NO)),
            present=Count("pk", filter=Q(**there)),
            on_site=Count("pk", filter=Q(attendance__state=P.ON_SITE)),
            absent=Count("pk", filter=Q(attendance__state__in=(P.ABSENT, P.EXCUSED))),
        )
    )


def guest_list(meeting: Meeting) -> "QuerySet[MeetingInvitation]":
    """Everybody invited, by name, with their answers and whether they came."""
    found = meeting.invitations.standing()
    guests: QuerySet[MeetingInvitation] = found.select_related("person__country", "attendance", "answered_by")
    return guests.order_by("person__name", "pk")


def people_in(groups: Iterable[Group], *, at: datetime | None = None) -> "QuerySet[User]":
    """Everybody who is in one of the groups, in person or by a confirmed place in an organisation that is."""
    now = at or timezone.now()
    current = Membership.objects.current(now).filter(group__in=list(groups))
    placed = Affiliation.objects.filter(
        organisation__in=current.filter(organisation__isnull=False).values("organisation"),
        confirmed_at__isnull=False,
    )
    mine = current.filter(user__isnull=False)
    return (
        User.objects.active()
        .filter(Q(pk__in=mine.values("user")) | Q(pk__in=placed.values("user")))
        .order_by("pk")
    )


def seen_decisions(meeting: Meeting, user: Any) -> "QuerySet[MeetingDecision]":
    """What was decided: for those invited once the meeting was held, for everybody with the summary."""
    hidden = not meeting.published_at and not is_staff(user)
    if hidden and not (meeting.held_at and may_see_inside(user, meeting)):
        return MeetingDecision.objects.none()
    return meeting.decisions.select_related("item")


def own_invitations(user: Any) -> "QuerySet[MeetingInvitation]":
    """The reader's own invitations to announced meetings, also where they are of the secretariat."""
    own: InvitationQuerySet = MeetingInvitation.objects.standing().filter(
        person=user.pk, meeting__announced_at__isnull=False
    )
    return own.select_related("meeting__country").order_by("meeting__starts_at", "pk")


def own_tasks(user: Any) -> "QuerySet[MeetingTask]":
    """The reader's own tasks, what is due first before the rest."""
    return MeetingTask.objects.filter(owner=user.pk).select_related("meeting").order_by("due_on", "pk")


def tasks_due(*, on: date) -> TaskQuerySet:
    """Tasks still to be done whose day is ``on`` or was before it, with their owners and meetings: for reminders.

    Owners without an open account are left out.
    """
    due = MeetingTask.objects.still_open().filter(due_on__lte=on)
    due = due.filter(owner__is_active=True, owner__erased_at__isnull=True)
    return due.select_related("owner", "meeting").order_by("due_on", "pk")


def invitations_unanswered(*, at: datetime) -> InvitationQuerySet:
    """Invitations to meetings still to come that nobody has answered, with people and meetings: for reminders."""
    waiting = MeetingInvitation.objects.standing().filter(
        answer="",
        meeting__announced_at__isnull=False,
        meeting__cancelled_at__isnull=True,
        meeting__starts_at__gt=at,
        person__is_active=True,
        person__erased_at__isnull=True,
    )
    return waiting.select_related("person", "meeting").order_by("meeting__starts_at", "pk")


def with_shown(meetings: "QuerySet[Meeting]", user: Any) -> "QuerySet[Meeting]":
    """Meetings with what a list reads of them for ``user`` (two queries, however many): ``is_inside``, and
    ``own_answer``, None where they aren't invited."""
    inside = Meeting.objects.open_inside_to(user).filter(pk=OuterRef("pk"))
    own = MeetingInvitation.objects.standing().filter(
        person=user.pk, meeting=OuterRef("pk"), meeting__announced_at__isnull=False
    )
    shown = meetings.select_related("record").annotate(
        is_inside=Exists(inside), own_answer=Subquery(own.values("answer")[:1])
    )
    return shown.prefetch_related(Prefetch("groups", queryset=Group.objects.order_by("slug")))


SHOWN_OF_GROUP = 5


def meetings_of_group(group: Group, reader: Any) -> list[tuple[Meeting, Numbers]] | None:
    """The last meetings of a group that ``reader`` knows of, newest first, with who came; None without any."""
    announced = Meeting.objects.visible_to(reader).filter(
        groups=group, announced_at__isnull=False, cancelled_at__isnull=True
    )
    found = list(announced.order_by("-starts_at", "-pk")[:SHOWN_OF_GROUP])
    return [(meeting, numbers_of(meeting)) for meeting in found] or None
