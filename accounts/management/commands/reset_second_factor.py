"""Let somebody in again who has lost phone, key and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.actions.second_factor import reset_second_factor
from accounts.management.people import active_person


class Command(BaseCommand):
    help = (
        "Removes a person's authenticator app, passkeys and recovery codes. Make sure who is asking: "
        "afterwards the password, or a code by e-mail, is enough."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = active_person(options["email"])
        self.stdout.write(f"{reset_second_factor(person=person)} removed")
