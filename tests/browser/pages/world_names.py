"""What the world of pages is: its people, and what the addresses are filled with."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from accounts.models import User

DAY = timedelta(days=1)
LONG = "Digitaltransformationsbeauftragte and telecommunications-infrastructure-providers"


@dataclass
class World:
    people: dict[str, User | None] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)  # what addresses and forms are filled with
    kept: dict[str, Client] = field(default_factory=dict)  # those who are in the middle of something

    def client(self, role: str) -> Client:
        if role in self.kept:
            return self.kept[role]
        client = Client(raise_request_exception=False)
        if person := self.people[role]:
            client.force_login(person)
        return client
