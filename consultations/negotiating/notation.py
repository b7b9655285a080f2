"""The words of negotiating ("bracketed") text: signs, proposals, and what is wrong with a text that can't be read.

``[words]{AAA+ BBB-}{CCC reserve}``: words in brackets are not agreed; a member state, by its ISO 3166 alpha-3 code,
supports them, opposes them (or asks for their deletion), or reserves its position. Brackets that follow each other
compete. Signs of the notation that are meant as letters are written with a backslash before them; marks of
footnotes (``[^1]``) are no brackets.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from drafts.marks import MARK

_SIGNS = re.compile(r"[\\\[\]{}^]")
ESCAPED = "\\[]{}^"


class Sign(StrEnum):
    """What a member state says to the words of a bracket."""

    SUPPORT = "+"
    OPPOSE = "-"
    RESERVE = "reserve"

    @property
    def of_deletion(self) -> "Sign":
        """The same opinion, said of the deletion of words instead of the words, or the other way round."""
        return {Sign.SUPPORT: Sign.OPPOSE, Sign.OPPOSE: Sign.SUPPORT}.get(self, self)


Positions = Mapping[str, Sign]


@dataclass(frozen=True)
class Proposal:
    """Other words for ``base[start:end]``: none to delete them, an empty range to insert.

    ``positions`` maps codes of member states to what they say of the proposal; ``others`` counts positions that
    are no member state's, which the notation has no place for.
    """

    start: int
    end: int
    words: str
    positions: Positions = field(default_factory=dict)
    others: int = 0

    def wording(self, base: str) -> str:
        """The whole text as it would read: what makes two proposals the same."""
        return base[: self.start] + self.words + base[self.end :]


class NotationError(ValueError):
    """A bracketed text that can't be read. ``line`` and ``column`` count from 1; ``wrong`` says what is wrong
    there and ``remedy`` what to do, in the reader's language."""

    def __init__(self, text: str, offset: int, wrong: str, remedy: str) -> None:
        self.offset = offset
        self.line = text.count("\n", 0, offset) + 1
        self.column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        self.wrong, self.remedy = wrong, remedy
        super().__init__(f"{self.line}:{self.column} {wrong} {remedy}")


def flipped(positions: Positions) -> dict[str, Sign]:
    """Positions on words as positions on their deletion, or the other way round."""
    return {code: sign.of_deletion for code, sign in positions.items()}


def escaped(words: str) -> str:
    """``words`` as letters: with a backslash before every sign of the notation, marks of footnotes excepted."""
    parts, at = [], 0
    for mark in MARK.finditer(words):
        parts += [_SIGNS.sub(r"\\\g<0>", words[at : mark.start()]), _escaped_mark(mark[0])]
        at = mark.end()
    return "".join(parts) + _SIGNS.sub(r"\\\g<0>", words[at:])


def _escaped_mark(mark: str) -> str:
    # A label with a sign in it is no footnote's: its letters are written as letters.
    return _SIGNS.sub(r"\\\g<0>", mark) if _SIGNS.search(mark[2:-1]) else mark


def braces(positions: Positions) -> str:
    """``{AAA+ BBB-}{CCC reserve}``: support first, then opposition, then reservations, each by code."""
    said = [f"{code}{sign}" for sign in (Sign.SUPPORT, Sign.OPPOSE) for code in _having(positions, sign)]
    reserved = [f"{code} {Sign.RESERVE}" for code in _having(positions, Sign.RESERVE)]
    return "".join("{" + " ".join(group) + "}" for group in (said, reserved) if group)


def _having(positions: Positions, sign: Sign) -> list[str]:
    return sorted(code for code, given in positions.items() if given == sign)
