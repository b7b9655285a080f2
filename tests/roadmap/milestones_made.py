"""Makers of milestones for tests."""

from datetime import date
from typing import Any

from roadmap.actions.milestone_dates import read_dates
from roadmap.actions.milestones import create_milestone
from roadmap.models import Milestone
from roadmap.plan import Dates


def day(text: str) -> date:
    return date.fromisoformat(text)


def on(first: str, last: str = "") -> Dates:
    """``2024-02`` a month, ``2024-02`` to ``2024-05`` whole months, ``2024-04-17`` a day, two days a span."""
    if len(first) == 7:
        start = day(f"{first}-01")
        end = read_dates("forecast", day(f"{last or first}-01"), None, "month")
        assert end is not None and end.end is not None
        made = read_dates("forecast", start, end.end)
    else:
        made = read_dates("forecast", day(first), day(last or first))
    assert made is not None
    return made


def make_milestone(actor: Any, title: str = "Milestone", **plan: Any) -> Milestone:
    """A milestone planned for June 2031 unless told otherwise; runs the real action."""
    plan.setdefault("tentative", on("2031-06"))
    return create_milestone(actor=actor, titles={"en": title}, **plan)
