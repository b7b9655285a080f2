"""Footnote marks in a provision's words: kept with labels that stay, read with the numbers that are printed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from drafts.redline import Piece

MARK = re.compile(r"\[\^([^\]\s]+)\]")


def printed_marks(words: str, footnotes: Sequence[Mapping[str, str]]) -> str:
    """``words`` with ``[^label]`` as ``[^n]``, n being the printed number; marks without a note stay."""
    return _renamed(words, {note["label"]: note["number"] for note in footnotes})


def kept_marks(words: str, footnotes: Sequence[Mapping[str, str]]) -> str:
    """The reverse of ``printed_marks``: words that were read with numbers, with the labels to be kept."""
    return _renamed(words, {note["number"]: note["label"] for note in footnotes})


def without_marks(words: str) -> str:
    """``words`` as they are said, the marks left out."""
    return MARK.sub("", words)


def printed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The heading, text and footnotes of a text or a revision, its marks as they are printed."""
    words = {name: printed_marks(content[name], content["footnotes"]) for name in ("heading", "text")}
    return {**words, "footnotes": content["footnotes"]}


def printed_pieces(pieces: Iterable[Piece], old: Mapping[str, str], new: Mapping[str, str]) -> list[Piece]:
    """A redline of kept words as one of printed words; ``old`` and ``new`` name each label's number.

    A mark that stayed and was renumbered is a change of its printed number.
    """
    found: list[Piece] = []
    for piece in pieces:
        if piece.kind != "same":
            found.append(Piece(piece.kind, _renamed(piece.text, old if piece.kind == "removed" else new)))
            continue
        at = 0
        for mark in MARK.finditer(piece.text):
            was, now = (names.get(mark[1], mark[1]) for names in (old, new))
            if was != now:
                before = _renamed(piece.text[at : mark.start()], new)
                found += [Piece("same", before)] if before else []
                found += [Piece("removed", f"[^{was}]"), Piece("added", f"[^{now}]")]
                at = mark.end()
        rest = _renamed(piece.text[at:], new)
        found += [Piece("same", rest)] if rest else []
    return found


def _renamed(words: str, names: Mapping[str, str]) -> str:
    # All at once: one after the other, a number could be taken for the next mark's label.
    return MARK.sub(lambda mark: f"[^{names.get(mark[1], mark[1])}]", words)
