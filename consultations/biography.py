"""Who asked for a wording: the comments whose answers took effect in a provision of a draft."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from consultations.models import AppliedChange, Comment, Round
from consultations.presenting import present_comments
from consultations.queries import with_discussion
from consultations.rules import is_secretariat

MOST = 50


def asked_for(request: HttpRequest, keys: Mapping[int, set[str]]) -> dict[int, dict[str, Any]]:
    """By draft: the comments that led to its provisions of these ``keys`` (by draft), as the reader may see them, each
    with who asked, the answer and when it was decided. An answer counts once it is published, for the secretariat at
    once. The context of ``consultations/_asked_for.html``.
    """
    user = request.user
    wanted = Q()
    for draft, names in keys.items():
        wanted |= Q(
            revision__provision_text__provision__draft=draft,
            revision__provision_text__provision__key__in=names,
        )
    if not wanted:
        return {}
    applied = AppliedChange.objects.filter(wanted).exclude(disposition__comment=None)
    applied = applied.filter(disposition__comment__in=Comment.objects.visible_to(user).values("pk"))
    rounds = Round.objects.visible_to(user)
    applied = applied.filter(disposition__comment__round__in=rounds.values("pk"))
    if not is_secretariat(user):
        applied = applied.filter(disposition__published_at__isnull=False)
    rows = list(
        applied.order_by("revision__at", "pk").values_list(
            "revision__provision_text__provision__draft", "disposition__comment"
        )[:MOST]
    )
    comments = with_discussion(Comment.objects.filter(pk__in={comment for _draft, comment in rows}))
    shown = {each.comment.pk: each for each in present_comments(comments, user)}
    found: dict[int, list[Any]] = defaultdict(list)
    for draft, comment in dict.fromkeys(rows):
        found[draft].append(shown[comment])
    return {draft: {"asked": said} for draft, said in found.items()}
