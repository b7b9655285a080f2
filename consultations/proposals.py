"""A proposal of other words, set against the words it is for."""

from consultations.models import Comment
from drafts.marks import printed_marks
from drafts.models import ProvisionText
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
        common = sum(len(piece.text) for piece in pieces if piece.kind == "same")
        share = common / max(len(base), len(proposed), 1)
        if share > best_share:
            best, best_share = pieces, share
    return best


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


def proposed_wording(comment: Comment, words: ProvisionText) -> str:
    """The whole of ``words``, marks as printed, as the comment would have it: the proposed text, or where that is
    nearer to the quoted words, the text with those replaced.

    Empty where it proposes nothing, for another language, or for words that no longer stand in the text.
    """
    proposed = comment.proposed_text
    if not proposed or comment.proposed_language != words.language:
        return ""
    anchor = getattr(comment, "anchor", None)
    printed = printed_marks(words.text, words.footnotes)
    if anchor is None or anchor.language != words.language:
        return proposed
    if _nearer(proposed, whole=printed, quote=printed_marks(anchor.exact, words.footnotes)) == printed:
        return proposed
    start = anchor.start
    if words.text[start : anchor.end] != anchor.exact:
        if words.text.count(anchor.exact) != 1:
            return ""
        start = words.text.index(anchor.exact)
    # Each part by itself: what was typed has printed marks already, and may look like a label.
    before, after = words.text[:start], words.text[start + len(anchor.exact) :]
    return printed_marks(before, words.footnotes) + proposed + printed_marks(after, words.footnotes)


def _nearer(proposed: str, *, whole: str, quote: str) -> str:
    """Of the whole text and the quoted words that which the proposal has more in common with; where it has little
    with either, the one that is nearer in length."""
    shares = {base: share_in_common(base, proposed) for base in (quote, whole)}
    best = max(shares, key=lambda base: shares[base])
    if shares[best] > LEAST_IN_COMMON:
        return best
    return min(shares, key=lambda base: abs(len(base) - len(proposed)))


def share_in_common(base: str, proposed: str) -> float:
    """How much of the longer of two texts stands in both, from 0 to 1."""
    common = sum(len(piece.text) for piece in redline(base, proposed) if piece.kind == "same")
    return common / max(len(base), len(proposed), 1)
