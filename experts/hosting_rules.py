"""Who may see and do what with offers to host."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rules import may_write
from core.verdicts import Allowed, Refused, Verdict
from experts.models import Call, HostingOffer
from experts.queries import own_country
from experts.rules import may_manage_calls
from experts.standing import is_staff

S = HostingOffer.State
DECIDED = (S.CHOSEN, S.RESERVE, S.NOT_CHOSEN)
OWN_MEETING = _("You offer to host this meeting yourself: its offers are compared and decided by others.")
NOT_THEIRS = _("Only whoever made an offer, and who speaks for their organization, may do this.")


def may_see_offer(user: Any, offer: HostingOffer) -> Verdict:
    """Whoever finds it among ``HostingOffer.objects.visible_to``: one rule decides page and list."""
    if HostingOffer.objects.visible_to(user).filter(pk=offer.pk).exists():
        return Allowed
    return Refused(_("There is no such offer."), "hidden")


def has_in_hand(user: Any, offer: HostingOffer) -> bool:
    """Whether the offer is the caller's, or of an organisation for which they speak."""
    return HostingOffer.objects.of_hosts(user).filter(pk=offer.pk).exists()


def may_offer(user: Any, call: Call, *, at: datetime) -> Verdict:
    """Everybody signed in may begin an offer once the call is open; whether it counts is asked when it is handed in."""
    if not user.is_authenticated or not user.is_active:
        return Refused(_("Sign in to offer to host a meeting."), "anonymous")
    if call.decided_at:
        return Refused(_("This call is decided."), "decided")
    if call.announced_at is None or at < call.opens_at:
        return Refused(_("The call has not opened yet."), "not_open")
    return may_write(user)


def is_open_for(call: Call, country: str, *, at: datetime) -> bool:
    """Whether offers of this country still count (grace included)."""
    closes_at, _endorsed = call.deadlines_for(country)
    return call.opens_at <= at < call.accepts_until(closes_at) and not call.decided_at


def is_open_to(user: Any, call: Call, *, at: datetime) -> bool:
    """Whether the caller's country is told that it may still offer: without the grace, with which nobody plans."""
    closes_at, _endorsed = call.deadlines_for(own_country(user))
    return bool(call.announced_at) and call.opens_at <= at < closes_at and not call.decided_at


def may_edit_offer(user: Any, offer: HostingOffer, *, at: datetime) -> Verdict:
    """A draft until the call is decided; what was handed in until the deadline."""
    if not has_in_hand(user, offer):
        return Refused(NOT_THEIRS, "not_theirs")
    if offer.state == S.WITHDRAWN:
        return Refused(_("This offer was withdrawn."), "withdrawn")
    if offer.slot.call.decided_at:
        return Refused(_("This call is decided."), "decided")
    if offer.state != S.DRAFT and not is_open_for(offer.slot.call, offer.country_id, at=at):
        return Refused(_("The call has closed: an offer that was handed in stays as it is."), "closed")
    return may_write(user)


def may_withdraw_offer(user: Any, offer: HostingOffer) -> Verdict:
    """Whoever has it in hand, at any time; the secretariat what was handed in, on their behalf."""
    if offer.state == S.WITHDRAWN:
        return Refused(_("This offer was withdrawn."), "withdrawn")
    if has_in_hand(user, offer) or (is_staff(user) and offer.submitted_at):
        return Allowed
    return Refused(NOT_THEIRS, "not_theirs")


def last_deadline(call: Call) -> datetime:
    """When the last offer may come in: the call's deadline, or a later one given to a country; the grace included."""
    closes = min(call.closed_at or call.closes_at, call.closes_at)
    latest = max([closes, *(given.closes_at for given in call.reopenings.all())])
    return latest + timedelta(minutes=call.grace)


def may_weigh_offers(user: Any, call: Call, *, at: datetime | None = None) -> Verdict:
    """The secretariat scores and decides once nothing can come in or change any more."""
    verdict = may_manage_calls(user)
    if verdict and (at or timezone.now()) < last_deadline(call):
        return Refused(_("Offers can still come in: they are scored and decided after the deadline."), "open")
    return verdict


def hosts_meeting(user: Any, slot_id: int) -> bool:
    """Whether the caller offers to host this meeting themselves."""
    return HostingOffer.objects.meetings_hosted(user).filter(slot=slot_id).exists()


def may_announce_hosts(user: Any, call: Call, *, at: datetime | None = None) -> Verdict:
    """As for weighing; not whoever waits for a decision of the call themselves."""
    verdict = may_weigh_offers(user, call, at=at)
    if verdict and HostingOffer.objects.meetings_hosted(user).filter(slot__call=call).exists():
        return Refused(
            _("You offer to host a meeting of this call: the hosts are announced by others."), "own"
        )
    return verdict


def may_score_offer(user: Any, offer: HostingOffer, *, at: datetime | None = None) -> Verdict:
    """What was handed in, until the call is decided; nobody an offer that they have in hand themselves."""
    verdict = may_weigh_offers(user, offer.slot.call, at=at)
    if not verdict:
        return verdict
    if has_in_hand(user, offer):
        return Refused(_("Nobody scores or decides their own offer."), "own")
    if hosts_meeting(user, offer.slot_id):
        return Refused(OWN_MEETING, "own_meeting")
    if offer.slot.call.decided_at:
        return Refused(_("This call is decided: its scores stay as they are."), "decided")
    if offer.state not in (S.SUBMITTED, *DECIDED):
        return Refused(_("This offer isn’t in the running."), "not_running")
    return Allowed


def may_decide_offer(user: Any, offer: HostingOffer, *, at: datetime | None = None) -> Verdict:
    """As for scoring; also after the announcement, for hosts withdraw."""
    verdict = may_weigh_offers(user, offer.slot.call, at=at)
    if not verdict:
        return verdict
    if has_in_hand(user, offer):
        return Refused(_("Nobody scores or decides their own offer."), "own")
    if hosts_meeting(user, offer.slot_id):
        return Refused(OWN_MEETING, "own_meeting")
    if offer.state not in (S.SUBMITTED, *DECIDED):
        return Refused(_("This offer isn’t in the running."), "not_running")
    return Allowed


def may_see_agreement(user: Any, offer: HostingOffer) -> Verdict:
    """The secretariat and the host, once it is told that it was chosen."""
    if state_shown_to(user, offer) != S.CHOSEN:
        return Refused(_("There is no agreement with this host."), "not_chosen")
    return may_see_offer(user, offer)


def state_shown_to(user: Any, offer: HostingOffer) -> str:
    """The state as ``user`` may know it: what isn't announced is "submitted" to all but the secretariat, and to those
    of its members who offer themselves."""
    if offer.state not in DECIDED or offer.slot.call.decided_at:
        return offer.state
    return S.SUBMITTED if not is_staff(user) or has_in_hand(user, offer) else offer.state
