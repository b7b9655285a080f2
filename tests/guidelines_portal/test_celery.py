"""Celery as production runs it: a worker process, Redis between."""

import socket
import subprocess
import time

import pytest
from celery import Celery
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.models import Outbox
from core.tasks import deliver_outbox


@pytest.mark.celery
def test_a_worker_process_takes_what_is_sent(celery_process: subprocess.Popen[bytes]) -> None:
    # A row that no handler knows is put back with a reason: a trace that only the delivery leaves.
    row = Outbox.objects.create(
        event="test.sent", subject="core.outbox:1", handler="unknown", available_at=timezone.now()
    )
    deliver_outbox.delay(row.pk)
    deadline = time.monotonic() + 20
    while not row.last_error and time.monotonic() < deadline:
        time.sleep(0.1)
        row.refresh_from_db()
    assert "No handler" in row.last_error
    assert celery_process.poll() is None


def test_publishing_gives_up_soon_when_the_broker_is_silent() -> None:
    """Otherwise a person who submits a comment would wait for a broker that comments don't need."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(20)
        # Not the current application: other tests' tasks would go to this broker.
        app = Celery("test", broker=f"redis://127.0.0.1:{silent.getsockname()[1]}/0", set_as_current=False)
        app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        started = time.monotonic()
        with pytest.raises(OperationalError):
            app.send_task("core.tasks.sweep_outbox", retry=settings.CELERY_TASK_PUBLISH_RETRY)
        assert time.monotonic() - started < 4
