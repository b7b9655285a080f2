"""The words of the mails about a nomination."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.mail import MailContent
from core.models import Notice, pk_of
from core.notices import Addressee
from experts.actions.linking import note_sent, token_of
from experts.deadlines import for_mail
from experts.models import Nomination, NominationMove, NomineeLink
from experts.queries import is_represented

S = Nomination.State


def render_link(notices: Sequence[Notice]) -> MailContent | None:
    """The mail that tells a nominee; None where it went out, was used, or the nomination ended meanwhile."""
    link = _link(notices)
    return link_content(link, token_of(link)) if link is not None else None


def address_of_nominee(notices: Sequence[Notice]) -> Addressee | None:
    link = _link(notices)
    return Addressee(link.nomination.email, link.nomination.name) if link is not None else None


def note_link_sent(notices: Sequence[Notice], at: datetime) -> None:
    mailing = int(notices[-1].occurrence.removeprefix("mailing-"))
    note_sent(link_id=int(pk_of(notices[-1].subject, NomineeLink)), mailing=mailing)


def _link(notices: Sequence[Notice]) -> NomineeLink | None:
    waiting = NomineeLink.objects.filter(sent_at=None, used_at=None, nomination__state=S.AWAITING_NOMINEE)
    found = (
        waiting.select_related("nomination__call", "nomination__country")
        .filter(pk=pk_of(notices[-1].subject, NomineeLink))
        .first()
    )
    return found if found and notices[-1].occurrence == f"mailing-{found.mailing}" else None


def link_content(link: NomineeLink, token: str) -> MailContent:
    """What it says, under the language that is active."""
    nomination = link.nomination
    closes_at, _endorsed = nomination.call.deadlines_for(nomination.country_id)
    words = {"country": nomination.country, "call": nomination.call.title}
    return MailContent(
        subject=_("You are nominated as an expert: %(call)s") % words,
        paragraphs=[
            _("The Government of %(country)s nominates you in “%(call)s” and says that you agreed to it.")
            % words,
            _(
                "Complete it, declare your interests and hand it in by %(when)s. Until then it is not considered."
            )
            % {"when": for_mail(closes_at, nomination.call, nomination.nominee)},
            _("The link is for you alone (%(address)s). It works once, until %(when)s.")
            % {
                "address": nomination.email,
                "when": for_mail(link.shown_until, nomination.call, nomination.nominee),
            },
            _("After that, ask the focal point of %(country)s for a new one.") % words,
        ],
        action_label=_("Complete the nomination"),
        action_path=reverse("nominations:invited", args=[token]),
        reason=_(
            "You get this message because a government entered your address. If you don't want to be nominated,"
            " open the link and say so; no account is needed."
        ),
    )


def render_move(notices: Sequence[Notice]) -> MailContent | None:
    """What became of a nomination, for whom it concerns; None where the move is no more, or the recipient may not
    know of it any more."""
    recipient, pk = notices[-1].recipient, pk_of(notices[-1].subject, NominationMove)
    moves = NominationMove.objects.select_related("nomination__call", "nomination__country")
    made = moves.filter(pk=pk).first()
    if made is None:
        return None
    nomination = made.nomination
    if not Nomination.objects.visible_to(recipient).filter(pk=nomination.pk).exists():
        return None
    own = nomination.nominee_id == notices[-1].recipient_id
    subject, paragraphs = (_to_nominee if own else _to_country)(made, recipient)
    return MailContent(
        subject=subject,
        paragraphs=paragraphs,
        action_label=_("See the nomination"),
        action_path=reverse("nominations:nomination_detail", args=[nomination.uuid]),
        reason=_("You get this message because you are nominated in “%(call)s”.")
        % {"call": nomination.call.title}
        if own
        else _("You get this message because you are a focal point of %(country)s.")
        % {"country": nomination.country},
    )


def _to_nominee(made: NominationMove, recipient: Any) -> tuple[str, list[str]]:
    nomination = made.nomination
    words = {"call": nomination.call.title, "country": nomination.country, "receipt": nomination.receipt}
    if made.after == S.WITHDRAWN:
        return _("Your nomination is withdrawn"), [
            _("Your nomination in “%(call)s” is withdrawn. It is not considered any more.") % words,
            *_reason(made),
        ]
    if made.after in (S.DRAFT, S.AWAITING_NOMINEE):
        return _("Your nomination needs a change"), [
            _("The focal point of %(country)s gives your nomination in “%(call)s” back to you.") % words,
            *_reason(made),
            _("Mend it and hand it in again by %(when)s.")
            % {"when": for_mail(_deadlines(nomination)[0], nomination.call, recipient)},
        ]
    if made.after == S.AWAITING_ENDORSEMENT:
        return _("Your nomination waits for the endorsement"), [
            _("Your nomination in “%(call)s” has arrived and lies before the focal point of %(country)s.")
            % words
            if is_represented(nomination.country_id)
            else _(
                "Your nomination in “%(call)s” has arrived. Nobody represents %(country)s in the portal yet, so nobody"
                " can endorse it at present: it waits for whoever becomes the focal point. To have one named, turn to"
                " your government, or to the secretariat."
            )
            % words,
            _("It is considered once they endorse it, by %(when)s. Without it, it is not considered.")
            % {"when": for_mail(_deadlines(nomination)[1], nomination.call, recipient)},
            _("Receipt: %(receipt)s") % words,
        ]
    return _("Your nomination is submitted"), [
        _("Your nomination in “%(call)s” is submitted to the secretariat.") % words,
        *(
            [_("The focal point of %(country)s endorsed it.") % words]
            if made.before == S.AWAITING_ENDORSEMENT
            else []
        ),
        _("Receipt: %(receipt)s") % words,
    ]


def _to_country(made: NominationMove, recipient: Any) -> tuple[str, list[str]]:
    nomination = made.nomination
    words = {"name": nomination.name, "call": nomination.call.title}
    if made.after == S.WITHDRAWN:
        return _("A nomination of your country is withdrawn"), [
            _("The nomination of %(name)s in “%(call)s” is withdrawn. Its place is free again.") % words,
            *_reason(made),
        ]
    return _("A nomination waits for your endorsement"), [
        _("%(name)s asks for your endorsement in “%(call)s”.") % words,
        _("Endorse it or give it back by %(when)s. What isn't endorsed by then is not considered.")
        % {"when": for_mail(_deadlines(nomination)[1], nomination.call, recipient)},
    ]


def _reason(made: NominationMove) -> list[str]:
    return [_("The reason given: %(reason)s") % {"reason": made.reason}] if made.reason else []


def _deadlines(nomination: Nomination) -> Any:
    return nomination.call.deadlines_for(nomination.country_id)
