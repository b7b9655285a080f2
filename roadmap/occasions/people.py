"""Whom occasions concern, as conditions that one query can hold."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Affiliation, Membership, Role, RoleGrant, StakeholderGroup, User

SPEAKING = (Affiliation.Position.CONTACT, Affiliation.Position.DEPUTY)


def in_groups(groups: Any, at: datetime) -> Q:
    """People who are in one of the groups, in person or through an organisation that confirmed them.

    The same as ``accounts.facts.load_facts`` of many people at once; a test holds the two together.
    """
    current = Membership.objects.filter(group__in=groups, since__lte=at).exclude(until__lte=at)
    brought = current.filter(organisation__isnull=False).values("organisation")
    through = Affiliation.objects.filter(organisation__in=brought, confirmed_at__isnull=False)
    return Q(pk__in=current.filter(user__isnull=False).values("user")) | Q(pk__in=through.values("user"))


def staff(*, round_id: int | None = None) -> "QuerySet[User]":
    """The secretariat: everywhere, or for one round."""
    grants = RoleGrant.objects.filter(role=Role.STAFF)
    scope = Q(scope_type="")
    if round_id is not None:
        scope |= Q(scope_type="round", scope_id=str(round_id))
    return User.objects.active().filter(pk__in=grants.filter(scope).values("user"))


def voices_of_states() -> "QuerySet[Affiliation]":
    """Who speaks for a member state: its contact point and deputies, confirmed, whose account stands."""
    return Affiliation.objects.filter(
        organisation__kind=StakeholderGroup.MEMBER_STATE,
        role__in=SPEAKING,
        confirmed_at__isnull=False,
        user__is_active=True,
        user__erased_at=None,
    )
