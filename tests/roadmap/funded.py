"""Makers of funding for tests; they run the real actions."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Country
from drafts.models import Guidelines
from roadmap.actions.cost_lines import add_line
from roadmap.actions.funding import enter_transaction, replace_transaction
from roadmap.actions.rates import enter_rate
from roadmap.actions.scenarios import create_scenario
from roadmap.actions.snapshots import take_snapshot
from roadmap.models import CostLine, ExchangeRate, FundingTransaction

ON = date(2024, 1, 10)


def make_budget(slug: str = "smart-cities") -> Guidelines:
    found, _made = Guidelines.objects.get_or_create(slug=slug, defaults={"title_en": slug, "title": slug})
    return found


def make_line(actor: Any, amount: str = "1000", title: str = "Line", **fields: Any) -> CostLine:
    """One of ``amount`` dollars each from the tenth of January 2024 on, unless told otherwise."""
    fields.setdefault("guidelines", make_budget())
    fields.setdefault("on", ON)
    quantity = Decimal(fields.pop("quantity", "1"))
    return add_line(actor=actor, titles={"en": title}, quantity=quantity, unit_cost=Decimal(amount), **fields)


def make_entry(actor: Any, amount: str = "100", kind: str = "pledge", **fields: Any) -> FundingTransaction:
    """From France, of the tenth of January 2024, public, unless told otherwise."""
    fields.setdefault("guidelines", make_budget())
    fields.setdefault("on", ON)
    if not {"country", "source", "organisation"} & set(fields):
        fields["country"] = Country.objects.get(pk="FRA")
    return enter_transaction(actor=actor, kind=kind, amount=Decimal(amount), **fields)


def replace(actor: Any, entry: FundingTransaction, how: str, **fields: Any) -> FundingTransaction:
    fields.setdefault("reason", "They wrote to us.")
    return replace_transaction(actor=actor, entry=entry, replacement=how, **fields)


def make_rate(actor: Any, per_usd: str = "0.8", *, currency: str = "EUR", on: date = ON) -> ExchangeRate:
    return enter_rate(actor=actor, currency=currency, on=on, per_usd=Decimal(per_usd), source="UN rates")


def funding_for(staff: Any, guidelines: Guidelines) -> dict[str, Any]:
    """One public thing of each kind, for the tables of addresses."""
    line = make_line(staff, "1000", guidelines=guidelines)
    return {
        "cost_line": line.uuid,
        "funding": make_entry(staff, guidelines=guidelines).uuid,
        "rate": make_rate(staff).pk,
        "snapshot": take_snapshot(actor=staff, guidelines=guidelines, titles={"en": "Then"}, on=ON).uuid,
        "scenario": create_scenario(
            actor=staff, guidelines=guidelines, titles={"en": "Leaner"}, public=True
        ).uuid,
    }
