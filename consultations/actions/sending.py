"""Sending what was begun, and taking back what was just sent."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.anchoring import AnchorInput, check_anchor
from consultations.actions.comments import (
    CONTENT_FIELDS,
    edit_comment,
    lock_comment,
    submit_comment,
    withdraw_comment,
    write_comment,
)
from consultations.actions.evidence import add_links
from consultations.models import Anchor, Comment, CommentRevision
from consultations.rules import may_edit_comment, may_take_back
from core import audit
from core.verdicts import Conflict, require
from core.words import clean_words


def write_with_links(*, author: Any, links: Sequence[str] = (), **comment: Any) -> Comment:
    """``write_comment`` with links as evidence: both or neither."""
    with transaction.atomic():
        made = write_comment(author=author, **comment)
        add_links(actor=author, comment=made, links=links)
    return made


def send_draft(
    *,
    actor: Any,
    comment: Comment,
    version: int,
    submit: bool,
    anchor: AnchorInput | None | Any = ...,
    links: Sequence[str] = (),
    **words: str,
) -> Comment:
    """Save a draft's words as they now stand and, with ``submit``, send it: both or neither.

    ``links`` are added as evidence. Without words and ``anchor`` it is sent as it was at ``version``. Sent from
    several windows, or several times at once, it is one comment: who comes second is given the one that stands, if
    it says the same. ``Conflict`` when another window saved or sent other words meanwhile; after the deadline it
    stays a draft, as always.
    """
    with transaction.atomic():
        comment = lock_comment(comment)  # who sends the same at the same moment waits here
        if comment.author_id == getattr(actor, "pk", None):
            if comment.status != Comment.Status.DRAFT:
                if comment.status != Comment.Status.SUBMITTED:
                    require(may_edit_comment(actor, comment, at=timezone.now()))
                return _sent_already(comment, version, anchor, words)
            if comment.version != version and words and _says(comment, comment.content, anchor, words):
                version = comment.version  # saved from another window in these very words
        if words or anchor is not ...:
            comment = edit_comment(actor=actor, comment=comment, version=version, anchor=anchor, **words)
            version = comment.version
        add_links(actor=actor, comment=comment, links=links)
        if submit:
            comment = submit_comment(actor=actor, comment=comment, version=version)
    return comment


def _sent_already(comment: Comment, version: int, anchor: Any, words: dict[str, str]) -> Comment:
    """The comment that stands, where it was made of what is sent now; ``Conflict`` otherwise."""
    # The record of a comment begins with the wording that was submitted: the last one made by then.
    made_by = Q(at__lte=comment.submitted_at) if comment.submitted_at else Q()
    sent = comment.revisions.filter(made_by).order_by("-version").first()
    if sent is not None:
        same = _says(comment, sent.content, anchor, words) if words else sent.version == version + 1
        if same:
            return comment
    raise Conflict(
        _("This comment has changed since you opened it."),
        current={"version": comment.version, "status": comment.status},
    )


def _says(comment: Comment, content: dict[str, Any], anchor: Any, words: dict[str, str]) -> bool:
    """Whether ``content``, with the comment's quote, is what these words and this quote would make of it."""
    if any(content[name] != clean_words(said) for name, said in words.items()):
        return False
    standing = Anchor.objects.filter(comment=comment).first()
    if anchor is ... or anchor is None or standing is None or comment.provision is None:
        return anchor is ... or (anchor is None and standing is None)
    bound = check_anchor(anchor, comment.provision)
    return (bound.start, bound.end, bound.language) == (standing.start, standing.end, standing.language)


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
        # By its number: a draft's uuid will be its address once it is sent, perhaps without name.
        audit.record("comment.take_back", withdrawn, actor=actor, changes={"draft": draft.pk})
    return draft
