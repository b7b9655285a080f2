"""The words of the mails about replies. They hold nobody's name or words: a mail can't be called back."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.mails import place_of
from consultations.models import Reply
from consultations.replies import MENTIONED, OWN, REASONS, concerned, may_be_told, with_mentions
from core.mail import MailContent
from core.models import Notice, pk_of


def render_replies(notices: Sequence[Notice]) -> MailContent | None:
    """New replies in one discussion; None when the recipient may read none of them any more."""
    recipient = notices[-1].recipient
    assert recipient is not None
    pks = [int(pk_of(notice.subject, Reply)) for notice in notices]
    found = Reply.objects.filter(pk__in=pks).order_by("pk")
    related = found.select_related("comment__round", "comment__author", "comment__provision")
    replies = [reply for reply in with_mentions(related) if may_be_told(recipient, reply)]
    if not replies:
        return None
    reasons = {concerned(reply).get(recipient.pk, "") for reply in replies}
    best = next((reason for reason in REASONS if reason in reasons), "")
    comment, n = replies[0].comment, len(replies)
    names = {"place": place_of(comment), "round": comment.round.title, "n": n}
    subject, said, why = _words(best, n)
    return MailContent(
        subject=subject,
        paragraphs=[said % names, _("Answers to this mail reach nobody: please write in the portal.")],
        action_label=ngettext("Read the reply", "Read the replies", n),
        action_path=reverse("consultations:comment_detail", args=[comment.round_id, comment.uuid])
        + f"#reply-{replies[0].uuid}",
        reason=why,
        stop_label=_("Choose which mails about replies you get, or none"),
        stop_path=reverse("consultations:my_replies") + "#mails",
    )


def _words(reason: str, n: int) -> tuple[str, str, str]:
    """Subject, what happened, and why it is told."""
    if reason == MENTIONED:
        return (
            _("You are mentioned in a discussion"),
            _("Somebody mentions you in the discussion of a comment on %(place)s, in “%(round)s”."),
            _("You get this message because somebody wrote @ and your name."),
        )
    if reason == OWN:
        return (
            ngettext("A reply to your comment", "Replies to your comment", n),
            ngettext(
                "There is %(n)d new reply to your comment on %(place)s, in “%(round)s”.",
                "There are %(n)d new replies to your comment on %(place)s, in “%(round)s”.",
                n,
            ),
            _("You get this message because it is your comment."),
        )
    return (
        _("News in a discussion in which you take part"),
        ngettext(
            "There is %(n)d new reply to the comment on %(place)s in “%(round)s” to which you replied, too.",
            "There are %(n)d new replies to the comment on %(place)s in “%(round)s” to which you replied, too.",
            n,
        ),
        _("You get this message because you asked for mails about discussions in which you take part."),
    )
