"""Print a new API token of a person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from knox.models import AuthToken

from accounts.models import User


class Command(BaseCommand):
    help = "Prints a new API token. It is kept only as a hash: it can't be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.active().filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(f"There is no active account {options['email']}.", returncode=2)
        _row, token = AuthToken.objects.create(person)
        self.stdout.write(token)
