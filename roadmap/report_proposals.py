"""What the portal knows of a period: activities proposed for the report, each with figures, source and words in six
languages. People decide which are told.

Only what everybody may see is proposed: the report is public once the period is closed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import override

from consultations.models import Comment, Round
from core.punctuation import listed
from core.six_languages import LANGUAGES, words_of
from drafts.models import Draft, Guidelines
from experts.models import Call, Decision, DecisionItem
from roadmap.funding_queries import funding_position
from roadmap.milestone_queries import end_of, standings_at
from roadmap.milestone_words import dates_words, day_words
from roadmap.models import Attendance, EntryLine, Meeting, Milestone, ResolutionEntry
from roadmap.plan import Dates, State
from roadmap.report_words import money_words

EVERYBODY = AnonymousUser()
# As in tallies: who is one of fewer can be told apart.
FEWEST = 3
# How far ahead what is foreseen is looked for.
AHEAD = timedelta(days=366)
Kind = EntryLine.Kind


@dataclass(frozen=True)
class Proposal:
    """``source`` names the thing (``round:7``) and stays the same for it; ``figures`` are numbers as of the day."""

    source: str
    kind: str
    day: date
    words: dict[str, str]
    figures: dict[str, Any] = field(default_factory=dict)
    path: str = ""

    @property
    def kind_name(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def text(self) -> str:
        """In the language that is active."""
        return self.words[translation.get_language() or "en"]


def proposals_for(entry: ResolutionEntry, *, at: date) -> list[Proposal]:
    """Everything of the entry's period up to ``at`` (and foreseen after it), by kind and day; none for a resolution
    that asks for no guidelines of the portal."""
    guidelines = entry.resolution.guidelines
    if guidelines is None:
        return []
    span = Span(guidelines, entry.period.starts, min(entry.period.ends, at))
    finders: tuple[Callable[[Span], Iterator[Proposal]], ...] = (
        *(_meetings, _rounds, _drafts, _calls, _panels, _milestones, _foreseen, _gap),
    )
    found = [proposal for find in finders for proposal in find(span)]
    order = list(Kind)
    return sorted(found, key=lambda each: (order.index(Kind(each.kind)), each.day, each.source))


@dataclass(frozen=True)
class Span:
    """The days that are reported on, both inclusive."""

    guidelines: Guidelines
    starts: date
    ends: date

    @property
    def begins_at(self) -> datetime:
        return end_of(self.starts - timedelta(days=1))

    @property
    def ends_at(self) -> datetime:
        return end_of(self.ends)

    def within(self, name: str) -> Q:
        return Q(**{f"{name}__gte": self.begins_at, f"{name}__lt": self.ends_at})

    def holds(self, day: date) -> bool:
        return self.starts <= day <= self.ends


def in_languages(say: Callable[[], str]) -> dict[str, str]:
    """What ``say`` says in each of the six languages."""
    found = {}
    for code in LANGUAGES:
        with override(code):
            found[code] = say()
    return found


def title_of(row: Any, name: str = "title") -> str:
    """In the language that is active, else in English, else in any."""
    words = words_of(row, name)
    active = translation.get_language() or "en"
    return words.get(active) or words.get("en") or next(iter(words.values()), "")


# --- Meetings --------------------------------------------------------------------------------------------


def held_meetings(span: Span) -> Iterable[Meeting]:
    """Public meetings of the span that took place."""
    meetings = Meeting.objects.visible_to(EVERYBODY).filter(held_at__isnull=False)
    return meetings.filter(span.within("starts_at")).select_related("country").order_by("starts_at", "pk")


def meeting_dates(meeting: Meeting) -> Dates:
    """The days of a meeting on its own clocks."""
    zone = ZoneInfo(meeting.time_zone)
    # Where days are named the end is the first moment that isn't part of it any more.
    end = meeting.ends_at - timedelta(microseconds=1)
    return Dates(meeting.starts_at.astimezone(zone).date(), end.astimezone(zone).date())


def meeting_where(meeting: Meeting) -> str:
    """The place and country, else how it was held."""
    parts = [meeting.place, title_of(meeting.country, "name") if meeting.country else ""]
    return listed(filter(None, parts)) or str(meeting.get_mode_display())


def attendance_of(meetings: Iterable[Meeting]) -> dict[int, int]:
    """How many came, by meeting; those with nobody noted are left out. One query."""
    came = Attendance.objects.filter(invitation__meeting__in=[m.pk for m in meetings])
    present = came.filter(state__in=Attendance.PRESENT).values("invitation__meeting")
    return {row["invitation__meeting"]: row["n"] for row in present.annotate(n=Count("pk"))}


def _meetings(span: Span) -> Iterator[Proposal]:
    meetings = list(held_meetings(span))
    came = attendance_of(meetings)
    for meeting in meetings:
        people = came.get(meeting.pk, 0)

        def say(meeting: Meeting = meeting, people: int = people) -> str:
            named = {
                "title": title_of(meeting),
                "dates": dates_words(meeting_dates(meeting)),
                "where": meeting_where(meeting),
                "people": people,
            }
            if people:
                return _("%(title)s took place (%(dates)s; %(where)s; participants: %(people)d).") % named
            return _("%(title)s took place (%(dates)s; %(where)s).") % named

        yield Proposal(
            f"meeting:{meeting.pk}",
            Kind.DONE,
            meeting_dates(meeting).start,
            in_languages(say),
            {"participants": people} if people else {},
            reverse("meetings:detail", args=[meeting.uuid]),
        )


# --- Rounds ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Voices:
    comments: int
    participants: int | None  # None: too few to be told


def voices_in(rounds: Iterable[Round], until: datetime) -> dict[int, Voices]:
    """What was handed in to each round before ``until`` and stands. One query."""
    counted = Comment.objects.filter(
        round__in=[r.pk for r in rounds], status=Comment.Status.SUBMITTED, submitted_at__lt=until
    )
    rows = counted.values("round").annotate(n=Count("pk"), people=Count("author", distinct=True))
    return {
        row["round"]: Voices(row["n"], row["people"] if row["people"] >= FEWEST else None) for row in rows
    }


def closed_rounds(span: Span) -> list[Round]:
    """Rounds that everybody may know of and that closed within the span."""
    rounds = Round.objects.visible_to(EVERYBODY).filter(draft__guidelines=span.guidelines)
    closed = rounds.filter(
        (Q(closed_at__isnull=False) & span.within("closed_at"))
        | (Q(closed_at__isnull=True) & span.within("closes_at"))
    )
    return list(closed.order_by("closes_at", "pk"))


def closed_on(round: Round) -> date:
    return local_day(round.closed_at or round.closes_at)


def local_day(at: datetime) -> date:
    """The day in the secretariat's zone."""
    return at.astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE)).date()


