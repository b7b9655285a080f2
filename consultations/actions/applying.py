"""Taking proposals into the text: the revision and the answers in one step, each naming the other."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from consultations.actions.answering import answer_comments, lock_comments
from consultations.models import AppliedChange, Comment, Disposition
from consultations.rules import may_answer
from core import audit, outbox
from core.verdicts import Conflict, require
from drafts.actions.revising import revise_provision
from drafts.models import Provision, Revision


def apply_proposals(
    *,
    actor: Any,
    comments: Iterable[Comment],
    provision: Provision,
    language: str,
    version: int,
    text: str,
    outcome: str = "",
    responses: dict[str, str] | None = None,
    reason: str = "",
) -> Revision:
    """Give ``provision`` the words that the comments asked for, or part of them, and answer the comments so.

    ``text`` is the whole wording, marks by their labels; ``version`` the one the actor saw (``Conflict`` where the
    text has moved on). Those yet unanswered get ``outcome`` and ``responses``; those answered keep their answer, which
    must say accepted or partly accepted. Twice is once.
    """
    with transaction.atomic():
        locked = lock_comments(comments)
        if not locked or not all(comment.proposed_text for comment in locked):
            raise ValidationError({"comments": _("Choose comments that propose words.")})
        for round in {comment.round for comment in locked}:
            require(may_answer(actor, round))
        if any(comment.round.draft.guidelines_id != provision.draft.guidelines_id for comment in locked):
            raise ValidationError({"comments": _("These comments are on other guidelines.")})
        _check_standing(locked)
        waiting = [comment for comment in locked if not hasattr(comment, "disposition")]
        if waiting and outcome not in Disposition.TAKEN_UP:
            raise ValidationError(
                {"outcome": _("What is taken into the text is accepted, or partly accepted.")}
            )
        revision = revise_provision(
            actor=actor,
            provision=provision,
            language=language,
            version=version,
            text=text,
            reason=reason,
            pressed_again=True,
        )
        dispositions = [comment.disposition for comment in locked if hasattr(comment, "disposition")]
        if waiting:
            dispositions += answer_comments(
                actor=actor, comments=waiting, outcome=outcome, responses=responses or {}
            )
        for disposition in dispositions:
            _made, new = AppliedChange.objects.get_or_create(disposition=disposition, revision=revision)
            if new:
                changes = {"revision": revision.pk}
                audit.record("answer.apply", disposition.comment, actor=actor, changes=changes)
                outbox.record("comment.changed", disposition.comment)
    return revision


def _check_standing(comments: Iterable[Comment]) -> None:
    for comment in comments:
        standing = getattr(comment, "disposition", None)
        if standing is not None and standing.outcome not in Disposition.TAKEN_UP:
            raise Conflict(
                _(
                    "The answer to comment no. %(number)s says that it isn’t taken up. Change the answer first."
                )
                % {"number": comment.number},
                current={"outcome": standing.outcome},
            )
