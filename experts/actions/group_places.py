"""The membership in a group that a place brings, and that ends with it."""

from typing import Any

from django.db.models import Q

from accounts.actions.invitations import invite_member
from accounts.actions.memberships import end_now, enter_group
from accounts.models import Membership, User
from core import audit
from experts.models import Appointment, Nomination

S = Nomination.State
Answer = Appointment.Answer


def join_group(appointment: Appointment) -> None:
    """The membership that audiences of rounds read; who has no account yet is invited to open one."""
    nomination = appointment.nomination
    if nomination.nominee is None:
        # The link came to this address, and so did the confirmation of the account's.
        nomination.nominee = User.objects.active().filter(email=nomination.email).first()
        nomination.save(update_fields=["nominee"])
    if nomination.nominee is None:
        invite_member(
            actor=appointment.offered_by,
            email=nomination.email,
            name=nomination.name,
            group=appointment.group,
            language=nomination.language,
            days=30,
        )
        return
    person_ = nomination.nominee
    _row, new = enter_group(
        group=appointment.group,
        person=person_,
        by=appointment.offered_by,
        replaces=_left_by_predecessor(appointment),
    )
    if new:
        audit.record(
            "appointment.join",
            person_,
            actor=appointment.offered_by,
            changes={"group": appointment.group.slug},
        )


def _left_by_predecessor(appointment: Appointment) -> Membership | None:
    """The membership of who held the place before, where they did and nobody has followed them yet."""
    before = appointment.replaces
    if before is None or before.nomination.nominee_id is None:
        return None
    left = Membership.objects.former().filter(
        group=appointment.group, user=before.nomination.nominee_id, replaced_by=None
    )
    return left.order_by("-since", "-pk").first()


def leave_group(appointment: Appointment, *, by: Any = None, reason: str = "") -> int:
    """End the membership that a place brought, unless another place of the person brings it too; how many ended."""
    nomination = appointment.nomination
    if nomination.nominee is None:
        return 0
    standing = Membership.objects.current().filter(group=appointment.group, user=nomination.nominee)
    row = standing.select_for_update(
        of=("self",)
    ).first()  # whoever joins at this moment waits, or is seen below
    # Another nomination of the same person may still hold a place in the group.
    others = Appointment.objects.filter(
        Q(nomination__nominee=nomination.nominee), group=appointment.group, answer=Answer.ACCEPTED
    ).exclude(Q(pk=appointment.pk) | Q(nomination__state=S.WITHDRAWN))
    if others.exists():
        return 0
    if row is None:
        return 0
    end_now(row, by=by, reason=reason)
    audit.record(
        "appointment.leave", nomination.nominee, actor=None, changes={"group": appointment.group.slug}
    )
    return 1
