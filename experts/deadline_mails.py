"""The words of the mails about a call's dates that changed after it was announced."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.mail import MailContent
from core.models import Notice, pk_of
from core.notices import Addressee
from experts.actions.linking import token_of
from experts.deadlines import in_full
from experts.models import Call, Nomination, NomineeLink

S = Nomination.State


def occurrence_of(call: Call) -> str:
    """One mail for each pair of dates, and one for closing early."""
    if call.closed_at:
        return "closed-early"
    return f"until-{call.closes_at:%Y%m%dT%H%M%S}-{call.endorsed_until:%Y%m%dT%H%M%S}"


def render_dates(notices: Sequence[Notice]) -> MailContent | None:
    """To whom the dates matter: the new ones, or that the call has closed. None where they have changed again since."""
    call = Call.objects.filter(pk=pk_of(notices[-1].subject, Call)).first()
    return _content(call, notices[-1], reverse("calls:call_detail", args=[call.pk])) if call else None


def render_dates_for_nominee(notices: Sequence[Notice]) -> MailContent | None:
    """The same to a nominee without an account, by the link of their nomination."""
    link = _link(notices)
    if link is None:
        return None
    return _content(link.nomination.call, notices[-1], reverse("nominations:invited", args=[token_of(link)]))


def address_of_nominee(notices: Sequence[Notice]) -> Addressee | None:
    link = _link(notices)
    return Addressee(link.nomination.email, link.nomination.name) if link else None


def _link(notices: Sequence[Notice]) -> NomineeLink | None:
    waiting = NomineeLink.objects.filter(used_at=None, nomination__state=S.AWAITING_NOMINEE)
    nomination = pk_of(notices[-1].subject, Nomination)
    return waiting.select_related("nomination__call").filter(nomination=int(nomination)).first()


def _content(call: Call, notice: Notice, path: str) -> MailContent | None:
    if call.decided_at or notice.occurrence != occurrence_of(call):
        return None
    named: dict[str, Any] = {"call": call.title}
    return MailContent(
        subject=_("Closed early: %(call)s") % named if call.closed_at else _("New dates: %(call)s") % named,
        paragraphs=_closed(call, notice) if call.closed_at else _moved(call, notice),
        action_label=_("See the call"),
        action_path=path,
        reason=_("You get this message because “%(call)s” concerns you.") % named,
    )


def _closed(call: Call, notice: Notice) -> list[str]:
    endorsed = {"when": in_full(call.endorsed_until, call.zone, notice.recipient)}
    return [
        _("The secretariat has closed “%(call)s” before its date. Nothing more can be handed in.")
        % {"call": call.title},
        *(
            [_("Endorse until: %(when)s.") % endorsed]
            if call.kind == Call.Kind.EXPERTS and call.endorsement_closes_at
            else []
        ),
    ]


def _moved(call: Call, notice: Notice) -> list[str]:
    when = in_full(call.closes_at, call.zone, notice.recipient)
    endorsed = in_full(call.endorsed_until, call.zone, notice.recipient)
    return [
        _("The dates of “%(call)s” have changed.") % {"call": call.title},
        _("Open until: %(when)s.") % {"when": when},
        *(
            [_("Endorse until: %(when)s.") % {"when": endorsed}]
            if call.kind == Call.Kind.EXPERTS and call.endorsed_until != call.closes_at
            else []
        ),
    ]
