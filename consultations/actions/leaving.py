"""What becomes of a person's words when they withdraw their consent or erase their account.

The official record stays: comments and replies as submitted, and what was answered. The name goes from it.
Both actions are safe to repeat.
"""

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from accounts.models import StakeholderGroup, User
from accounts.pseudonyms import pseudonym_of
from consultations.models import (
    Anchor,
    Comment,
    CommentRevision,
    Evidence,
    Mention,
    Position,
    QuestionAnswer,
    Reaction,
    Reply,
)
from core import files


def take_name_off(*, person_id: int) -> None:
    """Put the pseudonym where the person's name stood beside what they submitted."""
    with transaction.atomic():
        name = pseudonym_of(User.objects.get(pk=person_id))
        # What they entered for others bears the names of those.
        own = Comment.objects.filter(author=person_id, entry=None)
        own.exclude(author_name="").update(author_name=name)
        Reply.objects.filter(author=person_id).update(author_name=name)
        Position.objects.filter(user=person_id).update(author_name=name)
        QuestionAnswer.objects.filter(author=person_id).update(author_name=name)


def erase_words_of(*, person_id: int) -> None:
    """Remove what a person wrote and never gave into the record, and their name from what they gave.

    Drafts go, the words of withdrawn comments (their numbers stay taken), and wordings from before a
    submission. An organisation's name goes too, but where the person spoke for a member state: its position
    is the state's. Nothing happens unless the person asked for their account to be erased.
    """
    if not User.objects.filter(pk=person_id, erased_at__isnull=False).exists():
        return
    with transaction.atomic():
        take_name_off(person_id=person_id)
        own = Comment.objects.filter(author=person_id)
        _forget_evidence(own.filter(status__in=(Comment.Status.DRAFT, Comment.Status.WITHDRAWN)))
        own.filter(status=Comment.Status.DRAFT).delete()
        # What came after a round had closed was never given into the record.
        QuestionAnswer.objects.filter(author=person_id, value=None).delete()
        QuestionAnswer.objects.filter(author=person_id).update(late=None)
        spoken = own.filter(entry=None).exclude(stakeholder_group=StakeholderGroup.MEMBER_STATE)
        spoken.update(organisation_name="")
        # That they replied to an answer, and whether it contented them, is counted; in which words goes.
        Reaction.objects.filter(disposition__comment__author=person_id).update(why="", erased=True)
        _forget_withdrawn(person_id)
        _forget_early_wordings(person_id)


def _forget_evidence(comments: "QuerySet[Comment]") -> None:
    for evidence in Evidence.objects.filter(comment__in=comments.values("pk")).select_related("file"):
        evidence.delete()
        if evidence.file is not None:
            files.destroy(evidence.file)


def _forget_withdrawn(person_id: int) -> None:
    withdrawn = Comment.objects.filter(author=person_id, status=Comment.Status.WITHDRAWN)
    CommentRevision.objects.filter(comment__in=withdrawn.values("pk")).delete()
    Anchor.objects.filter(comment__in=withdrawn.values("pk")).delete()
    # Without its salt nobody can try out what a receipt was for.
    withdrawn.update(body="", proposed_text="", rationale="", search_tokens="", receipt_salt="")
    taken_back = Reply.objects.filter(author=person_id, status=Reply.Status.WITHDRAWN)
    Mention.objects.filter(reply__in=taken_back.values("pk")).delete()
    taken_back.update(body="")


def _forget_early_wordings(person_id: int) -> None:
    """A comment's record begins with the wording that was submitted: the last one made by then."""
    submitted = Comment.objects.filter(author=person_id, submitted_at__isnull=False).annotate(
        first=Max("revisions__version", filter=Q(revisions__at__lte=F("submitted_at")))
    )
    for pk, first in submitted.values_list("pk", "first"):
        CommentRevision.objects.filter(comment=pk, version__lt=first or 0).delete()
