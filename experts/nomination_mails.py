"""The words of the mails about a nomination."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from accounts.templatetags.moments import day_in_words, moment, moment_in_words
from core.mail import MailContent, compose
from core.models import Notice, pk_of
from experts.models import Nomination, NominationMove, NomineeLink

S = Nomination.State


def link_mail(link: NomineeLink, token: str) -> EmailMultiAlternatives:
    """The mail that tells a nominee, in the language that was named for them."""
    nomination = link.nomination
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    with translation.override(nomination.language):
        content = link_content(link, token)
        return compose(
            content,
            recipient=SimpleNamespace(name=nomination.name, email=nomination.email),
            language=nomination.language,
            message_id=f"<nominee-{nomination.uuid.hex}-{link.mailing}@{host}>",
        )


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
            % {"when": moment_in_words(closes_at)},
            _("The link is for you alone (%(address)s). It works once, until %(day)s.")
            % {"address": nomination.email, "day": day_in_words(link.expires_at)},
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
    own = nomination.nominee_id == recipient.pk
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
            % {"when": in_full(_deadlines(nomination)[0], recipient)},
        ]
    if made.after == S.AWAITING_ENDORSEMENT:
        return _("Your nomination waits for the endorsement"), [
            _("Your nomination in “%(call)s” has arrived and lies before the focal point of %(country)s.")
            % words,
            _("It is considered once they endorse it, by %(when)s. Without it, it is not considered.")
            % {"when": in_full(_deadlines(nomination)[1], recipient)},
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
        % {"when": in_full(_deadlines(nomination)[1], recipient)},
    ]


def _reason(made: NominationMove) -> list[str]:
    return [_("The reason given: %(reason)s") % {"reason": made.reason}] if made.reason else []


def _deadlines(nomination: Nomination) -> Any:
    return nomination.call.deadlines_for(nomination.country_id)


def in_full(at: Any, reader: Any) -> str:
    """A time as pages show it, as plain text: in the secretariat's zone and in the reader's own."""
    return strip_tags(moment(Context({"user": reader}), at))
