"""What pages and the API read of nominations."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import RegionMembership
from accounts.queries import holding
from core.punctuation import semicolon
from experts.expertise import expertise_choices, language_choices
from experts.models import (
    Call,
    CallPaper,
    Nomination,
    NominationAnswer,
    NominationMove,
    NominationPaper,
    NominationTrait,
    PaperReading,
)
from experts.sight import Sight
from experts.standing import is_staff, regions_coordinated
from experts.states import shown, shown_to_reviewers, states_shown_as

K, S = NominationTrait.Kind, Nomination.State


def nominations_of(
    call: Call,
    user: Any,
    *,
    state: str = "",
    country: str = "",
    region: str = "",
    gender: str = "",
    expertise: str = "",
    level_of_government: str = "",
    search: str = "",
) -> "QuerySet[Nomination]":
    """The call's nominations that the caller may know of. The filters ask for what the list shows, and no more: the
    state is the one that the caller is told."""
    found: QuerySet[Nomination] = Nomination.objects.visible_to(user).filter(call=call)
    if state:
        found = _shown_as(found, state, call, user)
    if country:
        found = found.filter(country=country)
    if region:
        found = found.filter(country__in=_countries_of(region))
    if gender:
        found = found.filter(gender=gender)
    if level_of_government:
        found = found.filter(level_of_government=level_of_government)
    if expertise:
        known = NominationTrait.objects.filter(kind=K.EXPERTISE, value=expertise)
        found = found.filter(pk__in=known.values("nomination"))
    if search:
        found = found.filter(holding(search, "name", "workplace", "position"))
    return with_list_parts(found)


def _shown_as(found: Any, state: str, call: Call, user: Any) -> "QuerySet[Nomination]":
    """Those whose state the caller is told as ``state``."""
    announced, sight = call.decided_at is not None, Sight.of(user)
    as_others = found.filter(state__in=states_shown_as(state, staff=False, announced=announced))
    if is_staff(user):
        # One's own nomination, and one with a conflict of interest, are told as to everyone.
        plain = [pk for pk, told in _told_plainly(found, user) if told]
        as_staff = states_shown_as(state, staff=True)
        return as_others.filter(pk__in=plain) | found.exclude(pk__in=plain).filter(state__in=as_staff)
    reviewed = [row.pk for row in found.filter(pk__in=sight.reviewed) if sight.is_reviewer(row)]
    as_reviewer = found.filter(pk__in=[pk for pk in reviewed if state == S.SUBMITTED])
    return as_others.exclude(pk__in=reviewed) | as_reviewer


def nominations_of_region(call: Call, user: Any) -> "QuerySet[Nomination]":
    """What was submitted to the call from the regions that the caller coordinates, as far as they may know of it."""
    current = RegionMembership.objects.in_un_groups()
    theirs = current.filter(region__code__in=regions_coordinated(user)).values("country")
    found = Nomination.objects.visible_to(user).filter(Nomination.reached_secretariat(), call=call)
    return with_list_parts(found.filter(country__in=theirs))


def _told_plainly(found: "QuerySet[Nomination]", user: Any) -> list[tuple[int, bool]]:
    sight = Sight.of(user)
    apart = found.filter(pk__in=sight.barred) | found.filter(nominee=user.pk)
    if sight.country:
        apart = apart | found.filter(country=sight.country)
    return [(nomination.pk, not sight.is_secretariat(nomination)) for nomination in apart]


def with_list_parts(found: "QuerySet[Nomination]") -> "QuerySet[Nomination]":
    """With what a row of a list shows."""
    return found.select_related("call", "country").prefetch_related("traits").order_by("pk")


def with_all(found: "QuerySet[Nomination]") -> "QuerySet[Nomination]":
    """With everything that belongs to a nomination."""
    moves = NominationMove.objects.select_related("by").order_by("pk")
    papers = NominationPaper.objects.select_related("file").order_by("pk")
    answers = NominationAnswer.objects.select_related("question").order_by("pk")
    return found.select_related("call__guidelines", "country", "link").prefetch_related(
        "traits",
        Prefetch("papers", papers),
        "interests",
        "referees",
        Prefetch("answers", answers),
        "call__papers",
        "call__reopenings",
        Prefetch("moves", moves),
    )


def _countries_of(region: str) -> "QuerySet[RegionMembership, Any]":
    current = RegionMembership.objects.in_un_groups().filter(region__code=region)
    return current.values("country")


def values_of(nomination: Nomination, kind: str) -> list[str]:
    """The values of one kind of trait, in the order given (from the prefetched rows)."""
    return [trait.value for trait in nomination.traits.all() if trait.kind == kind]


def in_words(nomination: Nomination, names: dict[str, str]) -> dict[str, str]:
    """Expertise and languages as a reader reads them. ``names``: see ``trait_names``."""
    return {
        kind: semicolon().join(names.get(f"{kind}:{value}", value) for value in values_of(nomination, kind))
        for kind in (K.EXPERTISE, K.LANGUAGE, K.NATIONALITY)
    }


def trait_names(call: Call) -> dict[str, str]:
    """Names of every expertise and language, by ``kind:value``."""
    pairs = [(f"{K.EXPERTISE}:{code}", name) for code, name in expertise_choices(call.guidelines)]
    return dict(pairs + [(f"{K.LANGUAGE}:{code}", name) for code, name in language_choices()])


def history(nomination: Nomination, sight: Sight) -> list[NominationMove]:
    """The moves that the caller may know of. What isn't announced leaves no trace, not even a gap."""
    moves: Iterable[NominationMove] = nomination.moves.all()
    if sight.is_secretariat(nomination):
        return list(moves)
    announced = nomination.call.decided_at is not None
    told = []
    for made in moves:
        if sight.is_reviewer(nomination):
            before, after = shown_to_reviewers(made.before), shown_to_reviewers(made.after)
        else:
            before, after = shown(made.before, announced=announced), shown(made.after, announced=announced)
        if before != after:
            made.before, made.after = before, after
            if sight.reads_as(nomination) == PaperReading.As.REVIEWER:
                made.reason = ""  # said to the nominee by their country
            told.append(made)
    return told


def paper_asked(call: Call, kind: str) -> CallPaper | None:
    return next((paper for paper in call.papers.all() if paper.kind == kind), None)
