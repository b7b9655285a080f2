"""What the clock does with places offered: they lapse, people are reminded, memberships end and are linked."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from core import outbox
from experts.actions.appointing import end_membership, lock_place, tell_staff, unlist
from experts.actions.moving import move
from experts.models import Appointment, Nomination
from experts.panel_group import is_regional

S, Answer = Nomination.State, Appointment.Answer
REMIND_BEFORE = timedelta(days=3)
# Nobody is reminded of what they were told a moment ago.
NOT_WITHIN = timedelta(days=1)


def _standing() -> Any:
    return Appointment.objects.filter(answer="", lapsed_at=None)


def lapse_expired(now: datetime) -> int:
    """Let every invitation lapse whose time is over; how many did. Safe to run twice."""
    count = 0
    for pk in list(_standing().filter(expires_at__lte=now).values_list("pk", flat=True)):
        with transaction.atomic():
            locked = lock_place(pk)
            if locked.answer or locked.lapsed_at or locked.expires_at > now:
                continue
            locked.lapsed_at = now
            locked.save(update_fields=["lapsed_at"])
            waits = S.INVITED_TO_GROUP if is_regional(locked) else S.INVITED
            if locked.nomination.state == waits:
                move(locked.nomination, to=S.NOT_SELECTED if is_regional(locked) else S.LAPSED, by=None)
                if not is_regional(locked):
                    tell_staff(locked)
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
            locked = lock_place(pk)
            if locked.nomination.state == S.WITHDRAWN:
                unlist(locked.nomination)
                locked.nomination.save(update_fields=["listed_at", "listed_name"])
                count += end_membership(locked, now)
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
