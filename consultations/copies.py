"""A person's own comments as plain text: to keep, or as a mail."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultations.mails import place_of, response_in
from consultations.models import Comment, Round
from consultations.rules import seen_number
from core.mail import MailContent
from core.models import Notice, pk_of
from core.punctuation import colon, listed
from drafts.marks import without_marks


def own_comments(user: Any, round: Round | None = None) -> "QuerySet[Comment]":
    """What a person wrote, drafts included, by round and in the order of sending."""
    found = Comment.objects.filter(author=user.pk)
    if round is not None:
        found = found.filter(round=round)
    related = found.select_related("round", "provision", "anchor", "disposition__answer")
    return related.prefetch_related("round__deadlines", "round__audience", "evidence").order_by(
        "-round__opens_at", "round", "number", "pk"
    )


def as_text(comments: Iterable[Comment], user: Any) -> str:
    """One text of them all, each round under its title."""
    parts: list[str] = []
    title = ""
    for comment in comments:
        if comment.round.title != title:
            title = comment.round.title
            parts.append(f"{title}\n{'=' * len(title)}")
        parts.append("\n\n".join(paragraphs_of(comment, user)))
    return "\n\n".join(parts) + "\n" if parts else ""


def paragraphs_of(comment: Comment, user: Any) -> list[str]:
    """Head, quote, words, proposal, reason, evidence and the published answer of one comment."""
    number = seen_number(user, comment)
    state = str(comment.get_status_display())
    head = [_("No. %(number)s") % {"number": number} if number else "", place_of(comment), state]
    at = comment.submitted_at
    head.append(f"{at:%Y-%m-%d %H:%M} UTC" if at else "")
    lines = [" · ".join(part for part in head if part)]
    anchor = getattr(comment, "anchor", None)
    lines += [f"“{without_marks(anchor.exact)}”"] if anchor else []
    lines += [comment.body] if comment.body else []
    for label, words in (
        (_("Proposed words"), comment.proposed_text),
        (_("Reason"), comment.rationale),
        (_("Evidence"), listed(each.url or each.title for each in comment.evidence.all())),
    ):
        lines += [f"{label}{colon()}{words}"] if words else []
    disposition = getattr(comment, "disposition", None)
    if disposition and disposition.published_at:
        _language, words = response_in(disposition.answer.responses, get_language() or "en", comment.language)
        outcome = disposition.get_outcome_display()
        label = _("Answer of the secretariat")
        lines.append(f"{label}{colon()}{outcome}. {words}")
    return lines


def render_copy(notices: Sequence[Notice]) -> MailContent | None:
    """A copy of what the recipient wrote in one round."""
    round = Round.objects.filter(pk=pk_of(notices[-1].subject, Round)).first()
    if round is None:
        return None
    recipient = notices[-1].recipient
    paragraphs = [line for each in own_comments(recipient, round) for line in paragraphs_of(each, recipient)]
    return MailContent(
        subject=_("Your comments: %(round)s") % {"round": round.title},
        paragraphs=paragraphs,
        action_label=_("See them in the portal"),
        action_path=reverse("consultations:my_comments"),
        reason=_("You get this message because you asked for a copy."),
    )
