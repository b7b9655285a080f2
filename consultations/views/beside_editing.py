"""What was said on a provision, beside it while a drafter edits it."""

from typing import Any

from django.http import HttpRequest

from consultations.models import Comment, Round
from consultations.presenting import present_comments
from consultations.queries import with_discussion
from drafts.models import Draft, Lineage

MOST = 30


def comments_beside(request: HttpRequest, draft: Draft, key: str) -> dict[str, Any]:
    """Context for ``consultations/_beside_editing.html``: comments in every round that the drafter may read, on
    any draft of the guidelines, also those on what the provision was split or merged from; newest first."""
    lineage = Lineage.objects.filter(draft__guidelines=draft.guidelines_id, key=key)
    keys = {key, *lineage.values_list("ancestor_key", flat=True)}
    rounds = Round.objects.visible_to(request.user).filter(draft__guidelines=draft.guidelines_id)
    readable = Comment.objects.visible_to(request.user).exclude(status=Comment.Status.DRAFT)
    found = readable.filter(round__in=rounds.values("pk"), provision__key__in=keys)
    comments = list(with_discussion(found.order_by("-submitted_at", "-pk"))[: MOST + 1])
    return {
        "comments_beside": present_comments(comments[:MOST], request.user),
        "more_comments": len(comments) > MOST,
    }
