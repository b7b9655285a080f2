"""The tree of a draft under construction: units in document order, with keys, numbers and parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .document import DraftUnreadable, FootnoteMark, ParsedProvision
from .labels import letter_of, roman_of
from .source import Flow, Source

MOST_PILLARS = 8


@dataclass
class Unit:
    """A provision under construction. `parent` is the unit it stands in."""

    kind: str
    key: str
    line: int
    number: str = ""
    parent: Unit | None = None
    rank: int = 0
    pillar: int | None = None
    actor: str | None = None
    role: str = ""  # of a heading: "principles" or "actions"
    heading: Flow = field(default_factory=Flow)
    text: Flow = field(default_factory=Flow)
    marks: list[FootnoteMark] = field(default_factory=list)
    notes: list[Unit] = field(default_factory=list)

    def flows(self) -> Iterator[Flow]:
        yield self.heading
        yield self.text


class Outline:
    """Opens units one after another; each finds its parent, key and printed number."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.keys: set[str] = set()
        self.chapter: Unit | None = None
        self.section: Unit | None = None
        self.pillar: Unit | None = None
        self.heading: Unit | None = None
        self.paragraph: Unit | None = None
        self.item: Unit | None = None
        self.table: Unit | None = None
        self.step: Unit | None = None
        self.pillars = 0

    @property
    def last(self) -> Unit | None:
        return self.units[-1] if self.units else None

    def _open(self, unit: Unit) -> Unit:
        base, copy = unit.key, 2
        while unit.key in self.keys:
            unit.key = f"{base}__v{copy}"
            copy += 1
        self.keys.add(unit.key)
        self.units.append(unit)
        return unit

    def _leave(self, *levels: str) -> None:
        for level in levels:
            setattr(self, level, None)

    def open_chapter(self, rank: int, line: int) -> Unit:
        self._leave("section", "pillar", "heading", "paragraph", "item", "table", "step")
        unit = Unit("chapter", f"chp_{rank}", line, roman_of(rank), rank=rank)
        self.chapter = self._open(unit)
        return unit

    def open_preamble(self, line: int) -> Unit:
        self.chapter = self._open(Unit("chapter", "preamble", line))
        return self.chapter

    def open_annex(self, rank: int, line: int) -> Unit:
        unit = self.open_chapter(0, line)
        self.keys.discard(unit.key)
        unit.key, unit.number, unit.rank = f"annex_{rank}", "", rank
        self.keys.add(unit.key)
        return unit

    def open_section(self, rank: int, line: int) -> Unit:
        self._leave("pillar", "heading", "paragraph", "item", "table", "step")
        letter = letter_of(rank)
        prefix = f"{self.chapter.key}__" if self.chapter else ""
        unit = Unit("section", f"{prefix}sec_{letter}", line, letter.upper(), self.chapter, rank)
        self.section = self._open(unit)
        return unit

    def open_pillar(self, line: int, rank: int | None = None) -> Unit:
        """The next pillar: they are counted through, even where the source begins again at 1."""
        self._leave("heading", "paragraph", "item", "table", "step")
        number = rank or self.pillars + 1
        if number > MOST_PILLARS:
            raise DraftUnreadable(
                _("Line %(line)d: a draft has at most %(limit)d pillars; this is number %(number)d.")
                % {"line": line, "limit": MOST_PILLARS, "number": number}
            )
        self.pillars = number
        parent = self.section or self.chapter
        unit = Unit("pillar", f"pillar_{number}", line, str(number), parent, number, number)
        self.pillar = self._open(unit)
        return unit

    def open_heading(self, role: str, line: int) -> Unit:
        """The heading of a pillar's principles or of its actions."""
        self._leave("paragraph", "item", "table", "step")
        assert self.pillar is not None
        rank = 1 + sum(u.kind == "heading" and u.parent is self.pillar for u in self.units)
        unit = Unit("heading", f"{self.pillar.key}__{role}", line, f"({letter_of(rank)})", self.pillar, rank)
        unit.role, unit.pillar = role, self.pillar.rank
        self.heading = self._open(unit)
        return unit

    def open_subheading(self, line: int) -> Unit:
        """A heading without a letter or number, below a section or a pillar."""
        self._leave("paragraph", "item", "table", "step")
        parent = self.pillar or self.section or self.chapter
        rank = 1 + sum(u.kind == "heading" and not u.role and u.parent is parent for u in self.units)
        prefix = f"{parent.key}__" if parent else ""
        unit = Unit("heading", f"{prefix}hdg_{rank}", line, "", parent, rank)
        unit.pillar = self.pillar.rank if self.pillar else None
        self.heading = self._open(unit)
        return unit

    def open_paragraph(self, number: int, line: int) -> Unit:
        self._leave("item", "table", "step")
        if self.heading and self.heading.role == "principles":
            self.heading = None
        parent = self.heading or self.pillar or self.section or self.chapter
        unit = Unit("paragraph", f"para_{number}", line, str(number), parent, number)
        unit.pillar = self.pillar.rank if self.pillar else None
        self.paragraph = self._open(unit)
        return unit

    def open_item(self, rank: int, line: int) -> Unit:
        """A lettered item of the paragraph above; whether it is an action is decided by the actor."""
        assert self.paragraph is not None
        letter = letter_of(rank)
        number = f"{self.paragraph.number} ({letter})"
        unit = Unit("item", f"{self.paragraph.key}__{letter}", line, number, self.paragraph, rank)
        unit.pillar = self.paragraph.pillar
        self.item = self._open(unit)
        return unit

    def open_principle(self, rank: int, line: int) -> Unit:
        assert self.pillar is not None
        letter = letter_of(rank)
        number = f"Principle {self.pillar.number} ({letter})"
        key = f"{self.pillar.key}__principle_{letter}"
        self.item = self._open(
            Unit("principle", key, line, number, self.heading or self.pillar, rank, self.pillar.rank)
        )
        return self.item

    def open_figure(self, rank: int, line: int) -> Unit:
        return self._open(Unit("figure", f"fig_{rank}", line, str(rank), self._block_parent(), rank))

    def open_table(self, rank: int, line: int) -> Unit:
        self._leave("step", "item")
        self.table = self._open(Unit("table", f"table_{rank}", line, str(rank), self._block_parent(), rank))
        return self.table

    def _block_parent(self) -> Unit | None:
        """Figures and tables stand in the chapter, section or pillar: they are not part of a paragraph."""
        return self.pillar or self.section or self.chapter

    def open_step(self, rank: int, line: int) -> Unit:
        self._leave("item", "paragraph")
        parent = self.table or self._block_parent()
        self.step = self._open(Unit("step", f"step_{rank}", line, str(rank), parent, rank))
        return self.step

    def open_step_action(self, step: int, rank: int, line: int) -> Unit:
        assert self.step is not None
        unit = Unit("step_action", f"step_action_{step}_{rank}", line, f"{step}.{rank}", self.step, rank)
        return self._open(unit)

    def open_term(self, rank: int, line: int) -> Unit:
        return self._open(Unit("term", f"term_{rank}", line, str(rank), self.chapter, rank))


