"""A second person of the secretariat reads answers: agreeing to them, or sending them back."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.answering import lock_comments, standing_of, take_effect
from consultations.actions.comments import MAX_LENGTH
from consultations.answer_rules import may_agree, may_read_second
from consultations.models import Comment, Disposition, HeldChange, SentBack
from core import audit, outbox
from core.verdicts import Conflict, Refusal, Refused, require
from core.words import clean_words


def agree_to_answers(*, actor: Any, seen: Mapping[Comment, int]) -> list[Disposition]:
    """Agree to the answers of these comments, each as it read at the version seen: all of them or none.

    A change to a published answer takes effect by it, and its author is told. What somebody has agreed to already
    stays so. ``Conflict`` where an answer has changed since, ``Refusal`` where the actor wrote it.
    """
    if not seen:
        raise ValidationError({"comments": _("Choose at least one comment.")})
    with transaction.atomic():
        versions = {comment.pk: version for comment, version in seen.items()}
        return [_agree(actor, comment, versions[comment.pk]) for comment in lock_comments(seen)]


def send_answer_back(*, actor: Any, comment: Comment, version: int, note: str) -> SentBack:
    """Tell whoever wrote the answer, as it read at ``version``, what should be otherwise. Twice is once.

    ``ValidationError`` without a note; else refused as ``agree_to_answers``.
    """
    words = clean_words(note)
    with transaction.atomic():
        (locked,) = lock_comments([comment])
        disposition, standing = _standing(actor, locked, version)
        if isinstance(standing, Disposition) and (standing.agreed_at or standing.published_at):
            raise Conflict(_("This answer does not wait for a second reader."), current={"version": version})
        if not words:
            raise ValidationError({"note": _("Say what should be otherwise.")})
        if len(words) > MAX_LENGTH:
            raise ValidationError({"note": _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}})
        sent, new = SentBack.objects.get_or_create(
            disposition=disposition,
            version=standing.version,
            defaults={"by": actor, "to": standing.decided_by, "note": words},
        )
        if new:
            audit.record("answer.send_back", locked, actor=actor, changes={"version": standing.version})
            outbox.record("answer.sent_back", sent)
    return sent


def _standing(actor: Any, comment: Comment, version: int) -> tuple[Disposition, Disposition | HeldChange]:
    require(may_read_second(actor, comment.round))
    disposition: Disposition | None = getattr(comment, "disposition", None)
    if disposition is None:
        raise Conflict(_("This comment has no answer yet."))
    standing = standing_of(disposition)
    if not comment.round.second_reader and isinstance(standing, Disposition):
        raise Conflict(_("This round does not ask for a second reader."))
    if standing.version != version:
        raise Conflict(
            _(
                "The answer to comment no. %(number)s has changed since you opened it. Read it as it stands now."
            )
            % {"number": comment.number or "–"},
            current={"version": standing.version, "outcome": standing.outcome},
        )
    verdict = may_agree(actor, comment.round, decided_by=standing.decided_by_id)
    if not verdict:
        number = {"number": comment.number or "–", "reason": verdict.reason}
        raise Refusal(Refused(_("No. %(number)s: %(reason)s") % number, verdict.code))
    return disposition, standing


def _agree(actor: Any, comment: Comment, version: int) -> Disposition:
    disposition, standing = _standing(actor, comment, version)
    if isinstance(standing, HeldChange):
        take_effect(
            disposition,
            answer=standing.answer,
            outcome=standing.outcome,
            decided_by=standing.decided_by,
            decided_at=standing.decided_at,
            version=standing.version,
            agreed_by=actor,
        )
    elif disposition.agreed_at or disposition.published_at:
        return disposition
    else:
        disposition.agreed_by, disposition.agreed_at = actor, timezone.now()
        disposition.save(update_fields=["agreed_by", "agreed_at"])
    audit.record("answer.agree", comment, actor=actor, changes={"version": version})
    return disposition
