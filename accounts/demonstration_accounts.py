"""The fictional accounts that a demonstration shows, on its sign-in page and in the terminal alike."""

from django.conf import settings

from accounts.models import Role, User

SHOWN = (
    (Role.STAFF, 1),
    (Role.DRAFTER, 2),
    (Role.COORDINATOR, 1),
    (Role.ADMIN, 1),
    (Role.EXPERT, 2),
    (Role.FOCAL_POINT, 1),
    (Role.PARTICIPANT, 1),
)


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
        # Whoever got the role first: somebody may have got a second one since.
        .order_by("role_grants__pk")[:count]
    ]
