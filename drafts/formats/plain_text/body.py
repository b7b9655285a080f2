"""The text itself: chapters, sections, pillars, numbered paragraphs and lettered lists."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from .. import labels
from ..actors import settle_actors
from ..joining import ends_sentence, has_label
from ..outline import Outline, Unit
from ..source import Line
from .blocks import BlockReader
from .glossary import GlossaryReader
from .writing import Desk

LONGEST_HEADING = 200
SKIPPED_NUMBERS = 2  # how many paragraph numbers may be missing before a number is taken for text


class BodyReader:
    """Reads line after line; a label counts only where it is the expected next one."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.outline: Outline = desk.outline
        self.lexicon = desk.lexicon
        self.blocks = BlockReader(desk)
        self.glossary: GlossaryReader | None = None
        self._bare_annex: Unit | None = None
        self.chapters = self.sections = self.annexes = self.paragraphs = self.items = 0
        self.roles: set[str] = set()  # headings that the open pillar has already
        self.pillars_here = 0
        lexicon = desk.lexicon
        self._annex = re.compile(
            rf"(?:{lexicon.annex})\s*(?:[IVX]{{1,4}}|\d{{1,2}}|[一二三四五六七八九十]{{1,2}})?\s*(?P<rest>[:：.．–—-]\s*\S.*)?$",
            re.IGNORECASE,
        )
        self._pillar = re.compile(
            rf"(?:{lexicon.pillar})\s*(?P<rank>\d)\s*[:：.．–—-]\s*(?=\S)", re.IGNORECASE
        )

    def read(self) -> None:
        """Read all lines of the desk into its outline."""
        for position, line in enumerate(self.desk.lines):
            self.desk.position = position
            if not self._read_line(line):
                self.desk.continue_text(line)
            self.desk.previous = line
        self.desk.warnings += settle_actors(self.outline.units, self.lexicon)

    def _read_line(self, line: Line) -> bool:
        desk = self.desk
        if self._opens_annex(line) or self._opens_chapter(line):
            return True
        if self._titles_annex(line):
            return True
        if self.glossary:
            self.glossary.read(line)
            return True
        if self._opens_division(line):
            return True
        if self.blocks.read(line):
            return True
        return bool(desk.closed or desk.open_clause or self._only_here(line)) and self._opens_lettered(line)

    def _opens_division(self, line: Line) -> bool:
        return self._opens_section(line) or self._opens_pillar(line) or self._opens_paragraph(line)

    # Headings

    def _heading_like(self, line: Line, end: int) -> bool:
        rest = line.text[end:]
        return (
            self.desk.closed
            and len(rest) <= LONGEST_HEADING
            and not rest.endswith(("。", ";", "；", "，", ","))
        )

    def _opens_annex(self, line: Line) -> bool:
        desk, text = self.desk, line.text
        match = self._annex.match(text)
        bare = not match and self.lexicon.says("glossary", text) and not self.glossary
        bare = bare and (self.outline.last is None or not self.outline.last.key.startswith("annex"))
        if not (match or bare) or not desk.closed or len(text) > LONGEST_HEADING or not self.outline.units:
            return False
        self.annexes += 1
        self.sections = 0
        self.blocks.leave()
        unit = self.outline.open_annex(self.annexes, line.number)
        desk.begin(unit, line, 0, heading=True)
        self._bare_annex = unit if match and not match["rest"] else None
        self.glossary = GlossaryReader(desk) if self._is_glossary(line) else None
        return True

    def _titles_annex(self, line: Line) -> bool:
        """The short line after a bare "Annex" is its title."""
        unit, desk = self.outline.last, self.desk
        if unit is None or unit is not self._bare_annex or desk.flow is not unit.heading:
            return False
        self._bare_annex = None
        if len(line.text) > LONGEST_HEADING or ends_sentence(line.text) or has_label(line.text):
            return False
        desk.write(line, "：" if desk.joiner.wide else ": ")
        return True

    def _is_glossary(self, line: Line) -> bool:
        """The annex is a glossary if its title says so, on this line or on one of the next two."""
        near = [line, *self.desk.following(2)]
        return any(
            self.lexicon.says("glossary", each.text)
            or self.lexicon.says("term_columns", each.text)
            or (each is line and self.lexicon.mentions("glossary", each.text))
            for each in near
        )

    def _opens_chapter(self, line: Line) -> bool:
        label = labels.chapter(line.text)
        if not label or not label.is_(self.chapters + 1) or not self._heading_like(line, label.end):
            return False
        as_section = labels.section(line.text)
        if (
            as_section
            and self.sections
            and as_section.is_(self.sections + 1)
            and self.chapters + 1 != label.values
        ):
            # "I." after "H." is a section; "I." at the beginning is a chapter.
            return False
        self.chapters += 1
        self.sections = self.pillars_here = 0
        self.blocks.leave()
        self.glossary = None
        unit = self.outline.open_chapter(self.chapters, line.number)
        self.desk.begin(unit, line, label.end, heading=True)
        if self.lexicon.says("glossary", line.text[label.end :]):
            self.glossary = GlossaryReader(self.desk)
        return True

    def _opens_section(self, line: Line) -> bool:
        label = labels.section(line.text)
        if not label or not label.is_(self.sections + 1) or not self._heading_like(line, label.end):
            return False
        self.sections += 1
        self.pillars_here = 0
        self.blocks.leave()
        unit = self.outline.open_section(self.sections, line.number)
        self.desk.begin(unit, line, label.end, heading=True)
        return True

    def _in_pillars(self) -> bool:
        for unit in (self.outline.section, self.outline.chapter):
            heading = str(unit.heading) if unit else ""
            if any(self.lexicon.mentions(kind, heading) for kind in ("thematic_pillars", "enabling_pillars")):
                return True
        return False

    def _opens_pillar(self, line: Line) -> bool:
        """`1. Shared prosperity` among the pillars, or `Pillar 1: …` anywhere."""
        text, expected = line.text, {self.pillars_here + 1, self.outline.pillars + 1}
        named = self._pillar.match(text)
        if named and int(named["rank"]) in expected and self._heading_like(line, named.end()):
            end = named.end()
        else:
            label = labels.numbered(text)
            if not label or not self._in_pillars() or not label.values & expected:
                return False
            if ends_sentence(text) or not self._heading_like(line, label.end):
                return False
            end = label.end
        self.pillars_here += 1
        self.items = 0
        self.roles.clear()
        self.blocks.leave()
        unit = self.outline.open_pillar(line.number)
        self.desk.begin(unit, line, end, heading=True)
        return True

    # Paragraphs and lists

    def _opens_paragraph(self, line: Line) -> bool:
        label = labels.numbered(line.text)
        if not label:
            return False
        number = min(label.values)
        skipped = number - self.paragraphs - 1
        if self.paragraphs == 0:
            skipped = 0
        if skipped < 0 or skipped > SKIPPED_NUMBERS or (skipped and not self.desk.closed):
            return False
        if not self.desk.closed and self._comes_later(number):
            return False
        if skipped:
            message = _("Paragraph %(number)d follows paragraph %(before)d: a number is missing.")
            message %= {"number": number, "before": self.paragraphs}
            self.desk.warn(line.number, "number_skipped", message)
        self.paragraphs, self.items = number, 0
        self.blocks.leave()
        unit = self.outline.open_paragraph(number, line.number)
        self.desk.begin(unit, line, label.end)
        return True

    def _comes_later(self, number: int) -> bool:
        """Whether a later line opens this paragraph with better right."""
        before = self.desk.lines[self.desk.position]
        for later in self.desk.following():
            label = labels.numbered(later.text)
            if label and label.is_(number) and self.desk.layout.closes(before):
                return True
            before = later
        return False

    def _only_here(self, line: Line) -> bool:
        """Whether no later line of this list bears the same letter after a closed line."""
        label = labels.lettered(line.text)
        if not label or not label.is_(self.items + 1):
            return False
        before = line
        for later in self.desk.following(80):
            other = labels.numbered(later.text)
            if other and other.is_(self.paragraphs + 1):
                break
            again = labels.lettered(later.text)
            if again and again.values & label.values and self.desk.layout.closes(before):
                return False
            before = later
        return True

    def _opens_lettered(self, line: Line) -> bool:
        if self._opens_role(line):
            return True
        label = labels.lettered(line.text)
        if not label:
            return False
        heading = self.outline.heading
        in_principles = heading is not None and heading.role == "principles"
        in_list = in_principles or self.outline.paragraph is not None
        if in_list and label.is_(self.items + 1):
            self.items += 1
            opened = self.outline.open_principle if in_principles else self.outline.open_item
            self.desk.begin(opened(self.items, line.number), line, label.end)
            return True
        if self.desk.closed and self.desk.flow is not None and not self.desk.in_heading:
            self._doubt_label(line, label, in_list)
            self.desk.write(line, "\n")
            return True
        return False

    def _doubt_label(self, line: Line, label: labels.Label, in_list: bool) -> None:
        if re.fullmatch(r"[(（]?[ivx]+[)）]", label.text, re.IGNORECASE):
            return  # a list within the item
        if in_list:
            message = _("“%(label)s” stands where (%(letter)s) was expected; it is kept as text.")
            message %= {"label": label.text, "letter": labels.letter_of(self.items + 1)}
        else:
            message = _("“%(label)s” stands where no list was expected; it is kept as text.")
            message %= {"label": label.text}
        self.desk.warn(line.number, "label_out_of_order", message)

    def _opens_role(self, line: Line) -> bool:
        """`(a) Principles` and `(b) Actions`, also without a letter."""
        if self.outline.pillar is None or not self.desk.closed:
            return False
        label = labels.lettered(line.text)
        rest = line.text[label.end :] if label else line.text
        for role in ("principles", "actions"):
            if role not in self.roles and self.lexicon.says(role, rest):
                self.items = 0
                self.roles.add(role)
                self.blocks.leave()
                unit = self.outline.open_heading(role, line.number)
                self.desk.begin(unit, line, label.end if label else 0, heading=True)
                return True
        return False
