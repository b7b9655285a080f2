"""Writing reviews, and talking about the doubtful ones."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.names import has_controls
from core.verdicts import Conflict, Vanished, require
from experts.actions.moving import lock_nomination
from experts.actions.weighing import weigh, weights_of
from experts.models import Criterion, DiscussionNote, Nomination, Review, Score
from experts.review_rules import may_discuss, may_score, may_screen, reviews_of
from experts.scoring import rounded, share_of

LONGEST = 5000


def save_review(
    *, actor: Any, review_id: int, version: int, values: Mapping[int, int], comment: str, submit: bool
) -> Review:
    """Keep a review as a draft, or submit it; a submitted one that is changed stays submitted.

    ``values``: scores by criterion. Refused: ``Vanished`` where the actor may not know of it (any more), ``Refusal``
    outside its time, ``Conflict`` for another version than ``version`` (a repeat of what stands is none),
    ``ValidationError`` by field (``criterion_3``, ``comment``). Merit follows in the same transaction.
    """
    nomination_id = Review.objects.filter(pk=review_id).values_list("nomination_id", flat=True).first()
    if nomination_id is None:
        raise Vanished
    with transaction.atomic():
        nomination = lock_nomination(nomination_id)
        now = timezone.now()
        mine = reviews_of(actor, nomination.call, at=now)
        review = mine.select_for_update(of=("self",)).select_related("reviewer").filter(pk=review_id).first()
        if review is None:
            raise Vanished
        review.nomination = nomination
        require(may_score(review, at=now))
        weights = weights_of(nomination.call_id)
        submit = submit or review.submitted_at is not None
        _check(values, comment, weights, complete=submit)
        standing = {score.criterion_id: score.value for score in review.scores.all()}
        same = standing == dict(values) and review.comment == comment
        if same and bool(review.submitted_at) == submit:
            return review
        if review.version != version:
            raise Conflict(
                _("This review was changed meanwhile, perhaps by yourself in another window."),
                current={"version": review.version},
            )
        _write(review, standing, values, comment)
        if submit:
            review.submitted_at = review.submitted_at or now
            review.points = rounded(share_of(values, weights))
        review.save()
        audit.record("review.submit" if submit else "review.save", review, actor=actor)
        if submit:
            weigh(nomination)
    return review


def _check(values: Mapping[int, int], comment: str, weights: Mapping[int, int], *, complete: bool) -> None:
    errors: dict[str, Any] = {}
    for criterion, value in values.items():
        if criterion not in weights or not 0 <= value <= Criterion.SCALE:
            errors[f"criterion_{criterion}"] = _("Choose a number from 0 to 10.")
    if complete:
        for criterion in weights:
            if criterion not in values:
                errors[f"criterion_{criterion}"] = _("Score every criterion before you submit.")
        if not weights:
            errors["comment"] = _("This call has no criteria yet.")
    if len(comment) > LONGEST or has_controls(comment):
        errors["comment"] = _("At most %(limit)s.") % {"limit": LONGEST}
    if errors:
        raise ValidationError(errors)


def _write(review: Review, standing: Mapping[int, int], values: Mapping[int, int], comment: str) -> None:
    gone = [criterion for criterion in standing if criterion not in values]
    if gone:
        review.scores.filter(criterion__in=gone).delete()
    for criterion, value in values.items():
        if standing.get(criterion) != value:
            Score.objects.update_or_create(review=review, criterion_id=criterion, defaults={"value": value})
    review.comment = comment
    review.version += 1


def flag_for_discussion(*, actor: Any, nomination: Nomination, wanted: bool) -> None:
    """The secretariat asks the reviewers to talk about a nomination, or no longer; asked for twice, once."""
    require(may_screen(actor, nomination.call))
    with transaction.atomic():
        locked = lock_nomination(nomination.pk)
        if (locked.discussed_since is not None) == wanted:
            return
        locked.discussed_since = timezone.now() if wanted else None
        locked.save(update_fields=["discussed_since"])
        audit.record("nomination.discuss", locked, actor=actor, changes={"discussed": wanted})


def write_note(
    *, actor: Any, nomination: Nomination, body: str, review: Review | None = None
) -> DiscussionNote:
    """Say something to the other reviewers: as one of them (``review`` their own), or as the secretariat.

    The caller has found ``nomination`` or ``review`` among what the actor may know of. The same words of the same
    person twice within a minute are one note.
    """
    body = body.strip()
    if not body or len(body) > LONGEST or has_controls(body):
        raise ValidationError({"body": _("Write something first.") if not body else _("This is too long.")})
    with transaction.atomic():
        locked = lock_nomination(nomination.pk)
        now = timezone.now()
        if review is None:
            require(may_screen(actor, locked.call))
        else:
            current = reviews_of(actor, locked.call, at=now).filter(pk=review.pk).first()
            if current is None:
                raise Vanished
            current.nomination = locked
            require(may_discuss(current, at=now))
        last = DiscussionNote.objects.filter(nomination=locked, author=actor).order_by("-pk").first()
        if last and last.body == body and (now - last.at).total_seconds() < 60:
            return last
        note = DiscussionNote.objects.create(nomination=locked, author=actor, body=body, at=now)
        audit.record("discussion.note", locked, actor=actor)
    return note
