"""What the trail shows of the road map."""

from typing import Any

from django.urls import reverse

from core.audit import Shown
from core.punctuation import detail
from experts.standing import is_staff
from roadmap.milestone_words import day_words
from roadmap.models import (
    CostLine,
    ExchangeRate,
    FundingScenario,
    FundingSnapshot,
    FundingTransaction,
    Milestone,
)
from roadmap.money_words import amount_words


def milestones(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = Milestone.objects.visible_to(reader).filter(pk__in=keys)
    return {str(m.pk): Shown(m.title, reverse("roadmap:milestone_detail", args=[m.uuid])) for m in found}


def cost_lines(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = CostLine.objects.filter(pk__in=keys)
    return {str(row.pk): Shown(row.title, reverse("roadmap:funding_line", args=[row.uuid])) for row in found}


def transactions(reader: Any, keys: list[str]) -> dict[str, Shown]:
    visible = FundingTransaction.objects.visible_to(reader).filter(pk__in=keys)
    return {
        str(row.pk): Shown(
            f"{row.get_kind_display()}{detail()}{amount_words(row.amount, row.currency)}",
            reverse("roadmap:funding_transaction", args=[row.uuid]),
        )
        for row in visible
    }


def rates(reader: Any, keys: list[str]) -> dict[str, Shown]:
    if not is_staff(reader):
        return {}
    page = reverse("roadmap:funding_rates")
    found = ExchangeRate.objects.filter(pk__in=keys)
    return {str(row.pk): Shown(f"{row.currency}{detail()}{day_words(row.on)}", page) for row in found}


def snapshots(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = FundingSnapshot.objects.filter(pk__in=keys)
    return {
        str(row.pk): Shown(row.title, reverse("roadmap:funding_snapshot", args=[row.uuid])) for row in found
    }


def scenarios(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = FundingScenario.objects.visible_to(reader).filter(pk__in=keys)
    return {
        str(row.pk): Shown(row.title, reverse("roadmap:funding_scenario", args=[row.uuid])) for row in found
    }


SUBJECTS = {
    "roadmap.milestone": milestones,
    "roadmap.costline": cost_lines,
    "roadmap.fundingtransaction": transactions,
    "roadmap.exchangerate": rates,
    "roadmap.fundingsnapshot": snapshots,
    "roadmap.fundingscenario": scenarios,
}
