"""The fifteen resolutions that the secretariat reports on (HSP/EB.2024/20), and the report on the second half of 2024.

What is told of each is put in the demonstration's own words; of resolution 2/1 it is what the demonstration holds:
meetings, milestones and funding as the portal proposes them, with somebody deciding.
"""

import json
from datetime import UTC, date, datetime
from typing import Any

from accounts.models import User
from drafts.models import Guidelines
from guidelines_portal.demonstration.clock import clock_set_to
from guidelines_portal.demonstration.people import TEXTS
from roadmap.actions.board_reports import close_period, issue_report, make_report
from roadmap.actions.milestone_dates import today
from roadmap.actions.reporting import (
    add_line,
    change_entry,
    leave_out,
    open_period,
    take_proposal,
)
from roadmap.actions.resolutions import create_resolution
from roadmap.models import BoardReport, EntryLine, ReportingPeriod, ResolutionEntry
from roadmap.report_proposals import proposals_for

OPENED, CLOSED = datetime(2024, 7, 1, 9, tzinfo=UTC), datetime(2025, 1, 15, 9, tzinfo=UTC)
ENDS = date(2024, 12, 31)
# Which operative paragraphs of 2/1 the kinds of what the portal knows are about: consultations 4, the guidelines 3.
OPERATIVE = {"meeting": ["4"], "round": ["4"], "draft": ["3"], "milestone": ["3"], "funding": ["7"]}
LEFT_OUT = "Told already: the meeting itself stands above."


def load_resolutions(staff: User, guidelines: Guidelines) -> BoardReport:
    """Resolutions, the half-year that is closed and issued, and the present one, open. Returns the issued report."""
    texts: dict[str, Any] = json.loads((TEXTS / "resolutions.json").read_text("utf-8"))
    with clock_set_to(OPENED):
        for entry in texts["resolutions"]:
            _enter(staff, entry, guidelines)
        head = dict(texts["period"])
        period = open_period(actor=staff, **head)
    with clock_set_to(CLOSED):
        for entry in texts["resolutions"]:
            _report_on(staff, period, entry, texts["constraint"])
        period = close_period(actor=staff, period=period)
        report = issue_report(actor=staff, report=make_report(actor=staff, period=period, as_of=ENDS))
    _open_present(staff)
    return report


def _enter(staff: User, entry: dict[str, Any], guidelines: Guidelines) -> None:
    adopted = entry.get("adopted_on")
    create_resolution(
        actor=staff,
        session=entry["session"],
        number=entry["number"],
        titles=entry["titles"],
        year=entry["year"],
        adopted_on=date.fromisoformat(adopted) if adopted else None,
        guidelines=guidelines if (entry["session"], entry["number"]) == (2, 1) else None,
        paragraphs=[(each["number"], each["words"]) for each in entry.get("paragraphs", ())],
    )


def _report_on(
    staff: User, period: ReportingPeriod, entry: dict[str, Any], constraint: dict[str, str]
) -> None:
    row = ResolutionEntry.objects.select_related("period", "resolution__guidelines").get(
        period=period, resolution__session=entry["session"], resolution__number=entry["number"]
    )
    counted = row.resolution.guidelines_id is not None
    change_entry(actor=staff, entry=row, status=entry["status"], counted=counted)
    for kind in ("done", "foreseen"):
        for line in entry[kind]:
            add_line(actor=staff, entry=row, kind=kind, words=line["words"], operative=line["operative"])
    if (why := entry["constraint"]) is not False:
        operative = why if isinstance(why, list) else []
        add_line(
            actor=staff, entry=row, kind=EntryLine.Kind.CONSTRAINT, words=constraint, operative=operative
        )
    _decide(staff, row)


def _decide(staff: User, entry: ResolutionEntry) -> None:
    """Take over what the portal knows; a milestone that a meeting told of already is left out, as a person would."""
    proposals = proposals_for(entry, at=ENDS)
    days = {each.day for each in proposals if each.source.startswith("meeting:")}
    for each in proposals:
        what = each.source.split(":")[0]
        if what == "milestone" and each.kind == EntryLine.Kind.DONE and each.day in days:
            leave_out(actor=staff, entry=entry, source=each.source, reason=LEFT_OUT)
        else:
            take_proposal(actor=staff, entry=entry, source=each.source, operative=OPERATIVE.get(what, []))


def _open_present(staff: User) -> None:
    """The half-year that is under way, in which something is still to be decided."""
    now = today()
    open_period(actor=staff, year=now.year, half=1 if now.month < 7 else 2)
