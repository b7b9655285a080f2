"""Funding of the world of pages: lines, a pledge that was corrected and received, a hidden giver, rates, scenarios."""

from datetime import date
from decimal import Decimal

from roadmap.actions.cost_lines import change_line
from roadmap.actions.scenarios import adopt_proposal, create_scenario, decide_line
from roadmap.actions.snapshots import take_snapshot
from roadmap.funding_list import budget_of
from roadmap.models import Milestone
from tests.browser.pages.world_names import LONG, World
from tests.roadmap.funded import ON, make_entry, make_line, make_rate, replace

LATER = date(2024, 5, 1)


def add_funding(world: World) -> None:
    staff, budget = world.people["staff"], budget_of()
    assert staff and budget
    about = {"guidelines": budget}
    rate = make_rate(staff, "0.92145678")
    meeting = make_line(
        staff,
        "92000",
        f"Meeting {LONG}"[:200],
        kind="consultation",
        milestone=Milestone.objects.first(),
        **about,
    )
    make_line(staff, "9000.50", "Research", kind="research", quantity="12", currency="EUR", **about)
    change_line(actor=staff, line=meeting, unit_cost=Decimal(98000), on=LATER, reason=LONG)
    pledge = make_entry(staff, "80000", **about)
    replace(staff, pledge, "correction", amount=Decimal(85000), reason=LONG)
    entry = make_entry(staff, "30000", "receipt", on=LATER, fulfils=pledge, note=LONG, **about)
    make_entry(
        staff, "4000", source=f"Foundation {LONG}"[:200], currency="EUR", in_kind=True, line=meeting, **about
    )
    hidden = make_entry(staff, "500", source="Unseen", public=False, **about)
    snapshot = take_snapshot(actor=staff, titles={"en": f"Board {LONG}"[:200]}, on=ON, **about)
    scenarios = [
        create_scenario(actor=staff, titles={"en": name}, descriptions={"en": LONG}, public=public, **about)
        for name, public in (("Full plan", True), (f"Leaner {LONG}"[:200], True), ("Unseen", False))
    ]
    adopt_proposal(actor=staff, scenario=scenarios[1], on=LATER)
    decide_line(actor=staff, scenario=scenarios[1], line=meeting, fate="falls", reason=LONG, on=LATER)
    world.names |= {
        "cost_line": meeting.uuid,
        "pledge": pledge.uuid,
        "funding": entry.uuid,
        "funding_hidden": hidden.uuid,
        "rate": rate.pk,
        "snapshot": snapshot.uuid,
        "scenario": scenarios[1].uuid,
        "scenario_hidden": scenarios[2].uuid,
    }