def _rounds(span: Span) -> Iterator[Proposal]:
    rounds = closed_rounds(span)
    voices = voices_in(rounds, span.ends_at)
    for round in rounds:
        said = voices.get(round.pk, Voices(0, None))

        def say(round: Round = round, said: Voices = said) -> str:
            named = {
                "title": title_of(round),
                "day": day_words(closed_on(round)),
                "comments": said.comments,
                "people": said.participants,
            }
            if said.participants is None:
                return _("The consultation “%(title)s” closed on %(day)s (comments: %(comments)d).") % named
            return (
                _(
                    "The consultation “%(title)s” closed on %(day)s (comments: %(comments)d; participants: %(people)d)."
                )
                % named
            )

        figures = {"comments": said.comments}
        if said.participants is not None:
            figures["participants"] = said.participants
        path = reverse("consultations:round_detail", args=[round.pk])
        yield Proposal(f"round:{round.pk}", Kind.DONE, closed_on(round), in_languages(say), figures, path)


# --- Drafts, calls, panels -------------------------------------------------------------------------------


def _drafts(span: Span) -> Iterator[Proposal]:
    drafts = Draft.objects.visible_to(EVERYBODY).filter(
        span.within("published_at"), guidelines=span.guidelines
    )
    for draft in drafts.select_related("guidelines").order_by("published_at"):
        assert draft.published_at
        day = local_day(draft.published_at)

        def say(draft: Draft = draft, day: date = day) -> str:
            named = {"title": title_of(draft, "label"), "day": day_words(day)}
            return _("“%(title)s” was published on %(day)s.") % named

        path = reverse("drafts:contents", args=[draft.guidelines.slug, draft.number])
        yield Proposal(f"draft:{draft.pk}", Kind.DONE, day, in_languages(say), {}, path)


