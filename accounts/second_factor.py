"""The second factor: who needs one, who has one, and when one may be given up."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role, User
from core.verdicts import Allowed, Refused, Verdict

# Whoever reads what isn't public, or speaks for others.
ROLES = frozenset({Role.STAFF, Role.DRAFTER, Role.COORDINATOR, Role.FOCAL_POINT, Role.ADMIN})
# Recovery codes stand in for one of these; alone they are none.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needs_second_factor(user: Any) -> bool:
    """Whether the installation asks a second factor of this person, by a role held anywhere."""
    return bool(settings.REQUIRE_SECOND_FACTOR) and any(r in ROLES for r, _t, _i in facts_of(user).grants)


def has_second_factor(user: Any) -> bool:
    """Whether the person has set one up (one query)."""
    return user.pk is not None and Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def may_remove_factor(person: User, factor: Authenticator) -> Verdict:
    """The last one stays while a role or a short password rests on it."""
    if Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS).exclude(pk=factor.pk).exists():
        return Allowed
    if needs_second_factor(person):
        return Refused(
            _("Your role needs a second factor. Add another one before you remove this one."), "role"
        )
    if person.short_password:
        return Refused(
            _(
                "Your password has fewer than 15 characters, which is enough only with a second factor. "
                "Choose a longer password first."
            ),
            "short_password",
        )
    return Allowed
