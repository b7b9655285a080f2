"""The words of the mails that a round sends."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.template import Context
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.templatetags.moments import moment
from consultations.models import Comment, Disposition, Round
from consultations.rules import may_see_account, seen_number
from core.mail import MailContent, MailItem
from core.models import Notice, pk_of
from core.punctuation import colon, listed
from drafts.places import place_name


def response_in(responses: dict[str, str], *languages: str) -> tuple[str, str]:
    """The first response there is in one of ``languages``, else any; (language, text)."""
    for language in (*languages, *sorted(responses)):
        if responses.get(language):
            return language, responses[language]
    return "", ""


def render_answers(notices: Sequence[Notice]) -> MailContent | None:
    """The secretariat's answers to one person's comments, each with its link, in their language where it has it."""
    recipient = notices[-1].recipient
    pks = [int(pk_of(notice.subject, Disposition)) for notice in notices]
    dispositions = list(
        Disposition.objects.filter(pk__in=pks, published_at__isnull=False)
        .select_related("answer", "comment__provision", "comment__round")
        .order_by("comment__number")
    )
    if not dispositions:
        return None
    comment, n = dispositions[0].comment, len(dispositions)
    one = reverse("consultations:comment_detail", args=[comment.round_id, comment.uuid])
    return MailContent(
        # Of one comment it is said without its number.
        subject=_("Your comment has been answered")
        if n == 1
        else ngettext("%(n)d of your comments is answered", "%(n)d of your comments are answered", n)
        % {"n": n},
        paragraphs=[
            _("The secretariat has answered your comment in “%(round)s”.") % {"round": comment.round.title}
            if n == 1
            else ngettext(
                "The secretariat has answered %(n)d comment of yours in “%(round)s”.",
                "The secretariat has answered %(n)d of your comments in “%(round)s”.",
                n,
            )
            % {"n": n, "round": comment.round.title}
        ],
        items=[
            *(_item(disposition, recipient) for disposition in dispositions),
            *_account(comment, recipient),
        ],
        action_label=_("Read the answer beside your comment") if n == 1 else _("See all your comments"),
        action_path=one if n == 1 else reverse("consultations:my_comments"),
        reason=_("You get this message because you commented in “%(round)s”.")
        % {"round": comment.round.title},
    )


def _account(comment: Comment, recipient: Any) -> list[MailItem]:
    """Where to read what became of all the input, once the account of the round is given to the recipient."""
    if not comment.round.published_at or not may_see_account(recipient, comment.round):
        return []
    path = reverse("consultations:account", args=[comment.round_id])
    return [
        MailItem(_("You said, we did"), _("What became of the input of everybody in this round."), path=path)
    ]


def _item(disposition: Disposition, recipient: Any) -> MailItem:
    """“No. 12, paragraph 33: accepted”, the words of the answer, and where it stands."""
    comment = disposition.comment
    language, response = response_in(disposition.answer.responses, get_language() or "en", comment.language)
    number = seen_number(recipient, comment)
    about = [_("No. %(number)s") % {"number": number}] if number else []
    return MailItem(
        f"{listed([*about, place_of(comment)])}{colon()}{disposition.get_outcome_display()}",
        response,
        language,
        reverse("consultations:comment_detail", args=[comment.round_id, comment.uuid]),
    )


def render_new_closing(notices: Sequence[Notice]) -> MailContent | None:
    """When a round closes now, in the recipient's zone, too; None once it is over."""
    recipient = notices[-1].recipient
    round = Round.objects.filter(pk=pk_of(notices[-1].subject, Round)).first()
    if round is None or round.state not in (Round.State.PLANNED, Round.State.OPEN):
        return None
    page = reverse("consultations:round_detail", args=[round.pk])
    follows = round.followers.filter(user=recipient).exists()
    return MailContent(
        subject=_("New closing time: %(round)s") % {"round": round.title},
        paragraphs=[
            _("The closing of “%(round)s” was moved. It now closes on %(when)s.")
            % {"round": round.title, "when": in_full(round.closes_at, recipient)}
        ],
        action_label=_("See the round"),
        action_path=page,
        reason=_("You get this message because you asked to be told of a new closing time.")
        if follows
        else _("You get this message because you are asked to take part in “%(round)s”.")
        % {"round": round.title},
        stop_label=_("No longer tell me of this round") if follows else "",
        stop_path=f"{page}#follow" if follows else "",
    )


def in_full(at: datetime, reader: Any) -> str:
    """A time as pages show it, as plain text: in the secretariat's zone and in the reader's own."""
    return strip_tags(moment(Context({"user": reader}), at))


def place_of(comment: Comment) -> str:
    """Where a comment belongs, in words: a number, or the draft as a whole."""
    if comment.provision is None:
        return _("the draft as a whole")
    return place_name(comment.provision)
