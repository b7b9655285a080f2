"""Answers to places offered: accepted, declined, lapsed, resigned; what is published of it."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, notices
from core.verdicts import Conflict, Refused, require
from core.words import clean_words
from experts.actions.deciding import lock_decision
from experts.actions.group_places import join_group, leave_group
from experts.actions.moving import lock_nomination, move
from experts.actions.offering import offer_again
from experts.models import Appointment, Nomination
from experts.panel_group import is_regional
from experts.rules import may_work_on_panel
from experts.selection_pool import same_people

S, Answer = Nomination.State, Appointment.Answer
LONGEST_REASON = 2000
# Who holds a place of the panel, or is offered one.
HOLDING = frozenset({S.INVITED, S.ACCEPTED, S.PUBLISHED})
OPEN, EXPIRED, WITHDRAWN, TAKEN, SUPERSEDED = "open", "expired", "withdrawn", "taken", "superseded"
CLOSED = {
    EXPIRED: gettext_lazy("This invitation has expired. Write to the secretariat if you still want to take part."),
    WITHDRAWN: gettext_lazy("This nomination was withdrawn, and the invitation with it."),
    Answer.ACCEPTED: gettext_lazy("You have accepted this invitation."),
    Answer.RESIGNED: gettext_lazy("You have given up this place. Write to the secretariat if that was a mistake."),
    Answer.DECLINED: gettext_lazy("You have declined this invitation. Write to the secretariat if that was a mistake."),
    SUPERSEDED: gettext_lazy("A later invitation has taken the place of this one."),
}  # fmt: skip


def state_at(appointment: Appointment, at: datetime) -> str:
    """``open``, ``accepted``, ``declined``, ``resigned``, ``expired``, ``withdrawn`` or ``superseded``. Reads the
    nomination."""
    if appointment.nomination.state == S.WITHDRAWN:
        return WITHDRAWN
    if appointment.answer:
        return appointment.answer
    if appointment.lapsed_at or appointment.expires_at <= at:
        return EXPIRED
    waits = S.INVITED_TO_GROUP if is_regional(appointment) else S.INVITED
    return OPEN if appointment.nomination.state == waits else SUPERSEDED


def may_still_accept(appointment: Appointment, at: datetime) -> bool:
    """Whether who declined may change their mind: the time to answer runs, and nobody else has taken the place."""
    declined = S.NOT_SELECTED if is_regional(appointment) else S.DECLINED
    return (
        state_at(appointment, at) == Answer.DECLINED
        and appointment.nomination.state == declined
        and at < appointment.expires_at
        and not appointment.replacements.exists()
    )


def lock_place(pk: int) -> Appointment:
    """The row with its nomination, both locked, the nomination first."""
    nomination_id = Appointment.objects.values_list("nomination_id", flat=True).get(pk=pk)
    nomination = lock_nomination(nomination_id)
    found = Appointment.objects.select_for_update(of=("self",)).select_related("group").get(pk=pk)
    found.nomination = nomination
    return found


def refuse_second_place(nomination: Nomination) -> None:
    """``ValidationError`` where another nomination of the same person holds a place of the call's panel.

    For callers that hold the call's lock, and with it everybody who fills a place.
    """
    others = Nomination.objects.filter(call=nomination.call_id, state__in=HOLDING)
    holders = list(others.exclude(pk=nomination.pk))
    marks = same_people([nomination, *holders])
    if nomination.pk in marks and any(marks.get(each.pk) == marks[nomination.pk] for each in holders):
        raise ValidationError(_("This person is taken in by another nomination already: one place for each."))


# --- The nominee ------------------------------------------------------------------------------------------


def answer_by_link(
    *,
    appointment: Appointment,
    answer: str,
    publish_name: bool = False,
    publish_country: bool = False,
    reason: str = "",
) -> Appointment:
    """The nominee's own answer, with a ``reason`` for declining if they like. The same again changes nothing.

    Whoever declined may accept yet (``may_still_accept``).
    ``Refusal`` with the reason where the place isn't open any more; ``ValidationError`` for an unknown answer.
    """
    listing = (publish_name, publish_country)
    return _answer(appointment, answer, by=None, listing=listing, reason=reason, mailing=True)


def change_listing(
    *, appointment: Appointment, actor: Any, publish_name: bool, publish_country: bool
) -> Appointment:
    """What the public list says of a member; nothing, once they take their consent back. ``actor`` None: by link."""
    with transaction.atomic():
        locked = lock_place(appointment.pk)
        if state_at(locked, timezone.now()) != Answer.ACCEPTED or is_regional(locked):
            require(Refused(_("Only members stand in the list."), "no_member"))
        _list(locked.nomination, publish_name, publish_country, by=actor)
        audit.record(
            "appointment.list",
            locked,
            actor=actor,
            changes={"name": publish_name, "country": publish_country},
        )
    return locked


# --- The secretariat --------------------------------------------------------------------------------------


def answer_on_behalf(
    *,
    actor: Any,
    appointment: Appointment,
    answer: str,
    publish_name: bool = False,
    publish_country: bool = False,
) -> Appointment:
    """An answer that came otherwise (by telephone, in a letter), recorded by staff and marked so.

    Also a late acceptance, while nobody has taken the place.
    """
    require(may_work_on_panel(actor, appointment.nomination.call))
    return _answer(appointment, answer, by=actor, listing=(publish_name, publish_country))


def resign(*, actor: Any, appointment: Appointment, reason: str) -> Appointment:
    """A member gives the place up: the membership ends, the list forgets them, the place is free."""
    require(may_work_on_panel(actor, appointment.nomination.call))
    reason = clean_words(reason)
    if not reason:
        raise ValidationError({"reason": _("Give a reason.")})
    with transaction.atomic():
        locked = lock_place(appointment.pk)
        if locked.answer != Answer.ACCEPTED:
            if locked.answer == Answer.RESIGNED:
                return locked
            raise Conflict(_("This person isn't a member."), current={"answer": locked.answer})
        now = timezone.now()
        locked.answer, locked.answered_at = Answer.RESIGNED, now
        locked.answered_by, locked.on_behalf = actor, True
        locked.save()
        unlist(locked.nomination)
        to = S.NOT_SELECTED if is_regional(locked) else S.RESIGNED
        move(locked.nomination, to=to, by=actor, reason=reason[:LONGEST_REASON], on_behalf=True)
        leave_group(locked, by=actor, reason=reason[:LONGEST_REASON])
        audit.record("appointment.resign", locked, actor=actor)
    return locked


def invite_again(*, actor: Any, appointment: Appointment, expires_at: datetime) -> Appointment:
    """Offer the same place anew to who declined, resigned or let it lapse, while nobody has taken it."""
    require(may_work_on_panel(actor, appointment.nomination.call))
    check_term(expires_at)
    with transaction.atomic():
        lock_decision(appointment.nomination.call)  # nobody fills the place meanwhile
        locked = lock_place(appointment.pk)
        state = state_at(locked, timezone.now())
        if state not in (Answer.DECLINED, Answer.RESIGNED, EXPIRED) or is_regional(locked):
            raise Conflict(_("This invitation can't be sent anew now."), current={"state": state})
        if locked.replacements.exists():
            raise Conflict(
                _("Somebody else has been invited to this place meanwhile."), current={"state": TAKEN}
            )
        refuse_second_place(locked.nomination)
        if locked.nomination.state == S.INVITED:  # expired, but the clock hasn't noted it yet
            move(locked.nomination, to=S.LAPSED, by=None)
        move(locked.nomination, to=S.INVITED, by=actor)
        return offer_again(actor=actor, appointment=locked, expires_at=expires_at)


def check_term(expires_at: datetime) -> None:
    now = timezone.now()
    if not now + timedelta(days=1) <= expires_at <= now + timedelta(days=90):
        raise ValidationError(
            {"answer_by": _("Give people at least one day and at most ninety days to answer.")}
        )


# --- Parts ------------------------------------------------------------------------------------------------


def _answer(
    appointment: Appointment,
    answer: str,
    *,
    by: Any,
    listing: tuple[bool, bool],
    reason: str = "",
    mailing: bool = False,
) -> Appointment:
    if answer not in (Answer.ACCEPTED, Answer.DECLINED):
        raise ValidationError({"answer": _("Accept or decline?")})
    with transaction.atomic():
        if by is not None or appointment.answer:  # late, or another answer: nobody fills the place meanwhile
            lock_decision(appointment.nomination.call)
        locked = lock_place(appointment.pk)
        if mailing and locked.mailing != appointment.mailing:
            require(Refused(CLOSED[SUPERSEDED], SUPERSEDED))
        now = timezone.now()
        state = state_at(locked, now)
        if state == answer:
            return locked
        late = by is not None and state == EXPIRED and not locked.replacements.exists()
        reconsidered = answer == Answer.ACCEPTED and may_still_accept(locked, now)
        if state != OPEN and not late and not reconsidered:
            require(Refused(CLOSED.get(state, CLOSED[SUPERSEDED]), state))
        if (late or reconsidered) and answer == Answer.ACCEPTED and not is_regional(locked):
            refuse_second_place(locked.nomination)
        locked.answer, locked.answered_at, locked.lapsed_at = answer, now, None
        locked.answered_by, locked.on_behalf = by, by is not None
        locked.save()
        _move_on(locked, answer, by, clean_words(reason)[:LONGEST_REASON])
        if answer == Answer.ACCEPTED:
            if not is_regional(locked):
                _list(locked.nomination, *listing, by=by)
            join_group(locked)
            if reconsidered and by is None and not is_regional(locked):
                tell_staff(locked, taken=True)
        elif not is_regional(locked):
            tell_staff(locked)
        audit.record(
            "appointment.answer", locked, actor=by, changes={"answer": answer, "on_behalf": by is not None}
        )
    return locked


def _move_on(appointment: Appointment, answer: str, by: Any, reason: str) -> None:
    nomination, behalf = appointment.nomination, by is not None
    who = by or nomination.nominee
    accepted = answer == Answer.ACCEPTED
    if is_regional(appointment):
        if nomination.state == S.NOT_SELECTED:  # a late answer, or another one
            move(nomination, to=S.INVITED_TO_GROUP, by=who, on_behalf=behalf)
        to = S.JOINED_GROUP if accepted else S.NOT_SELECTED
    elif accepted:
        if nomination.state == S.DECLINED:
            move(nomination, to=S.INVITED, by=who, on_behalf=behalf)
        to = S.ACCEPTED
    else:
        if nomination.state == S.LAPSED:
            return  # declined late: it has lapsed already
        to = S.DECLINED
    move(nomination, to=to, by=who, reason="" if accepted else reason, on_behalf=behalf)


def _list(nomination: Nomination, name: bool, country: bool, *, by: Any) -> None:
    """Whether and how the public list names a member; the state follows."""
    if name:
        nomination.listed_at = nomination.listed_at or timezone.now()
        nomination.listed_name, nomination.listed_country = nomination.name, country
        if nomination.state == S.ACCEPTED:
            move(nomination, to=S.PUBLISHED, by=by)
        else:
            nomination.save(update_fields=["listed_at", "listed_name", "listed_country"])
        return
    unlist(nomination)
    if nomination.state == S.PUBLISHED:
        move(nomination, to=S.ACCEPTED, by=by)
    else:
        nomination.save(update_fields=["listed_at", "listed_name"])


def unlist(nomination: Nomination) -> None:
    nomination.listed_at, nomination.listed_name = None, ""


def tell_staff(appointment: Appointment, *, taken: bool = False) -> None:
    """A place is free: whoever offered it looks for a replacement; or it was free and is ``taken`` after all."""
    notices.notify(
        recipient=appointment.offered_by,
        kind="appointment_taken" if taken else "appointment_free",
        subject=appointment,
        occurrence=f"mailing-{appointment.mailing}",
    )
