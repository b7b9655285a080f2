"""The words of the mails by which governments and nominees are told of a call and of its decision."""

from collections.abc import Sequence
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Country
from core.mail import MailContent, MailItem, compose
from core.models import Notice, pk_of
from experts.deadlines import for_mail
from experts.left_out import LeftOut, why
from experts.links import call_page
from experts.models import Call, Decision, Nomination, NominationMove
from experts.standing import country_spoken_for
from experts.states import shown

S = Nomination.State


def render_announced(notices: Sequence[Notice]) -> MailContent | None:
    """To who speaks for a Member State: a call, what to do, until when. None once that time has passed."""
    recipient = notices[-1].recipient
    call = Call.objects.filter(pk=pk_of(notices[-1].subject, Call)).first()
    country = Country.objects.filter(pk=country_spoken_for(recipient)).first()
    if call is None or country is None or call.decided_at:
        return None
    closes, endorsed = call.deadlines_for(country.pk)
    if timezone.now() >= endorsed:
        return None
    named = {"call": call.title, "country": country.name}
    opens = (
        [_("Opens: %(when)s.") % {"when": for_mail(call.opens_at, call, recipient)}]
        if call.opens_at > timezone.now()
        else []
    )
    experts = call.kind == Call.Kind.EXPERTS
    return MailContent(
        subject=_("A call for experts: %(call)s") % named
        if experts
        else _("A call to host meetings: %(call)s") % named,
        paragraphs=[
            *(_to_nominate(call, named) if experts else _to_host(named)),
            *opens,
            (_("Nominate until: %(when)s.") if experts else _("Offer until: %(when)s."))
            % {"when": for_mail(closes, call, recipient)},
            *(
                [_("Endorse until: %(when)s.") % {"when": for_mail(endorsed, call, recipient)}]
                if experts
                else []
            ),
        ],
        action_label=_("See the call"),
        action_path=call_page(call.pk),
        reason=_("You get this message because you are a focal point of %(country)s.") % named,
    )


def _to_nominate(call: Call, named: dict[str, str]) -> list[str]:
    limit = call.per_country_limit
    may = (
        _("%(country)s may nominate experts in “%(call)s”.") % named
        if limit is None
        else ngettext(
            "%(country)s may nominate %(n)d expert in “%(call)s”.",
            "%(country)s may nominate up to %(n)d experts in “%(call)s”.",
            limit,
        )
        % {**named, "n": limit}
    )
    return [
        may,
        _(
            "You name a person, who is told by mail, completes the nomination and hands it in. Whoever applies for"
            " themselves under your country waits for your endorsement."
        ),
    ]


def _to_host(named: dict[str, str]) -> list[str]:
    return [
        _("%(country)s may offer to host meetings in “%(call)s”.") % named,
        _("An offer names the meeting, the dates, the venue and what the host gives."),
    ]


def render_country(notices: Sequence[Notice]) -> MailContent | None:
    """To who speaks for a country: what became of its own nominees. None where they speak for none any more."""
    recipient = notices[-1].recipient
    decisions = Decision.objects.select_related("call").filter(announced_at__isnull=False)
    decision = decisions.filter(pk=pk_of(notices[-1].subject, Decision)).first()
    country = Country.objects.filter(pk=country_spoken_for(recipient)).first()
    if decision is None or country is None:
        return None
    call, named = decision.call, {"call": decision.call.title, "country": country.name}
    seen = Nomination.objects.visible_to(recipient).filter(call=call, country=country)
    items = [
        MailItem(nomination.name, _outcome(nomination))
        for nomination in seen.exclude(state=S.WITHDRAWN).order_by("pk")
    ]
    if not items:
        return None
    return MailContent(
        subject=_("The panel has been chosen: %(call)s") % named,
        paragraphs=[
            _("The decision on “%(call)s” is announced. This is what became of the nominees of %(country)s.")
            % named,
            _("Each of them is told by a mail of their own."),
        ],
        items=items,
        action_label=_("Nominations of your country"),
        action_path=reverse("nominations:country", args=[call.pk]),
        reason=_("You get this message because you are a focal point of %(country)s.") % named,
    )


def _outcome(nomination: Nomination) -> str:
    """What became of a nomination, for its government. Whether an invitation was accepted is the nominee's to tell."""
    if (left := why(nomination)) is not None:
        return {
            LeftOut.INELIGIBLE: _("Not eligible, and so not considered."),
            LeftOut.UNENDORSED: _("Not endorsed in time, and so not considered."),
            LeftOut.UNFINISHED: _("Not handed in, and so not considered."),
        }[left]
    if nomination.state in (S.INVITED, S.ACCEPTED, S.PUBLISHED, S.DECLINED, S.LAPSED):
        return _("Invited to be a member of the panel.")
    if nomination.state in (S.INVITED_TO_GROUP, S.JOINED_GROUP):
        return _("Not chosen for the panel; invited to the regional group.")
    if nomination.state == S.ALTERNATE:
        return _("On the list of alternates.")
    if nomination.state == S.NOT_SELECTED:
        return _("Not chosen for the panel.")
    return str(S(shown(nomination.state, announced=True)).label)


def left_out_mail(nomination: Nomination, left: LeftOut) -> EmailMultiAlternatives:
    """To a nominee whose nomination was not considered: why, in words."""
    words = {"call": nomination.call.title, "country": nomination.country}
    with translation.override(nomination.language):
        words["country"] = nomination.country
        reasons = {
            LeftOut.INELIGIBLE: _(
                "Your nomination was found not to meet what the call asks, and was not considered."
            ),
            LeftOut.UNENDORSED: _(
                "The focal point of %(country)s did not endorse your nomination in time. Without an endorsement it was"
                " not considered."
            ),
            LeftOut.UNFINISHED: _("Your nomination was not handed in in time, and was not considered."),
        }
        return compose(
            MailContent(
                subject=_("The panel has been chosen: %(call)s") % words,
                paragraphs=[
                    _("The panel of the call “%(call)s” has been chosen.") % words,
                    reasons[left] % words,
                    _("If you have a question about this, write to the secretariat."),
                    _("The drafts are open to consultation, and your voice is welcome there."),
                ],
                action_label=_("To the portal"),
                action_path=reverse("home"),
                reason=_("You get this message because you were nominated in the call “%(call)s”.") % words,
            ),
            recipient=SimpleNamespace(name=nomination.name, email=nomination.email),
            language=nomination.language,
            message_id=_message_id(f"left-out-{nomination.uuid.hex}"),
        )


def withdrawn_mail(made: NominationMove) -> EmailMultiAlternatives:
    """To a nominee without an account, who was told of the nomination by a mail: it is withdrawn."""
    nomination = made.nomination
    with translation.override(nomination.language):
        words = {"call": nomination.call.title, "country": nomination.country}
        return compose(
            MailContent(
                subject=_("Your nomination is withdrawn"),
                paragraphs=[
                    _("Your nomination in “%(call)s” is withdrawn. It is not considered any more.") % words,
                    *([_("The reason given: %(reason)s") % {"reason": made.reason}] if made.reason else []),
                    _("The link that we sent you opens nothing any more. Nothing more is asked of you."),
                ],
                reason=_("You get this message because you were nominated in the call “%(call)s”.") % words,
            ),
            recipient=SimpleNamespace(name=nomination.name, email=nomination.email),
            language=nomination.language,
            message_id=_message_id(f"nominee-withdrawn-{nomination.uuid.hex}-{made.pk}"),
        )


def _message_id(name: str) -> str:
    """The same for every attempt at one mail, by which mail programs know it for the same mail."""
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"
