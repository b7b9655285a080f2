"""What a proposal would make of the text as it stands now: the change it asks for, carried onto the working draft.

A proposal was made on the words of its own draft. Those may have changed since: what it asks for is then joined with
what was done meanwhile, as two people's changes of one text are; where they touch the same words a person decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consultations.models import Comment, Round
from consultations.proposals import LEAST_IN_COMMON, share_in_common
from consultations.queries import share_words
from drafts.marks import kept_marks, printed_marks
from drafts.merging import merged
from drafts.models import Draft, Provision, ProvisionText
from drafts.redline import Piece, redline
from drafts.workspace import merged_into

MOST_BESIDE = 50


@dataclass(frozen=True)
class Proposal:
    """The words of a provision that a comment was made on, and what they would become; marks by their labels."""

    base: str
    words: str


@dataclass(frozen=True)
class Target:
    """Where a proposal would be applied: a provision of the working draft, in the language of the proposed words."""

    draft: Draft
    provision: Provision
    words: ProvisionText


class Fate(StrEnum):
    """What becomes of a proposal once the text reads as it is about to."""

    DONE = "done"  # the text says it
    FITS = "fits"  # it can be applied as well
    TOUCHED = "touched"  # it asks for other words in the same place


def proposal_of(comment: Comment) -> Proposal | None:
    """The comment's proposal as a whole wording; None without one, or where its provision isn't in that language.

    Proposed words stand for the quoted ones or for the whole text, whichever they are nearer to; where they have little
    in common with either, for the quote if there is one.
    """
    if not comment.proposed_text or comment.provision_id is None:
        return None
    anchor = getattr(comment, "anchor", None)
    if anchor and anchor.language == comment.proposed_language:
        base, footnotes = anchor.revision.content["text"], anchor.revision.content["footnotes"]
    else:
        text = next(
            (text for text in _words_beside(comment) if text.language == comment.proposed_language), None
        )
        if text is None:
            return None
        base, footnotes, anchor = text.text, text.footnotes, None
    proposed = kept_marks(comment.proposed_text, footnotes)
    if anchor is None:
        return Proposal(base, proposed)
    quote = base[anchor.start : anchor.end]
    of_all, of_quote = (share_in_common(redline(old, proposed), old, proposed) for old in (base, quote))
    if of_all > max(of_quote, LEAST_IN_COMMON):
        return Proposal(base, proposed)
    return Proposal(base, base[: anchor.start] + proposed + base[anchor.end :])


def target_of(comment: Comment, user: Any) -> Target | None:
    """The newest draft of the guidelines that the reader sees and that isn't out yet, and the provision in it: the one
    of the same key, or the one it was merged into. None where there is no such draft, provision or language."""
    if comment.provision is None:
        return None
    drafts = Draft.objects.visible_to(user).filter(guidelines=comment.round.draft.guidelines_id)
    draft = (
        drafts.exclude(status__in=Draft.OPEN_TO_ALL).select_related("guidelines").order_by("-number").first()
    )
    if draft is None:
        return None
    found = Provision.with_removed.filter(draft=draft, key=comment.provision.key).first()
    if found is not None and found.removed_at:
        into = merged_into(draft, found)
        found = Provision.objects.filter(draft=draft, key=into.key).first() if into else None
    if found is None:
        return None
    words = ProvisionText.objects.filter(provision=found, language=comment.proposed_language).first()
    return Target(draft, found, words) if words else None


def joined(proposals: Iterable[Proposal], text: str) -> str | None:
    """``text`` with all that the proposals ask for; None where one of them and another change touch each other."""
    for proposal in proposals:
        result = merged(proposal.base, proposal.words, text)
        if result is None:
            return None
        text = result
    return text


def fate_of(proposal: Proposal, text: str) -> Fate:
    result = merged(proposal.base, proposal.words, text)
    if result is None:
        return Fate.TOUCHED
    return Fate.DONE if result == text else Fate.FITS


def proposals_beside(comment: Comment, user: Any) -> list[Comment]:
    """Other proposals on the same provision in every round that the reader sees, in the same language; oldest first."""
    if comment.provision is None:
        return []
    rounds = Round.objects.visible_to(user).filter(draft__guidelines=comment.round.draft.guidelines_id)
    readable = Comment.objects.visible_to(user).filter(
        status__in=(Comment.Status.SUBMITTED, Comment.Status.LATE)
    )
    found = readable.filter(round__in=rounds.values("pk"), provision__key=comment.provision.key)
    found = found.exclude(pk=comment.pk).exclude(proposed_text="")
    found = found.select_related(
        "anchor__revision", "provision__draft", "disposition", "author", "round__draft"
    )
    rows = list(found.order_by("submitted_at", "pk")[:MOST_BESIDE])
    share_words(rows)
    return [row for row in rows if row.proposed_language == comment.proposed_language]


def pieces_of(words: ProvisionText, text: str) -> list[Piece]:
    """A redline of the words as they stand against ``text``, marks as they are printed."""
    return redline(printed_marks(words.text, words.footnotes), printed_marks(text, words.footnotes))


def _words_beside(comment: Comment) -> list[ProvisionText]:
    """The words of its provision in every language; what ``queries.share_words`` gave, where it did."""
    if not hasattr(comment, "words_beside"):
        share_words([comment])
    words: list[ProvisionText] = comment.words_beside  # type: ignore[attr-defined]
    return words
