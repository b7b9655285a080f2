"""The arithmetic of funding: what is required, promised and received as of a day, nothing counted twice.

A transaction and those that replace it are one thread; on each day one entry of it counts, or none. A pledge that
became a commitment or was received counts with what is left of it. Nothing here asks the database.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from roadmap.models import CostChange, FundingTransaction

NOTHING = Decimal("0.00")
CENT = Decimal("0.01")
MOST_MONEY = Decimal(10) ** 12  # in one entry or line
Kind, Replacement = FundingTransaction.Kind, FundingTransaction.Replacement


def cents(amount: Decimal) -> Decimal:
    """``amount`` to the cent, half a cent upward."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Counted:
    """An entry that counts on a day, and what of it: ``usd`` is what isn't yet counted as something further on."""

    entry: FundingTransaction
    usd: Decimal


class Ledger:
    """All changes of the estimate and all transactions of some guidelines, in any order."""

    def __init__(self, changes: Iterable[CostChange], entries: Iterable[FundingTransaction]) -> None:
        self.changes = sorted(changes, key=lambda change: (change.on, change.pk))
        self._entries = {entry.pk: entry for entry in entries}
        self._replaced_by = {e.replaces_id: e for e in self._entries.values() if e.replaces_id is not None}
        self._root: dict[int, int] = {}
        self._threads = {
            entry.pk: self._thread(entry) for entry in self._entries.values() if entry.replaces_id is None
        }

    def _thread(self, first: FundingTransaction) -> list[FundingTransaction]:
        """What stood in turn: a correction takes the very place of what it corrects."""
        standing: list[FundingTransaction] = []
        entry: FundingTransaction | None = first
        while entry is not None:
            self._root[entry.pk] = first.pk
            if entry.replacement == Replacement.CORRECTION:
                standing.pop()
            standing.append(entry)
            entry = self._replaced_by.get(entry.pk)
        return standing

    def days(self) -> list[date]:
        """The days on which something changed, in order."""
        days = {change.on for change in self.changes}
        return sorted(days | {entry.on for thread in self._threads.values() for entry in thread})

    def estimates(self, at: date) -> dict[int, CostChange]:
        """The estimate that holds at the end of a day, by line; dropped lines are left out."""
        last = {change.line_id: change for change in self.changes if change.on <= at}
        return {line: change for line, change in last.items() if not change.dropped}

    def required(self, at: date) -> Decimal:
        return sum((change.amount_usd for change in self.estimates(at).values()), NOTHING)

    def counted(self, at: date) -> list[Counted]:
        """What counts at the end of a day; what has become something further on wholly is there with nothing left."""
        current: dict[int, FundingTransaction] = {}
        for root, thread in self._threads.items():
            entry = next((each for each in reversed(thread) if each.on <= at), None)
            if entry is not None and entry.amount:
                current[root] = entry
        children: dict[int, list[FundingTransaction]] = defaultdict(list)
        for entry in current.values():
            if entry.fulfils_id is not None:
                children[self._root[entry.fulfils_id]].append(entry)
        return [Counted(entry, _left(entry, children[root])) for root, entry in current.items()]

    def totals(self, at: date) -> dict[str, Decimal]:
        """US dollars by kind (`Kind`), each counted where it has got to."""
        totals: dict[str, Decimal] = dict.fromkeys(Kind.values, NOTHING)
        for counted in self.counted(at):
            totals[counted.entry.kind] += counted.usd
        return totals

    def current_of(self, entry: FundingTransaction) -> FundingTransaction:
        """The entry that stands in the stead of ``entry`` now, or itself."""
        while (later := self._replaced_by.get(entry.pk)) is not None:
            entry = later
        return entry


def _left(entry: FundingTransaction, children: list[FundingTransaction]) -> Decimal:
    """In one currency what is left is counted in it: between two days its rate may have moved."""
    if all(child.currency == entry.currency for child in children):
        left = max(entry.amount - sum((child.amount for child in children), NOTHING), NOTHING)
        return cents(entry.amount_usd * left / entry.amount)
    return max(entry.amount_usd - sum((child.amount_usd for child in children), NOTHING), NOTHING)
