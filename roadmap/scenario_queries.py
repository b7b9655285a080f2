"""Reading scenarios: the proposal as of a day, and plans beside each other."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from drafts.models import Guidelines
from roadmap.funding_queries import ledger_of, position_in
from roadmap.models import CostLine, FundingScenario, ScenarioChoice
from roadmap.scenarios import Plan, Proposal, money_in, plan_of, propose


def standing_lines(guidelines: Guidelines) -> QuerySet[CostLine]:
    """The lines of the estimate as it is, in order of priority."""
    lines = CostLine.objects.filter(guidelines=guidelines, dropped=False)
    return lines.select_related("rate", "milestone").order_by("priority", "pk")


def proposal_for(guidelines: Guidelines, on: date) -> Proposal:
    """What could be paid in order of priority from what is mobilised at the end of the day. Three queries."""
    money = money_in(ledger_of(guidelines).counted(on))
    found = propose(standing_lines(guidelines), money)
    return Proposal(on, money, {each.line.pk: each for each in found})


def plans_for(user: Any, guidelines: Guidelines, on: date, mobilised: Decimal | None = None) -> list[Plan]:
    """The scenarios that the caller may see, each with what it costs and what is missing, as of the day."""
    scenarios = list(FundingScenario.objects.visible_to(user).filter(guidelines=guidelines))
    if not scenarios:
        return []
    if mobilised is None:
        mobilised = position_in(ledger_of(guidelines), on).mobilised
    choices: dict[int, dict[int, ScenarioChoice]] = defaultdict(dict)
    rows = ScenarioChoice.objects.filter(scenario__in=scenarios).select_related("decided_by")
    for choice in rows:
        choices[choice.scenario_id][choice.line_id] = choice
    lines = list(standing_lines(guidelines))
    return [plan_of(scenario, lines, choices[scenario.pk], mobilised) for scenario in scenarios]
