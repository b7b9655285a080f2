"""Who may change what of people and roles."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role, User
from core.verdicts import Allowed, Refused, Verdict


def may_assign_roles(user: Any, person: User) -> Verdict:
    """Only an administrator gives and takes roles, and never their own."""
    if not facts_of(user).has(Role.ADMIN):
        return Refused(_("Only an administrator assigns roles."), "not_admin")
    if user.pk == person.pk:
        return Refused(_("Nobody assigns roles to themselves."), "self")
    return Allowed


def may_edit_profile(user: Any, person: User) -> Verdict:
    if user.is_authenticated and user.pk == person.pk:
        return Allowed
    return Refused(_("Only the person themselves changes their profile."), "not_self")
