"""Answers to places offered: accepted, declined, lapsed, resigned; what is published of it."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.invitations import invite_people
from accounts.models import Membership, User
from core import audit, notices, outbox
from core.verdicts import Conflict, Refused, require
from experts.actions.moving import lock_nomination, move
from experts.actions.offering import offer_again
from experts.models import Appointment, Nomination
from experts.panel_group import is_regional
from experts.rules import may_work_on_panel

S, Answer = Nomination.State, Appointment.Answer
REMIND_BEFORE = timedelta(days=3)
# Nobody is reminded of what they were told a moment ago.
NOT_WITHIN = timedelta(days=1)
OPEN, EXPIRED, WITHDRAWN, TAKEN, SUPERSEDED = "open", "expired", "withdrawn", "taken", "superseded"
CLOSED = {
    EXPIRED: gettext_lazy("This invitation has expired. Write to the secretariat if you still want to take part."),
    WITHDRAWN: gettext_lazy("This nomination was withdrawn, and the invitation with it."),
    Answer.ACCEPTED: gettext_lazy("You have accepted this invitation."),
    Answer.DECLINED: gettext_lazy("You have declined this invitation. Write to the secretariat if that was a mistake."),
    SUPERSEDED: gettext_lazy("A later invitation has taken the place of this one."),
}  # fmt: skip


def state_at(appointment: Appointment, at: datetime) -> str:
    """``open``, ``accepted``, ``declined``, ``expired``, ``withdrawn`` or ``superseded``. Reads the nomination."""
    if appointment.nomination.state == S.WITHDRAWN:
        return WITHDRAWN
    if appointment.answer:
        return appointment.answer
    if appointment.lapsed_at or appointment.expires_at <= at:
        return EXPIRED
    waits = S.INVITED_TO_GROUP if is_regional(appointment) else S.INVITED
    return OPEN if appointment.nomination.state == waits else SUPERSEDED


def _locked(pk: int) -> Appointment:
    """The row with its nomination, both locked, the nomination first."""
    nomination_id = Appointment.objects.values_list("nomination_id", flat=True).get(pk=pk)
    nomination = lock_nomination(nomination_id)
    found = Appointment.objects.select_for_update(of=("self",)).select_related("group").get(pk=pk)
    found.nomination = nomination
    return found


# --- The nominee ------------------------------------------------------------------------------------------


def answer_by_link(
    *, appointment: Appointment, answer: str, publish_name: bool = False, publish_country: bool = False
) -> Appointment:
    """The nominee's own answer. Once; the same again changes nothing.

    ``Refusal`` with the reason where the place isn't open any more; ``ValidationError`` for an unknown answer.
    """
    return _answer(
        appointment, answer, by=None, publish_name=publish_name, publish_country=publish_country, mailing=True
    )


def change_listing(
    *, appointment: Appointment, actor: Any, publish_name: bool, publish_country: bool
) -> Appointment:
    """What the public list says of a member; nothing, once they take their consent back. ``actor`` None: by link."""
    with transaction.atomic():
        locked = _locked(appointment.pk)
        if locked.answer != Answer.ACCEPTED or is_regional(locked):
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
    return _answer(appointment, answer, by=actor, publish_name=publish_name, publish_country=publish_country)


def resign(*, actor: Any, appointment: Appointment, reason: str) -> Appointment:
    """A member gives the place up: the membership ends, the list forgets them, the place is free."""
    require(may_work_on_panel(actor, appointment.nomination.call))
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    with transaction.atomic():
        locked = _locked(appointment.pk)
        if locked.answer != Answer.ACCEPTED:
            if locked.answer == Answer.DECLINED:
                return locked
            raise Conflict(_("This person isn't a member."), current={"answer": locked.answer})
        now = timezone.now()
        locked.answer, locked.answered_at = Answer.DECLINED, now
        locked.answered_by, locked.on_behalf = actor, True
        locked.save()
        _unlist(locked.nomination)
        to = S.NOT_SELECTED if is_regional(locked) else S.DECLINED
        move(locked.nomination, to=to, by=actor, reason=reason.strip()[:2000], on_behalf=True)
        _end_membership(locked, now)
        audit.record("appointment.resign", locked, actor=actor)
    return locked


def invite_again(*, actor: Any, appointment: Appointment, expires_at: datetime) -> Appointment:
    """Offer the same place anew to who declined or let it lapse, while nobody has taken it."""
    require(may_work_on_panel(actor, appointment.nomination.call))
    check_term(expires_at)
    with transaction.atomic():
        locked = _locked(appointment.pk)
        state = state_at(locked, timezone.now())
        if state not in (Answer.DECLINED, EXPIRED) or is_regional(locked):
            raise Conflict(_("This invitation can't be sent anew now."), current={"state": state})
        if locked.replacements.exists():
            raise Conflict(
                _("Somebody else has been invited to this place meanwhile."), current={"state": TAKEN}
            )
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


# --- The clock --------------------------------------------------------------------------------------------


def _standing() -> Any:
    return Appointment.objects.filter(answer="", lapsed_at=None)


def lapse_expired(now: datetime) -> int:
    """Let every invitation lapse whose time is over; how many did. Safe to run twice."""
    count = 0
    for pk in list(_standing().filter(expires_at__lte=now).values_list("pk", flat=True)):
        with transaction.atomic():
            locked = _locked(pk)
            if locked.answer or locked.lapsed_at or locked.expires_at > now:
                continue
            locked.lapsed_at = now
            locked.save(update_fields=["lapsed_at"])
            waits = S.INVITED_TO_GROUP if is_regional(locked) else S.INVITED
            if locked.nomination.state == waits:
                move(locked.nomination, to=S.NOT_SELECTED if is_regional(locked) else S.LAPSED, by=None)
                if not is_regional(locked):
                    _tell_staff(locked)
            count += 1
    return count


def remind(now: datetime) -> int:
    """Remind once of invitations that soon end; how many are reminded. Safe to run twice."""
    due = _standing().filter(
        expires_at__gt=now,
        expires_at__lte=now + REMIND_BEFORE,
        offered_at__lte=now - NOT_WITHIN,
        sent_at__isnull=False,
        reminded_at=None,
        nomination__state__in=(S.INVITED, S.INVITED_TO_GROUP),
    )
    count = 0
    for appointment in list(due):
        with transaction.atomic():
            # The update claims the row: of two who come here one reminds.
            claim = _standing().filter(pk=appointment.pk, mailing=appointment.mailing, reminded_at=None)
            if claim.update(reminded_at=now):
                outbox.record("appointment.remind", appointment)
                count += 1
    return count


def end_memberships_of_withdrawn(now: datetime) -> int:
    """Members whose nomination was withdrawn are members no more; how many memberships ended."""
    gone = Appointment.objects.filter(answer=Answer.ACCEPTED, nomination__state=S.WITHDRAWN)
    open_still = gone.filter(
        nomination__nominee__memberships__group=F("group"), nomination__nominee__memberships__until=None
    )
    count = 0
    for pk in set(open_still.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = _locked(pk)
            if locked.nomination.state == S.WITHDRAWN:
                _unlist(locked.nomination)
                locked.nomination.save(update_fields=["listed_at", "listed_name"])
                count += _end_membership(locked, now)
    return count


def link_accounts() -> int:
    """Members who opened their account after accepting are known as the nominees; how many were linked."""
    accepted = Appointment.objects.filter(answer=Answer.ACCEPTED, nomination__nominee=None)
    count = 0
    for email, pk in set(accepted.values_list("nomination__email", "nomination")):
        person = User.objects.active().filter(email=email).first()
        if person is not None:
            count += Nomination.objects.filter(pk=pk, nominee=None).update(nominee=person)
    return count


# --- Parts ------------------------------------------------------------------------------------------------


def _answer(
    appointment: Appointment,
    answer: str,
    *,
    by: Any,
    publish_name: bool,
    publish_country: bool,
    mailing: bool = False,
) -> Appointment:
    if answer not in Answer.values:
        raise ValidationError({"answer": _("Accept or decline?")})
    with transaction.atomic():
        locked = _locked(appointment.pk)
        if mailing and locked.mailing != appointment.mailing:
            require(Refused(CLOSED[SUPERSEDED], SUPERSEDED))
        now = timezone.now()
        state = state_at(locked, now)
        if state == answer:
            return locked
        late = by is not None and state == EXPIRED and not locked.replacements.exists()
        if state != OPEN and not late:
            require(Refused(CLOSED.get(state, CLOSED[SUPERSEDED]), state))
        locked.answer, locked.answered_at, locked.lapsed_at = answer, now, None
        locked.answered_by, locked.on_behalf = by, by is not None
        locked.save()
        _move_on(locked, answer, by)
        if answer == Answer.ACCEPTED:
            if not is_regional(locked):
                _list(locked.nomination, publish_name, publish_country, by=by)
            _join(locked)
        elif not is_regional(locked):
            _tell_staff(locked)
        audit.record(
            "appointment.answer", locked, actor=by, changes={"answer": answer, "on_behalf": by is not None}
        )
    return locked


def _move_on(appointment: Appointment, answer: str, by: Any) -> None:
    nomination, behalf = appointment.nomination, by is not None
    if is_regional(appointment):
        if nomination.state == S.NOT_SELECTED:  # a late answer: lapsed before
            move(nomination, to=S.INVITED_TO_GROUP, by=by, on_behalf=behalf)
        to = S.JOINED_GROUP if answer == Answer.ACCEPTED else S.NOT_SELECTED
    elif answer == Answer.ACCEPTED:
        to = S.ACCEPTED
    else:
        if nomination.state == S.LAPSED:
            return  # declined late: it has lapsed already
        to = S.DECLINED
    move(nomination, to=to, by=by or nomination.nominee, on_behalf=behalf)


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
    _unlist(nomination)
    if nomination.state == S.PUBLISHED:
        move(nomination, to=S.ACCEPTED, by=by)
    else:
        nomination.save(update_fields=["listed_at", "listed_name"])


def _unlist(nomination: Nomination) -> None:
    nomination.listed_at, nomination.listed_name = None, ""


def _join(appointment: Appointment) -> None:
    """The membership that audiences of rounds read; who has no account yet is invited to open one."""
    nomination = appointment.nomination
    if nomination.nominee is None:
        # The link came to this address, and so did the confirmation of the account's.
        nomination.nominee = User.objects.active().filter(email=nomination.email).first()
        nomination.save(update_fields=["nominee"])
    if nomination.nominee is None:
        person = f"{nomination.email}, {' '.join(nomination.name.replace(',', ' ').split())}"
        invite_people(
            actor=appointment.offered_by,
            people=person,
            group=appointment.group,
            language=nomination.language,
            days=30,
        )
        return
    person_ = nomination.nominee
    _row, new = Membership.objects.get_or_create(group=appointment.group, user=person_, until=None)
    if new:
        audit.record(
            "appointment.join",
            person_,
            actor=appointment.offered_by,
            changes={"group": appointment.group.slug},
        )


def _end_membership(appointment: Appointment, now: datetime) -> int:
    nomination = appointment.nomination
    if nomination.nominee is None:
        return 0
    # Another nomination of the same person may still hold a place in the group.
    others = Appointment.objects.filter(
        Q(nomination__nominee=nomination.nominee), group=appointment.group, answer=Answer.ACCEPTED
    ).exclude(Q(pk=appointment.pk) | Q(nomination__state=S.WITHDRAWN))
    if others.exists():
        return 0
    standing = Membership.objects.filter(group=appointment.group, user=nomination.nominee, until=None)
    ended = standing.update(until=now)
    if ended:
        audit.record(
            "appointment.leave", nomination.nominee, actor=None, changes={"group": appointment.group.slug}
        )
    return int(ended)


def _tell_staff(appointment: Appointment) -> None:
    """A place is free: whoever offered it looks for a replacement."""
    notices.notify(
        recipient=appointment.offered_by,
        kind="appointment_free",
        subject=appointment,
        occurrence=f"mailing-{appointment.mailing}",
    )
