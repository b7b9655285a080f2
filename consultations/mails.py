"""The words of the mails that a round sends."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultations.models import Comment, Disposition
from core.mail import MailContent
from core.models import Notice, pk_of
from drafts.places import place_name


def response_in(responses: dict[str, str], *languages: str) -> tuple[str, str]:
    """The first response there is in one of ``languages``, else any; (language, text)."""
    for language in (*languages, *sorted(responses)):
        if responses.get(language):
            return language, responses[language]
    return "", ""


def render_answers(notices: Sequence[Notice]) -> MailContent | None:
    """The secretariat's answers to one person's comments, in their language where an answer has it."""
    pks = [int(pk_of(notice.subject, Disposition)) for notice in notices]
    dispositions = list(
        Disposition.objects.filter(pk__in=pks, published_at__isnull=False)
        .select_related("answer", "comment__provision", "comment__round")
        .order_by("comment__number")
    )
    if not dispositions:
        return None
    paragraphs = []
    for disposition in dispositions:
        comment = disposition.comment
        _language, response = response_in(
            disposition.answer.responses, get_language() or "en", comment.language
        )
        paragraphs += [
            _("Your comment on %(place)s: %(outcome)s.")
            % {"place": place_of(comment), "outcome": disposition.get_outcome_display()},
            response,
        ]
    comment = dispositions[-1].comment
    return MailContent(
        subject=_("Your comment has been answered"),
        paragraphs=paragraphs,
        action_label=_("Read the answer beside your comment"),
        action_path=reverse("consultations:comment_detail", args=[comment.round_id, comment.uuid]),
        reason=_("You get this message because you commented in “%(round)s”.")
        % {"round": comment.round.title},
    )


def place_of(comment: Comment) -> str:
    """Where a comment belongs, in words: a number, or the draft as a whole."""
    if comment.provision is None:
        return _("the draft as a whole")
    return place_name(comment.provision)
