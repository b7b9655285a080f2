"""A proposal of other words, set against the words it is for."""

from collections.abc import Iterable

from consultations.models import Comment
from drafts.marks import printed_marks
from drafts.redline import Piece, redline

# Less in common than this share of the longer text is another sentence, which a redline would only scatter.
LEAST_IN_COMMON = 0.25


def proposal_pieces(comment: Comment) -> list[Piece]:
    """The proposed words as a redline of the provision, or of the quoted words where they are nearer to those.

    All added where neither has enough in common, or where the provision is not written in that language.
    Uses what ``queries.share_words`` gave.
    """
    proposed = comment.proposed_text
    if not proposed:
        return []
    best, best_share = [Piece("added", proposed)], LEAST_IN_COMMON
    for base in _bases(comment):
        pieces = redline(base, proposed)
        share = share_in_common(pieces, base, proposed)
        if share > best_share:
            best, best_share = pieces, share
    return best


def share_in_common(pieces: Iterable[Piece], old: str, new: str) -> float:
    """The share (0 to 1) of the longer text that both have, by the redline from one to the other."""
    return sum(len(piece.text) for piece in pieces if piece.kind == "same") / max(len(old), len(new), 1)


def _bases(comment: Comment) -> list[str]:
    """What the proposal may be meant to replace: the provision's words, the quoted ones."""
    language = comment.proposed_language
    bases = [
        printed_marks(text.text, text.footnotes)
        for text in getattr(comment, "words_beside", [])
        if text.language == language
    ]
    anchor = getattr(comment, "anchor", None)
    return [*bases, anchor.exact] if anchor else bases
