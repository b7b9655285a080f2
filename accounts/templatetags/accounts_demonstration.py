"""The fictional accounts that the demonstration's sign-in page lists."""

from django import template
from django.conf import settings

from accounts.models import Role, User

register = template.Library()
SHOWN = (
    (Role.STAFF, 1),
    (Role.DRAFTER, 1),
    (Role.EXPERT, 2),
    (Role.FOCAL_POINT, 1),
    (Role.PARTICIPANT, 1),
    (Role.COORDINATOR, 1),
    (Role.ADMIN, 1),
)


@register.simple_tag
def demonstration_accounts() -> list[dict[str, str]]:
    """Name, e-mail, password and role of some accounts per role; nothing outside the demonstration."""
    if not settings.DEMONSTRATION:
        return []
    return [
        {
            "name": user.name,
            "email": user.email,
            "password": settings.DEMONSTRATION_PASSWORD,
            "role": str(role.label),
        }
        for role, count in SHOWN
        for user in User.objects.active()
        .filter(email__endswith="@example.org", role_grants__role=role, role_grants__scope_type="")
        .order_by("pk")[:count]
    ]
