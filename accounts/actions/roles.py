"""Giving roles and taking them away."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import (
    Role,
    RoleGrant,
    User,
)
from accounts.rules import may_assign_roles, may_disable
from accounts.slots import scope_exists
from core import audit
from core.punctuation import listed
from core.verdicts import require

# Roles that mean something for one thing alone (a round); the others are held everywhere.
SCOPED = (Role.STAFF, Role.DRAFTER)


def grant_role(*, actor: Any, person: User, role: str, scope_type: str = "", scope_id: str = "") -> RoleGrant:
    """Give a role, everywhere or for one thing. ``Refusal`` unless an administrator, and never to oneself."""
    require(may_assign_roles(actor, person))
    if person.erased_at:
        raise ValidationError({"role": _("This account was erased.")})
    if role not in Role.values:
        raise ValidationError({"role": _("Choose one of: %(choices)s.") % {"choices": listed(Role.values)}})
    if scope_type or scope_id:
        if role not in SCOPED:
            raise ValidationError({"scope": _("This role is held everywhere or not at all.")})
        if not scope_exists(scope_type, scope_id):
            raise ValidationError({"scope": _("There is no such thing to hold a role for.")})
    with transaction.atomic():
        grant, created = RoleGrant.objects.get_or_create(
            user=person, role=role, scope_type=scope_type, scope_id=scope_id, defaults={"granted_by": actor}
        )
        if created:
            audit.record(
                "role.grant", person, actor=actor, changes={"role": role, "scope": [scope_type, scope_id]}
            )
    return grant


def withdraw_role(*, actor: Any, grant: RoleGrant) -> None:
    """Take a role away. ``Refusal`` unless an administrator, and never one's own. Twice is once."""
    require(may_assign_roles(actor, grant.user))
    with transaction.atomic():
        gone, _models = RoleGrant.objects.filter(pk=grant.pk).delete()
        if gone:
            audit.record(
                "role.withdraw",
                grant.user,
                actor=actor,
                changes={"role": grant.role, "scope": [grant.scope_type, grant.scope_id]},
            )


def set_active(*, actor: Any, person: User, active: bool) -> User:
    """Disable an account, so that it neither signs in nor uses its tokens, or enable it again. Twice is once.

    ``Refusal`` unless an administrator; never one's own account, nor one that was erased.
    """
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        require(may_disable(actor, person))
        if person.is_active != active:
            person.is_active = active
            person.save(update_fields=["is_active"])
            audit.record("person.enable" if active else "person.disable", person, actor=actor)
    return person
