"""Reminders of milestones: before they come, to who answers for them and to the groups concerned; after, to ask."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Group, User
from consultations.models import RoundAudience
from drafts.models import Draft
from experts.models import Call
from experts.panel_group import WORKING_GROUP
from roadmap.milestone_rules import may_manage_milestones
from roadmap.milestone_words import dates_words
from roadmap.models import ABOUT, DATED, Milestone
from roadmap.occasions.dates import in_span
from roadmap.occasions.people import in_groups, staff
from roadmap.occasions.registry import DefaultRule, Occasion, Reminded, ReminderWords, Span, candidates
from roadmap.plan import State

# What the plan reads of a milestone: enough for its standing.
STANDING = [f"{kind}_{part}" for kind in DATED for part in ("start", "end", "precision")]


def _beginning(milestone: Milestone) -> date | None:
    """The first day on which it is expected, while it hasn't begun."""
    standing = milestone.standing
    planned = standing.planned
    return planned.start if planned and standing.state == State.PLANNED else None


def _end(milestone: Milestone) -> date | None:
    """The last day on which it is expected, while it isn't done."""
    standing = milestone.standing
    if standing.state not in (State.PLANNED, State.UNDER_WAY) or standing.expected is None:
        return None
    return standing.expected.end


Dated = Callable[[Milestone], date | None]


def _expected(span: Span, about: int | None, dated: Dated) -> dict[datetime, list[Milestone]]:
    """Milestones by the instant of their date, as far as it lies in the span. The plan is read whole: it is short."""
    found = Milestone.objects.only("owner", "public", "stated", *STANDING, *ABOUT)
    if about is not None:
        found = found.filter(pk=about)
    by_day: dict[date, list[Milestone]] = {}
    for milestone in found.order_by("pk"):
        if day := dated(milestone):
            by_day.setdefault(day, []).append(milestone)
    return {at: by_day[day] for day, at in in_span(by_day, span)}


def answering(span: Span, about: int | None, dated: Dated) -> Iterator["QuerySet[Any]"]:
    """The owners of the milestones; the secretariat for those that have none, or whose owner's account is closed."""
    open_account = Q(owner__is_active=True, owner__erased_at=None)
    for at, milestones in _expected(span, about, dated).items():
        keys = [milestone.pk for milestone in milestones]
        owned = Milestone.objects.filter(open_account, pk__in=keys)
        yield candidates(owned, who=F("owner_id"), about=F("pk"), date=at)
        theirs = set(owned.values_list("pk", flat=True))
        for key in keys:
            if key not in theirs:
                yield candidates(staff(), who=F("pk"), about=key, date=at)


def coming(span: Span, about: int | None = None) -> Iterator["QuerySet[Any]"]:
    return answering(span, about, _beginning)


def ending(span: Span, about: int | None = None) -> Iterator["QuerySet[Any]"]:
    return answering(span, about, _end)


def concerned(span: Span, about: int | None = None) -> Iterator["QuerySet[User]"]:
    """Members of the groups that a public milestone concerns by what it is about; not its owner, who is asked."""
    for at, milestones in _expected(span, about, _beginning).items():
        for milestone in milestones:
            groups = groups_of(milestone) if milestone.public else None
            if groups is not None:
                members = User.objects.active().filter(in_groups(groups, span.now))
                others = members.exclude(pk=milestone.owner_id) if milestone.owner_id else members
                yield candidates(others, who=F("pk"), about=milestone.pk, date=at)


def groups_of(milestone: Milestone) -> "QuerySet[Any] | None":
    """The keys of the groups that it concerns: those asked in its round, invited to its meeting, reading its draft
    before others do, chosen for in its call. None where it is about nothing."""
    if milestone.round_id is not None:
        return RoundAudience.objects.filter(round=milestone.round_id).values("group")
    if milestone.meeting_id is not None:
        return Group.objects.filter(meetings=milestone.meeting_id).values("pk")
    if milestone.draft_id is not None:
        readable = Draft.objects.filter(pk=milestone.draft_id, status=Draft.Status.CIRCULATED)
        return readable.values("access__group")
    if (call := milestone.call) is not None:
        return _chosen_for(call)
    return None


