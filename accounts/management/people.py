"""What commands about one person share."""

from django.core.management.base import CommandError

from accounts.models import User


def active_person(email: str) -> User:
    """The active account with this address; ``CommandError`` (exit 2) where there is none."""
    person = User.objects.active().filter(email=email.strip().lower()).first()
    if person is None:
        raise CommandError(f"There is no active account {email}.", returncode=2)
    return person
