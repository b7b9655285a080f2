"""A redline in few words."""

from collections.abc import Sequence

from drafts.marks import MARK
from drafts.redline import Piece


def near_changes(pieces: Sequence[Piece], context: int = 80) -> list[Piece]:
    """A redline without the words far from its changes: ``…`` stands for them. ``context`` counts characters beside
    each change, up to the next space where there are any."""
    kept = []
    last = len(pieces) - 1
    for i, piece in enumerate(pieces):
        text = piece.text
        # Nothing is gained by leaving out a few words.
        if piece.kind == "same" and len(text) > 2.5 * context and last:
            head = text[: _edge(text, context)] if i else ""
            tail = text[_edge(text, len(text) - context) :] if i < last else ""
            text = f"{head}…{tail}"
        kept.append(Piece(piece.kind, text))
    return kept


def _edge(text: str, near: int) -> int:
    """Where to cut at ``near`` or soon after: at a space where there is one, and not within a footnote's mark."""
    edge = next((at for at in range(near, min(len(text), near + 20)) if text[at].isspace()), near)
    within = next((mark for mark in MARK.finditer(text) if mark.start() < edge < mark.end()), None)
    return within.end() if within else edge
