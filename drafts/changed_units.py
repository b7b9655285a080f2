"""A comparison cut into the pages on which a draft is read: chapters and pillars."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from drafts.comparison import Change, Compared, Comparison, Wording, summary_of
from drafts.models import Provision

MARKED: tuple[Change, ...] = ("changed", "added", "removed", "moved")
WIDTH = 400


@dataclass
class ChangedUnit:
    """A chapter or pillar of either draft with all that stands on its page."""

    here: Wording
    rows: list[Compared] = field(default_factory=list)

    @cached_property
    def summary(self) -> dict[Change, int]:
        return summary_of(self.rows)

    @property
    def changes(self) -> int:
        return sum(self.summary[change] for change in MARKED)


@dataclass(frozen=True)
class Bar:
    """A unit's changes drawn: stretches of one bar, ``(change, start, width)`` in units of its view box."""

    unit: ChangedUnit
    stretches: tuple[tuple[Change, int, int], ...]


def units_of(comparison: Comparison) -> list[ChangedUnit]:
    """The chapters and pillars of both drafts in reading order.

    A pillar's page holds all that belongs to the pillar, a chapter's what stands in it outside the pillars;
    what was removed is on the page it was on.
    """
    units: dict[str, ChangedUnit] = {}
    pillars: dict[int, str] = {}
    for row in comparison.provisions:
        number = row.here.pillar if row.here.kind == Provision.Kind.PILLAR else None
        # Where both drafts have a pillar of that number under two keys, the new one's page takes both.
        if number and (row.new or number not in pillars):
            pillars[number] = row.key
    chapter = ""
    for row in comparison.provisions:
        here = row.here
        if here.kind == Provision.Kind.CHAPTER:
            chapter = here.key
        page = pillars.get(here.pillar, chapter) if here.pillar else chapter
        if here.key == page or page not in units:
            units.setdefault(page or here.key, ChangedUnit(here))
        if here.key == page:
            units[page].here = here
        units[page or here.key].rows.append(row)
    return list(units.values())


def bars_of(units: Sequence[ChangedUnit]) -> list[Bar]:
    """Bars of one scale: the unit with the most changes takes the whole width."""
    most = max((unit.changes for unit in units), default=0)
    bars = []
    for unit in units:
        at, done, stretches = 0, 0, []
        for change in MARKED:
            done += unit.summary[change]
            end = round(WIDTH * done / most) if most else 0
            if end > at:
                stretches.append((change, at, end - at))
                at = end
        bars.append(Bar(unit, tuple(stretches)))
    return bars
