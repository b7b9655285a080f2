"""Import a report on resolutions, or the text of one, from a file."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from drafts.formats.document import DraftUnreadable
from roadmap.actions.resolution_import import import_resolutions

# Read no further than this: what is larger is no such document, and the reader says so.
READ_LIMIT = 64 * 1024 * 1024


class Command(BaseCommand):
    help = "Imports resolutions and prints the report as JSON. Bad input: exit 2, nothing written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            with path.open("rb") as file:
                content = file.read(READ_LIMIT)
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.", returncode=2) from None
        try:
            report = import_resolutions(
                actor=None, content=content, filename=path.name, dry_run=options["dry_run"]
            )
        except DraftUnreadable as error:
            raise CommandError(str(error), returncode=2) from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages), returncode=2) from None
        self.stdout.write(json.dumps(report, ensure_ascii=False))
