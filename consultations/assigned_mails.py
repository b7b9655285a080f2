"""The mail to who was given comments to answer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.assigned import waiting_for
from consultations.models import Round
from core.mail import MailContent
from core.models import Notice, pk_of


def render_assigned(notices: Sequence[Notice]) -> MailContent | None:
    """How many comments wait for the recipient now; None when it is none, or they may not answer any more."""
    recipient = notices[-1].recipient
    round = Round.objects.filter(pk=pk_of(notices[-1].subject, Round)).first()
    n = waiting_for(recipient, round) if round and recipient else 0
    if round is None or not n:
        return None
    return MailContent(
        subject=_("Comments for you to answer: %(round)s") % {"round": round.title},
        paragraphs=[
            ngettext(
                "Comments in “%(round)s” were given to you. %(n)d waits for your answer.",
                "Comments in “%(round)s” were given to you. %(n)d wait for your answer.",
                n,
            )
            % {"round": round.title, "n": n}
        ],
        action_label=_("Open them at the desk"),
        action_path=reverse("consultations:desk", args=[round.pk]) + "?assigned=me&answer=none",
        reason=_("You get this message because you answer comments in “%(round)s”.") % {"round": round.title},
    )
