"""The funding as tables: the estimate, the transactions, the course of the sums; for programs and spreadsheets."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from drafts.models import Guidelines
from drafts.naming import column
from experts.words import LANGUAGES
from roadmap.funding_list import ShownLine, seen_entries
from roadmap.funding_queries import FundingPosition
from roadmap.models import FundingTransaction

TITLES = [column("title", code) for code in LANGUAGES]
Rows = list[list[Any]]


def lines_table(lines: Iterable[ShownLine]) -> Rows:
    heads = ["id", "priority", "kind", *TITLES, "milestone", "quantity", "unit_cost", "currency"]
    return [
        [*heads, "amount_usd", "estimated_from"],
        *(
            [
                *(str(shown.line.uuid), shown.line.priority, shown.line.kind),
                *(getattr(shown.line, title) or "" for title in TITLES),
                str(shown.line.milestone.uuid)
                if shown.line.milestone and shown.line.milestone.public
                else "",
                *(shown.estimate.quantity, shown.estimate.unit_cost, shown.estimate.currency),
                *(shown.estimate.amount_usd, shown.estimate.on.isoformat()),
            ]
            for shown in lines
        ),
    ]


def transactions_table(user: Any, guidelines: Guidelines, *, staff: bool) -> Rows:
    """Every entry that the caller may see, also what is replaced; the note for the secretariat only."""
    heads = ["id", "kind", "iati_type", "date", "amount", "currency", "per_usd", "rate_of", "amount_usd"]
    heads += ["in_kind", "from", "country", "line", "fulfils", "replaces", "replacement", "reason"]
    entries = list(seen_entries(user, guidelines))
    shown = {entry.pk for entry in entries}
    return [
        [*heads, *(["public", "note"] if staff else [])],
        *(_transaction(entry, shown, staff) for entry in entries),
    ]


def _transaction(entry: FundingTransaction, shown: set[int], staff: bool) -> list[Any]:
    rate = entry.rate
    return [
        *(str(entry.uuid), entry.kind, entry.iati_type, entry.on.isoformat(), entry.amount, entry.currency),
        *((rate.per_usd, rate.on.isoformat()) if rate else ("", "")),
        *(entry.amount_usd, "yes" if entry.in_kind else "no", entry.giver, entry.country_id or ""),
        entry.line.title if entry.line else "",
        str(entry.fulfils.uuid) if entry.fulfils and entry.fulfils_id in shown else "",
        str(entry.replaces.uuid) if entry.replaces and entry.replaces_id in shown else "",
        *(entry.replacement, entry.reason),
        *(("yes" if entry.public else "no", entry.note) if staff else ()),
    ]


def course_table(series: Iterable[FundingPosition]) -> Rows:
    names = ("required", "pledged", "committed", "received", "mobilised", "gap")
    return [
        ["date", *names, "gap_percent", "currency"],
        *(
            [
                each.at.isoformat(),
                *(getattr(each, name) for name in names),
                "" if each.gap_percent is None else each.gap_percent,
                each.currency,
            ]
            for each in series
        ),
    ]


def day_of(text: str, today: date) -> date:
    """The day asked for; today for none, for what is none, and for one to come."""
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today
