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
    for edit in _readable(_edits(TOKEN.findall(old), TOKEN.findall(new))):
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
