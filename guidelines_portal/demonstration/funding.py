"""The funding of the real road map (HSP/EB.2023/16, para. 11 (a)): what it costs, what France pledged, what is missing.

The source gives the total, the pledge and the gap. How the total is divided into lines, and which of them the leaner
plan gives up, is the demonstration's own, and says so.
"""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Country, User
from drafts.models import Guidelines
from guidelines_portal.demonstration.clock import clock_set_to
from guidelines_portal.demonstration.milestones import REPORTED, noon
from guidelines_portal.demonstration.people import TEXTS
from roadmap.actions.cost_lines import add_line
from roadmap.actions.funding import enter_transaction
from roadmap.actions.scenarios import adopt_proposal, create_scenario, decide_line
from roadmap.actions.snapshots import take_snapshot
from roadmap.models import CostLine, FundingTransaction, Milestone


def load_funding(staff: User, guidelines: Guidelines, milestones: Sequence[Milestone]) -> list[CostLine]:
    """Everything as it was known on the day of the report. ``milestones`` are those of the road map, in its order."""
    texts: dict[str, Any] = json.loads((TEXTS / "funding.json").read_text("utf-8"))
    keys = [entry["key"] for entry in json.loads((TEXTS / "milestones.json").read_text("utf-8"))]
    about = dict(zip(keys, milestones, strict=True))
    on = date.fromisoformat(REPORTED)
    with clock_set_to(noon(REPORTED)):
        lines = {
            entry["key"]: add_line(
                actor=staff,
                guidelines=guidelines,
                titles=entry["titles"],
                units=entry["units"],
                kind=entry["kind"],
                milestone=about.get(entry.get("milestone", "")),
                quantity=Decimal(entry["quantity"]),
                unit_cost=Decimal(entry["unit_cost"]),
                reason=texts["line_reason"],
            )
            for entry in texts["lines"]
        }
        enter_transaction(
            actor=staff,
            guidelines=guidelines,
            kind=FundingTransaction.Kind.PLEDGE,
            on=on,
            amount=Decimal(texts["pledge"]["amount"]),
            country=Country.objects.get(pk=texts["pledge"]["country"]),
            note=texts["pledge"]["note"],
        )
        take_snapshot(actor=staff, guidelines=guidelines, titles=texts["snapshot"], on=on)
        _make_scenarios(staff, guidelines, lines, texts, on)
    return list(lines.values())


def _make_scenarios(
    staff: User, guidelines: Guidelines, lines: dict[str, CostLine], texts: dict[str, Any], on: date
) -> None:
    made = {
        name: create_scenario(
            actor=staff,
            guidelines=guidelines,
            public=True,
            titles=texts[name]["titles"],
            descriptions=texts[name]["descriptions"],
        )
        for name in ("full", "leaner")
    }
    adopt_proposal(actor=staff, scenario=made["leaner"], on=on)
    for entry in texts["leaner"]["decided"]:
        decide_line(
            actor=staff,
            scenario=made["leaner"],
            line=lines[entry["line"]],
            fate="changed",
            quantity=Decimal(entry["quantity"]),
            unit_cost=Decimal(entry["unit_cost"]),
            reason=entry["reason"],
            on=on,
        )
