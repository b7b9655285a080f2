"""Answering comments, and publishing answers together."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.comments import MAX_LENGTH
from consultations.filling import filled
from consultations.models import (
    Answer,
    AppliedChange,
    Comment,
    Disposition,
    EarlierAnswer,
    HeldChange,
    Round,
)
from consultations.rules import may_answer, may_publish_answers
from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict, require
from core.words import clean_words
from drafts.models import Revision

ANSWERABLE = (Comment.Status.SUBMITTED, Comment.Status.HIDDEN, Comment.Status.LATE)


def answer_comments(
    *,
    actor: Any,
    comments: Iterable[Comment],
    outcome: str,
    responses: dict[str, str],
    fill: bool = False,
) -> list[Disposition]:
    """Give several yet unanswered comments of one round one answer. ``Conflict`` where one is answered.

    With ``fill`` the words have places (``consultations.filling``) that are filled for each comment; those whose
    words turn out the same share an answer. ``ValidationError`` where a place has nothing to be filled with.
    """
    with transaction.atomic():
        locked = lock_comments(comments)
        if not locked:
            raise ValidationError({"comments": _("Choose at least one comment.")})
        for round in {comment.round for comment in locked}:
            require(may_answer(actor, round))
        words = check_answer(outcome, responses)
        answered = [c for c in locked if hasattr(c, "disposition")]
        if answered:
            raise Conflict(
                _("Some of these comments are answered already."),
                current={"answered": [str(c.uuid) for c in answered]},
            )
        if not fill:
            answer = Answer.objects.create(responses=words)
            return [_dispose(actor, comment, answer, outcome) for comment in locked]
        shared: dict[str, Answer] = {}
        dispositions = []
        for comment in locked:
            own = check_answer(outcome, filled(comment, words, actor))
            key = json.dumps(own, sort_keys=True)
            if key not in shared:
                shared[key] = Answer.objects.create(responses=own)
            dispositions.append(_dispose(actor, comment, shared[key], outcome))
        return dispositions


def answer_comment(
    *,
    actor: Any,
    comment: Comment,
    outcome: str,
    responses: dict[str, str],
    version: int | None = None,
    applied_revision: int | None = None,
) -> Disposition:
    """Answer one comment, or change its answer.

    ``version`` is the disposition's that the actor saw, required when one stands (``Conflict`` otherwise). An
    answer shared with other comments is split off, so that theirs stays. A changed answer that was published
    stays published, and its author is told again. Where the round asks for a second reader the published one stands
    until somebody has agreed to the change. What it said before is kept.
    """
    with transaction.atomic():
        (locked,) = lock_comments([comment])
        require(may_answer(actor, locked.round))
        words = check_answer(outcome, responses)
        standing: Disposition | None = getattr(locked, "disposition", None)
        if standing is None:
            disposition = _dispose(actor, locked, Answer.objects.create(responses=words), outcome)
        else:
            disposition = _change(actor, standing, outcome, words, version)
        if applied_revision is not None:
            _apply(disposition, applied_revision)
    return disposition


def publish_answers(
    *, actor: Any, round: Round, comments: Iterable[Comment] | None = None
) -> list[Disposition]:
    """Publish the answers of these comments (without any: all of the round) in one go.

    Every author is told, once per version of an answer. Answers already published stay as they are, and so do those
    that wait for the second reader whom their round asks for.
    """
    with transaction.atomic():
        require(may_publish_answers(actor, round))
        waiting = Comment.objects.filter(round=round, disposition__published_at__isnull=True)
        waiting = waiting.exclude(disposition=None)
        if comments is not None:
            waiting = waiting.filter(pk__in=[comment.pk for comment in comments])
        answered = [c.disposition for c in lock_comments(waiting.only("pk")) if hasattr(c, "disposition")]
        waiting_now = [d for d in answered if not d.published_at]
        dispositions = [d for d in waiting_now if d.agreed_at or not d.comment.round.second_reader]
        now = timezone.now()
        Disposition.objects.filter(pk__in=[d.pk for d in dispositions]).update(published_at=now)
        for disposition in dispositions:
            disposition.published_at = now
            outbox.record("answer.published", disposition)
            outbox.record("comment.changed", disposition.comment)
        audit.record("answers.publish", round, actor=actor, changes={"answers": len(dispositions)})
    return dispositions


def lock_comments(comments: Iterable[Comment]) -> list[Comment]:
    """Lock comments, and with them their answers: whoever writes an answer holds its comment's row.

    Answers are read by a query of their own. One joined to the locked rows would be as it was before waiting
    for the lock, and somebody's answer would be written over.
    """
    pks = [comment.pk for comment in comments]
    locked = (
        Comment.objects.select_for_update(of=("self",))
        .filter(pk__in=pks)
        .select_related("round")
        .prefetch_related("disposition__answer")
        .order_by("pk")
    )
    return list(locked)


def check_answer(outcome: str, responses: dict[str, str]) -> dict[str, str]:
    """The responses as they will be kept; ``ValidationError`` by field."""
    if outcome not in Disposition.Outcome.values:
        raise ValidationError(
            {"outcome": _("Choose one of: %(choices)s.") % {"choices": listed(Disposition.Outcome.values)}}
        )
    languages = {code for code, _name in settings.LANGUAGES}
    words = {code: clean_words(text) for code, text in responses.items() if clean_words(text)}
    if not words:
        raise ValidationError({"response": _("Say why: an answer without words answers nobody.")})
    if not set(words) <= languages:
        raise ValidationError({"response": _("An answer is in one of the portal's languages.")})
    if any(len(text) > MAX_LENGTH for text in words.values()):
        raise ValidationError({"response": _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}})
    return words


def _dispose(actor: Any, comment: Comment, answer: Answer, outcome: str) -> Disposition:
    if comment.status not in ANSWERABLE:
        raise Conflict(_("Only submitted comments are answered."), current={"status": comment.status})
    disposition = Disposition.objects.create(
        comment=comment, answer=answer, outcome=outcome, decided_by=actor, decided_at=timezone.now()
    )
    audit.record("answer.write", comment, actor=actor, changes={"outcome": outcome})
    outbox.record("comment.changed", comment)
    return disposition


def standing_of(disposition: Disposition) -> Disposition | HeldChange:
    """What the secretariat has written last: the answer, or the change to it that waits for its second reader."""
    held = HeldChange.objects.filter(disposition=disposition).select_related("answer").first()
    return held or disposition


def take_effect(
    disposition: Disposition,
    *,
    answer: Answer,
    outcome: str,
    decided_by: Any,
    decided_at: datetime,
    version: int,
    agreed_by: Any = None,
) -> None:
    """Let an answer say something else from now on, and keep what it said. The comment's row is held by the caller,
    who saw that ``version`` follows."""
    EarlierAnswer.objects.create(
        disposition=disposition,
        version=disposition.version,
        answer=disposition.answer,
        outcome=disposition.outcome,
        decided_by=disposition.decided_by,
        decided_at=disposition.decided_at,
        published=disposition.published_at is not None,
    )
    HeldChange.objects.filter(disposition=disposition).delete()
    disposition.answer, disposition.outcome, disposition.version = answer, outcome, version
    disposition.decided_by, disposition.decided_at = decided_by, decided_at
    disposition.agreed_by, disposition.agreed_at = agreed_by, timezone.now() if agreed_by else None
    disposition.save()
    outbox.record("comment.changed", disposition.comment)
    if disposition.published_at:
        outbox.record("answer.published", disposition)


def _change(
    actor: Any, disposition: Disposition, outcome: str, words: dict[str, str], version: int | None
) -> Disposition:
    standing = standing_of(disposition)
    if version != standing.version:
        raise Conflict(
            _("This answer has changed since you opened it."),
            current={"version": standing.version, "outcome": standing.outcome},
        )
    before, earlier, answer = standing.outcome, standing.version, standing.answer
    if words != answer.responses:
        # Earlier words stay in their own row, for the audit trail names the row and not the words.
        answer = Answer.objects.create(responses=words, version=answer.version + 1)
    changed: dict[str, Any] = {
        "answer": answer,
        "outcome": outcome,
        "decided_at": timezone.now(),
        "version": earlier + 1,
    }
    if disposition.published_at and disposition.comment.round.second_reader:
        HeldChange.objects.update_or_create(
            disposition=disposition, defaults={**changed, "decided_by": actor}
        )
    else:
        take_effect(disposition, decided_by=actor, **changed)
    audit.record(
        "answer.change",
        disposition.comment,
        actor=actor,
        changes={"outcome": [before, outcome], "version": [earlier, earlier + 1]},
    )
    return disposition


def _apply(disposition: Disposition, revision_id: int) -> None:
    guidelines = disposition.comment.round.draft.guidelines_id
    revision = Revision.objects.filter(
        pk=revision_id, provision_text__provision__draft__guidelines=guidelines
    ).first()
    if revision is None:
        raise ValidationError({"applied_revision": _("These guidelines have no such revision.")})
    AppliedChange.objects.get_or_create(disposition=disposition, revision=revision)
