"""What the trail shows of people, organizations, groups and invitations."""

from typing import Any

from django.urls import reverse

from accounts.models import Group, Invitation, Organisation, User
from accounts.rules import may_invite, may_see_people
from core.audit import Shown


def people(reader: Any, keys: list[str]) -> dict[str, Shown]:
    if not may_see_people(reader):
        return {}
    found = User.objects.filter(pk__in=keys)
    return {str(p.pk): Shown(p.shown_name, reverse("people:person", args=[p.pk])) for p in found}


def organisations(reader: Any, keys: list[str]) -> dict[str, Shown]:
    if not may_see_people(reader):
        return {}
    found = Organisation.objects.filter(pk__in=keys).select_related("country")
    return {str(o.pk): Shown(o.shown_name, reverse("accounts:organisation", args=[o.pk])) for o in found}


def groups(reader: Any, keys: list[str]) -> dict[str, Shown]:
    if not may_see_people(reader):
        return {}
    found = Group.objects.filter(pk__in=keys)
    return {str(g.pk): Shown(g.name, reverse("people:group", args=[g.slug])) for g in found}


def invitations(reader: Any, keys: list[str]) -> dict[str, Shown]:
    if not may_invite(reader):
        return {}
    listed = reverse("accounts:invitation_list")
    return {str(i.pk): Shown(i.name, listed) for i in Invitation.objects.filter(pk__in=keys)}


SUBJECTS = {
    "accounts.user": people,
    "accounts.organisation": organisations,
    "accounts.group": groups,
    "accounts.invitation": invitations,
}
