"""Public pages: where every resolution stands, and what was told of one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from roadmap.models import ReportedParagraph, ReportingPeriod, ResolutionEntry, SourceDocument
from roadmap.resolution_queries import (
    by_operative_paragraph,
    entries_seen,
    seen_periods,
    seen_reports,
    seen_resolutions,
    tracker_rows,
)
from roadmap.resolution_rules import may_manage_resolutions


@require_safe
def tracker(request: HttpRequest) -> HttpResponse:
    """Status, required, mobilised and gap by resolution, by the end of a period (``?period=2024-2``; without, the last
    closed one), compared with another (``?compare=``)."""
    periods = list(seen_periods(request.user))
    closed = next((period for period in periods if period.is_closed), None)
    period = _chosen(request, "period", periods) or closed or (periods[0] if periods else None)
    compared = _chosen(request, "compare", periods)
    rows = tracker_rows(period, compared)
    context = {
        "rows": rows,
        "periods": periods,
        "period": period,
        "compared": compared,
        "counts": _counts(rows),
        "reports": seen_reports(request.user).filter(period=period) if period else [],
        "documents": SourceDocument.objects.order_by("-dated"),
        "staff": bool(may_manage_resolutions(request.user)),
    }
    return render(request, "roadmap/resolution_tracker.html", context)


def _chosen(request: HttpRequest, name: str, periods: list[ReportingPeriod]) -> ReportingPeriod | None:
    asked = request.GET.get(name, "")
    found = next((period for period in periods if period.code == asked), None)
    if asked and found is None:
        raise Http404
    return found


def _counts(rows: list[Any]) -> list[tuple[str, str, int]]:
    """(status, its name, how many), those that occur."""
    found = [row.entry.status for row in rows if row.entry]
    return [
        (code, str(name), found.count(code)) for code, name in ResolutionEntry.Status.choices if code in found
    ]


@require_safe
def resolution_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One resolution: where it stood by the end of each period, and what was told, by operative paragraph."""
    resolution = get_object_or_404(seen_resolutions(), uuid=uuid)
    entries = list(entries_seen(request.user, resolution))
    reported = list(ReportedParagraph.objects.filter(resolution=resolution).select_related("document"))
    context = {
        "resolution": resolution,
        "entries": entries,
        "latest": next(
            (entry for entry in entries if entry.period.is_closed), entries[0] if entries else None
        ),
        "told": by_operative_paragraph(resolution, entries, reported),
        "staff": bool(may_manage_resolutions(request.user)),
    }
    return render(request, "roadmap/resolution_detail.html", context)
