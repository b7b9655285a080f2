"""Import a draft from a file."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from drafts.actions.importing import IMPORT_STATUSES, import_draft
from drafts.formats.document import DraftUnreadable

# Read no further than this: what is larger is no draft, and the reader says so.
READ_LIMIT = 64 * 1024 * 1024


class Command(BaseCommand):
    help = "Imports a text as a draft and prints the report as JSON. Bad input: exit 2, nothing written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--guidelines", required=True, metavar="SLUG")
        parser.add_argument("--label", required=True)
        parser.add_argument("--language", required=True, metavar="xx")
        parser.add_argument("--number", type=int)
        parser.add_argument("--status", choices=[str(s) for s in IMPORT_STATUSES], default="published")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            with path.open("rb") as file:
                content = file.read(READ_LIMIT)
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.", returncode=2) from None
        try:
            report = import_draft(
                actor=None,
                content=content,
                filename=path.name,
                guidelines_slug=options["guidelines"],
                label=options["label"],
                language=options["language"],
                number=options["number"],
                status=options["status"],
                dry_run=options["dry_run"],
            )
        except DraftUnreadable as error:
            raise CommandError(str(error), returncode=2) from None
        except ValidationError as error:
            lines = "; ".join(
                f"{field}: {' '.join(map(str, messages))}" for field, messages in error.message_dict.items()
            )
            raise CommandError(lines, returncode=2) from None
        self.stdout.write(json.dumps(report, ensure_ascii=False))
