"""Load the demonstration once; again, it changes nothing."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Role, User
from guidelines_portal.demonstration.loader import is_loaded, load_demonstration
from guidelines_portal.demonstration.people import SECRETARIAT


class Command(BaseCommand):
    help = "Loads fictional people, drafts, rounds and comments. Refused unless DEMONSTRATION is on."

    def handle(self, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("DEMONSTRATION is off: fictional people don't belong in a portal in use.")
        if not is_loaded():
            self.stdout.write("Loading the demonstration …")
        counts = load_demonstration(password=settings.DEMONSTRATION_PASSWORD)
        accounts = [
            {"email": user.email, "password": settings.DEMONSTRATION_PASSWORD, "role": str(Role(role).label)}
            for user, role in shown_accounts()
        ]
        settings.DEMONSTRATION_ACCOUNTS.parent.mkdir(parents=True, exist_ok=True)
        settings.DEMONSTRATION_ACCOUNTS.write_text(json.dumps(accounts), encoding="utf-8")
        self.stdout.write(", ".join(f"{n} {what}" for what, n in counts.items()))


def shown_accounts() -> list[tuple[User, str]]:
    """The secretariat, two experts, a focal point and a participant."""
    shown = [(account.email, str(account.role)) for account in SECRETARIAT]
    for role, count in ((Role.EXPERT, 2), (Role.FOCAL_POINT, 1), (Role.PARTICIPANT, 1)):
        emails = User.objects.filter(role_grants__role=role).order_by("pk").values_list("email", flat=True)
        shown += [(email, str(role)) for email in emails[:count]]
    users = {user.email: user for user in User.objects.filter(email__in=[email for email, _role in shown])}
    return [(users[email], role) for email, role in shown if email in users]
