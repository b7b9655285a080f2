"""Reading resolutions: where each stands by the end of a period, how that was before, and what was told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from roadmap.models import (
    BoardReport,
    EntryLine,
    OperativeParagraph,
    ReportedParagraph,
    ReportingPeriod,
    Resolution,
    ResolutionEntry,
)
from roadmap.resolution_rules import may_manage_resolutions


def seen_periods(user: Any) -> "QuerySet[ReportingPeriod]":
    """Newest first."""
    return ReportingPeriod.objects.visible_to(user).order_by("-year", "-half")


def seen_reports(user: Any) -> "QuerySet[BoardReport]":
    """Issued ones everybody, all the secretariat; the query behind ``resolution_rules.may_see_report``."""
    reports = BoardReport.objects.select_related("period")
    return reports if may_manage_resolutions(user) else reports.filter(issued_at__isnull=False)


def seen_resolutions() -> "QuerySet[Resolution]":
    """All, in order, with their operative paragraphs: resolutions are public."""
    return Resolution.objects.prefetch_related("operative_paragraphs").order_by("session", "number")


@dataclass(frozen=True)
class TrackerRow:
    """A resolution with where it stood by the end of a period, and of the period compared with."""

    resolution: Resolution
    entry: ResolutionEntry | None
    before: ResolutionEntry | None = None

    @property
    def moved(self) -> bool:
        """Whether the status is another than in the period compared with."""
        return bool(self.entry and self.before and self.entry.status != self.before.status)

    @property
    def gap_change(self) -> Decimal | None:
        """By how much the gap has grown since then; None where it can't be said."""
        if not self.entry or not self.before or self.entry.gap is None or self.before.gap is None:
            return None
        return self.entry.gap - self.before.gap


def tracker_rows(period: ReportingPeriod | None, compared: ReportingPeriod | None = None) -> list[TrackerRow]:
    """Every resolution in order. Three queries at most, however many."""
    now, then = _entries(period), _entries(compared)
    resolutions = Resolution.objects.order_by("session", "number")
    return [TrackerRow(row, now.get(row.pk), then.get(row.pk)) for row in resolutions]


def _entries(period: ReportingPeriod | None) -> dict[int, ResolutionEntry]:
    if period is None:
        return {}
    return {entry.resolution_id: entry for entry in period.entries.all()}


def entries_seen(user: Any, resolution: Resolution | None = None) -> "QuerySet[ResolutionEntry]":
    """Entries of the periods that the caller may see, newest first, with what is told (not what was left out)."""
    told = EntryLine.objects.filter(left_out=False).select_related("corrects__entry__period")
    entries = ResolutionEntry.objects.filter(period__in=ReportingPeriod.objects.visible_to(user).values("pk"))
    if resolution is not None:
        entries = entries.filter(resolution=resolution)
    found = entries.select_related("period", "resolution").prefetch_related(Prefetch("lines", queryset=told))
    return found.order_by("-period__year", "-period__half")


@dataclass
class Told:
    """What entries tell of one operative paragraph (None: of none by name), newest first."""

    paragraph: OperativeParagraph | None
    number: str
    lines: list[tuple[ReportingPeriod, EntryLine]] = field(default_factory=list)
    reported: list[ReportedParagraph] = field(default_factory=list)


def by_operative_paragraph(
    resolution: Resolution, entries: Iterable[ResolutionEntry], reported: Iterable[ReportedParagraph]
) -> list[Told]:
    """What was told of the resolution, under each operative paragraph that it names; what names none comes last.

    Paragraphs that are named but whose text isn't known stand in order of their numbers.
    """
    paragraphs = {p.number: p for p in resolution.operative_paragraphs.all()}
    found: dict[str, Told] = {number: Told(p, number) for number, p in paragraphs.items()}
    rest = Told(None, "")
    for entry in entries:
        for line in entry.lines.all():
            for number in line.operative:
                found.setdefault(number, Told(None, number)).lines.append((entry.period, line))
            if not line.operative:
                rest.lines.append((entry.period, line))
    for paragraph in reported:
        for number in paragraph.operative:
            found.setdefault(number, Told(None, number)).reported.append(paragraph)
        if not paragraph.operative:
            rest.reported.append(paragraph)
    ordered = sorted(found.values(), key=lambda told: _order(told.number))
    return [*ordered, rest] if rest.lines or rest.reported else ordered


def _order(number: str) -> tuple[int, str]:
    whole, _blank, item = number.partition(" ")
    return int(whole), item
