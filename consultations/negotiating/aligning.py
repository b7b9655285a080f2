"""Bracketed text set against the text it is about: what stands in brackets and what they propose."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from consultations.negotiating.notation import NotationError, Proposal, Sign, flipped
from consultations.negotiating.reading import Alternative, Group, Reading, Text, read
from drafts.marks import MARK

# What a copy of the text may have otherwise: spaces, hyphens at line ends, marks of footnotes, quotation marks.
_SLIGHT = re.compile(MARK.pattern + "|[\\s\u00ad\ufffe\ufffd\u200e\u200f\u2010\u2011-]|.", re.S)
_QUOTES = str.maketrans("’‘“”„«»", '\'\'"""""')
_UNSPACED = re.compile("[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True)
class Understood:
    """One bracket as understood. ``kind``: "stands" (its words are those of the text), "inserts" or "replaces"
    (``standing``) with ``words``, "deletes". ``positions`` are as they were written; ``wording`` is the whole text
    that would be proposed, empty where nothing is. ``offset``, ``line`` and ``column`` say where the bracket begins."""

    kind: str
    words: str
    standing: str
    positions: dict[str, Sign]
    wording: str
    offset: int
    line: int
    column: int


@dataclass
class Understanding:
    """What a bracketed text says of a text: ``brackets`` in reading order; ``proposals``, each wording once."""

    header: str
    brackets: list[Understood] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)


def understand(
    source: str, base: str, *, codes: Collection[str] | None = None, exact: bool = False
) -> Understanding:
    """What ``source`` proposes for ``base``.

    Of every group of brackets one alternative is what stands in ``base``, or none is (all insert). First every
    character has to agree, then (unless ``exact``) all but spaces, hyphens, marks of footnotes and kinds of
    quotation marks. Where words in a bracket stand in the text, it is proposed to delete them: ``-`` asks for that,
    ``+`` is against it; beside alternatives only if one says ``-``. A space beside them goes too.
    ``NotationError`` where ``source`` can't be read or isn't about ``base``; it names the furthest place up to which
    both agree.
    """
    strict = _Alignment(read(source, codes=codes, exact=True), base, exact=True)
    if strict.solve():
        return strict.understanding()
    if exact:
        raise strict.mismatch()
    loose = _Alignment(read(source, codes=codes), base, exact=False)
    if not loose.solve():
        raise loose.mismatch()
    return loose.understanding()


@dataclass
class _Place:
    """A group that stands in the text's own words: its range there, and which alternative those are."""

    group: Group
    start: int
    end: int
    chosen: int | None


_Follow = list[tuple[int, int | None]]


