"""A clock that tests set, and a mail server that they break."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone


class Clock:
    """Stands in for ``timezone.now`` everywhere."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
        self.at = at
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def advance(self, **length: float) -> datetime:
        self.at += timedelta(**length)
        return self.at


class Killed(BaseException):
    """The process ends: no handler of exceptions may swallow it."""


class MailServer:
    """Keeps what reached it: (address, Message-ID, subject). ``refuse`` says before a mail whether it fails."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.received: list[tuple[str, str, str]] = []
        self.refuse: Any = lambda: False
        self.afterwards: Any = lambda: None

        def send_messages(backend: EmailBackend, messages: Any) -> int:
            for sent in messages:
                if self.refuse():
                    raise ConnectionRefusedError("the mail server is away")
                self.received.append((sent.to[0], sent.extra_headers["Message-ID"], sent.subject))
                self.afterwards()
            return len(messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    @property
    def doubled(self) -> int:
        """How many mails came more than once, under the same Message-ID."""
        return len(self.received) - len({message_id for _to, message_id, _subject in self.received})

    def once(self) -> list[str]:
        """The addresses, each as often as different mails came for it."""
        return sorted(to for to, _id in {(to, message_id) for to, message_id, _subject in self.received})
