"""Load the demonstration once; again, it changes nothing."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.demonstration_accounts import demonstration_accounts
from guidelines_portal.demonstration.loader import is_loaded, load_demonstration


class Command(BaseCommand):
    help = "Loads fictional people, drafts, rounds and comments. Refused unless DEMONSTRATION is on."

    def handle(self, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("DEMONSTRATION is off: fictional people don't belong in a portal in use.")
        if not is_loaded():
            self.stdout.write("Loading the demonstration …")
        counts = load_demonstration(password=settings.DEMONSTRATION_PASSWORD)
        accounts = demonstration_accounts()
        settings.DEMONSTRATION_ACCOUNTS.parent.mkdir(parents=True, exist_ok=True)
        settings.DEMONSTRATION_ACCOUNTS.write_text(json.dumps(accounts), encoding="utf-8")
        self.stdout.write(", ".join(f"{n} {what}" for what, n in counts.items()))
