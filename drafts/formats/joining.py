"""How wrapped lines join, and what the page's layout says about where a paragraph ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .labels import chapter, lettered, numbered, section
from .lexicon import Lexicon
from .source import Line

TERMINAL = re.compile(r"[.。!！?？;；:：؛؟…][\"'”’»」』）)\]*]*[\d\s¹²³⁰⁴-⁹]*$")
_ADDRESS_TAIL = re.compile(r"https?://\S*[-/_.?=&%]$")
WIDEST_PAGE = 160  # in half-width columns; no printed page has longer lines


def is_wide(character: str) -> bool:
    """Han characters and full-width signs, between which no blank is written."""
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’…—"


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a closing sign, perhaps followed by a footnote mark."""
    return bool(TERMINAL.search(text))


def has_label(text: str) -> bool:
    """Whether the text begins like a labelled unit."""
    return any(read(text) for read in (numbered, lettered, chapter, section))


class Joiner:
    """Joins the lines of one document, as that document sets its blanks."""

    def __init__(self, text: str, lexicon: Lexicon, *, wide: bool) -> None:
        self.wide = wide
        self._conjunction = re.compile(rf"(?:{lexicon.conjunctions})\b", re.IGNORECASE)
        spaced = len(re.findall(r"[\u3400-\u9fff] (?=\d)|\d (?=[\u3400-\u9fff])", text))
        glued = len(re.findall(r"[\u3400-\u9fff](?=\d)|\d(?=[\u3400-\u9fff])", text))
        self._blank_beside_numbers = spaced > glued

    def glue(self, before: str, after: str) -> str:
        """What stands between the end of one line and the beginning of the next: a blank or nothing."""
        if not before or not after:
            return ""
        last, first = before[-1], after[0]
        if last == "-" and len(before) > 1 and before[-2].isalnum() and first.isalnum():
            return " " if self._conjunction.match(after) else ""
        tail = before.rsplit(None, 1)[-1]
        address = tail[tail.find("http") :] if "http" in tail else ""
        if _ADDRESS_TAIL.match(address) and first.isascii() and not first.isspace():
            return ""
        if not (is_wide(last) or is_wide(first)):
            return "" if self.wide and not (last.isalnum() or first.isalnum()) else " "
        if not self.wide and "“" not in last + first and (last in "”’…—" or first in "“‘…—"):
            return " "
        if self._blank_beside_numbers and {last.isascii() and last.isalnum(), first.isascii()} == {
            True,
            False,
        }:
            other = first if last.isascii() else last
            number = last if last.isascii() else first
            return " " if number.isalnum() and unicodedata.category(other) == "Lo" else ""
        return ""


class Layout:
    """What can be learnt from how the lines are set: their usual width, and what closes a paragraph.

    Text taken from a PDF often keeps one blank at the end of each paragraph and none at a wrapped line. Other texts
    leave an empty line between paragraphs, and others again aren't wrapped at all.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        filled = [line for line in lines if not line.blank]
        widths = sorted(_width(line.text) for line in filled)
        self.width = widths[int(len(widths) * 0.9)] if widths else 0
        self.unwrapped = self.width > WIDEST_PAGE
        pairs = list(zip(filled, filled[1:], strict=False))
        closing = [before for before, after in pairs if has_label(after.text)]
        inner = [before for before, after in pairs if not has_label(after.text)]
        self.blank_closes = (
            len(closing) >= 3 and _share_with_blank(closing) >= 0.7 and _share_with_blank(inner) <= 0.5
        )
        adjacent = [before.number for before, after in pairs if after.number - before.number == 1]
        self._closing: dict[int, bool] = {}
        self._spaced = set()
        if len(adjacent) >= 0.3 * len(pairs):
            self._spaced = {line.number for line in filled} - set(adjacent)

    def closes(self, line: Line) -> bool:
        """Whether a paragraph may end with this line."""
        if self.blank_closes:
            return line.raw[-1:].isspace()
        if line.number not in self._closing:
            closes = ends_sentence(line.text) or line.number in self._spaced or self.is_short(line)
            self._closing[line.number] = closes
        return self._closing[line.number]

    def is_short(self, line: Line) -> bool:
        """Whether the line stops well before the margin."""
        return _width(line.text) < 0.75 * self.width


def _width(text: str) -> int:
    return sum(2 if is_wide(character) else 1 for character in text)


def _share_with_blank(lines: Sequence[Line]) -> float:
    return sum(line.raw[-1:].isspace() for line in lines) / len(lines) if lines else 0.0
