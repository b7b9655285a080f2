"""What readers see of the entries behind the sums: the public ones; of the others only what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from drafts.models import Guidelines
from roadmap.ledger import NOTHING, Ledger
from roadmap.models import CostChange, CostLine, FundingTransaction

# Of fewer givers without name not even their number is told (docs/decisions/0006-small-cells.md).
FEWEST = 3


@dataclass(frozen=True)
class ShownEntry:
    """An entry that counts on the day, with what of it isn't counted as a further step, in US dollars."""

    entry: FundingTransaction
    usd: Decimal


@dataclass(frozen=True)
class Unnamed:
    """What givers without name are counted with: the sum, and how many givers where they are ``FEWEST`` or more."""

    usd: Decimal
    givers: int | None


def budget_of(slug: str = "") -> Guidelines | None:
    """The guidelines of that slug; without one, those begun last. None where there are none."""
    known = Guidelines.objects.order_by("-pk")
    if "\x00" in slug:  # PostgreSQL refuses to look for it
        return None
    return known.filter(slug=slug).first() if slug else known.first()


def seen_entries(user: Any, guidelines: Guidelines) -> QuerySet[FundingTransaction]:
    """Every entry that the caller may see, also what is replaced; the latest day first."""
    visible = FundingTransaction.objects.visible_to(user).filter(guidelines=guidelines)
    return visible.select_related(
        "organisation__country", "country", "line", "rate", "replaces", "replaced_by", "fulfils"
    ).order_by("-on", "-pk")


def entries_on(user: Any, guidelines: Guidelines, ledger: Ledger, at: date) -> list[ShownEntry]:
    """Those that count at the end of the day and that the caller may see. One query."""
    counted = {each.entry.pk: each.usd for each in ledger.counted(at)}
    seen = seen_entries(user, guidelines).filter(pk__in=counted)
    return [ShownEntry(entry, counted[entry.pk]) for entry in seen]


def unnamed_on(guidelines: Guidelines, ledger: Ledger, at: date) -> Unnamed | None:
    """What counts of entries that aren't public; None where there are none. One query."""
    counted = {each.entry.pk: each for each in ledger.counted(at)}
    named = set(
        FundingTransaction.objects.public()
        .filter(guidelines=guidelines, pk__in=counted)
        .values_list("pk", flat=True)
    )
    hidden = [each for pk, each in counted.items() if pk not in named]
    if not hidden:
        return None
    givers = {(e.entry.organisation_id, e.entry.source, e.entry.country_id) for e in hidden}
    usd = sum((each.usd for each in hidden), NOTHING)
    return Unnamed(usd, len(givers) if len(givers) >= FEWEST else None)


@dataclass(frozen=True)
class ShownLine:
    """A line with the estimate that holds on the day, and its bar in per cent of the largest."""

    line: CostLine
    estimate: CostChange
    width: str


def lines_on(guidelines: Guidelines, ledger: Ledger, at: date) -> list[ShownLine]:
    """The estimate at the end of the day, in order of priority. One query."""
    estimates = ledger.estimates(at)
    lines = CostLine.objects.filter(guidelines=guidelines, pk__in=estimates).select_related("milestone")
    largest = max((change.amount_usd for change in estimates.values()), default=NOTHING)
    return [
        ShownLine(line, estimates[line.pk], share(estimates[line.pk].amount_usd, largest))
        for line in lines.order_by("priority", "pk")
    ]


def share(part: Decimal, whole: Decimal) -> str:
    """Per cent for a drawing, with a point whatever the language."""
    return f"{100 * part / whole:.2f}" if whole else "0"


def givers_in(entries: Sequence[ShownEntry]) -> int:
    return len({(e.entry.organisation_id, e.entry.source, e.entry.country_id) for e in entries})