class _Alignment:
    """A search, first alternative first, for the choice of alternatives that gives the text; each state once."""

    def __init__(self, reading: Reading, base: str, *, exact: bool) -> None:
        self.reading, self.base, self.exact = reading, base, exact
        self.target, self.index = (base, list(range(len(base) + 1))) if exact else _squeezed(base)
        self.first_only = any(not each.parts for each in _alternatives(reading.parts))
        self.nodes: list[tuple[Text | Group | None, str, _Follow]] = [(None, "accept", [])]
        self.path: list[tuple[int, int, int | None]] = []
        self.furthest = (0, 0)
        self.begin = self._compile(reading.parts, 0)

    def _compile(self, parts: list[Text | Group], follow: int) -> int:
        for part in reversed(parts):
            if isinstance(part, Text):
                self.nodes.append(
                    (part, part.words if self.exact else _squeezed(part.words)[0], [(follow, None)])
                )
            else:
                self.nodes.append((part, "end", [(follow, None)]))
                end = len(self.nodes) - 1
                options: _Follow = [
                    (self._compile(each.parts, end), i) for i, each in enumerate(part.alternatives)
                ]
                if self.first_only:
                    options = options[:1]
                else:
                    options.insert(1, (end, None))
                self.nodes.append((part, "choice", options))
            follow = len(self.nodes) - 1
        return follow

    def solve(self) -> bool:
        """Find the choice, or how far it went."""
        stack: list[tuple[int, int, tuple[int, int] | None, int | None]] = [(self.begin, 0, None, None)]
        came: dict[tuple[int, int], tuple[tuple[int, int] | None, int | None]] = {}
        while stack:
            node, at, before, chosen = stack.pop()
            if (node, at) in came:
                continue
            came[node, at] = (before, chosen)
            part, words, options = self.nodes[node]
            if node == 0:
                if at == len(self.target):
                    self._trace(came, (node, at))
                    return True
                self.furthest = max(self.furthest, (at, len(self.reading.source)))
                continue
            if isinstance(part, Text):
                if not self.target.startswith(words, at):
                    self._note(part, words, at)
                    continue
                at += len(words)
            here = (node, at - len(words) if isinstance(part, Text) else at)
            stack += [(follow, at, here, choice) for follow, choice in reversed(options)]
        return False

    def _note(self, part: Text, words: str, at: int) -> None:
        same = 0
        for a, b in zip(words, self.target[at:], strict=False):
            if a != b:
                break
            same += 1
        # How many characters of the source those are is found by leaving out the same ones again.
        offset = part.offset + (same if self.exact else _length(part.words, same))
        self.furthest = max(self.furthest, (at + same, offset))

    def _trace(self, came: dict, end: tuple[int, int]) -> None:
        step: tuple[int, int] | None = end
        choice: int | None = None
        while step is not None:
            self.path.append((*step, choice))
            step, choice = came[step]
        self.path.reverse()

    def mismatch(self) -> NotationError:
        at, offset = self.furthest
        begin = self.index[min(at, len(self.index) - 1)] if self.index else 0
        expected = self.base[begin : begin + 40] or _("the end")
        return NotationError(
            self.reading.source,
            min(offset, len(self.reading.source)),
            _(
                "From here the words outside of the brackets are not those of the text, which goes on: “%(words)s”."
            )
            % {"words": expected},
            _(
                "Paste the words of this provision as they stand in the draft, and put what is new into brackets."
            ),
        )

    def places(self) -> Iterator[_Place]:
        """The groups along the way, in reading order."""
        found: list[_Place] = []
        open_: list[_Place] = []
        for node, at, choice in self.path:
            part, what, _options = self.nodes[node]
            if not isinstance(part, Group):
                continue
            if what == "choice":
                found.append(_Place(part, at, at, choice))
                open_.append(found[-1])
            else:
                open_.pop().end = at
        return iter(found)

    def understanding(self) -> Understanding:
        result = Understanding(self.reading.header)
        merged: dict[str, Proposal] = {}
        for place in self.places():
            start, end = self._range(place)
            for i, each in enumerate(place.group.alternatives):
                for bracket, proposal in self._of(place, i, each, start, end):
                    result.brackets.append(bracket)
                    if proposal is not None:
                        wording = proposal.wording(self.base)
                        first = merged.get(wording)
                        positions = {**first.positions, **proposal.positions} if first else proposal.positions
                        kept = first or proposal
                        merged[wording] = Proposal(kept.start, kept.end, kept.words, positions)
        result.proposals = list(merged.values())
        return result

    def _of(
        self, place: _Place, i: int, each: Alternative, start: int, end: int
    ) -> Iterator[tuple[Understood, Proposal | None]]:
        standing = self.base[start:end]
        if i == place.chosen:
            alone = len(place.group.alternatives) == 1
            proposal = None
            if start < end and (alone or Sign.OPPOSE in each.positions.values()):
                proposal = Proposal(*self._deleted(start, end), "", flipped(each.positions))
            if start < end:
                yield self._bracket("stands", each, standing, standing, each.positions, proposal), proposal
            return
        for words, positions in _variants(each):
            if words:
                proposal = Proposal(*self._put(start, end, words), positions)
            else:
                proposal = Proposal(*self._deleted(start, end), "", positions)
            if proposal.wording(self.base) == self.base:
                proposal = None
            kind = "deletes" if not words else "replaces" if start < end else "inserts"
            yield self._bracket(kind, each, words, standing, positions, proposal), proposal

    def _bracket(
        self,
        kind: str,
        each: Alternative,
        words: str,
        standing: str,
        positions: dict[str, Sign],
        proposal: Proposal | None,
    ) -> Understood:
        where = NotationError(self.reading.source, each.offset, "", "")
        wording = proposal.wording(self.base) if proposal else ""
        return Understood(kind, words, standing, positions, wording, each.offset, where.line, where.column)

    def _range(self, place: _Place) -> tuple[int, int]:
        if self.exact or not self.index:
            return place.start, place.end
        if place.start < place.end:
            return self.index[place.start], self.index[place.end - 1] + 1
        return (self.index[place.start],) * 2

    def _deleted(self, start: int, end: int) -> tuple[int, int]:
        return (start, end) if self.exact and self.first_only else deleted(self.base, start, end)

    def _put(self, start: int, end: int, words: str) -> tuple[int, int, str]:
        """Where words go and with which spaces, where spaces weren't said."""
        words = words if self.exact else words.strip()
        if self.exact or start < end or _UNSPACED.search(words[-1:]):
            return start, end, words
        if start == len(self.base) or not (start == 0 or self.base[start - 1].isspace()):
            return start, end, f" {words}" if start else words
        return start, end, f"{words} "