def _calls(span: Span) -> Iterator[Proposal]:
    calls = Call.objects.visible_to(EVERYBODY).filter(guidelines=span.guidelines)
    for call in calls.filter(span.within("announced_at")).order_by("announced_at"):
        assert call.announced_at
        day = local_day(call.announced_at)

        def say(call: Call = call, day: date = day) -> str:
            return _("The call “%(title)s” was announced on %(day)s.") % {
                "title": title_of(call),
                "day": day_words(day),
            }

        path = reverse("calls:call_detail", args=[call.pk])
        yield Proposal(f"call:{call.pk}", Kind.DONE, day, in_languages(say), {}, path)


def _panels(span: Span) -> Iterator[Proposal]:
    announced = Decision.objects.filter(
        span.within("announced_at"), call__guidelines=span.guidelines, call__announced_at__isnull=False
    ).select_related("call")
    members = Count("items", filter=Q(items__outcome=DecisionItem.Outcome.MEMBER))
    for decision in announced.annotate(members=members).order_by("announced_at"):
        assert decision.announced_at
        day = local_day(decision.announced_at)

        def say(decision: Any = decision, day: date = day) -> str:
            named = {"title": title_of(decision.call), "day": day_words(day), "members": decision.members}
            return _("Those chosen in “%(title)s” were announced on %(day)s (members: %(members)d).") % named

        path = reverse("calls:call_detail", args=[decision.call_id])
        figures = {"members": decision.members}
        yield Proposal(f"panel:{decision.pk}", Kind.DONE, day, in_languages(say), figures, path)


# --- The road map and the funding ------------------------------------------------------------------------


def _milestones(span: Span) -> Iterator[Proposal]:
    for milestone in Milestone.objects.visible_to(EVERYBODY):
        dates = milestone.standing.actual
        if milestone.state != State.DONE or dates is None or not dates.end or not span.holds(dates.end):
            continue

        def say(milestone: Milestone = milestone, dates: Dates = dates) -> str:
            return _("Milestone reached: %(title)s (%(dates)s).") % {
                "title": title_of(milestone),
                "dates": dates_words(dates),
            }

        path = reverse("roadmap:milestone_detail", args=[milestone.uuid])
        yield Proposal(f"milestone:{milestone.pk}", Kind.DONE, dates.start, in_languages(say), {}, path)


def _expected(source: str, title: Callable[[], str], dates: Dates, path: str) -> Proposal:
    def say() -> str:
        return _("Expected: %(title)s (%(dates)s).") % {"title": title(), "dates": dates_words(dates)}

    return Proposal(f"{source}:ahead", Kind.FORESEEN, dates.start, in_languages(say), {}, path)


def _foreseen(span: Span) -> Iterator[Proposal]:
    """What was to come when the span ended, as it was known then: milestones, and meetings that were announced."""
    until = span.ends + AHEAD
    milestones = list(Milestone.objects.visible_to(EVERYBODY))
    then = standings_at(milestones, span.ends)
    for milestone in milestones:
        standing = then.get(milestone.pk)
        dates = standing.expected if standing else None
        if (
            dates
            and dates.end
            and standing
            and standing.state == State.PLANNED
            and span.ends < dates.end <= until
        ):
            path = reverse("roadmap:milestone_detail", args=[milestone.uuid])
            yield _expected(f"milestone:{milestone.pk}", partial(title_of, milestone), dates, path)
    ahead = Meeting.objects.visible_to(EVERYBODY).filter(
        starts_at__gte=span.ends_at, starts_at__lt=end_of(until), cancelled_at__isnull=True
    )
    for meeting in ahead.filter(announced_at__lt=span.ends_at).order_by("starts_at"):
        path = reverse("meetings:detail", args=[meeting.uuid])
        yield _expected(f"meeting:{meeting.pk}", partial(title_of, meeting), meeting_dates(meeting), path)


def _gap(span: Span) -> Iterator[Proposal]:
    position = funding_position(span.guidelines, at=span.ends)
    if not position.required or not position.gap:
        return

    def say() -> str:
        named = {
            "required": money_words(position.required, position.currency),
            "mobilised": money_words(position.mobilised, position.currency),
            "gap": money_words(position.gap, position.currency),
            "day": day_words(span.ends),
        }
        return (
            _(
                "By %(day)s, %(mobilised)s of the %(required)s required had been mobilised; %(gap)s was still missing."
            )
            % named
        )

    figures = {name: str(getattr(position, name)) for name in ("required", "mobilised", "gap")}
    yield Proposal("funding:gap", Kind.CONSTRAINT, span.ends, in_languages(say), figures)
