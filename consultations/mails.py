"""The words of the mails that a round sends."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.template import Context
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from accounts.templatetags.moments import moment
from consultations.models import Comment, Round
from core.mail import MailContent
from core.models import Notice, pk_of
from drafts.places import place_name


def response_in(responses: dict[str, str], *languages: str) -> tuple[str, str]:
    """The first response there is in one of ``languages``, else any; (language, text)."""
    for language in (*languages, *sorted(responses)):
        if responses.get(language):
            return language, responses[language]
    return "", ""


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
