"""What the scheduler does for reminders, once, as of a time."""

import json
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from roadmap.actions.milestone_dates import YEARS
from roadmap.actions.reminding import send_due


class Command(BaseCommand):
    help = (
        "Queues the reminders that are due, each once, and prints JSON: how many are due, how many of these were"
        " queued just now (sent), how many before (already_sent). The worker sends what is queued."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="as of this time (ISO 8601; UTC where it names no offset)")
        parser.add_argument("--dry-run", action="store_true", help="count only; nothing is queued")

    def handle(self, *args: Any, **options: Any) -> None:
        counted = send_due(_instant(options["at"]), dry_run=options["dry_run"])
        self.stdout.write(
            json.dumps({"due": counted.due, "sent": counted.sent, "already_sent": counted.already_sent})
        )


def _instant(said: str | None) -> datetime:
    if not said:
        return timezone.now()
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise CommandError(
            f"{said!r} is no time in ISO 8601, such as 2026-03-01T08:00Z.", returncode=2
        ) from None
    if at.year not in YEARS:
        raise CommandError(f"Give a year from {YEARS[0]} to {YEARS[-1]}.", returncode=2)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
