"""The public pages of the road map: where the process stands, and the history of one milestone."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.models import Round
from experts.models import Call
from roadmap.about import says, thing_of
from roadmap.actions.milestone_dates import today as secretariats_today
from roadmap.links import link_of
from roadmap.milestone_queries import Entry, entries_for, history_of, seen_milestones
from roadmap.milestone_rules import may_manage_milestones
from roadmap.plan import State
from roadmap.timeline import timeline_of

MOST_NEXT = 3


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Where the process stands, what comes next, how to take part; the picture and the table of all milestones.

    ``?asof=`` compares with how it stood by the end of an earlier day.
    """
    today = secretariats_today()
    asked = request.GET.get("asof", "").strip()
    compared, wrong = _day(asked, today)
    entries = entries_for(request.user, compared)
    context = {
        "entries": entries,
        "timeline": timeline_of(entries, today, compared),
        "today": today,
        "compared": compared,
        "asked": asked,
        "wrong": wrong,
        "day_unknown": any(entry.now.date_unknown for entry in entries),
        "staff": bool(may_manage_milestones(request.user)),
        **where_we_are(entries, today),
        **taking_part(request.user),
    }
    return render(request, "roadmap/overview.html", context, status=400 if wrong else 200)


def _day(asked: str, today: date) -> tuple[date | None, bool]:
    """The day that is asked for, and whether it can't be: no day at all, or one to come."""
    if not asked:
        return None, False
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None, True
    return (day, False) if day <= today else (None, True)


def where_we_are(entries: list[Entry], today: date) -> dict[str, Any]:
    """The milestone done last, those under way, and those that come next."""
    done = [entry for entry in entries if entry.now.state == State.DONE and _end(entry)]
    ahead = [entry for entry in entries if entry.now.state == State.PLANNED]
    return {
        "done": sum(entry.now.state == State.DONE for entry in entries),
        "last_done": max(done, key=lambda entry: (_end(entry), entry.milestone.position), default=None),
        "under_way": [entry for entry in entries if entry.now.state == State.UNDER_WAY],
        "next": sorted(ahead, key=_start)[:MOST_NEXT],
        "overdue": {entry.milestone.pk for entry in entries if entry.now.overdue(today)},
    }


def _end(entry: Entry) -> date:
    expected = entry.now.expected
    return (expected.end or expected.start) if expected else date.min


def _start(entry: Entry) -> tuple[date, int]:
    expected = entry.now.expected
    return (expected.start if expected else date.max), entry.milestone.position


def taking_part(user: Any) -> dict[str, Any]:
    """Rounds and calls that are open, and those to come, as the caller may see them."""
    now = timezone.now()
    rounds = list(Round.objects.visible_to(user).filter(closes_at__gt=now).order_by("opens_at", "pk"))
    calls = list(
        Call.objects.filter(announced_at__isnull=False, closes_at__gt=now).order_by("opens_at", "pk")
    )
    return {
        "open_rounds": [round for round in rounds if round.state_at(now) == Round.State.OPEN],
        "open_calls": [call for call in calls if call.state_at(now) == Call.State.OPEN],
        "rounds_to_come": [round for round in rounds if round.state_at(now) == Round.State.PLANNED],
        "calls_to_come": [call for call in calls if call.state_at(now) == Call.State.PLANNED],
    }


@require_safe
def milestone_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One milestone: its dates, what it waits for and what waits for it, and every change with when and why."""
    milestone = get_object_or_404(seen_milestones(request.user), uuid=uuid)
    entries = {entry.milestone.pk: entry for entry in entries_for(request.user)}
    thing = thing_of(milestone)
    staff = bool(may_manage_milestones(request.user))
    context = {
        "milestone": milestone,
        "entry": entries[milestone.pk],
        "dependents": [
            entry.milestone
            for entry in entries.values()
            if any(on.pk == milestone.pk for on in entry.depends_on)
        ],
        "history": history_of(milestone),
        "shown": set(entries),
        "overdue": milestone.standing.overdue(secretariats_today()),
        "about": link_of(request.user, milestone),
        "says": says(thing, timezone.now()) if thing is not None and staff else None,
        "staff": staff,
        "cost_lines": milestone.cost_lines.filter(dropped=False),
    }
    return render(request, "roadmap/milestone_detail.html", context)
