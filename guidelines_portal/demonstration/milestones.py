"""The fifteen milestones of the real road map (HSP/EB.2023/16, para. 10), and how they really went.

Dates are those that the source documents name, entered on the day on which they became known; where they name none,
a milestone that later documents presuppose is stated to be done. Each change says where it is read.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from guidelines_portal.demonstration.clock import clock_set_to
from guidelines_portal.demonstration.people import TEXTS
from roadmap.about import Thing
from roadmap.actions.milestone_dates import read_dates
from roadmap.actions.milestones import change_milestone, create_milestone
from roadmap.models import Kind, Milestone
from roadmap.plan import Dates, Precision

# The day of the report that set the road map out.
REPORTED = "2023-09-19"


def load_milestones(staff: User, things: Mapping[str, Thing]) -> list[Milestone]:
    """The road map as it was planned, then every change in the order in which it came about.

    ``things`` are those of the demonstration that milestones are about, by the names used in the texts. The real dates
    stand against theirs, as a person's word.
    """
    texts: list[dict[str, Any]] = json.loads((TEXTS / "milestones.json").read_text("utf-8"))
    made: dict[str, Milestone] = {}
    with clock_set_to(noon(REPORTED)):
        for entry in texts:
            made[entry["key"]] = create_milestone(
                actor=staff,
                titles=entry["titles"],
                descriptions=entry["descriptions"],
                tentative=_dates(Kind.TENTATIVE, entry["tentative"]),
                depends_on=[made[key] for key in entry["depends_on"]],
            )
    for on, key, change in sorted(_changes(texts), key=lambda each: each[0]):
        about = change.pop("about", "")
        with clock_set_to(noon(on)):
            if about:
                change["about"] = things[about]
            change_milestone(actor=staff, milestone=made[key], **change)
    return list(made.values())


def _changes(texts: list[dict[str, Any]]) -> list[tuple[str, str, dict[str, Any]]]:
    """(day, key, what changes) of everything that came after the plan."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    for entry in texts:
        if "forecast" in entry:
            forecast = _dates(Kind.FORECAST, entry["forecast"])
            change = {"forecast": forecast, "reason": entry["forecast_reason"]}
            found.append((entry["forecast_on"], entry["key"], change))
        change = {"reason": entry["reason"], "about": entry.get("about", "")}
        if "actual" in entry:
            change["actual"] = _dates(Kind.ACTUAL, entry["actual"])
        else:
            change["state"] = entry["state"]
        found.append((entry["on"], entry["key"], change))
    return found


def _dates(kind: str, written: list[str]) -> Dates | None:
    """``["2024-02"]`` is a month, ``["2024-01", "2024-05"]`` whole months, days are days."""
    first, last = written[0], written[-1]
    if len(first) > 7:
        return read_dates(kind, date.fromisoformat(first), date.fromisoformat(last))
    start, until = (
        read_dates(kind, date.fromisoformat(f"{m}-01"), None, Precision.MONTH) for m in (first, last)
    )
    assert start and until
    return read_dates(kind, start.start, until.end)


def noon(day: str) -> datetime:
    """The middle of a day for the secretariat."""
    zone = ZoneInfo(settings.SECRETARIAT_TIME_ZONE)
    return datetime.combine(date.fromisoformat(day), time(12), zone)
