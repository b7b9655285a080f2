"""Every comment of an account with its answer, by part of the draft."""

from typing import Any

from django.db.models import QuerySet

from consultations.models import Comment, Disposition, Round
from consultations.queries import comments_of
from consultations.rules import is_secretariat


def account_comments_of(
    round: Round, user: Any, part: str, *, disposition: str = "", search: str = ""
) -> "QuerySet[Comment]":
    """The comments on a part (``whole``, ``other``, or a pillar's number) that its figures count, in the order of the
    text. ``disposition`` is an outcome, or ``none`` for those without an answer."""
    whole = {"provision": ""} if part == "whole" else {}
    pillar = int(part) if part.isdecimal() else None
    found = comments_of(round, user, pillar=pillar, disposition=disposition, search=search, **whole)
    if part == "other":
        found = found.filter(provision__isnull=False, provision__pillar__isnull=True)
    counted = [Comment.Status.SUBMITTED]
    counted += [Comment.Status.HIDDEN] if is_secretariat(user, round) else []
    return found.filter(status__in=counted).order_by("provision__position", "number", "pk")


def changed_later(disposition: Disposition | None) -> bool:
    """Whether a published answer was changed after it was published."""
    return bool(
        disposition and disposition.published_at and disposition.decided_at > disposition.published_at
    )
