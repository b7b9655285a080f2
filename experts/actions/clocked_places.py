"""What the clock does with places offered: they lapse, memberships end, accounts are linked."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Membership, User
from experts.actions.appointing import lock_place, tell_staff, unlist
from experts.actions.group_places import leave_group
from experts.actions.moving import move
from experts.models import Appointment, Nomination
from experts.panel_group import is_regional

S, Answer = Nomination.State, Appointment.Answer


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


def end_memberships_of_withdrawn(now: datetime) -> int:
    """Members whose nomination was withdrawn are members no more; how many memberships ended."""
    gone = Appointment.objects.filter(answer=Answer.ACCEPTED, nomination__state=S.WITHDRAWN)
    members = Membership.objects.current().filter(
        group=OuterRef("group"), user=OuterRef("nomination__nominee")
    )
    open_still = gone.filter(Exists(members))
    count = 0
    for pk in set(open_still.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = lock_place(pk)
            if locked.nomination.state == S.WITHDRAWN:
                unlist(locked.nomination)
                locked.nomination.save(update_fields=["listed_at", "listed_name"])
                count += leave_group(locked)
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
