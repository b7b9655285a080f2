"""Makers of resolutions, periods and what is reported, for tests."""

from typing import Any

from drafts.models import Guidelines
from roadmap.actions.reporting import open_period
from roadmap.actions.resolutions import create_resolution
from roadmap.models import ReportingPeriod, Resolution, ResolutionEntry

PARAGRAPHS = [("1", {"en": "Asks for much."}), ("1 (a)", {"en": "Fairly;"}), ("2", {"en": "Asks for more."})]


def make_resolution(
    actor: Any, session: int = 2, number: int = 1, *, guidelines: Guidelines | None = None, **facts: Any
) -> Resolution:
    facts.setdefault("titles", {"en": f"Resolution of number {number}"})
    facts.setdefault("paragraphs", PARAGRAPHS)
    return create_resolution(
        actor=actor, session=session, number=number, year=2023, guidelines=guidelines, **facts
    )


def make_period(actor: Any, year: int = 2024, half: int = 2, **head: Any) -> ReportingPeriod:
    """The second half of 2024, which is over, unless told otherwise."""
    return open_period(actor=actor, year=year, half=half, **head)


def entry_of(period: ReportingPeriod, resolution: Resolution) -> ResolutionEntry:
    found = ResolutionEntry.objects.select_related("period", "resolution__guidelines")
    return found.get(period=period, resolution=resolution)
