"""Create or update an account that may sign in."""

import json
import select
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions.people import keep_person
from accounts.models import Role


class Command(BaseCommand):
    help = (
        "Creates or updates a person; prints JSON with the id. A password from --password or standard input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", action="append", required=True, help=", ".join(Role.values))
        parser.add_argument("--country", metavar="ISO3")
        parser.add_argument("--organisation", default="", metavar="NAME")
        parser.add_argument("--organisation-kind", default="", metavar="KIND")
        parser.add_argument("--group", action="append", default=[], metavar="SLUG")
        parser.add_argument("--language", default="en", metavar="xx")
        parser.add_argument("--password")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = keep_person(
                email=options["email"],
                name=options["name"],
                roles=options["role"],
                country=options["country"],
                organisation=options["organisation"],
                organisation_kind=options["organisation_kind"],
                groups=options["group"],
                language=options["language"],
                password=options["password"] or piped_password(),
            )
        except ValidationError as error:
            lines = "; ".join(f"{field}: {' '.join(map(str, m))}" for field, m in error.message_dict.items())
            raise CommandError(lines, returncode=2) from None
        self.stdout.write(json.dumps({"id": person.pk, "email": person.email}))


def piped_password() -> str | None:
    """The first line of standard input, where something was piped into it; never waits for a person."""
    try:
        if sys.stdin.isatty() or not select.select([sys.stdin], [], [], 0.2)[0]:
            return None
        return sys.stdin.readline().rstrip("\n") or None
    except (OSError, ValueError):
        return None
