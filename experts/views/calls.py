"""The public pages of calls: which there are, and what one asks of whom, until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.models import Country
from experts import links
from experts.call_steps import steps_of
from experts.criteria_chart import bars_of
from experts.hosting_queries import hosting_context, with_slots
from experts.models import Call, Nomination
from experts.queries import (
    nominated_by,
    own_country,
    own_deadlines,
    waiting_for_endorsement,
    whole_calls,
)
from experts.standing import country_spoken_for, is_staff
from experts.telling import ANNOUNCED, told_in_words, told_of


@dataclass(frozen=True)
class CallCard:
    """A call in a list, its state, and the reader's own deadline where their country has a later one."""

    call: Call
    state: Call.State
    own_closing: datetime | None


@dataclass(frozen=True)
class Standpoint:
    """What the reader may do in a call now. ``role`` is ``visitor``, ``focal`` or ``person``; ``phase`` is
    ``prepared``, ``planned``, ``open``, ``endorsing`` or ``over``, for the reader's own country."""

    role: str
    phase: str
    closes_at: datetime
    endorsed_until: datetime
    country: Country | None = None
    nominated: int = 0
    waiting: int = 0

    def left(self, limit: int | None) -> bool:
        return limit is None or self.nominated < limit


def call_list(request: HttpRequest) -> HttpResponse:
    """Open calls first, then announced ones, those in preparation (the secretariat's), and those that are over."""
    now = timezone.now()
    groups: dict[str, list[CallCard]] = {"open": [], "planned": [], "prepared": [], "past": []}
    for call in whole_calls(request.user):
        own, state = own_deadlines(request.user, call), call.state_at(now)
        if state == Call.State.CLOSED and own and now < own[0]:
            state = Call.State.OPEN  # for the reader it is
        groups[state if state in groups else "past"].append(CallCard(call, state, own[0] if own else None))
    return render(request, "experts/call_list.html", {**groups, "staff": is_staff(request.user)})


def call_detail(request: HttpRequest, call_id: int) -> HttpResponse:
    """One call: what to do now, what is asked, of whom, by which criteria, until when, and what becomes of it."""
    call = get_object_or_404(with_slots(whole_calls(request.user)), pk=call_id)
    now, staff = timezone.now(), is_staff(request.user)
    own = own_deadlines(request.user, call)
    standpoint = _standpoint(request.user, call, now, own)
    context = {
        "call": call,
        "state": call.state_at(now),
        "own": own,
        "standpoint": standpoint,
        "room": standpoint.left(call.per_country_limit),
        "steps": steps_of(call, now, own),
        "bars": bars_of(call.criteria.all()),
        "papers": call.papers.all(),
        "questions": call.questions.all(),
        "staff": staff,
        "reopenings": call.reopenings.all() if staff else [],
        "nominate": links.nominate_link(call),
        "apply": links.apply_link(call),
        "offer": links.offer_link(call),
        "own_nominations": _own_nominations(request.user, call),
        "told": told_in_words(told_of(ANNOUNCED, call)) if staff else "",
        "lists": links.nomination_lists(request.user, call),
        "members": links.members_link(call),
        "reviews": links.reviews_link(request.user, call),
        **(hosting_context(request.user, call) if call.kind == Call.Kind.HOSTING else {}),
    }
    return render(request, "experts/call_detail.html", context)


def _standpoint(user: Any, call: Call, now: datetime, own: tuple[datetime, datetime] | None) -> Standpoint:
    closes, endorsed = own or call.deadlines_for("")
    spoken_for = country_spoken_for(user)
    role = "focal" if spoken_for else "person" if user.is_authenticated else "visitor"
    phase = _phase(call, now, closes, endorsed)
    if role != "focal":
        return Standpoint(role, phase, closes, endorsed, _country_given(user, call, own))
    country = Country.objects.get(pk=spoken_for)
    if call.kind != Call.Kind.EXPERTS:
        return Standpoint(role, phase, closes, endorsed, country)
    taken, waiting = nominated_by(call, spoken_for), waiting_for_endorsement(call, spoken_for)
    return Standpoint(role, phase, closes, endorsed, country, taken, waiting)


def _own_nominations(user: Any, call: Call) -> list[Nomination]:
    """What the reader has going in the call, as its nominee."""
    if call.kind != Call.Kind.EXPERTS or not user.is_authenticated:
        return []
    mine = Nomination.objects.filter(call=call, nominee=user.pk).exclude(state=Nomination.State.WITHDRAWN)
    return list(mine.select_related("country").order_by("pk"))


def _phase(call: Call, now: datetime, closes: datetime, endorsed: datetime) -> str:
    """Not within the hidden grace: nobody is to plan with it."""
    if call.announced_at is None:
        return "prepared"
    if call.decided_at:
        return "over"
    if now < call.opens_at:
        return "planned"
    if now < closes:
        return "open"
    return "endorsing" if call.kind == Call.Kind.EXPERTS and now < endorsed else "over"


def _country_given(user: Any, call: Call, own: tuple[datetime, datetime] | None) -> Country | None:
    """The reader's country, where it was given deadlines of its own."""
    if own is None:
        return None
    return next(r.country for r in call.reopenings.all() if r.country_id == own_country(user))