def _chosen_for(call: Call) -> "QuerySet[Any]":
    if call.by_region:
        return Group.objects.filter(kind=Group.Kind.REGIONAL).values("pk")
    return Group.objects.filter(Q(pk=call.group_id) if call.group_id else Q(slug=WORKING_GROUP)).values("pk")


def names(pks: Sequence[int], reader: Any) -> dict[int, str]:
    found = Milestone.objects.visible_to(reader).filter(pk__in=pks)
    return {milestone.pk: milestone.title for milestone in found}


# --- Words ------------------------------------------------------------------------------------------------


def _named(milestone: Milestone) -> dict[str, Any]:
    standing = milestone.standing
    return {
        "milestone": milestone.title,
        "when": dates_words(standing.expected),
        "state": standing.state.label,
    }


def _reason(milestone: Milestone, person: User | None) -> str:
    if person is not None and milestone.owner_id == person.pk:
        return _("You get this message because you answer for “%(milestone)s” in the road map.") % _named(
            milestone
        )
    return _("You get this message because you work for the secretariat.")


def _words(milestone: Milestone, *, title: str, paragraphs: list[str], reason: str) -> ReminderWords:
    return ReminderWords(
        title=title,
        paragraphs=paragraphs,
        action_label=_("See the milestone"),
        action_path=reverse("roadmap:milestone_detail", args=[milestone.uuid]),
        reason=reason,
    )


def _coming_words(reminded: Reminded) -> ReminderWords | None:
    milestone, person = Milestone.objects.get(pk=reminded.about), reminded.person
    paragraphs = [_("“%(milestone)s” is expected: %(when)s.") % _named(milestone)]
    if may_manage_milestones(person):
        paragraphs.append(_("If that no longer holds, give it a new forecast in the road map."))
    else:
        paragraphs.append(_("If that no longer holds, please tell the secretariat."))
    return _words(
        milestone,
        title=_("Soon: %(milestone)s") % _named(milestone),
        paragraphs=paragraphs,
        reason=_reason(milestone, person),
    )


def _ending_words(reminded: Reminded) -> ReminderWords | None:
    milestone, person = Milestone.objects.get(pk=reminded.about), reminded.person
    paragraphs = [
        _("“%(milestone)s” is expected: %(when)s. The road map says of it: %(state)s.") % _named(milestone)
    ]
    if may_manage_milestones(person):
        paragraphs.append(_("Is it done? Then enter when. If not, give it a new forecast."))
    else:
        paragraphs.append(_("Is it done? Please tell the secretariat when, or when it is expected now."))
    return _words(
        milestone,
        title=_("Is it done? %(milestone)s") % _named(milestone),
        paragraphs=paragraphs,
        reason=_reason(milestone, person),
    )


def _concerned_words(reminded: Reminded) -> ReminderWords | None:
    milestone = Milestone.objects.get(pk=reminded.about)
    return _words(
        milestone,
        title=_("Soon: %(milestone)s") % _named(milestone),
        paragraphs=[_("“%(milestone)s” is expected: %(when)s.") % _named(milestone)],
        reason=_("You get this message because you are in a group that “%(milestone)s” concerns.")
        % _named(milestone),
    )


OCCASIONS = [
    Occasion(
        "milestone_coming",
        gettext_lazy("A milestone comes"),
        gettext_lazy("Who answers for the milestone; without anybody, the secretariat"),
        gettext_lazy("the beginning of the milestone"),
        Milestone,
        coming,
        _coming_words,
        [DefaultRule(30), DefaultRule(7)],
        names,
    ),
    Occasion(
        "milestone_ending",
        gettext_lazy("A milestone should be done"),
        gettext_lazy("Who answers for the milestone; without anybody, the secretariat"),
        gettext_lazy("the end of the milestone"),
        Milestone,
        ending,
        _ending_words,
        [DefaultRule(1, "after", repeat_days=14, times=3)],
        names,
    ),
    Occasion(
        "milestone_concerned",
        gettext_lazy("A milestone comes: the groups concerned"),
        gettext_lazy("Members of the groups of its round, meeting, draft or call"),
        gettext_lazy("the beginning of the milestone"),
        Milestone,
        concerned,
        _concerned_words,
        # None goes out until the secretariat says when.
        [],
        names,
    ),
]
