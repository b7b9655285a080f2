"""What is required, promised and received as of a day; nothing counted twice. Without a database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from roadmap.funding_queries import FundingPosition, position_in, series_in
from roadmap.ledger import Ledger
from roadmap.models import CostChange, FundingTransaction

DAY = date(2024, 1, 10)


def change(pk: int, amount: str, on: date = DAY, *, line: int = 1, dropped: bool = False) -> CostChange:
    return CostChange(pk=pk, line_id=line, on=on, amount_usd=Decimal(amount), dropped=dropped)


def entry(pk: int, kind: str, amount: str, on: date = DAY, **fields: Any) -> FundingTransaction:
    usd = fields.pop("usd", amount)
    return FundingTransaction(
        pk=pk, kind=kind, on=on, amount=Decimal(amount), amount_usd=Decimal(usd), **fields
    )


def later(day: int) -> date:
    return date(2024, 2, day)


def sums(ledger: Ledger, at: date) -> tuple[int, int, int]:
    found = position_in(ledger, at)
    return int(found.pledged), int(found.committed), int(found.received)


def test_the_real_figures() -> None:
    """HSP/EB.2023/16, para. 11 (a)."""
    ledger = Ledger([change(1, "1179384")], [entry(1, "pledge", "311700")])
    assert position_in(ledger, DAY) == FundingPosition(
        DAY,
        "USD",
        *(Decimal(n) for n in ("1179384", "311700", "0", "0", "311700", "867684", "73.6")),
    )


def test_a_pledge_that_is_committed_and_received_counts_once() -> None:
    ledger = Ledger(
        [change(1, "1000")],
        [
            entry(1, "pledge", "600"),
            entry(2, "commitment", "400", later(1), fulfils_id=1),
            entry(3, "receipt", "150", later(2), fulfils_id=2),
            entry(4, "receipt", "50", later(3), fulfils_id=1),
        ],
    )
    assert sums(ledger, DAY) == (600, 0, 0)
    assert sums(ledger, later(1)) == (200, 400, 0)
    assert sums(ledger, later(2)) == (200, 250, 150)
    assert sums(ledger, later(3)) == (150, 250, 200)
    assert {position_in(ledger, day).mobilised for day in ledger.days()} == {Decimal(600)}


def test_more_than_was_promised_is_no_debt() -> None:
    ledger = Ledger([], [entry(1, "pledge", "100"), entry(2, "receipt", "130", fulfils_id=1)])
    assert sums(ledger, DAY) == (0, 0, 130)


def test_a_correction_holds_from_the_first_day_and_a_change_from_its_own() -> None:
    pledged = entry(1, "pledge", "100")
    corrected = entry(2, "pledge", "110", replaces_id=1, replacement="correction")
    assert sums(Ledger([], [pledged, corrected]), DAY) == (110, 0, 0)
    changed = entry(2, "pledge", "70", later(5), replaces_id=1, replacement="change")
    ledger = Ledger([], [pledged, changed])
    assert [sums(ledger, day)[0] for day in (DAY, later(4), later(5))] == [100, 100, 70]
    # The change itself was wrong: what was before it stands.
    mended = entry(3, "pledge", "80", later(6), replaces_id=2, replacement="correction")
    ledger = Ledger([], [pledged, changed, mended])
    assert [sums(ledger, day)[0] for day in (DAY, later(5), later(6))] == [100, 100, 80]
    assert ledger.current_of(pledged) is mended


def test_what_is_cancelled_or_was_never_there_counts_no_more() -> None:
    pledged = entry(1, "pledge", "100")
    cancelled = entry(2, "pledge", "0", later(5), replaces_id=1, replacement="cancellation")
    assert [sums(Ledger([], [pledged, cancelled]), d)[0] for d in (later(4), later(5))] == [100, 0]
    mistaken = entry(2, "pledge", "0", replaces_id=1, replacement="correction")
    assert sums(Ledger([], [pledged, mistaken]), DAY) == (0, 0, 0)


def test_what_fulfils_an_entry_fulfils_what_stands_in_its_stead() -> None:
    ledger = Ledger(
        [],
        [
            entry(1, "pledge", "100"),
            entry(2, "pledge", "120", replaces_id=1, replacement="correction"),
            entry(3, "commitment", "50", later(1), fulfils_id=1),
            entry(4, "receipt", "0", later(3), replaces_id=5, replacement="cancellation", fulfils_id=3),
            entry(5, "receipt", "20", later(2), fulfils_id=3),
        ],
    )
    assert sums(ledger, later(2)) == (70, 30, 20)
    assert sums(ledger, later(3)) == (70, 50, 0)


def test_what_is_left_is_counted_in_its_own_currency() -> None:
    euro = {"currency": "EUR"}
    ledger = Ledger(
        [],
        [
            entry(1, "pledge", "100", usd="110", **euro),
            entry(2, "receipt", "100", usd="104", fulfils_id=1, **euro),
        ],
    )
    # All of it came; that the rate fell meanwhile leaves no six dollars pledged.
    assert sums(ledger, DAY) == (0, 0, 104)
    mixed = Ledger(
        [], [entry(1, "pledge", "100", usd="110", **euro), entry(2, "receipt", "104", fulfils_id=1)]
    )
    assert sums(mixed, DAY) == (6, 0, 104)


@pytest.mark.parametrize(
    ("at", "required"), [(date(2024, 1, 9), 0), (DAY, 500), (later(3), 700), (later(5), 400)]
)
def test_requirements_as_of_any_day(at: date, required: int) -> None:
    ledger = Ledger(
        [
            change(4, "0", later(5), line=2, dropped=True),
            change(1, "500"),
            change(3, "300", later(3), line=2),
            change(2, "900", later(3)),
            change(5, "400", later(3)),
        ],
        [],
    )
    assert ledger.required(at) == required


def test_the_gap_is_never_below_nothing_and_has_no_share_of_nothing() -> None:
    rich = position_in(Ledger([change(1, "10")], [entry(1, "receipt", "25")]), DAY)
    assert (rich.gap, rich.gap_percent, rich.mobilised) == (0, 0, 25)
    assert position_in(Ledger([], []), DAY).gap_percent is None


def test_the_series_has_every_day_on_which_something_changed() -> None:
    ledger = Ledger([change(1, "10")], [entry(1, "pledge", "5", later(1)), entry(2, "pledge", "5", later(9))])
    assert [(p.at, p.gap) for p in series_in(ledger, later(5))] == [(DAY, 10), (later(1), 5), (later(5), 5)]
