"""What changed between two wordings, word by word. Exact: the pieces joined give both texts to the character."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

# One token: a footnote mark; a Han character; a word of any other script with its vowel signs and apostrophes;
# a run of spaces; any other character.
TOKEN = re.compile(
    r"\[\^[^\]\s]+\]"
    r"|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff](?:[^\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[\u0300-\u036f\u064b-\u065f\u0670]|['\u2019](?=[^\W_]))*"
    r"|\s+"
    r"|."
)
SENTENCE_ENDS = frozenset(".!?;:。！？；：؟؛")
WORD = re.compile(r"[^\W_]")

Kind = Literal["same", "removed", "added"]


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stands in both wordings, in the old one only, or in the new one only."""

    kind: Kind
    text: str


@dataclass
class _Edit:
    """Old and new tokens of one stretch; the same on both sides where nothing changed."""

    old: list[str]
    new: list[str]
    changed: bool


def redline(old: str, new: str) -> list[Piece]:
    """The pieces from ``old`` to ``new`` in reading order; of a replacement the removed words come first.

    Joining all but the added pieces gives ``old``, joining all but the removed ones ``new``. The same input
    gives the same pieces everywhere.
    """
    pieces: list[Piece] = []
    for edit in _slid(_readable(_edits(TOKEN.findall(old), TOKEN.findall(new)))):
        if edit.changed:
            pieces += [Piece("removed", "".join(edit.old))] if edit.old else []
            pieces += [Piece("added", "".join(edit.new))] if edit.new else []
        else:
            pieces.append(Piece("same", "".join(edit.old)))
    return pieces


def _edits(old: Sequence[str], new: Sequence[str]) -> list[_Edit]:
    names: dict[str, int] = {}
    before = [names.setdefault(token, len(names)) for token in old]
    after = [names.setdefault(token, len(names)) for token in new]
    return [
        _Edit(list(old[op.src_start : op.src_end]), list(new[op.dest_start : op.dest_end]), op.tag != "equal")
        for op in Levenshtein.opcodes(before, after)
    ]


def _readable(edits: list[_Edit]) -> list[_Edit]:
    """Neighbouring changes as one. What stands between two changes is taken into them where it is no more than
    spaces and signs, or less than what changed on either side: three words replaced read better than three
    replacements of one word each."""
    joined: list[_Edit] = []
    for edit in edits:
        if edit.changed and joined and joined[-1].changed:
            _append(joined[-1], edit)
        elif edit.changed and len(joined) > 1 and _is_slight(joined[-1], joined[-2], edit):
            between = joined.pop()
            _append(joined[-1], between)
            _append(joined[-1], edit)
        else:
            joined.append(_Edit(list(edit.old), list(edit.new), edit.changed))
    return joined


def _slid(edits: list[_Edit]) -> list[_Edit]:
    """Whole words added or removed are set where they begin or end with a space, and a sentence after the full
    stop of the one before: "understand.{+ And more.+}", not "understand{+. And more+}."."""
    for before, edit, after in zip(edits, edits[1:], edits[2:], strict=False):
        if not edit.changed or bool(edit.old) == bool(edit.new):
            continue
        tokens = edit.old or edit.new
        # As far as it can be slid without changing either text: first to the left, then to the right.
        left = [*before.old]
        room = [*after.old]
        shift, best, best_score = 0, 0, _fit(tokens, left)
        window = [*tokens]
        while left and left[-1] == window[-1]:
            shift -= 1
            window.insert(0, left.pop())
            room.insert(0, window.pop())
            if (score := _fit(window, left)) > best_score:
                best, best_score = shift, score
        window, left, shift = [*tokens], [*before.old], 0
        room = [*after.old]
        while room and room[0] == window[0]:
            shift += 1
            left.append(window.pop(0))
            window.append(room.pop(0))
            if (score := _fit(window, left)) > best_score:
                best, best_score = shift, score
        _slide(before, edit, after, best)
    return [edit for edit in edits if edit.old or edit.new]


def _fit(tokens: list[str], left: list[str]) -> int:
    """How well a change reads at its place: after a sentence's end, a space at one of its ends."""
    ends = bool(left) and left[-1] in SENTENCE_ENDS
    return 2 * (tokens[0].isspace() or tokens[-1].isspace()) + (ends or not left)


def _slide(before: _Edit, edit: _Edit, after: _Edit, shift: int) -> None:
    for _ in range(abs(shift)):
        for tokens in (edit.old, edit.new):
            if tokens and shift > 0:
                tokens.append(tokens.pop(0))
            elif tokens:
                tokens.insert(0, tokens.pop())
        for old, new in ((before.old, after.old), (before.new, after.new)):
            if shift > 0:
                old.append(new.pop(0))
            else:
                new.insert(0, old.pop())


def _append(edit: _Edit, more: _Edit) -> None:
    edit.old += more.old
    edit.new += more.new


def _is_slight(between: _Edit, before: _Edit, after: _Edit) -> bool:
    words = _words(between.old)
    if not words:
        # A sentence's end between two changes keeps them apart.
        return not any("\n" in token for token in between.old)
    return words <= 2 and words < min(_size(before), _size(after))


def _words(tokens: list[str]) -> int:
    return sum(1 for token in tokens if WORD.search(token))


def _size(edit: _Edit) -> int:
    return max(_words(edit.old), _words(edit.new))
