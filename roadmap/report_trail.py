"""What the trail shows of resolutions and reports."""

from typing import Any

from django.urls import reverse

from core.audit import Shown
from roadmap.models import BoardReport, ReportingPeriod, Resolution, ResolutionEntry, SourceDocument


def resolutions(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = Resolution.objects.filter(pk__in=keys)
    return {str(r.pk): Shown(r.symbol, reverse("resolutions:detail", args=[r.uuid])) for r in found}


def periods(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = ReportingPeriod.objects.visible_to(reader).filter(pk__in=keys)
    return {str(p.pk): Shown(p.code, f"{reverse('resolutions:tracker')}?period={p.code}") for p in found}


def entries(reader: Any, keys: list[str]) -> dict[str, Shown]:
    seen = ReportingPeriod.objects.visible_to(reader).values("pk")
    found = ResolutionEntry.objects.filter(pk__in=keys, period__in=seen).select_related(
        "period", "resolution"
    )
    return {
        str(e.pk): Shown(
            f"{e.resolution.symbol} ({e.period.code})",
            reverse("resolutions:detail", args=[e.resolution.uuid]),
        )
        for e in found
    }


def reports(reader: Any, keys: list[str]) -> dict[str, Shown]:
    seen = ReportingPeriod.objects.visible_to(reader).values("pk")
    found = BoardReport.objects.filter(pk__in=keys, period__in=seen).select_related("period")
    return {str(r.pk): Shown(r.period.symbol or r.period.code) for r in found}


def documents(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = SourceDocument.objects.filter(pk__in=keys)
    return {str(d.pk): Shown(d.symbol, reverse("resolutions:tracker")) for d in found}


SUBJECTS = {
    "roadmap.resolution": resolutions,
    "roadmap.reportingperiod": periods,
    "roadmap.resolutionentry": entries,
    "roadmap.boardreport": reports,
    "roadmap.sourcedocument": documents,
}