def footnote_unit(number: int, line: int) -> Unit:
    """A footnote; it gets its parent when its mark is found."""
    return Unit("footnote", f"fn_{number}", line, str(number), rank=number)


def in_tree_order(units: Iterable[Unit]) -> Iterator[Unit]:
    """Units with their footnotes, so that whatever stands in a unit follows it without a gap.

    That is the order of the source, except where a figure or a table interrupts a list.
    """
    children: dict[int, list[Unit]] = {}
    tops = []
    for unit in units:
        if unit.parent is None:
            tops.append(unit)
        else:
            children.setdefault(id(unit.parent), []).append(unit)
    waiting = tops[::-1]
    while waiting:
        unit = waiting.pop()
        yield unit
        yield from unit.notes
        waiting.extend(reversed(children.get(id(unit), [])))


def provisions_of(units: Iterable[Unit], source: Source) -> list[ParsedProvision]:
    """The finished provisions in document order."""
    return [
        ParsedProvision(
            key=unit.key,
            parent=unit.parent.key if unit.parent else None,
            kind=unit.kind,
            number=unit.number,
            pillar=unit.pillar,
            actor=unit.actor,
            heading=unit.heading.as_written(source).strip(),
            text=unit.text.as_written(source).strip(),
            footnotes=unit.marks,
            line=unit.line,
        )
        for unit in in_tree_order(units)
    ]