def deleted(base: str, start: int, end: int) -> tuple[int, int]:
    """What goes where the words ``base[start:end]`` do: with them one of the spaces around, the one after them first;
    no more where the bracket itself holds a space at an end."""
    if start == end or base[start].isspace() or base[end - 1].isspace():
        return start, end
    before = start == 0 or base[start - 1].isspace()
    if before and base[end : end + 1].isspace():
        return start, end + 1
    return (start - 1, end) if start and before else (start, end)


def _variants(each: Alternative) -> list[tuple[str, dict[str, Sign]]]:
    """The wordings of a bracket that doesn't stand in the text: with the first alternative of every bracket inside
    it, and once with each other one."""
    found = {each.words: dict(each.positions)}
    for part, rebuilt in _inner(each.parts):
        for other in part.alternatives:
            found.setdefault(rebuilt(other), {}).update(other.positions)
    return list(found.items())


def _inner(parts: list[Text | Group]) -> Iterator[tuple[Group, Callable[[Alternative], str]]]:
    said = [part.words if isinstance(part, Text) else part.alternatives[0].words for part in parts]
    for i, part in enumerate(parts):
        if isinstance(part, Group):
            yield part, lambda other, i=i: "".join([*said[:i], other.words, *said[i + 1 :]])  # type: ignore[misc]


def _alternatives(parts: list[Text | Group]) -> Iterator[Alternative]:
    for part in parts:
        if isinstance(part, Group):
            for each in part.alternatives:
                yield each
                yield from _alternatives(each.parts)


def _squeezed(words: str) -> tuple[str, list[int]]:
    """``words`` without what a copy may have otherwise, and where each character left stands in them; at the end
    the end of the last one."""
    kept, index, end = [], [], 0
    for piece in _SLIGHT.finditer(words):
        said = piece[0]
        if len(said) > 1 or _SLIGHT_ONLY.fullmatch(said):
            continue
        kept.append(said.translate(_QUOTES))
        index.append(piece.start())
        end = piece.end()
    return "".join(kept), [*index, end]


_SLIGHT_ONLY = re.compile("[\\s\u00ad\ufffe\ufffd\u200e\u200f\u2010\u2011-]")


def _length(words: str, squeezed: int) -> int:
    _kept, index = _squeezed(words)
    return index[min(squeezed, len(index) - 1)]
