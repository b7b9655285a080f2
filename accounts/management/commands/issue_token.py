"""Print a new API token of a person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from knox.models import AuthToken

from accounts.management.people import active_person


class Command(BaseCommand):
    help = "Prints a new API token. It is kept only as a hash: it can't be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = active_person(options["email"])
        _row, token = AuthToken.objects.create(person)
        self.stdout.write(token)
