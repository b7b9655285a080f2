"""Replies and positions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facts import facts_of
from consultations.actions.comments import MAX_LENGTH, lock_comment
from consultations.mentions import find_mentions
from consultations.models import Comment, Mention, Position, Reply, ReplyMails
from consultations.rules import may_reply, may_take_position
from core import audit, outbox
from core.punctuation import listed
from core.verdicts import require
from core.words import clean_words
from drafts.languages import language_of


def reply_to_comment(*, author: Any, comment: Comment, body: str, language: str = "") -> Reply:
    """Say something on a submitted comment. ``Refusal`` outside the audience or after closing; ``Vanished`` where the
    comment is gone.

    ``@`` and a name that the thread shows addresses somebody; whom it concerns is told (``reply.written``).
    Without ``language`` the words tell it, or else their author's language stands.
    """
    with transaction.atomic():
        comment = lock_comment(comment)  # it may be withdrawn or hidden at this moment
        require(may_reply(author, comment, at=timezone.now()))
        words = clean_words(body)
        if not words:
            raise ValidationError({"body": _("Write a reply.")})
        if len(words) > MAX_LENGTH:
            raise ValidationError({"body": _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}})
        # Names that were called are no part of the body: they are read from where they stand (models/mentions.py).
        body, mentions = find_mentions(words, comment)
        reply = Reply.objects.create(
            comment=comment,
            author=author,
            author_name=author.name,
            body=body,
            language=language or language_of(words, default=author.language),
            created_at=timezone.now(),
        )
        for mention in mentions:
            mention.reply = reply
        Mention.objects.bulk_create(mentions)
        audit.record(
            "reply.write", reply, actor=author, changes={"mentions": len(mentions)} if mentions else {}
        )
        outbox.record("reply.written", reply)
    return reply


def take_position(
    *, user: Any, comment: Comment, position: str | None, reason: str | None = None
) -> Position | None:
    """Support, oppose or (member states) reserve; ``None`` takes it back. Repeating changes nothing.

    ``reason`` in words; None leaves the one that was given for the same position. A focal point speaks for the
    member state: its position is the organisation's, whoever of it clicks.
    """
    if position is not None and position not in Position.Value.values:
        raise ValidationError(
            {"position": _("Choose one of: %(choices)s.") % {"choices": listed(Position.Value.values)}}
        )
    with transaction.atomic():
        comment = lock_comment(comment)
        require(may_take_position(user, comment, position or "", at=timezone.now()))
        speaks_for = facts_of(user).speaks_for
        voice = {"organisation_id": speaks_for} if speaks_for else {"user": user}
        name = "" if speaks_for else user.name
        taken: Position | None = None
        if position is None:
            Position.objects.filter(comment=comment, **voice).delete()
        else:
            standing = Position.objects.filter(comment=comment, **voice, position=position).first()
            words = clean_words(reason) if reason is not None else standing.reason if standing else ""
            if len(words) > MAX_LENGTH:
                raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}})
            # update_or_create rides on the unique constraint: two clicks at once leave one voice.
            taken, _created = Position.objects.update_or_create(
                comment=comment,
                **voice,
                defaults={"position": position, "reason": words, "author_name": name, "at": timezone.now()},
            )
        audit.record("position.take", comment, actor=user, changes={"position": position})
        outbox.record("comment.changed", comment)
    return taken


def choose_reply_mails(*, actor: Any, choice: str) -> None:
    """Which mails about replies the actor gets from now on. ``ValidationError`` where there is no such choice."""
    if choice not in ReplyMails.Choice.values:
        raise ValidationError(
            {"choice": _("Choose one of: %(choices)s.") % {"choices": listed(ReplyMails.Choice.values)}}
        )
    with transaction.atomic():
        ReplyMails.objects.update_or_create(user=actor, defaults={"choice": choice})
        audit.record("reply_mails.choose", actor, actor=actor, changes={"choice": choice})
