"""The public pages of the funding: what is required, mobilised and missing, how that came about, and from whom."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from drafts.models import Guidelines
from roadmap.actions.milestone_dates import today as secretariats_today
from roadmap.funding_chart import bar_of, compare, course_of
from roadmap.funding_list import budget_of, entries_on, lines_on, seen_entries, unnamed_on
from roadmap.funding_queries import ledger_of, position_in, position_of, series_in
from roadmap.funding_rules import may_manage_funding
from roadmap.models import CostLine, FundingSnapshot, FundingTransaction, Milestone
from roadmap.scenario_queries import plans_for


def asked_budget(request: HttpRequest) -> Guidelines:
    """The guidelines whose funding is meant (``?guidelines=``, else those begun last); ``Http404`` for none."""
    found = budget_of(request.GET.get("guidelines", ""))
    if found is None:
        raise Http404
    return found


def asked_day(request: HttpRequest, name: str = "at") -> tuple[date, bool]:
    """The day asked for, today without one; and whether what was asked for can't be."""
    today, asked = secretariats_today(), request.GET.get(name, "").strip()
    if not asked:
        return today, False
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return today, True
    return (day, False) if day <= today else (today, True)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How the funding stands, or stood at the end of an earlier day (``?at=``)."""
    budget = budget_of(request.GET.get("guidelines", ""))
    if budget is None and request.GET.get("guidelines"):
        raise Http404
    at, wrong = asked_day(request)
    today = secretariats_today()
    context: dict[str, Any] = {
        "budget": budget,
        "budgets": list(Guidelines.objects.order_by("-pk")),
        "at": at,
        "today": today,
        "wrong": wrong,
        "staff": bool(may_manage_funding(request.user)),
    }
    if budget is not None:
        context |= _standing(request, budget, at)
    return render(request, "roadmap/funding_overview.html", context, status=400 if wrong else 200)


def _standing(request: HttpRequest, budget: Guidelines, at: date) -> dict[str, Any]:
    ledger = ledger_of(budget)
    series = series_in(ledger, at)
    position = series[-1]
    plans = plans_for(request.user, budget, at, position.mobilised)
    return {
        "position": position,
        "bar": bar_of(position),
        "series": series,
        "course": course_of(series),
        "lines": lines_on(budget, ledger, at),
        "entries": entries_on(request.user, budget, ledger, at),
        "unnamed": unnamed_on(budget, ledger, at),
        "plans": plans,
        "comparison": compare(plans),
        "kinds": [
            (kind.value, kind.label) for kind in CostLine.Kind if any(kind in p.by_kind for p in plans)
        ],
        "snapshots": FundingSnapshot.objects.filter(guidelines=budget),
        "seen_milestones": set(Milestone.objects.visible_to(request.user).values_list("pk", flat=True)),
    }


@require_safe
def line_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A line of the estimate, and every change of it with when and why."""
    lines = CostLine.objects.select_related("guidelines", "milestone", "rate")
    line: CostLine = get_object_or_404(lines, uuid=uuid)
    milestone = line.milestone
    if (
        milestone is not None
        and not Milestone.objects.visible_to(request.user).filter(pk=milestone.pk).exists()
    ):
        milestone = None
    context = {
        "line": line,
        "milestone": milestone,
        "history": line.changes.select_related("by", "rate").order_by("-on", "-pk"),
        "staff": bool(may_manage_funding(request.user)),
    }
    return render(request, "roadmap/funding_line.html", context)


@require_safe
def transaction_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A pledge, commitment or receipt: by which rate it was turned into dollars, what it fulfils, what it became."""
    entry = found_entry(request, uuid)
    seen = seen_entries(request.user, entry.guidelines)
    of_thread = seen.filter(thread=entry.thread).order_by("-pk")
    context = {
        "entry": entry,
        "versions": of_thread if len(of_thread) > 1 else [],
        "fulfils": seen.filter(thread=entry.fulfils.thread, replaced_by__isnull=True).first()
        if entry.fulfils
        else None,
        "became": seen.filter(fulfils__thread=entry.thread, replaced_by__isnull=True, amount__gt=0),
        "staff": bool(may_manage_funding(request.user)),
    }
    return render(request, "roadmap/funding_transaction.html", context)


def found_entry(request: HttpRequest, uuid: UUID) -> FundingTransaction:
    visible = FundingTransaction.objects.visible_to(request.user)
    related = ("guidelines", "organisation__country", "country", "line", "rate", "entered_by", "replaces")
    return get_object_or_404(visible.select_related(*related, "replaced_by", "fulfils"), uuid=uuid)


@require_safe
def snapshot_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was kept, beside what is known of that day now."""
    snapshots = FundingSnapshot.objects.select_related("guidelines", "taken_by")
    snapshot: FundingSnapshot = get_object_or_404(snapshots, uuid=uuid)
    kept = position_of(
        snapshot.on,
        snapshot.required,
        pledged=snapshot.pledged,
        committed=snapshot.committed,
        received=snapshot.received,
    )
    now = position_in(ledger_of(snapshot.guidelines), snapshot.on)
    context = {
        "snapshot": snapshot,
        "position": kept,
        "now": now,
        "bar": bar_of(kept),
        "staff": bool(may_manage_funding(request.user)),
    }
    return render(request, "roadmap/funding_snapshot.html", context)
