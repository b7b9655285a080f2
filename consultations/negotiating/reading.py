"""From bracketed text to what stands in it."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NoReturn

from django.utils.translation import gettext as _

from consultations.negotiating.notation import ESCAPED, NotationError, Sign
from drafts.marks import MARK

DEEPEST = 12
# "This version represents the conclusions of the discussions held on Monday 3 March 2025"
_HEADER = re.compile(
    r"\s*(?P<line>(?:this\s+(?:version|text|draft)|version|status)\b[^\n\[\]{}]*\b\d{4}\b[^\n\[\]{}]*)\n",
    re.I,
)
_ENTRY = re.compile(r"(?P<code>[^\W\d_]+)\s*(?P<sign>\+|＋|-|−|–|‐|‑|reserves?\b)?", re.I)
_SIGN = {"+": Sign.SUPPORT, "＋": Sign.SUPPORT} | dict.fromkeys("-−–‐‑", Sign.OPPOSE)
_BROKEN_SOFT = re.compile("\u00ad\\s*")
# A PDF gives these for the hyphen at a line's end, whether the word has it or not.
_BROKEN = re.compile("[\ufffe\ufffd]\\s*")
_LINE_END = re.compile(r"[^\S\n]*\n[^\S\n]*")
_STRAY = re.compile(r"^\s+(?=[,;.:،؛，；。])")


@dataclass(frozen=True)
class Text:
    """Words outside of brackets, or of a bracket; ``offset`` is where they begin in what was read."""

    words: str
    offset: int


@dataclass
class Alternative:
    """One bracket: what stands in it, and who says what of it."""

    parts: list["Text | Group"]
    positions: dict[str, Sign]
    offset: int

    @property
    def words(self) -> str:
        """Its words, of brackets inside it those of the first alternative."""
        return words_of(self.parts)


@dataclass
class Group:
    """Brackets that follow each other: they compete for one place."""

    alternatives: list[Alternative] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """A text as read. ``header`` is the line that dates the version, or empty; ``source`` what was read."""

    parts: list[Text | Group]
    header: str
    source: str


def read(source: str, *, codes: Collection[str] | None = None, exact: bool = False) -> Reading:
    """The words and brackets of ``source``.

    ``codes`` are the alpha-3 codes that there are (None: any three capitals). Words that a line's end broke are
    joined, line ends become spaces, and a space between a brace and a comma is dropped; ``exact`` leaves every
    character as it stands and knows no header. Raises ``NotationError``: a bracket or brace that isn't closed or
    opened, positions without a bracket, an unknown code or sign, a member state with two signs on one bracket.
    """
    header = None if exact else _HEADER.match(source)
    reader = _Reader(source, header.end() if header else 0, codes, exact=exact)
    parts, _own = reader.sequence(None, 0)
    return Reading(parts, header["line"].strip() if header else "", source)


def words_of(parts: list[Text | Group]) -> str:
    """The words of a sequence, of each group those of its first alternative."""
    return "".join(part.words if isinstance(part, Text) else part.alternatives[0].words for part in parts)


class _Reader:
    def __init__(self, source: str, at: int, codes: Collection[str] | None, *, exact: bool) -> None:
        self.source, self.at, self.codes, self.exact = source, at, codes, exact

    def sequence(self, opened: int | None, depth: int) -> tuple[list[Text | Group], dict[str, Sign]]:
        """Parts up to the end, or to the bracket that closes the one at ``opened``; and the positions that stand
        before that one: ``[within three years {KEN+}]``."""
        source, parts, own = self.source, list[Text | Group](), dict[str, Sign]()
        words: list[str] = []
        begun = self.at
        while self.at < len(source):
            sign = source[self.at]
            mark = MARK.match(source, self.at)
            if sign == "\\" and source[self.at + 1 : self.at + 2] in tuple(ESCAPED):
                words.append(source[self.at + 1])
                self.at += 2
            elif mark and not set(mark[1]) & set(ESCAPED):
                words.append(mark[0])
                self.at = mark.end()
            elif sign == "[":
                self._flush(parts, words, begun, before_bracket=True)
                alternative = self._bracket(depth + 1)
                if not (parts and isinstance(parts[-1], Group)):
                    parts.append(Group())
                parts[-1].alternatives.append(alternative)  # type: ignore[union-attr]
                words, begun = [], self.at
            elif sign == "]":
                if opened is None:
                    self._wrong(
                        self.at, _("This bracket closes none."), _("Take it out, or open one before it.")
                    )
                self.at += 1
                self._flush(parts, words, begun)
                return parts, own
            elif sign == "{":
                self._closing_positions(opened, own)
            elif sign == "}":
                self._wrong(self.at, _("This brace closes none."), _("Take it out, or open one before it."))
            else:
                words.append(sign)
                self.at += 1
        if opened is not None:
            self._unclosed(opened)
        self._flush(parts, words, begun)
        return parts, own

    def _bracket(self, depth: int) -> Alternative:
        opened = self.at
        if depth > DEEPEST:
            self._wrong(opened, _("Too many brackets stand inside each other."), _("Close some of them."))
        self.at += 1
        parts, positions = self.sequence(opened, depth)
        while (at := self._past_spaces()) < len(self.source) and self.source[at] == "{":
            self.at = at
            self._brace(positions)
        return Alternative(parts, positions, opened)

    def _closing_positions(self, opened: int | None, own: dict[str, Sign]) -> None:
        """Positions that follow words and not a bracket: those of the bracket that closes right after them."""
        at = self.at
        found: dict[str, Sign] = {}
        while self._past_spaces() < len(self.source) and self.source[self._past_spaces()] == "{":
            self.at = self._past_spaces()
            self._brace(found)
        if opened is not None and self._past_spaces() == len(self.source):
            self._unclosed(opened)
        if opened is None or self.source[self._past_spaces()] != "]":
            self._wrong(
                at,
                _("These positions follow no bracket."),
                _("Put the words that they are about into [brackets] before them."),
            )
        self.at = self._past_spaces()
        own.update(found)

    def _brace(self, positions: dict[str, Sign]) -> None:
        """Read ``{AAA+, BBB reserve}`` into ``positions``."""
        opened = self.at
        end = self.source.find("}", opened)
        stop = next(
            (i for i in range(opened + 1, len(self.source)) if self.source[i] in "{[]"), len(self.source)
        )
        if end < 0 or stop < end:
            self._wrong(opened, _("This brace is not closed."), _("Close it with } after the last position."))
        at = opened + 1
        while at < end:
            if self.source[at].isspace() or self.source[at] in ",;،，、":
                at += 1
                continue
            at = self._entry(at, end, positions)
        if at == opened + 1:
            self._wrong(
                opened, _("These braces are empty."), _("Name who says what, as in {FRA+}, or take them out.")
            )
        self.at = end + 1

    def _entry(self, at: int, end: int, positions: dict[str, Sign]) -> int:
        entry = _ENTRY.match(self.source, at, end)
        if entry is None:
            self._wrong(
                at,
                _("“%(words)s” is no position.") % {"words": self.source[at : min(end, at + 20)]},
                _("Write a country’s three letters and +, - or reserve, as in {FRA+ USA- GHA reserve}."),
            )
        code, sign = entry["code"], entry["sign"]
        known = code in self.codes if self.codes is not None else re.fullmatch("[A-Z]{3}", code)
        if not known:
            self._wrong(
                at,
                _("“%(code)s” is no country’s code.") % {"code": code},
                _("Write the three capital letters of ISO 3166, as in FRA."),
            )
        if sign is None:
            self._no_sign(code, entry.end("code"), end)
        meant = _SIGN.get(sign, Sign.RESERVE)
        if positions.setdefault(code, meant) != meant:
            self._wrong(
                at,
                _("%(code)s says two things of the same words.") % {"code": code},
                _("Leave the one that holds."),
            )
        return entry.end()

    def _no_sign(self, code: str, at: int, end: int) -> NoReturn:
        while at < end and self.source[at].isspace():
            at += 1
        if at == end or self.source[at] in ",;":
            wrong = _("It is not said what %(code)s says.") % {"code": code}
        else:
            word = re.compile(r"\w+|.").match(self.source, at, end)
            wrong = _("“%(sign)s” is no sign.") % {"sign": word[0] if word else ""}
        self._wrong(at, wrong, _("Write +, - or reserve after the code."))

    def _past_spaces(self) -> int:
        at = self.at
        while at < len(self.source) and self.source[at].isspace():
            at += 1
        return at

    def _flush(
        self, parts: list[Text | Group], words: list[str], begun: int, *, before_bracket: bool = False
    ) -> None:
        """Add the words read so far; spaces between two brackets are none."""
        said = "".join(words)
        follows = bool(parts) and isinstance(parts[-1], Group)
        if not said or (before_bracket and follows and said.isspace()):
            return
        if not self.exact:
            said = _BROKEN.sub("-", _BROKEN_SOFT.sub("", said))
            said = _LINE_END.sub(lambda ends: "\n" if ends[0].count("\n") > 1 else " ", said)
            said = _STRAY.sub("", said) if follows else said
        if said:
            parts.append(Text(said, begun))

    def _unclosed(self, opened: int) -> NoReturn:
        self._wrong(opened, _("This bracket is not closed."), _("Close it with ] after its last word."))

    def _wrong(self, offset: int, wrong: str, remedy: str) -> NoReturn:
        raise NotationError(self.source, offset, wrong, remedy)
