"""Where words quoted from one wording stand in another one.

The quote's ends follow the word diff of the two wordings: whole sentences that stand in both are met first, so that
a sentence that looks like another one, or that moved, doesn't pull the words between along; then the words between
them, one Han character at a time. What the diff doesn't lead to is at most proposed, by likeness, for a person to
confirm: nothing is ever moved to a lookalike in silence.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq, Levenshtein

from drafts.redline import TOKEN, WORD

State = Literal["exact", "mapped", "proposed", "orphaned"]

# A sentence with the marks and spaces that follow it; joined they give the text.
SENTENCE = re.compile(
    r".+?(?:[.!?;\u061f\u061b](?:\[\^[^\]\s]+\])*(?=\s)|[\u3002\uff01\uff1f\uff1b](?:\[\^[^\]\s]+\])*|\n|\Z)\s*",
    re.S,
)
# Of the letters of a quote's words so many stay where it was edited; below, it was taken out.
KEPT = 0.35
# An edited quote doesn't grow beyond this many times its length and as many characters more.
GROWTH, ROOM = 3, 60
ALIKE = 72.0  # of a hundred, for a proposal
SENTENCE_ALIKE = 0.5  # the share of words by which a sentence is another one, edited
MOST_PAIRS = 1_000  # of sentences compared with one another


@dataclass(frozen=True)
class Carried:
    """Where a quote stands now (code points of the new wording, ``end`` exclusive), and how sure that is.

    ``exact``: its words stand unchanged where they stood; ``mapped``: they were edited in their place;
    ``proposed``: words like them stand elsewhere, or others in their place; ``orphaned``: they were taken out.
    """

    state: State
    start: int | None = None
    end: int | None = None


ORPHANED = Carried("orphaned")


@dataclass(frozen=True)
class _Stretch:
    """Characters of the old and the new wording that answer each other; ``same`` where they are the same.

    ``doubtful`` where the sentence might as well have moved: another one like it crosses its way.
    """

    start: int
    end: int
    new_start: int
    new_end: int
    same: bool
    doubtful: bool = False


class Way:
    """The way from one wording to another; made once for both, asked for each quote."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        self._fine = list(_stretches(old, new))
        self._starts = [stretch.start for stretch in self._fine]
        self._changes = _joined(self._fine, old, new)
        self._change_starts = [change.start for change in self._changes]
        self._tokens = [(m.start(), m.end()) for m in TOKEN.finditer(old) if WORD.search(m[0])]
        self._token_starts = [start for start, _end in self._tokens]

    def carry(self, start: int, end: int) -> Carried:
        """Where ``old[start:end]`` stands in the new wording. Raises ValueError where that is no place in it."""
        if not 0 <= start < end <= len(self._old):
            raise ValueError(f"{start}–{end} is no place in a text of {len(self._old)} characters.")
        quote = self._old[start:end]
        kept = self._kept(start, end)
        new_start, new_end = self._start(start), self._end(end)
        doubtful = self._stretch(start).doubtful or self._stretch(end - 1).doubtful
        if kept == 1 and self._new[new_start:new_end] == quote:
            return Carried("proposed" if doubtful else "exact", new_start, new_end)
        if kept >= KEPT and 0 < new_end - new_start <= GROWTH * len(quote) + ROOM:
            new_start, new_end = _trimmed(self._new, new_start, new_end, quote)
            return Carried("proposed" if doubtful else "mapped", new_start, new_end)
        return self._proposal(start, end)

    # --- Following the diff -------------------------------------------------------------------------------

    def _stretch(self, at: int) -> _Stretch:
        """The stretch that the character ``at`` of the old wording is in."""
        i = bisect_right(self._starts, at) - 1
        while self._fine[i].end <= at:  # an addition starts where the next stretch does
            i += 1
        return self._fine[i]

    def _change(self, at: int) -> _Stretch | None:
        i = bisect_right(self._change_starts, at) - 1
        change = self._changes[i] if i >= 0 else None
        return change if change and change.start <= at < change.end else None

    def _start(self, at: int) -> int:
        stretch = self._stretch(at)
        if stretch.same:
            return stretch.new_start + at - stretch.start
        change = self._change(at)
        if change is not None and change.start == at:
            return change.new_start
        return min(stretch.new_start + at - stretch.start, stretch.new_end)

    def _end(self, at: int) -> int:
        stretch = self._stretch(at - 1)
        if stretch.same:
            return stretch.new_start + at - stretch.start
        change = self._change(at - 1)
        if change is not None and change.end == at:
            return change.new_end
        return min(stretch.new_start + at - stretch.start, stretch.new_end)

    def _kept(self, start: int, end: int) -> float:
        """The share of the quote's letters that the diff kept; signs count where it has no words."""
        first = max(bisect_right(self._token_starts, start) - 1, 0)
        tokens = [
            (max(a, start), min(b, end))
            for a, b in self._tokens[first : bisect_left(self._token_starts, end)]
            if b > start
        ] or [(start, end)]
        kept = sum(b - a for a, b in tokens if self._stretch(a).same)
        return kept / sum(b - a for a, b in tokens)

    # --- Proposing ----------------------------------------------------------------------------------------

    def _proposal(self, start: int, end: int) -> Carried:
        quote = self._old[start:end]
        best: tuple[float, int, int] | None = None
        for change in self._changes:
            added = self._new[change.new_start : change.new_end]
            if len(added) * 2 < len(quote):
                continue
            at = added.find(quote)
            if at >= 0:
                found = (100.0, at, at + len(quote))
            else:
                alike = fuzz.partial_ratio_alignment(quote, added, score_cutoff=ALIKE)
                # A quote longer than what was added is itself searched for it.
                if alike is None or len(quote) > len(added):
                    continue
                found = (alike.score, *_whole_words(added, alike.dest_start, alike.dest_end))
            if best is None or found[0] > best[0]:
                best = (found[0], change.new_start + found[1], change.new_start + found[2])
        if best is not None:
            return Carried("proposed", best[1], best[2])
        for replaced in (self._change(start), self._change(end - 1)):
            if replaced and self._replaces(replaced, start, end):
                return Carried("proposed", replaced.new_start, replaced.new_end)
        return ORPHANED

    def _replaces(self, change: _Stretch, start: int, end: int) -> bool:
        """Whether other words stand in the quote's place, and hardly more was replaced than the quote."""
        around = change.start <= start and end <= change.end <= change.start + 2 * (end - start)
        return around and bool(WORD.search(self._new[change.new_start : change.new_end]))


