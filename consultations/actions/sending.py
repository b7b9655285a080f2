"""Sending what was begun, and taking back what was just sent."""

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations.actions.anchoring import AnchorInput
from consultations.actions.comments import (
    CONTENT_FIELDS,
    edit_comment,
    lock_comment,
    submit_comment,
    withdraw_comment,
)
from consultations.models import Anchor, Comment, CommentRevision
from consultations.rules import may_take_back
from core import audit
from core.verdicts import require


def send_draft(
    *, actor: Any, comment: Comment, version: int, submit: bool, anchor: AnchorInput | None, **words: str
) -> Comment:
    """Save a draft's words as they now stand and, with ``submit``, send it: both or neither.

    ``Conflict`` when another window saved it meanwhile; after the deadline it stays a draft, as always.
    """
    with transaction.atomic():
        comment = edit_comment(actor=actor, comment=comment, version=version, anchor=anchor, **words)
        if submit:
            comment = submit_comment(actor=actor, comment=comment, version=comment.version)
    return comment


def take_back(*, actor: Any, comment: Comment, version: int) -> Comment:
    """Undo a submission within ten minutes: it is withdrawn (its number stays taken); its words and its evidence
    come back as a draft, which is returned. ``Refusal`` after that time or once the round has closed;
    ``Conflict`` when it was changed or taken back meanwhile."""
    with transaction.atomic():
        comment = lock_comment(comment)  # pressed twice: the second finds it taken back
        require(may_take_back(actor, comment, at=timezone.now()))
        withdrawn = withdraw_comment(actor=actor, comment=comment, version=version)
        draft = Comment.objects.create(
            round=withdrawn.round,
            provision=withdrawn.provision,
            author=withdrawn.author,
            receipt_salt=secrets.token_hex(16),
            search_tokens=withdrawn.search_tokens,
            **{name: getattr(withdrawn, name) for name in CONTENT_FIELDS},
        )
        CommentRevision.objects.create(comment=draft, version=1, content=draft.content)
        anchor = Anchor.objects.filter(comment=withdrawn).first()
        if anchor is not None:
            anchor.pk, anchor.comment = None, draft
            anchor.save(force_insert=True)
        withdrawn.evidence.update(comment=draft)
        audit.record("comment.take_back", withdrawn, actor=actor, changes={"draft": str(draft.uuid)})
    return draft
