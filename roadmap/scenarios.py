"""What the money pays for: the proposal for a leaner plan, and what a scenario comes to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from roadmap.ledger import NOTHING, Counted, cents
from roadmap.models import CostLine, FundingScenario, ScenarioChoice

Fate = ScenarioChoice.Fate
ONE = Decimal(1)


@dataclass(frozen=True)
class Money:
    """What can be spent: on anything (``free``), on a line alone (by its key); ``unusable`` is in kind, for no line."""

    free: Decimal
    earmarked: Mapping[int, Decimal]
    unusable: Decimal = NOTHING


@dataclass(frozen=True)
class Proposed:
    """What can be paid of a line when its turn comes: ``quantity`` of what is changed; ``left`` free money before it,
    ``own`` money for it alone; ``cost`` of what is kept of it. All in US dollars."""

    line: CostLine
    fate: Fate
    quantity: Decimal | None
    left: Decimal
    own: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Row:
    """A line in a scenario: what becomes of it, and what it then costs in US dollars."""

    line: CostLine
    fate: Fate
    quantity: Decimal
    unit_cost: Decimal
    cost: Decimal
    choice: ScenarioChoice | None = None


@dataclass(frozen=True)
class Plan:
    """A scenario with its lines in order of priority; what is missing of its cost, by what is mobilised."""

    scenario: FundingScenario
    rows: list[Row]
    mobilised: Decimal
    by_kind: dict[str, Decimal] = field(default_factory=dict)

    @property
    def cost(self) -> Decimal:
        return sum((row.cost for row in self.rows), NOTHING)

    @property
    def gap(self) -> Decimal:
        return max(self.cost - self.mobilised, NOTHING)

    @property
    def saved(self) -> Decimal:
        """Less than the full plan costs."""
        return sum((row.line.amount_usd for row in self.rows), NOTHING) - self.cost

    def consultations(self, fate: Fate) -> list[Row]:
        """The consultations of that fate."""
        return [row for row in self.rows if row.fate == fate and row.line.kind == CostLine.Kind.CONSULTATION]

    @property
    def consultations_unpaid(self) -> list[Row]:
        """The consultations that the money mobilised can't pay for, or not whole, while it is spent in order of
        priority: what falls if the gap stays."""
        left, unpaid = self.mobilised, []
        for row in self.rows:
            if row.cost <= left:
                left -= row.cost
            elif row.line.kind == CostLine.Kind.CONSULTATION:
                unpaid.append(row)
        return unpaid

    @property
    def consultations_lost(self) -> list[Row]:
        return self.consultations(Fate.FALLS)

    @property
    def consultations_cut(self) -> list[Row]:
        return self.consultations(Fate.CHANGED)


def money_in(counted: Iterable[Counted]) -> Money:
    """Everything mobilised, split by what it can pay for. In kind pays for its own line alone."""
    free = unusable = NOTHING
    earmarked: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for each in counted:
        if each.entry.line_id is not None:
            earmarked[each.entry.line_id] += each.usd
        elif each.entry.in_kind:
            unusable += each.usd
        else:
            free += each.usd
    return Money(free, dict(earmarked), unusable)


def propose(lines: Iterable[CostLine], money: Money) -> list[Proposed]:
    """What each line gets when the money is spent in order of priority.

    A line is kept where all of it can be paid; else as many whole units as can be; else it falls, and what is left goes
    on to those after it. Money for a line alone is spent on it first, and on nothing else.
    """
    left, found = money.free, []
    for line in lines:
        own = money.earmarked.get(line.pk, NOTHING)
        fate, quantity, cost = _payable(line, left + own)
        found.append(Proposed(line, fate, quantity, left, own, cost))
        left -= max(cost - own, NOTHING)
    return found


def _payable(line: CostLine, money: Decimal) -> tuple[Fate, Decimal | None, Decimal]:
    if line.amount_usd <= money:
        return Fate.KEPT, None, line.amount_usd
    each = line.amount_usd / line.quantity
    units = (money / each).to_integral_value(ROUND_FLOOR)
    if units < ONE:
        return Fate.FALLS, None, NOTHING
    return Fate.CHANGED, units, cents(each * units)


def plan_of(
    scenario: FundingScenario,
    lines: Iterable[CostLine],
    choices: Mapping[int, ScenarioChoice],
    mobilised: Decimal,
) -> Plan:
    """What ``choices`` (by the key of the line) make of the lines; one without a choice is kept."""
    rows = [_row(line, choices.get(line.pk)) for line in lines]
    by_kind: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for row in rows:
        by_kind[row.line.kind] += row.cost
    return Plan(scenario, rows, mobilised, dict(by_kind))


def _row(line: CostLine, choice: ScenarioChoice | None) -> Row:
    fate = Fate(choice.fate) if choice else Fate.KEPT
    if fate == Fate.FALLS:
        return Row(line, fate, NOTHING, line.unit_cost, NOTHING, choice)
    if fate == Fate.KEPT or choice is None:
        return Row(line, fate, line.quantity, line.unit_cost, line.amount_usd, choice)
    assert choice.quantity is not None and choice.unit_cost is not None
    amount = choice.quantity * choice.unit_cost
    # By the rate that the line itself is estimated with.
    cost = cents(amount / line.rate.per_usd if line.rate else amount)
    return Row(line, fate, choice.quantity, choice.unit_cost, cost, choice)


def same_as_proposed(
    proposed: Proposed | None, fate: str, quantity: Decimal | None, unit_cost: Decimal | None
) -> bool:
    """Whether a decision is what was computed: as many units, at the line's own price."""
    if proposed is None or proposed.fate != fate:
        return False
    return fate != Fate.CHANGED or (proposed.quantity == quantity and proposed.line.unit_cost == unit_cost)


@dataclass(frozen=True)
class Proposal:
    """The proposal as of a day, by the key of the line."""

    on: date
    money: Money
    lines: dict[int, Proposed]