def _stretches(old: str, new: str) -> Iterator[_Stretch]:
    """Both wordings in order: sentences that stand in both, those that were edited, and what is left of either."""
    at = new_at = 0
    for start, new_start, length in [*_met(old, new), (len(old), len(new), 0)]:
        yield from _between(old[at:start], new[new_at:new_start], at, new_at)
        if length:
            yield _Stretch(start, start + length, new_start, new_start + length, True)
        at, new_at = start + length, new_start + length


def _met(old: str, new: str) -> list[tuple[int, int, int]]:
    """Sentences that stand once in each wording, in the same order: where they begin in both, and their length.

    Where the order differs, those stay that hold the most characters.
    """
    sides = [[(m.start(), m[0].rstrip()) for m in SENTENCE.finditer(side)] for side in (old, new)]
    counts = [Counter(words for _at, words in side) for side in sides]
    places = {words: at for at, words in sides[1] if counts[1][words] == 1}
    pairs = [
        (at, places[words], len(words))
        for at, words in sides[0]
        if counts[0][words] == 1 and words in places and WORD.search(words)
    ]
    return _chain(pairs)


def _chain(pairs: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Of pairs of places (in the old wording's order, with their weight) the heaviest chain in the order of both."""
    best: list[
        tuple[int, int]
    ] = []  # the weight of the heaviest chain that ends with each pair, the one before
    for i, (place, new_place, weight) in enumerate(pairs):
        before = max(
            ((best[j][0], j) for j in range(i) if pairs[j][0] < place and pairs[j][1] < new_place),
            default=(0, -1),
        )
        best.append((before[0] + weight, before[1]))
    chain: list[tuple[int, int, int]] = []
    i = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    while i >= 0:
        chain.append(pairs[i])
        i = best[i][1]
    return chain[::-1]


def _between(old: str, new: str, at: int, new_at: int) -> Iterator[_Stretch]:
    """What stands between two sentences that were met: edited sentences are set against each other."""
    sides = [SENTENCE.findall(side) for side in (old, new)]
    if not old or not new or len(sides[0]) * len(sides[1]) > MOST_PAIRS:
        yield from _of_words(old, new, at, new_at)
        return
    if sides == [[old], [new]]:
        yield from _of_words(old, new, at, new_at)
        return
    alike = _alike(*sides)
    chain = _chain(alike)
    for before, after, doubtful in _groups(sides, chain, alike):
        yield from _of_words(before, after, at, new_at, doubtful)
        at, new_at = at + len(before), new_at + len(after)


def _alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """The pairs of sentences that are alike enough for one to be the other, edited; and how much they share."""
    names: dict[str, int] = {}
    sides = [
        [[names.setdefault(t, len(names)) for t in TOKEN.findall(each) if WORD.search(t)] for each in side]
        for side in (old, new)
    ]
    found = []
    for i, a in enumerate(sides[0]):
        for j, b in enumerate(sides[1]):
            shared = LCSseq.similarity(a, b)
            if shared and 2 * shared >= SENTENCE_ALIKE * (len(a) + len(b)):
                found.append((i, j, shared))
    return found


def _groups(
    sides: Sequence[Sequence[str]],
    chain: Sequence[tuple[int, int, int]],
    alike: Sequence[tuple[int, int, int]],
) -> Iterator[tuple[str, str, bool]]:
    """Both sides' sentences in groups to be compared, and whether a sentence could as well be another's."""
    olds, news = {a for a, _b, _n in chain}, {b for _a, b, _n in chain}
    # Sentences as like each other as those of the chain, which it parts.
    strays = [(x, y) for x, y, _n in alike if x not in olds and y not in news]
    i = j = 0
    for a, b, _shared in [*chain, (len(sides[0]), len(sides[1]), 0)]:
        # Where only one side has sentences between two pairs, they were added or removed, or joined with a
        # neighbour: nothing is lost by leaving them alone, for words that went over are proposed.
        if i < a or j < b:
            yield "".join(sides[0][i:a]), "".join(sides[1][j:b]), False
        if a < len(sides[0]):
            crossed = any((x < a and y > b) or (x > a and y < b) for x, y in strays)
            yield sides[0][a], sides[1][b], crossed
        i, j = a + 1, b + 1


def _of_words(old: str, new: str, at: int, new_at: int, doubtful: bool = False) -> Iterator[_Stretch]:
    """The diff of the words of two stretches that begin at ``at`` and ``new_at``."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    names: dict[str, int] = {}
    ids = [[names.setdefault(token, len(names)) for token in tokens] for tokens in (before, after)]
    ends, new_ends = _ends(before, at), _ends(after, new_at)
    for op in Levenshtein.opcodes(*ids):
        yield _Stretch(
            ends[op.src_start],
            ends[op.src_end],
            new_ends[op.dest_start],
            new_ends[op.dest_end],
            op.tag == "equal",
            doubtful,
        )


def _ends(tokens: Sequence[str], at: int) -> list[int]:
    ends = [at]
    for token in tokens:
        ends.append(ends[-1] + len(token))
    return ends


def _joined(stretches: Sequence[_Stretch], old: str, new: str) -> list[_Stretch]:
    """The changes; those with no more than spaces and signs between them as one, without what both sides of it
    begin or end with in spaces and signs."""
    joined: list[_Stretch] = []
    for stretch in stretches:
        if stretch.same:
            continue
        last = joined[-1] if joined else None
        if last and not WORD.search(old[last.end : stretch.start]):
            joined[-1] = _Stretch(last.start, stretch.end, last.new_start, stretch.new_end, False)
        else:
            joined.append(stretch)
    return [_bare(change, old, new) for change in joined]


def _bare(change: _Stretch, old: str, new: str) -> _Stretch:
    a, b, c, d = change.start, change.end, change.new_start, change.new_end
    while a < b and c < d and old[a] == new[c] and not WORD.match(old[a]):
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1] and not WORD.match(old[b - 1]):
        b, d = b - 1, d - 1
    return _Stretch(a, b, c, d, False)


def _trimmed(text: str, start: int, end: int, quote: str) -> tuple[int, int]:
    """A place without spaces at its ends, where the quote has none."""
    while start < end - 1 and text[start].isspace() and not quote[0].isspace():
        start += 1
    while end - 1 > start and text[end - 1].isspace() and not quote[-1].isspace():
        end -= 1
    return start, end


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A place in ``text``, widened to the words that it cuts, without spaces at its ends."""
    for match in TOKEN.finditer(text):
        if match.start() < start < match.end() and WORD.match(match[0]):
            start = match.start()
        if match.start() < end < match.end() and WORD.match(match[0]):
            end = match.end()
    while start < end - 1 and text[start].isspace():
        start += 1
    while end - 1 > start and text[end - 1].isspace():
        end -= 1
    return start, end
