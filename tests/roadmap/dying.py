"""Processes that are really killed at a step that a test names, and the mail that they left."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from core.models import Message, Outbox, ScheduledTick

Dies = Callable[[pytest.MonkeyPatch], None]


def let_time_pass() -> None:
    """Every wait, lease and claim runs out."""
    past = timezone.now() - timedelta(hours=2)
    Outbox.objects.filter(done_at=None).update(available_at=past)
    Outbox.objects.filter(done_at=None, lease_until__isnull=False).update(lease_until=past)
    Message.objects.filter(state=Message.State.SENDING).update(claimed_at=past)
    ScheduledTick.objects.update(due_at=past, lease_until=None)


def dies_before(target: Any, name: str, nth: int = 1) -> Dies:
    return lambda patched: _replace(patched, target, name, nth, before=True)


def dies_after(target: Any, name: str, nth: int = 1) -> Dies:
    return lambda patched: _replace(patched, target, name, nth, before=False)


def _replace(patched: pytest.MonkeyPatch, target: Any, name: str, nth: int, *, before: bool) -> None:
    real, calls = getattr(target, name), iter(range(1, 1000))

    def replaced(*args: Any, **kwargs: Any) -> Any:
        last = next(calls) == nth
        if last and before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    patched.setattr(target, name, replaced)


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where processes leave what they mailed: a file for each mail, its Message-ID and address."""

    def send_messages(backend: EmailBackend, messages: Any) -> int:
        for sent in messages:
            name = f"{len(list(tmp_path.iterdir()))}-{os.getpid()}"
            (tmp_path / name).write_text(f"{sent.to[0]} {sent.extra_headers['Message-ID']}")
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    return tmp_path


def dies_doing(dies: Dies, work: Callable[[], Any]) -> None:
    """Do ``work`` in a process of its own, which is killed on the way."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            with pytest.MonkeyPatch.context() as patched:
                dies(patched)
                work()
        finally:
            os._exit(1)  # it was to be killed before
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
