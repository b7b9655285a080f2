"""The bracketed text of several provisions cut into that of each."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

# How alike (in percent) a paragraph without a number must be to the words of a provision to be taken for it.
ALIKE = 75
_BETWEEN = r"[\s:.：．。)）、،-]*"
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000\t"), " ")
_BRACES = re.compile(r"\{[^{}]*\}|[\[\]\\]")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*(?=\n)")


@dataclass(frozen=True)
class Head:
    """A provision as a text of several names it: ``labels`` that may stand before its words ("33 (a)", "Paragraph
    33 (a)"), its ``title`` that may stand in a line above them, and the ``words`` that stand in the draft."""

    key: str
    labels: tuple[str, ...]
    title: str
    words: str


@dataclass
class Block:
    """What a text says of one provision; ``offset`` is where that begins in the whole. ``by_words``: found by its
    words, no number said so."""

    key: str
    source: str
    offset: int
    by_words: bool = False


@dataclass
class Parts:
    """A text cut up: ``blocks`` in its order, and the paragraphs that belong to no provision, with their offsets."""

    blocks: list[Block] = field(default_factory=list)
    left: list[tuple[str, int]] = field(default_factory=list)


def split(source: str, heads: Sequence[Head]) -> Parts:
    """Cut ``source`` where the provisions of ``heads`` (in reading order) begin.

    A line that is a provision's title, or begins with one of its labels, begins it; where several are called the
    same it is the next one in reading order that wasn't there yet. Paragraphs before the first, and those after an
    empty line where the provision has none, are compared with the words of provisions that weren't named. Nothing
    begins or ends inside a bracket.
    """
    parts = Parts()
    within = _within_brackets(source)
    found = list(_begun(source, heads, within))
    taken = {head.key for head, _begin, _start in found}
    ends = [*(begin for _head, begin, _start in found), len(source)][1:]
    loose = list(_paragraphs(source, 0, found[0][1] if found else len(source), within))
    for (head, _begin, start), end in zip(found, ends, strict=True):
        pieces = list(_paragraphs(source, start, end, within))
        # What follows an empty line that the provision itself doesn't have is something else.
        own = 1 + len(_EMPTY_LINE.findall(head.words)) if head.words else 0
        if pieces[:own]:
            stop = pieces[:own][-1][1] + len(pieces[:own][-1][0])
            parts.blocks.append(Block(head.key, source[pieces[0][1] : stop], pieces[0][1]))
        loose += pieces[own:]
    free = [head for head in heads if head.key not in taken and head.words]
    for said, offset in loose:
        best = _most_alike(said, free)
        if best is None:
            parts.left.append((said, offset))
        else:
            free.remove(best)
            parts.blocks.append(Block(best.key, said, offset, by_words=True))
    parts.blocks.sort(key=lambda block: block.offset)
    return parts


def _begun(source: str, heads: Sequence[Head], within: bytearray) -> Iterator[tuple[Head, int, int]]:
    """The provisions that are named: where their line begins, and where their words do."""
    titles, labels = dict[str, list[int]](), dict[str, list[int]]()
    for i, head in enumerate(heads):
        if head.title:
            titles.setdefault(_folded(head.title), []).append(i)
        for label in head.labels:
            labels.setdefault(_folded(label), []).append(i)
    known = sorted(labels, key=len, reverse=True)
    named = re.compile("|".join(map(re.escape, known)) or r"(?!)")
    taken: set[int] = set()
    last = -1
    for line in re.finditer(r"[^\n]+", source):
        if within[line.start()]:
            continue
        said, start = line[0].lstrip(), line.start()
        folded = _folded(said.rstrip())
        which = _next(titles.get(folded, ()), taken, last)
        after = line.end()
        if which is None and (begun := named.match(_folded(said))):
            # Folding keeps the length of what labels are made of; a letter or digit after it makes it another word.
            rest = re.match(_BETWEEN, said[begun.end() :])
            between = rest[0] if rest else ""
            if between or not said[begun.end() :]:
                which = _next(labels[begun[0]], taken, last)
                after = start + len(line[0]) - len(said) + begun.end() + len(between)
        if which is not None:
            taken.add(which)
            last = which
            yield heads[which], start, after


def _next(candidates: Sequence[int], taken: set[int], last: int) -> int | None:
    free = [i for i in candidates if i not in taken]
    return next((i for i in free if i > last), free[0] if free else None)


def _paragraphs(source: str, start: int, end: int, within: bytearray) -> Iterator[tuple[str, int]]:
    ends = [each.start() for each in _EMPTY_LINE.finditer(source, start, end) if not within[each.start()]]
    for begin, stop in zip([start, *ends], [*ends, end], strict=True):
        said = source[begin:stop].rstrip()
        lead = len(said) - len(said.lstrip())
        if said.strip():
            yield said[lead:], begin + lead


def _within_brackets(source: str) -> bytearray:
    """For every character whether a bracket is open before it; signs after a backslash are letters."""
    within, depth, escaped = bytearray(len(source)), 0, False
    for at, sign in enumerate(source):
        within[at] = depth > 0
        if escaped:
            escaped = False
            continue
        escaped = sign == "\\"
        depth = max(0, depth + (sign == "[") - (sign == "]"))
    return within


def _most_alike(said: str, heads: Sequence[Head]) -> Head | None:
    words = _BRACES.sub("", said)
    scored = ((fuzz.ratio(words, head.words, score_cutoff=ALIKE), -i) for i, head in enumerate(heads))
    score, at = max(scored, default=(0.0, 0))
    return heads[-at] if score else None


def _folded(words: str) -> str:
    return unicodedata.normalize("NFC", words).translate(_SPACES).casefold()
