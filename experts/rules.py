"""Who may see and do what with calls and nominations."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import may_write
from core.verdicts import Allowed, Refused, Verdict
from experts.models import Call, CallPaper, Nomination, Reviewer
from experts.standing import country_spoken_for, is_staff, regions_coordinated

S = Nomination.State
CLOSED = Refused(_("The call has closed."), "closed")
DECIDED = Refused(_("The call is decided."), "decided")


def may_manage_calls(user: Any) -> Verdict:
    """The secretariat prepares, announces and decides calls."""
    return Allowed if is_staff(user) else Refused(_("Only the secretariat may do this."), "not_staff")


def may_work_on_panel(user: Any, call: Call) -> Verdict:
    """The secretariat chooses the panel; whoever is nominated, or has a standing conflict with a nominee of the call,
    takes no part.

    Figures of a panel tell of each who is in the pool, so nothing of it is shown; and the refusal says nothing of
    where that nomination stands.
    """
    verdict = may_manage_calls(user)
    if not verdict:
        return verdict
    keeping = Nomination.objects.keeping_from_panel(user).filter(call=call.pk)
    found = list(keeping.values_list("nominee", "email"))
    if any(nominee == user.pk or email == user.email for nominee, email in found):
        return Refused(
            _("You are nominated in this call yourself: its panel is chosen by others."), "nominee"
        )
    if found:
        return Refused(
            _("You have a conflict of interest with a nominee of this call: its panel is chosen by others."),
            "conflict",
        )
    return Allowed


def may_see_call(user: Any, call: Call) -> Verdict:
    """An announced call is public; one in preparation is the secretariat's."""
    if call.announced_at is not None or is_staff(user):
        return Allowed
    return Refused(_("This call has not been announced."), "not_announced")


def may_see_nomination(user: Any, nomination: Nomination) -> Verdict:
    """Whoever finds it among ``Nomination.objects.visible_to``: one rule decides page and list."""
    if Nomination.objects.visible_to(user).filter(pk=nomination.pk).exists():
        return Allowed
    return Refused(_("There is no such nomination."), "hidden")


def is_nominee(user: Any, nomination: Nomination) -> bool:
    return bool(user.is_authenticated and nomination.nominee_id == user.pk and user.is_active)


def speaks_for_country(user: Any, nomination: Nomination) -> bool:
    return bool(nomination.country_id) and country_spoken_for(user) == nomination.country_id


def may_apply(user: Any, call: Call, *, at: datetime) -> Verdict:
    """Whoever is signed in, once a call for experts has opened. After it has closed what they write is kept, as a
    draft."""
    if not user.is_authenticated or not user.is_active:
        return Refused(_("Sign in to apply."), "anonymous")
    if call.kind != Call.Kind.EXPERTS or call.announced_at is None or at < call.opens_at:
        return Refused(_("The call has not opened yet."), "not_open")
    return may_write(user)


def may_nominate(user: Any, call: Call, *, at: datetime) -> Verdict:
    """The contact point and the deputies of a member state, once a call for experts has opened."""
    if not country_spoken_for(user):
        return Refused(_("Only the focal point of a Member State nominates."), "not_focal_point")
    return may_apply(user, call, at=at)


def may_see_region(user: Any, call: Call, *, at: datetime) -> Verdict:
    """The coordinator of a region sees what its countries submitted, once a call for experts has opened."""
    if not regions_coordinated(user):
        return Refused(_("Only the coordinator of a region sees its nominations."), "not_coordinator")
    return may_apply(user, call, at=at)


