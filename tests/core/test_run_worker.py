"""The embedded worker."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from core import outbox, schedule
from core.management.commands.run_worker import keep_delivering
from core.models import AuditEntry, Outbox, ScheduledTick

WORKER = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
call_command("run_worker")
"""


@pytest.fixture
def met(person: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Record an event whose handler leaves a trace."""
    monkeypatch.setattr(outbox, "_handlers", {})
    outbox.handler("person.met", name="one")(
        lambda subject: AuditEntry.objects.create(action="met", subject=subject)
    )

    def record() -> None:
        with transaction.atomic():
            outbox.record("person.met", person)

    return record


def test_once_does_what_is_due_and_ends(met: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_ticks", {})
    schedule.every(60, "greet")(lambda now: met())
    call_command("run_worker", "--once")
    assert AuditEntry.objects.filter(action="met").count() == 1
    assert ScheduledTick.objects.get().name == "greet"


@pytest.mark.django_db(transaction=True)
def test_it_goes_on_when_the_database_is_back(
    met: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, away = outbox.drain, [True]

    def sometimes(**options: Any) -> int:
        if away:
            away.clear()
            raise OperationalError("server closed the connection unexpectedly")
        return real(**options)

    monkeypatch.setattr(outbox, "drain", sometimes)
    met()
    stopping = threading.Event()
    worker = threading.Thread(target=keep_delivering, args=(stopping,), kwargs={"slow": False})
    worker.start()
    deadline = time.monotonic() + 15
    while not AuditEntry.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    stopping.set()
    worker.join()
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_delivers_and_stops_when_told_to(person: Any, number: signal.Signals) -> None:
    """A real process on the test's database: a message is marked, then the worker ends cleanly."""
    if connection.vendor != "sqlite":
        pytest.skip("the process finds the test's database by its file")
    Outbox.objects.create(event="message.send", subject="core.message:0", handler="core.send_message")
    name = str(connection.settings_dict["NAME"])
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, name],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "guidelines_portal.settings.testing", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        deadline = time.monotonic() + 30
        while outbox.pending().waiting and time.monotonic() < deadline and worker.poll() is None:
            time.sleep(0.1)
        assert outbox.pending().waiting == 0
        worker.send_signal(number)
        out, _ = worker.communicate(timeout=15)
    finally:
        worker.kill()
    assert worker.returncode == 0, out
    assert "The worker has stopped." in out
    assert "Traceback" not in out
