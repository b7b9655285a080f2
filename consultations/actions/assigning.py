"""Saying who is to answer which comments."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consultations.actions.chunks import chunks_of, lock_keys
from consultations.assigned import answerers
from consultations.models import Assignment, Comment, Round
from consultations.rules import may_answer
from core import audit, notices
from core.verdicts import Conflict, require

KIND = "comments_assigned"
GATHERED_FOR = timedelta(minutes=10)


def assign_comments(
    *, actor: Any, round: Round, comments: Iterable[int], person: User | None, act: UUID
) -> int:
    """Give comments (their keys) to ``person``, or to nobody; how many changed hands. What is theirs already stays.

    Done in chunks of their own transactions: what was done before something fails stays done, and repeating it
    does the rest. ``person`` is told once for an ``act``, whatever it took, and not of what they took themselves.
    ``ValidationError``: they may not answer in this round.
    """
    require(may_answer(actor, round))
    _check(round, person)
    return sum(_assign(actor, round, keys, person, act) for keys in chunks_of(comments))


def assign_comment(*, actor: Any, comment: Comment, person: User | None, seen: int | None, act: UUID) -> int:
    """The same for one comment; ``seen`` is whose it was when the actor looked. ``Conflict`` where it changed hands
    since."""
    with transaction.atomic():
        lock_keys(comment.round, [comment.pk])
        standing = Assignment.objects.filter(comment=comment).select_related("person").first()
        now = standing.person_id if standing else None
        if now not in (seen, person.pk if person else None):
            reason = (
                _("Meanwhile it was given to %(name)s.") if standing else _("Meanwhile it was taken back.")
            )
            names = {"name": standing.person.shown_name} if standing else {}
            raise Conflict(reason % names, current={"person": now})
        return assign_comments(
            actor=actor, round=comment.round, comments=[comment.pk], person=person, act=act
        )


def _check(round: Round, person: User | None) -> None:
    if person is not None and not answerers(round).filter(pk=person.pk).exists():
        raise ValidationError({"person": _("Choose somebody who may answer in this round.")})


def _assign(actor: Any, round: Round, keys: list[int], person: User | None, act: UUID) -> int:
    with transaction.atomic():
        locked = lock_keys(round, keys)
        held = dict(Assignment.objects.filter(comment__in=locked).values_list("comment", "person"))
        wanted = person.pk if person else None
        changed = [key for key in locked if held.get(key) != wanted]
        if not changed:
            return 0
        if person is None:
            Assignment.objects.filter(comment__in=changed).delete()
        else:
            Assignment.objects.bulk_create(
                [Assignment(comment_id=key, round=round, person=person) for key in changed],
                update_conflicts=True,
                unique_fields=["comment"],
                update_fields=["person", "at"],
            )
        audit.record(
            "comments.assign", round, actor=actor, changes={"person": wanted, "comments": len(changed)}
        )
        if person is not None and person.pk != actor.pk:
            _tell(person, round, act)
    return len(changed)


def _tell(person: User, round: Round, act: UUID) -> None:
    """In one mail with what else they are given within minutes."""
    notices.notify(
        recipient=person,
        kind=KIND,
        subject=round,
        occurrence=str(act),
        digest_key=f"assigned-{round.pk}",
        send_at=timezone.now() + GATHERED_FOR,
    )
