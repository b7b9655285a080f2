"""The source text with an account of every character, and text that remembers where it came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

UNCLAIMED, PLACED, FURNITURE = 0, 1, 2
ADDED = -1  # the origin of a character that the reader put in (a joining blank, a mark's brackets)


@dataclass(frozen=True)
class Line:
    """One line of the source; `start` is the offset of its first character in the whole text."""

    number: int
    start: int
    raw: str

    @property
    def text(self) -> str:
        return self.raw.strip()

    @property
    def blank(self) -> bool:
        return not self.raw or self.raw.isspace()

    @property
    def indent(self) -> int:
        return len(self.raw) - len(self.raw.lstrip())


class Source:
    """The NFC text of a draft. Each non-blank character is claimed exactly once.

    ``text`` has plain blanks alone, so that no rule of reading need know others; ``no_break`` says where others
    stood that are to stay.
    """

    def __init__(self, text: str, invisible: int = 0, no_break: dict[int, str] | None = None) -> None:
        self.text = text
        self.no_break = no_break or {}
        self.invisible = invisible
        self.lines: list[Line] = []
        start = 0
        for number, raw in enumerate(text.split("\n"), start=1):
            self.lines.append(Line(number, start, raw))
            start += len(raw) + 1
        self._starts = [line.start for line in self.lines]
        self._claims = bytearray(len(text))

    def line_at(self, offset: int) -> int:
        """The number of the line that holds this offset."""
        return bisect_right(self._starts, offset)

    def place(self, offsets: Iterable[int]) -> None:
        """Count the characters at these offsets as placed in a provision, its number or the title."""
        self._claim(offsets, PLACED)

    def set_aside(self, offsets: Iterable[int]) -> None:
        """Count the characters at these offsets as furniture."""
        self._claim(offsets, FURNITURE)

    def _claim(self, offsets: Iterable[int], claim: int) -> None:
        for offset in offsets:
            if offset == ADDED or self.text[offset].isspace():
                continue
            if self._claims[offset] != UNCLAIMED:
                raise AssertionError(f"Character {offset} is claimed twice: {self.text[offset]!r}")
            self._claims[offset] = claim

    def still_open(self, offsets: Iterable[int]) -> list[int]:
        """Those of the offsets that nothing has claimed yet."""
        return [offset for offset in offsets if self._claims[offset] == UNCLAIMED]

    def unclaimed(self) -> list[tuple[Line, str]]:
        """Lines holding characters that nothing has claimed, with those characters."""
        return self._lines_with(UNCLAIMED)

    def furniture(self) -> list[tuple[int, str]]:
        """(line number, text) of what was set aside."""
        return [(line.number, text) for line, text in self._lines_with(FURNITURE)]

    def _lines_with(self, claim: int) -> list[tuple[Line, str]]:
        found = []
        for line in self.lines:
            claims = self._claims[line.start : line.start + len(line.raw)]
            if claim not in claims:
                continue
            kept = [
                c if held == claim or c.isspace() else "\0" for c, held in zip(line.raw, claims, strict=True)
            ]
            text = " ".join("".join(kept).replace("\0", "").split())
            if text:
                found.append((line, text))
        return found

    def claim_rest(self) -> list[tuple[Line, str]]:
        """Set aside whatever is left, so that the account always closes; returns what that was."""
        rest = self.unclaimed()
        for line, _text in rest:
            span = range(line.start, line.start + len(line.raw))
            self.set_aside(self.still_open(span))
        return rest

    def characters(self) -> dict[str, int]:
        """Non-blank characters read, placed and set aside."""
        read = sum(not character.isspace() for character in self.text) + self.invisible
        placed = self._claims.count(PLACED)
        return {"read": read, "placed": placed, "furniture": self._claims.count(FURNITURE) + self.invisible}


@dataclass
class Flow:
    """Running text under construction; each character knows its offset in the source."""

    chars: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.chars)

    def __str__(self) -> str:
        return "".join(self.chars)

    def as_written(self, source: Source) -> str:
        """The text with the no-break spaces of its source."""
        if not source.no_break:
            return str(self)
        return "".join(
            source.no_break.get(origin, character) if character == " " else character
            for character, origin in zip(self.chars, self.origins, strict=True)
        )

    @property
    def tail(self) -> str:
        """The last characters: as much as joining a line needs."""
        return "".join(self.chars[-400:])

    def add(self, fragment: str, start: int, glue: str = "") -> None:
        """Append a fragment of the source that begins at `start`; runs of white space become one blank."""
        lead = len(fragment) - len(fragment.lstrip())
        fragment = fragment.strip()
        if not fragment:
            return
        if self.chars:
            self.chars.extend(glue)
            self.origins.extend([ADDED] * len(glue))
        for offset, character in enumerate(fragment, start=start + lead):
            if character.isspace():
                if self.chars[-1] == " ":
                    continue
                character = " "
            self.chars.append(character)
            self.origins.append(offset)

    def extend(self, other: Flow, glue: str = "") -> None:
        """Append another flow."""
        if self.chars and other.chars:
            self.chars.extend(glue)
            self.origins.extend([ADDED] * len(glue))
        self.chars.extend(other.chars)
        self.origins.extend(other.origins)

    def replace(self, start: int, end: int, text: str) -> list[int]:
        """Put `text` in place of a range; returns the offsets of what stood there."""
        offsets = self.origins[start:end]
        self.chars[start:end] = list(text)
        self.origins[start:end] = [ADDED] * len(text)
        return offsets

    def cut(self, at: int) -> Flow:
        """Take everything from `at` on out of this flow and return it."""
        rest = Flow(self.chars[at:], self.origins[at:])
        del self.chars[at:]
        del self.origins[at:]
        return rest
