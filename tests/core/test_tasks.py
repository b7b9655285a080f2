"""Celery in the outbox's service: a real worker on a real broker, and the tasks by themselves."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.db import transaction

from core import outbox, tasks
from core.models import AuditEntry, Outbox


@pytest.fixture(autouse=True)
def met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_handlers", {})
    monkeypatch.setattr(outbox, "_publish_again_at", 0.0)
    outbox.handler("person.met", name="one")(
        lambda subject: AuditEntry.objects.create(action="met", subject=subject)
    )


@pytest.fixture
def celery_worker() -> Iterator[None]:
    with start_worker(current_app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        yield


@pytest.mark.celery
@pytest.mark.django_db(transaction=True)
def test_a_committed_event_reaches_its_handler_through_the_broker(person: Any, celery_worker: None) -> None:
    with transaction.atomic():
        outbox.record("person.met", person)
    deadline = time.monotonic() + 20
    while outbox.pending().waiting and time.monotonic() < deadline:
        time.sleep(0.05)
    assert AuditEntry.objects.filter(action="met").count() == 1


def test_a_task_that_starts_three_times_does_its_work_once(person: Any) -> None:
    outbox.record("person.met", person)
    for _ in range(3):
        tasks.deliver_outbox(Outbox.objects.get().pk)
    assert AuditEntry.objects.filter(action="met").count() == 1


def test_names_that_the_beat_schedule_relies_on(settings: Any) -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled == {tasks.sweep_outbox.name, tasks.tick_schedule.name}
