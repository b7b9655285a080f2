"""What all parts of the body reader share: the lines ahead, the flow being written, and the doubts so far."""

from __future__ import annotations

import re

from ..document import Warning_
from ..joining import Joiner, Layout, ends_sentence
from ..lexicon import Lexicon
from ..outline import Outline, Unit
from ..source import Flow, Line, Source

BULLET = re.compile(r"[•●▪◦‣∙·]\s*(?=\S)|[*\-–—]\s+(?=\S)")


class Desk:
    """The place where lines become units."""

    def __init__(
        self,
        source: Source,
        lines: list[Line],
        joiner: Joiner,
        layout: Layout,
        lexicon: Lexicon,
        outline: Outline,
    ) -> None:
        self.source, self.lines, self.joiner = source, lines, joiner
        self.layout, self.lexicon, self.outline = layout, lexicon, outline
        self.warnings: list[Warning_] = []
        self.position = 0
        self.previous: Line | None = None
        self.flow: Flow | None = None
        self.in_heading = False
        self.loose = False  # in figures and tables no line tells whether it is the last

    def following(self, limit: int = 400) -> list[Line]:
        """The lines after the present one."""
        return self.lines[self.position + 1 : self.position + 1 + limit]

    @property
    def closed(self) -> bool:
        """Whether a new unit may begin here: the line before ended a paragraph, or was a heading."""
        return self.previous is None or self.in_heading or self.loose or self.layout.closes(self.previous)

    @property
    def open_clause(self) -> bool:
        """Whether the line before ends like an item of a list: with a comma, or with "and"."""
        if self.previous is None:
            return False
        text = self.previous.text
        last = text.rsplit(None, 1)[-1]
        return text[-1] in ",，、،" or bool(re.fullmatch(self.lexicon.conjunctions, last, re.IGNORECASE))

    def warn(self, line: int, code: str, message: str) -> None:
        self.warnings.append(Warning_(line, code, message))

    def label(self, line: Line, begin: int, end: int) -> None:
        """The label's characters are placed: they become the unit's number."""
        start = line.start + line.indent
        self.source.place(range(start + begin, start + end))

    def drop(self, line: Line) -> None:
        """The whole line is furniture."""
        self.source.set_aside(range(line.start, line.start + len(line.raw)))

    def begin(self, unit: Unit, line: Line, end: int, *, heading: bool = False) -> Unit:
        """Start writing a unit: its label ends at `end`, the rest of the line is its heading or text."""
        self.label(line, 0, end)
        self.flow = unit.heading if heading else unit.text
        self.in_heading = heading
        self.flow.add(line.text[end:], line.start + line.indent + end)
        return unit

    def write(self, line: Line, glue: str | None = None) -> None:
        """The line continues what is being written."""
        assert self.flow is not None
        if glue is None:
            glue = self.joiner.glue(self.flow.tail, line.text)
        self.flow.add(line.text, line.start + line.indent, glue)

    def bullet(self, line: Line, match: re.Match[str]) -> None:
        """A bullet is a line of its own beginning with `• `."""
        assert self.flow is not None
        sign = Flow(["•", " "], [line.start + line.indent, -1])
        self.flow.extend(sign, "\n")
        self.flow.add(line.text[match.end() :], line.start + line.indent + match.end())

    def continue_text(self, line: Line) -> None:
        """An unlabelled line: more of a heading, more of a text, or a paragraph of its own within the unit."""
        if self.flow is None:
            unit = self.outline.chapter or self.outline.open_preamble(line.number)
            self.flow = unit.text
        if self.in_heading and self._heading_is_over():
            headed = self.outline.last
            assert headed is not None
            self.flow, self.in_heading = headed.text, False
        match = BULLET.match(line.text)
        if match and not self.in_heading and (self.closed or self.layout.blank_closes):
            self.bullet(line, match)
            return
        parted = self.layout.blank_closes and self.previous is not None and self.layout.closes(self.previous)
        parted = parted and not self.in_heading and ends_sentence(self.previous.text if self.previous else "")
        self.write(line, "\n" if parted and self.flow else None)

    def _heading_is_over(self) -> bool:
        if self.previous is None:
            return True
        return self.layout.closes(self.previous)
