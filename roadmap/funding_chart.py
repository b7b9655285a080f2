"""The funding as pictures: how far the money reaches, how that came about, and plans beside each other.

Places are per cent as text, from the left, mirrored where people read from the right, as in `roadmap.timeline`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from babel.numbers import format_compact_decimal
from django.utils.translation import get_language, get_language_bidi, to_locale

from roadmap.funding_queries import FundingPosition
from roadmap.ledger import NOTHING
from roadmap.models import CostLine
from roadmap.scenarios import Plan, Row
from roadmap.timeline import Mark, Scale

# From the ground up: what is surest first.
STAGES = ("received", "committed", "pledged")
HEADROOM = Decimal("1.08")
THINNEST = 0.4  # per cent; less would be a hair


@dataclass(frozen=True)
class Part:
    """A piece of a bar, from ``x`` on."""

    name: str
    x: str
    width: str
    usd: Decimal


@dataclass(frozen=True)
class Block:
    """What one stage came to between two days."""

    name: str
    x: str
    width: str
    y: str
    height: str


@dataclass(frozen=True)
class Step:
    """What was required between two days: a line at ``y``, and up to it from ``before`` where it moved."""

    from_x: str
    to_x: str
    y: str
    before: str


@dataclass(frozen=True)
class Level:
    y: str
    label: str


@dataclass(frozen=True)
class Course:
    """The funding over time."""

    blocks: list[Block]
    steps: list[Step]
    ticks: list[Mark]
    levels: list[Level]
    start: str
    anchor: str


def bar_of(position: FundingPosition) -> list[Part]:
    """What is required, by how far it is covered; where more is there than required, all of it."""
    whole = max(position.required, position.mobilised)
    amounts = [(name, getattr(position, name)) for name in STAGES] + [("gap", position.gap)]
    return _parts(amounts, whole)


def _parts(amounts: Sequence[tuple[str, Decimal]], whole: Decimal) -> list[Part]:
    """Side by side from where reading begins."""
    parts, along = [], 0.0
    for name, usd in amounts:
        width = float(100 * usd / whole) if whole else 0.0
        if width:
            left = 100 - along - width if get_language_bidi() else along
            parts.append(Part(name, f"{left:.2f}", f"{width:.2f}", usd))
        along += width
    return parts


def course_of(series: Sequence[FundingPosition]) -> Course | None:
    """The picture of a series of positions; None where nothing is there to draw."""
    top = max((max(each.required, each.mobilised) for each in series), default=NOTHING) * HEADROOM
    if not top:
        return None
    first, last = series[0].at, series[-1].at
    scale = Scale(first, max(last, first + timedelta(days=30)), last)
    blocks: list[Block] = []
    steps: list[Step] = []
    for index, each in enumerate(series):
        until = series[index + 1].at if index + 1 < len(series) else each.at + timedelta(days=1)
        begin, end = scale.at(each.at), scale.at(until)
        begin, end = (100 - end, 100 - begin) if scale.mirrored else (begin, end)
        blocks += _blocks(each, begin, max(end - begin, THINNEST), top)
        before = series[index - 1].required if index else each.required
        from_x, to_x = (end, begin) if scale.mirrored else (begin, end)
        steps.append(Step(f"{from_x:.2f}", f"{to_x:.2f}", _height(each.required, top), _height(before, top)))
    start = "100" if scale.mirrored else "0"
    return Course(blocks, steps, scale.ticks(), _levels(top), start, "end" if scale.mirrored else "start")


def _blocks(position: FundingPosition, x: float, width: float, top: Decimal) -> list[Block]:
    found, ground = [], NOTHING
    for name in STAGES:
        usd: Decimal = getattr(position, name)
        if usd:
            y, height = _height(ground + usd, top), f"{100 * usd / top:.2f}"
            found.append(Block(name, f"{x:.2f}", f"{width:.2f}", y, height))
        ground += usd
    return found


def _height(usd: Decimal, top: Decimal) -> str:
    """From above."""
    return f"{100 - 100 * usd / top:.2f}"


def _levels(top: Decimal) -> list[Level]:
    """Round sums to read heights by, three to six of them."""
    exponent = Decimal(10) ** (len(str(int(top))) - 1)
    step = next(s for s in (exponent * n / 10 for n in (1, 2, 5, 10, 20, 50)) if top / s <= 6)
    locale = to_locale(get_language() or "en")
    found, level = [], step
    while level < top:
        label = format_compact_decimal(level, locale=locale, fraction_digits=1)
        found.append(Level(_height(level, top), label))
        level += step
    return found


@dataclass(frozen=True)
class PlanBar:
    """A scenario as a bar of what is spent on what; all bars are to one scale."""

    plan: Plan
    parts: list[Part]
    number: int


@dataclass(frozen=True)
class Comparison:
    """Scenarios to one scale, with where the money ends."""

    bars: list[PlanBar]
    money: str
    anchor: str
    rows: list["ComparedLine"]


@dataclass(frozen=True)
class ComparedLine:
    """A line, and what becomes of it in each scenario, in their order."""

    line: CostLine
    fates: list[Row]


def compare(plans: Sequence[Plan]) -> Comparison | None:
    """The scenarios side by side; None where there are none, or nothing costs anything."""
    whole = max((max(plan.cost, plan.mobilised) for plan in plans), default=NOTHING)
    if not whole:
        return None
    bars = [
        PlanBar(
            plan, _parts([(kind, plan.by_kind.get(kind, NOTHING)) for kind in CostLine.Kind.values], whole), n
        )
        for n, plan in enumerate(plans, 1)
    ]
    along = float(100 * plans[0].mobilised / whole)
    x = 100 - along if get_language_bidi() else along
    anchor = "start" if x < 12 else "end" if x > 88 else "middle"
    rows = [
        ComparedLine(row.line, [plan.rows[index] for plan in plans])
        for index, row in enumerate(plans[0].rows)
    ]
    return Comparison(bars, f"{x:.2f}", anchor, rows)
