"""Resolutions of the world of pages: a period that is closed, its report issued; the next one, open."""

from datetime import date

from roadmap.actions.board_reports import close_period, issue_report, make_report
from roadmap.actions.reporting import add_line, leave_out, take_proposal
from roadmap.funding_list import budget_of
from roadmap.models import BoardReport
from roadmap.report_proposals import proposals_for
from tests.browser.pages.world_names import LONG, World
from tests.roadmap.reports import entry_of, make_period, make_resolution


def add_reports(world: World) -> None:
    staff = world.people["staff"]
    assert staff
    resolution = make_resolution(
        staff, titles={"en": f"Cities {LONG}"[:300], "ar": "المدن"}, guidelines=budget_of()
    )
    other = make_resolution(staff, number=2)
    head = {"introduction": {"en": LONG}, "session": {"en": "Second session"}, "symbol": "HSP/EB.2024/20"}
    closed = make_period(staff, 2024, 1, **head)
    told = add_line(
        actor=staff, entry=entry_of(closed, resolution), kind="done", words={"en": LONG}, operative=["2", "9"]
    )
    close_period(actor=staff, period=closed)
    issued = issue_report(actor=staff, report=BoardReport.objects.get())
    period = make_period(staff, 2024, 2)
    entry = entry_of(period, resolution)
    line = add_line(actor=staff, entry=entry, kind="constraint", words={"en": LONG}, corrects=told)
    proposals = proposals_for(entry, at=date(2024, 12, 31))
    for n, proposal in enumerate(proposals[:2]):
        if n:
            leave_out(actor=staff, entry=entry, source=proposal.source, reason=LONG)
        else:
            take_proposal(actor=staff, entry=entry, source=proposal.source)
    world.names |= {
        "resolution": resolution.uuid,
        "resolution_silent": other.uuid,
        "entry": entry.uuid,
        "entry_closed": told.entry.uuid,
        "corrected": line.uuid,
        "told_closed": told.uuid,
        "report": issued.uuid,
        "report_working": make_report(actor=staff, period=period, as_of=date(2024, 9, 1)).uuid,
    }
