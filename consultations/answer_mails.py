"""The words of mails about answers: to whoever commented, and to whoever wrote an answer that was sent back."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consultations.mails import place_of, response_in
from consultations.models import Comment, Disposition, EarlierAnswer, SentBack
from consultations.rules import may_see_account, seen_number
from core.mail import MailContent, MailItem
from core.models import Notice, pk_of
from core.punctuation import colon, listed


def render_answers(notices: Sequence[Notice]) -> MailContent | None:
    """The secretariat's answers to one person's comments, each with its link, in their language where it has it."""
    recipient = notices[-1].recipient
    pks = [int(pk_of(notice.subject, Disposition)) for notice in notices]
    dispositions = list(
        Disposition.objects.filter(pk__in=pks, published_at__isnull=False)
        .select_related("answer", "comment__provision", "comment__round")
        .order_by("comment__number", "pk")
    )
    if not dispositions:
        return None
    comment, n = dispositions[0].comment, len(dispositions)
    subject, first = _subject(dispositions)
    return MailContent(
        subject=subject,
        paragraphs=[
            first,
            *_of_their_state({each.comment.status for each in dispositions}),
            _("On its page you can say, once, whether the answer contents you.")
            if n == 1
            else _("On the page of each comment you can say, once, whether the answer contents you."),
        ],
        items=[
            *(_item(disposition, recipient) for disposition in dispositions),
            *_account(comment, recipient),
        ],
        action_label=_("Read the answer beside your comment") if n == 1 else _("See all your comments"),
        action_path=_page(comment) if n == 1 else reverse("consultations:my_comments"),
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


def _subject(dispositions: Sequence[Disposition]) -> tuple[str, str]:
    """The subject, and what happened: answers that took the place of published ones have changed."""
    n, title = len(dispositions), {"round": dispositions[0].comment.round.title}
    told = EarlierAnswer.objects.filter(disposition__in=dispositions, published=True)
    if told.values("disposition").distinct().count() == n:
        return (
            ngettext("The answer to your comment has changed", "Answers to your comments have changed", n),
            ngettext(
                "The secretariat has changed its answer to your comment in “%(round)s”. What it said before stays on"
                " the record.",
                "The secretariat has changed its answers to your comments in “%(round)s”. What they said before stays"
                " on the record.",
                n,
            )
            % title,
        )
    if n == 1:  # Of one comment it is said without its number.
        return (
            _("Your comment has been answered"),
            _("The secretariat has answered your comment in “%(round)s”.") % title,
        )
    return (
        ngettext("%(n)d of your comments is answered", "%(n)d of your comments are answered", n) % {"n": n},
        ngettext(
            "The secretariat has answered %(n)d comment of yours in “%(round)s”.",
            "The secretariat has answered %(n)d of your comments in “%(round)s”.",
            n,
        )
        % {"n": n, **title},
    )


def _of_their_state(statuses: set[str]) -> list[str]:
    """What is to be known of comments that aren't among those that everyone reads."""
    said = {
        Comment.Status.LATE: _(
            "What came after the closing is read and answered; it has no number and isn’t counted."
        ),
        Comment.Status.HIDDEN: _(
            "A comment that the secretariat has hidden is answered as well. You and the secretariat alone see it and"
            " its answer."
        ),
        Comment.Status.WITHDRAWN: _(
            "A comment that you have withdrawn had its answer already. You and the secretariat alone see both."
        ),
    }
    return [words for status, words in said.items() if status in statuses]


def _item(disposition: Disposition, recipient: Any) -> MailItem:
    """“No. 12, paragraph 33: accepted”, the words of the answer, and where it stands."""
    comment = disposition.comment
    language, response = response_in(disposition.answer.responses, get_language() or "en", comment.language)
    number = seen_number(recipient, comment)
    about = [_("No. %(number)s") % {"number": number}] if number else []
    about.append(place_of(comment))
    if comment.status != Comment.Status.SUBMITTED:
        about.append(str(comment.get_status_display()))
    return MailItem(
        f"{listed(about)}{colon()}{disposition.get_outcome_display()}", response, language, _page(comment)
    )


def _page(comment: Comment) -> str:
    return reverse("consultations:comment_detail", args=[comment.round_id, comment.uuid]) + "#answer"


def render_sent_back(notices: Sequence[Notice]) -> MailContent | None:
    """What a second reader would have otherwise; None where the answer has been written anew meanwhile."""
    sent = (
        SentBack.objects.filter(pk=pk_of(notices[-1].subject, SentBack))
        .select_related("by", "disposition__comment__round", "disposition__comment__provision")
        .first()
    )
    if sent is None:
        return None
    comment = sent.disposition.comment
    number = [_("No. %(number)s") % {"number": comment.number}] if comment.number else []
    desk = reverse("consultations:desk", args=[comment.round_id])
    return MailContent(
        subject=_("An answer of yours is sent back"),
        paragraphs=[
            _("%(name)s has read an answer that you wrote in “%(round)s” and asks you to look at it again.")
            % {"name": sent.by.name, "round": comment.round.title},
        ],
        items=[MailItem(listed([*number, place_of(comment)]), sent.note)],
        action_label=_("Open it at the desk"),
        action_path=f"{desk}?comment={comment.uuid}",
        reason=_("You get this message because you wrote the answer."),
    )
