"""The commenter's one reply to a published answer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from consultations.actions.answering import lock_comments
from consultations.actions.comments import MAX_LENGTH
from consultations.answer_rules import may_react
from consultations.models import Comment, Disposition, Reaction
from core import audit
from core.verdicts import Conflict, require
from core.words import clean_words
from drafts.languages import language_of


def react_to_answer(
    *, actor: Any, comment: Comment, version: int, content: bool | None, why: str = ""
) -> Reaction:
    """Say whether the answer, as it read at ``version``, contents whoever commented; if not, why.

    Once for each published wording: the same again is the first one; anything else, or an answer that has changed
    since, is a ``Conflict``. ``Refusal`` for anybody but the author; ``ValidationError`` by field.
    """
    with transaction.atomic():
        (locked,) = lock_comments([comment])
        disposition = getattr(locked, "disposition", None) or Disposition(comment=locked)
        require(may_react(actor, disposition))
        if disposition.version != version:
            raise Conflict(
                _("The answer has changed since you opened it. Read it as it stands now."),
                current={"version": disposition.version},
            )
        words = clean_words(why)
        said = Reaction.objects.filter(disposition=disposition, version=version).first()
        if said is not None:
            if (said.content, said.why) == (content, words):
                return said
            raise Conflict(
                _("You have replied to this answer already. There is one reply, and it is on the record."),
                current={"content": said.content},
            )
        return _react(actor, disposition, content, words)


def _react(actor: Any, disposition: Disposition, content: bool | None, words: str) -> Reaction:
    if content is None:
        raise ValidationError({"content": _("Say whether you are content with the answer.")})
    if not content and not words:
        raise ValidationError({"why": _("Say what you are not content with.")})
    if len(words) > MAX_LENGTH:
        raise ValidationError({"why": _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}})
    reaction = Reaction.objects.create(
        disposition=disposition,
        version=disposition.version,
        content=content,
        why=words,
        language=language_of(words, default=actor.language),
    )
    audit.record("answer.react", disposition.comment, actor=actor, changes={"content": content})
    return reaction
