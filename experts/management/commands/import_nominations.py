"""Import nominations that were collected elsewhere."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.spreadsheets import LARGEST, read_table
from core.verdicts import Conflict
from experts.actions.importing import import_nominations
from experts.models import Call
from experts.nomination_sheet import find_columns


class Command(BaseCommand):
    help = (
        "Imports nominations from a CSV or XLSX file and prints as JSON how many went in and what is wrong with the"
        " others. Bad input: exit 2, nothing written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("call", type=int, metavar="CALL_ID")
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            with path.open("rb") as file:
                # One byte more than is accepted is enough to know.
                content = file.read(LARGEST + 1)
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.", returncode=2) from None
        call = Call.objects.select_related("guidelines").filter(pk=options["call"]).first()
        if call is None:
            raise CommandError(f"There is no call {options['call']}.", returncode=2)
        try:
            report = import_nominations(actor=None, call=call, sheet=find_columns(read_table(content)))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from None
        except Conflict as conflict:
            raise CommandError(str(conflict.reason), returncode=2) from None
        self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False))
