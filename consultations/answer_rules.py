"""Who agrees to answers, replies to them, and keeps the templates they are written from."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import may_write
from consultations.models import Comment, Disposition, Reaction, Round
from consultations.rules import STAFF_ONLY, is_secretariat
from core.verdicts import Allowed, Refused, Verdict

OWN_ANSWER = Refused(_("Somebody else of the secretariat reads the answer that you wrote."), "own_answer")


def may_read_second(user: Any, round: Round) -> Verdict:
    """Reading answers a second time: staff and drafters, as they answer."""
    return Allowed if is_secretariat(user, round) else STAFF_ONLY


def may_agree(user: Any, round: Round, *, decided_by: int) -> Verdict:
    """Agreeing to one answer: whoever reads a second time, and didn't write it."""
    verdict = may_read_second(user, round)
    return OWN_ANSWER if verdict and decided_by == user.pk else verdict


def speaks_for_itself(comment: Comment) -> bool:
    """Whether a comment's author is who said it: not where the secretariat entered it for somebody."""
    return comment.entered_by_id is None or comment.entered_by_id != comment.author_id


def may_react(user: Any, disposition: Disposition) -> Verdict:
    """The one reply to a published answer is the commenter's own (that it is one, the action sees to)."""
    comment = disposition.comment
    if not user.is_authenticated or comment.author_id != user.pk or not speaks_for_itself(comment):
        return Refused(_("Only whoever wrote the comment replies to its answer."), "not_author")
    if not disposition.published_at:
        return Refused(_("There is no published answer yet."), "not_published")
    return may_write(user)


def standing_reaction(disposition: Disposition) -> Reaction | None:
    """The reply to the answer as it reads now; one to an earlier wording stands with that."""
    return next((r for r in disposition.reactions.all() if r.version == disposition.version), None)


def may_keep_templates(user: Any) -> Verdict:
    """Templates of answers are for everyone who answers in all rounds."""
    return Allowed if is_secretariat(user) else STAFF_ONLY
