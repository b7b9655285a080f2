"""Remove what the embedded portal has stored, so that the demonstration can begin anew."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Deletes the embedded database, mailbox and files. Refused unless DEMONSTRATION is on."

    def handle(self, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("DEMONSTRATION is off: this might be a portal in use. Nothing was deleted.")
        database = settings.DATABASES["default"]
        if not database["ENGINE"].endswith("sqlite3"):
            raise CommandError("DATABASE_URL names a server: create its database anew. Nothing was deleted.")
        path = Path(database["NAME"])
        for leftover in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)
        settings.DEMONSTRATION_ACCOUNTS.unlink(missing_ok=True)
        for directory in (settings.MAILBOX_DIRECTORY, settings.MEDIA_ROOT):
            shutil.rmtree(directory, ignore_errors=True)
        self.stdout.write("The demonstration's data has been deleted.")
