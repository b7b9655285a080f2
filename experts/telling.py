"""Who speaks for governments and is told of a call and of its decision; and who was."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import RegionMembership, User
from core.models import Message, Notice, subject_of
from experts.left_out import LeftOut
from experts.models import Call, Decision, DecisionItem, Nomination
from experts.queries import focal_points

ANNOUNCED, DECIDED = "call_announced", "country_decision"
S = Nomination.State


@dataclass(frozen=True)
class Reach:
    """Whom an announcement reaches: so many focal points, of so many Member States; ``without`` have none."""

    people: int
    countries: int
    without: int = 0


@dataclass(frozen=True)
class Told:
    """To how many it was told: noted, of which mails went out, and failed for good."""

    people: int
    sent: int
    failed: int

    @property
    def waiting(self) -> int:
        return self.people - self.sent - self.failed


def of_all_states() -> "models.QuerySet[User]":
    """The focal points of all Member States that have one."""
    return User.objects.filter(pk__in=focal_points().values("user")).order_by("pk")


def of_states_concerned(call: Call) -> "models.QuerySet[User]":
    """The focal points of countries whose nominations in the call they know of."""
    places = focal_points().filter(organisation__country__in=_concerned(call).values("country"))
    return User.objects.filter(pk__in=places.values("user")).order_by("pk")


def _concerned(call: Call) -> Any:
    theirs = Q(way=Nomination.Way.APPLIED) & (Q(state=S.DRAFT) | Q(state=S.WITHDRAWN, submitted_at=None))
    return Nomination.objects.filter(call=call).exclude(theirs)


def reach_of_call() -> Reach:
    """Whom the announcement of a call reaches (two queries)."""
    reached = focal_points().aggregate(
        people=Count("user", distinct=True), countries=Count("organisation__country", distinct=True)
    )
    member_states = RegionMembership.objects.in_un_groups().values("country").distinct().count()
    return Reach(reached["people"], reached["countries"], max(member_states - reached["countries"], 0))


def reach_of_decision(call: Call) -> Reach:
    """Whom the announcement of a decision reaches of those who speak for governments."""
    concerned = _concerned(call).values("country")
    reached = (
        focal_points()
        .filter(organisation__country__in=concerned)
        .aggregate(
            people=Count("user", distinct=True), countries=Count("organisation__country", distinct=True)
        )
    )
    all_states = _concerned(call).aggregate(n=Count("country", distinct=True))["n"]
    return Reach(reached["people"], reached["countries"], all_states - reached["countries"])


def reach_in_words(reach: Reach) -> str:
    """Who is told by mail, of how many Member States; and how many have nobody who could be."""
    people = ngettext(
        "%(n)d focal point is told by mail.", "%(n)d focal points are told by mail.", reach.people
    ) % {"n": reach.people}
    states = ngettext(
        "They speak for %(n)d Member State.", "They speak for %(n)d Member States.", reach.countries
    ) % {"n": reach.countries}
    if not reach.people:
        return _("Nobody is told by mail: no Member State concerned has a focal point yet.")
    if not reach.without:
        return f"{people} {states}"
    without = ngettext(
        "%(n)d Member State has no focal point yet, and is told nothing.",
        "%(n)d Member States have no focal point yet, and are told nothing.",
        reach.without,
    )
    return f"{people} {states} {without % {'n': reach.without}}"


def told_in_words(told: Told) -> str:
    """To how many it was told; "" to nobody."""
    if not told.people:
        return ""
    words = ngettext(
        "%(n)d focal point was told by mail.",
        "%(n)d focal points were told by mail.",
        told.people - told.failed,
    ) % {"n": told.people - told.failed}
    if told.waiting:
        more = ngettext(
            "Of these mails %(n)d is on its way.", "Of these mails %(n)d are on their way.", told.waiting
        )
        words = f"{words} {more % {'n': told.waiting}}"
    if told.failed:
        more = ngettext("%(n)d mail was not sent.", "%(n)d mails were not sent.", told.failed)
        words = f"{words} {more % {'n': told.failed}}"
    return words


def told_of(kind: str, subject: Call | Decision) -> Told:
    """To how many focal points something was told up to now (one query)."""
    state = Message.State
    counts = Notice.objects.filter(kind=kind, subject=subject_of(subject)).aggregate(
        people=Count("pk"),
        sent=Count("pk", filter=Q(message__state=state.SENT)),
        failed=Count("pk", filter=Q(message__state=state.FAILED)),
    )
    return Told(**counts)


def told_so(outcome: str) -> str:
    """What somebody is told: an outcome of the decision, or why their nomination was left out."""
    words: dict[str, str] = {
        DecisionItem.Outcome.MEMBER: _("Invited to the working group"),
        DecisionItem.Outcome.ALTERNATE: _("Told that they are alternates"),
        DecisionItem.Outcome.REGIONAL: _("Invited to regional groups"),
        DecisionItem.Outcome.NONE: _("Told that they are not chosen"),
        LeftOut.INELIGIBLE: _("Told that they were not eligible"),
        LeftOut.UNENDORSED: _("Told that they were not endorsed"),
        LeftOut.UNFINISHED: _("Told that theirs was not handed in"),
    }
    return words.get(outcome, outcome)
