"""The words of the mails that a call sends."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.mail import MailContent
from core.models import Notice, pk_of
from experts.deadlines import for_mail
from experts.models import Call, CallReopening, Review, Reviewer


def render_reopened(notices: Sequence[Notice]) -> MailContent | None:
    """To who speaks for the country: until when it may now nominate and endorse. None once that has passed."""
    recipient = notices[-1].recipient
    reopenings = CallReopening.objects.select_related("call", "country")
    reopening = reopenings.filter(pk=pk_of(notices[-1].subject, CallReopening)).first()
    if reopening is None or reopening.call.decided_at:
        return None
    call, country = reopening.call, str(reopening.country)
    closes, endorsed = call.deadlines_for(reopening.country_id)
    named = {"call": call.title, "country": country}
    return MailContent(
        subject=_("More time for %(country)s: %(call)s") % named,
        paragraphs=[
            _("“%(call)s” is open again for %(country)s.") % named
            if call.state == Call.State.CLOSED
            else _("%(country)s has more time in “%(call)s”.") % named,
            _("Open until: %(when)s.") % {"when": for_mail(closes, call, recipient)},
            _("Endorse until: %(when)s.") % {"when": for_mail(endorsed, call, recipient)},
        ],
        action_label=_("See the call"),
        action_path=reverse("calls:call_detail", args=[call.pk]),
        reason=_("You get this message because you speak for %(country)s in the portal.") % named,
    )


def render_assigned(notices: Sequence[Notice]) -> MailContent | None:
    """To a reviewer: how many reviews wait for them, from when, until when. None where none does any more."""
    recipient, pk = notices[-1].recipient, pk_of(notices[-1].subject, Reviewer)
    reviewer = Reviewer.objects.select_related("call").filter(pk=pk, removed_at=None).first()
    waiting = Review.objects.unbarred().filter(reviewer=int(pk), submitted_at=None)
    number = waiting.exclude(nomination__nominee=notices[-1].recipient_id).count()
    if reviewer is None or not number:
        return None
    call = reviewer.call
    words = ngettext(
        "%(n)d nomination waits for your review in “%(call)s”.",
        "%(n)d nominations wait for your review in “%(call)s”.",
        number,
    )
    opens, closes = call.scoring_opens_at, call.scoring_closes_at
    return MailContent(
        subject=_("Reviews for you: %(call)s") % {"call": call.title},
        paragraphs=[
            words % {"n": number, "call": call.title},
            *([_("Scoring opens: %(when)s.") % {"when": for_mail(opens, call, recipient)}] if opens else []),
            *(
                [_("Scoring closes: %(when)s.") % {"when": for_mail(closes, call, recipient)}]
                if closes
                else []
            ),
            _("If you have a conflict of interest with somebody, say so on their page instead of scoring."),
        ],
        action_label=_("See my reviews"),
        action_path=reverse("reviewing:scoring_overview", args=[call.pk]),
        reason=_("You get this message because you are a reviewer of “%(call)s”.") % {"call": call.title},
    )