def may_edit_nomination(user: Any, nomination: Nomination, *, at: datetime) -> Verdict:
    """Whoever has it in hand, until the deadline; a draft longer, so that nothing typed is lost; the secretariat what
    it entered itself."""
    if nomination.state == S.WITHDRAWN:
        return Refused(_("This nomination was withdrawn."), "withdrawn")
    mine = is_nominee(user, nomination)
    if not mine and is_staff(user) and nomination.way == Nomination.Way.ENTERED:
        return Allowed
    if not mine and not speaks_for_country(user, nomination):
        return Refused(_("Only the nominee and the focal point change a nomination."), "not_theirs")
    if not mine and nomination.way == Nomination.Way.APPLIED:
        return Refused(_("This is the nominee's own application: only they change it."), "not_theirs")
    if nomination.state in (S.DRAFT, S.AWAITING_NOMINEE):
        return Allowed
    # Before what was decided of it: after the deadline nobody learns from a refusal that it was looked at.
    if not (still_open := open_for(nomination, at=at)):
        return still_open
    if nomination.state not in Nomination.UNFINISHED and nomination.state != S.SUBMITTED:
        return Refused(
            _("The secretariat is looking at this nomination: it can't be changed any more."), "moved_on"
        )
    return Allowed


def may_give_paper(user: Any, nomination: Nomination, kind: str, *, at: datetime) -> Verdict:
    """The letter of the government comes from its focal point, until the date for endorsement; other papers from
    whoever may change the nomination."""
    if kind != CallPaper.Kind.LETTER or (is_staff(user) and nomination.way == Nomination.Way.ENTERED):
        return may_edit_nomination(user, nomination, at=at)
    if is_nominee(user, nomination) or not speaks_for_country(user, nomination):
        return Refused(_("The letter of the government comes from its focal point."), "not_focal_point")
    if nomination.state not in Nomination.UNFINISHED:
        return Refused(_("This nomination can't be changed any more."), "moved_on")
    _closes, until = nomination.call.deadlines_for(nomination.country_id)
    if at >= nomination.call.accepts_until(until):
        return Refused(_("The time for endorsements is over."), "closed")
    return Allowed


def open_for(nomination: Nomination, *, at: datetime) -> Verdict:
    """Whether the call still takes nominations of this country (grace included)."""
    if nomination.call.decided_at:
        return DECIDED
    closes_at, _endorsed = nomination.call.deadlines_for(nomination.country_id)
    if at < nomination.call.opens_at:
        return Refused(_("The call has not opened yet."), "not_open")
    if at >= nomination.call.accepts_until(closes_at):
        return CLOSED
    return Allowed


def may_withdraw(user: Any, nomination: Nomination) -> Verdict:
    """The nominee at any time; the focal point what the country nominated or endorsed; the secretariat on their
    behalf. An application that waits for its endorsement the focal point gives back, or leaves."""
    if nomination.state == S.WITHDRAWN:
        return Refused(_("This nomination was withdrawn."), "withdrawn")
    if is_nominee(user, nomination) or is_staff(user):
        return Allowed
    if speaks_for_country(user, nomination):
        if nomination.way == Nomination.Way.APPLIED and nomination.state in Nomination.UNFINISHED:
            return Refused(_("This is the nominee's own application: only they change it."), "not_theirs")
        return Allowed
    return Refused(_("Only the nominee and the focal point withdraw a nomination."), "not_theirs")


def may_endorse(user: Any, nomination: Nomination, *, at: datetime) -> Verdict:
    """The focal point of the country, until the date for endorsement; nobody endorses themselves."""
    if is_nominee(user, nomination):
        return Refused(_("Nobody endorses their own nomination."), "self")
    if not speaks_for_country(user, nomination):
        return Refused(_("Only the focal point of the country endorses."), "not_focal_point")
    if nomination.state != S.AWAITING_ENDORSEMENT:
        return Refused(_("This nomination doesn't wait for an endorsement."), "not_waiting")
    if nomination.call.decided_at:
        return DECIDED
    _closes, until = nomination.call.deadlines_for(nomination.country_id)
    if at >= nomination.call.accepts_until(until):
        return Refused(_("The time for endorsements is over."), "closed")
    return Allowed


def reviewer_of(user: Any, call: Call) -> Reviewer | None:
    """The caller's standing as a reviewer of the call, if any (one query)."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Reviewer.objects.filter(call=call, user=user, removed_at=None).first()
