"""Running reminders as the scheduler and the worker do."""

import io
import json
from typing import Any

from django.core import mail
from django.core.management import call_command

from core import outbox


def run(at: Any = None, **options: Any) -> tuple[int, int, int]:
    """Due, sent and already sent, as the command says it."""
    out = io.StringIO()
    said = {"at": at.isoformat()} if at else {}
    call_command("send_reminders", stdout=out, **said, **options)
    counted = json.loads(out.getvalue())
    assert set(counted) == {"due", "sent", "already_sent"}
    return counted["due"], counted["sent"], counted["already_sent"]


def settle() -> list[Any]:
    """The mails that go out now."""
    mail.outbox.clear()
    outbox.drain()
    return list(mail.outbox)
