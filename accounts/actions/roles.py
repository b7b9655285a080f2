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
from accounts.rules import may_assign_roles
from core import audit
from core.verdicts import require


def grant_role(*, actor: Any, person: User, role: str, scope_type: str = "", scope_id: str = "") -> RoleGrant:
    """Give a role. ``Refusal`` unless an administrator, and never to oneself."""
    require(may_assign_roles(actor, person))
    if role not in Role.values:
        raise ValidationError(
            {"role": _("Choose one of: %(choices)s.") % {"choices": ", ".join(Role.values)}}
        )
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
    """Take a role away. ``Refusal`` unless an administrator, and never one's own."""
    require(may_assign_roles(actor, grant.user))
    with transaction.atomic():
        audit.record("role.withdraw", grant.user, actor=actor, changes={"role": grant.role})
        grant.delete()
