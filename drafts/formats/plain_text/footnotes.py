"""Footnotes at the foot of a page, also in the middle of a sentence; and notes with asterisks.

A footnote is recognised by its number alone: it is the next expected one, its mark stands earlier on the same page,
and the notes of a page follow each other to the page's end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..joining import Joiner, Layout, ends_sentence, has_label
from ..outline import Unit, footnote_unit
from ..source import Line, Source
from .pages import Pages

LONGEST_PAGE = 250  # lines, empty ones included
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = r"[⁰¹²³⁴-⁹]{1,3}|<sup>\s*\d{1,3}\s*</sup>|\[\d{1,3}\]"
_LABEL = re.compile(
    rf"(?P<raised>{_RAISED})\s*(?=\S)"
    r"|(?P<plain>\d{1,3})[ \t\u00a0\u3000]+(?=\S)"
    r"|(?P<tight>\d{1,3})(?=[^\s\d.,、．)）%/:：A-Za-z-])"
)
_ASTERISKS = re.compile(r"(?:\\?\*){1,3}\s*(?=\S)")
RAISED_MARK = re.compile(_RAISED)


@dataclass
class Zone:
    """The notes at the foot of one page, the text they belong to, and the addresses under them."""

    body_start: int  # offsets of the page's text
    body_end: int
    notes: list[Unit] = field(default_factory=list)
    addresses: list[Line] = field(default_factory=list)


@dataclass
class Footnotes:
    """All zones, the asterisk notes, and the lines that are neither text nor furniture any more."""

    zones: list[Zone] = field(default_factory=list)
    asterisks: list[Line] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)

    def notes(self) -> list[Unit]:
        return [note for zone in self.zones for note in zone.notes]


def number_of(raised: str) -> int:
    """The number of a raised mark: `²³`, `<sup>23</sup>`, `[23]`."""
    return int(re.sub(r"\D", "", raised.translate(SUPERSCRIPTS)))


def has_mark(text: str, number: int, *, strict: bool = True) -> bool:
    """Whether a mark with this number is set in the text: raised, or glued to what it follows.

    Strictly, a number that could as well end another number (`L.2.12`) doesn't count.
    """
    if any(number_of(match[0]) == number for match in RAISED_MARK.finditer(text)):
        return True
    return any(sure or not strict for _match, sure in glued_marks(text, number))


def glued_marks(text: str, number: int) -> list[tuple[re.Match[str], bool]]:
    """Places where the number is glued to the end of a word or sign; and whether it is surely no part of another."""
    pattern = rf"(?<=[^\s\d/(（\[“‘«《$€£¥#№+<>=*\-–—]){number}(?![\d%‰/°A-Za-zА-Яа-я]|[.,:]\d)"
    found = []
    for match in re.finditer(pattern, text):
        before = text[max(0, match.start() - 80) : match.start()]
        word = re.split(r"[\s\u3000-\u303f\uff00-\uff0f“”《》]", before)[-1]
        if "http" in word or word.endswith("第"):
            continue
        decimal = len(word) > 1 and word[-1] in ".,:" and word[-2].isdigit()
        found.append((match, not ("/" in word or decimal)))
    return found


def _label(text: str, number: int) -> int | None:
    """Where the text of footnote `number` begins, if the line opens it."""
    match = _LABEL.match(text)
    if not match:
        return None
    value = number_of(match["raised"]) if match["raised"] else int(match["plain"] or match["tight"])
    return match.end() if value == number else None


class FootnoteReader:
    """Walks through the lines once, page by page."""

    def __init__(self, source: Source, pages: Pages, joiner: Joiner, layout: Layout) -> None:
        self.source, self.pages, self.joiner, self.layout = source, pages, joiner, layout
        self.lines = source.lines
        self.result = Footnotes()
        self.expected = 1
        self._scanned = (0, 0, -1, -1)  # the number looked for, how far, and the last lines with it

    def read(self) -> Footnotes:
        """Find every zone. Lines of notes and their addresses are taken out of the body."""
        body_start = 0
        index = 0
        while index < len(self.lines):
            if not self._opens_zone(index, body_start):
                index += 1
                continue
            zone = Zone(self.lines[body_start].start, self.lines[index].start)
            index = self._read_zone(index, zone)
            self.result.zones.append(zone)
            body_start = index
        return self.result

    def _opens_zone(self, index: int, body_start: int) -> bool:
        line = self.lines[index]
        if line.blank or not self.pages.is_body(index):
            return False
        if self._is_asterisk_note(index):
            return True
        return self._opens_note(index, body_start) and not self._later_opens(index, body_start)

    def _opens_note(self, index: int, body_start: int) -> bool:
        if _label(self.lines[index].text, self.expected) is None:
            return False
        sure, doubtful = self._mark_lines(index, body_start)
        if sure >= 0:
            return True
        return doubtful >= 0 and not self._opens_surely_later(index)

    def _mark_lines(self, index: int, body_start: int) -> tuple[int, int]:
        """The last lines of this page, above `index`, with the expected mark: a sure one, any one. -1 is none."""
        if self._scanned[0] != self.expected or self._scanned[1] < body_start:
            self._scanned = (self.expected, max(body_start, index - LONGEST_PAGE), -1, -1)
        _expected, begin, sure, doubtful = self._scanned
        for i in range(begin, index):
            if self.pages.is_body(i) and has_mark(self.lines[i].text, self.expected, strict=False):
                doubtful = i
                if has_mark(self.lines[i].text, self.expected):
                    sure = i
        self._scanned = (self.expected, index, sure, doubtful)
        first = max(body_start, index - LONGEST_PAGE)
        return (sure if sure >= first else -1), (doubtful if doubtful >= first else -1)

    def _opens_surely_later(self, index: int) -> bool:
        """Whether this note is opened further on, below a mark that leaves no doubt."""
        for later in range(index + 1, min(index + 250, len(self.lines))):
            text = self.lines[later].text
            if text and self.pages.is_body(later) and _label(text, self.expected) is not None:
                return has_mark(self._body_text(index, later), self.expected)
        return False

    def _body_text(self, start: int, end: int) -> str:
        first = max(start, end - LONGEST_PAGE)
        kept = (self.lines[i].text for i in range(first, end) if self.pages.is_body(i))
        return "\n".join(text for text in kept if text)

    def _later_opens(self, index: int, body_start: int) -> bool:
        """A later line of the same page opens this note with as good a right: then the first was wrapped text."""
        for later in range(index + 1, min(index + 120, len(self.lines))):
            if later in self.pages.breaks:
                return False
            text = self.lines[later].text
            if text and self.pages.is_body(later):
                if _label(text, self.expected) is not None:
                    return self._set_off(index) <= self._set_off(later)
                if _label(text, self.expected + 1) is not None and self._marks_next(index, body_start):
                    return False
        return False

    def _set_off(self, index: int) -> tuple[bool, bool]:
        """How much a line looks as if something began there: what is before it ends, a gap is before it."""
        return self._after_closed(index), index > 0 and self.lines[index - 1].blank

    def _after_closed(self, index: int) -> bool:
        """Whether the filled line before this one may end a paragraph."""
        for before in range(index - 1, -1, -1):
            if not self.lines[before].blank:
                return self.layout.closes(self.lines[before])
        return True

    def _marks_next(self, index: int, body_start: int) -> bool:
        return has_mark(self._body_text(body_start, index), self.expected + 1)

    def _is_asterisk_note(self, index: int) -> bool:
        text = self.lines[index].text
        match = _ASTERISKS.match(text)
        if not match or text[match.end() :].startswith("*"):
            return False
        mark = match[0].strip()
        before = self._body_text(max(0, index - 200), index)
        return bool(re.search(rf"(?<=[^\s*\\]){re.escape(mark)}(?!\*)", before))

    def _read_zone(self, index: int, zone: Zone) -> int:
        """Read notes until the page ends; returns the index of the first line after the zone."""
        current: Unit | None = None
        previous: Line | None = None
        start = index
        while index < len(self.lines):
            line = self.lines[index]
            if line.blank:
                index += 1
                continue
            if index in self.pages.addresses:
                zone.addresses.append(line)
                self.result.lines.add(index)
                index += 1
                continue
            if self._zone_ends(index, start, zone, previous):
                break
            begin = self._next_note(index, zone, previous)
            if begin is not None:
                current = footnote_unit(self.expected, line.number)
                zone.notes.append(current)
                self.expected += 1
                self._take(line, begin, current)
            elif self._is_asterisk_note(index):
                self.result.asterisks.append(line)
                self.source.set_aside(range(line.start, line.start + len(line.raw)))
                current = None
            elif current is None:
                break
            else:
                self._take(line, 0, current)
            self.result.lines.add(index)
            previous = line
            index += 1
        return index

    def _next_note(self, index: int, zone: Zone, previous: Line | None) -> int | None:
        """Where the text of the next note begins, if this line opens it and isn't a wrapped line of the last one."""
        begin = _label(self.lines[index].text, self.expected)
        if begin is None or previous is None or self.layout.closes(previous):
            return begin
        body = self.source.text[zone.body_start : zone.body_end]
        if not has_mark(body, self.expected, strict=False):
            return None
        before = self.lines[index]
        for later in range(index + 1, min(index + 60, len(self.lines))):
            if later in self.pages.breaks or later in self.pages.furniture:
                break
            line = self.lines[later]
            if line.blank:
                continue
            if _label(line.text, self.expected) is not None and self.layout.closes(before):
                return None
            before = line
        return begin

    def _zone_ends(self, index: int, start: int, zone: Zone, previous: Line | None) -> bool:
        if index in self.pages.furniture or (index in self.pages.breaks and index != start):
            return True
        line = self.lines[index]
        if zone.addresses:
            return True
        if previous is None or _label(line.text, self.expected) is not None or self._is_asterisk_note(index):
            return False
        if self.layout.unwrapped:
            return self.layout.closes(previous)
        if not self._page_over(previous):
            return False
        return has_label(line.text) or self.layout.is_short(previous)

    def _page_over(self, previous: Line) -> bool:
        return self.layout.closes(previous) and ends_sentence(previous.text)

    def _take(self, line: Line, begin: int, note: Unit) -> None:
        start = line.start + line.indent
        self.source.place(range(start, start + begin))
        fragment = line.text[begin:]
        note.text.add(fragment, start + begin, self.joiner.glue(note.text.tail, fragment))
