"""Reading the funding: how it stands or stood on a day, and how it came about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from drafts.models import Guidelines
from roadmap.ledger import NOTHING, Ledger
from roadmap.models import BASE, CostChange, FundingTransaction

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class FundingPosition:
    """How the funding stands at the end of the day ``at``, in ``currency``.

    ``pledged``, ``committed`` and ``received`` exclude each other: what became a commitment is no longer counted as
    pledged. ``mobilised`` is all three; ``gap`` what is missing, never below nothing; ``gap_percent`` of what is
    required, to a tenth, None where nothing is.
    """

    at: date
    currency: str
    required: Decimal
    pledged: Decimal
    committed: Decimal
    received: Decimal
    mobilised: Decimal
    gap: Decimal
    gap_percent: Decimal | None


def position_of(
    at: date, required: Decimal, *, pledged: Decimal, committed: Decimal, received: Decimal
) -> FundingPosition:
    """The position that these sums come to."""
    mobilised = pledged + committed + received
    gap = max(required - mobilised, NOTHING)
    percent = (100 * gap / required).quantize(TENTH, ROUND_HALF_UP) if required else None
    return FundingPosition(at, BASE, required, pledged, committed, received, mobilised, gap, percent)


def ledger_of(guidelines: Guidelines) -> Ledger:
    """Everything entered about the funding of ``guidelines``. Two queries."""
    return Ledger(
        CostChange.objects.filter(line__guidelines=guidelines),
        FundingTransaction.objects.filter(guidelines=guidelines),
    )


def position_in(ledger: Ledger, at: date) -> FundingPosition:
    Kind = FundingTransaction.Kind
    totals = ledger.totals(at)
    return position_of(
        at,
        ledger.required(at),
        pledged=totals[Kind.PLEDGE],
        committed=totals[Kind.COMMITMENT],
        received=totals[Kind.RECEIPT],
    )


def funding_position(guidelines: Guidelines, *, at: date) -> FundingPosition:
    """How the funding stood at the end of the day ``at``, from everything known now: estimates and transactions dated
    up to then, what was wrong corrected. What was reported then is in snapshots."""
    return position_in(ledger_of(guidelines), at)


def series_in(ledger: Ledger, until: date) -> list[FundingPosition]:
    days: Iterable[date] = sorted({*(day for day in ledger.days() if day < until), until})
    return [position_in(ledger, day) for day in days]


def funding_series(guidelines: Guidelines, *, until: date) -> list[FundingPosition]:
    """The position at the end of each day on which something changed, and of the day ``until``, in order."""
    return series_in(ledger_of(guidelines), until)
