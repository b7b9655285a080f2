"""Celery's side of the outbox and the schedule, and what `core` itself does by the clock.

In an embedded installation `run_worker` takes Celery's place.
"""

from datetime import datetime

from celery import shared_task

# `jobs` and `notices` are imported for their handlers, which register themselves.
from core import files, idempotency, jobs, notices, outbox, schedule

__all__ = ["deliver_outbox", "jobs", "notices", "sweep_outbox", "tick_schedule"]

HOUR = 3600.0
DAY = 24 * HOUR


@shared_task
def deliver_outbox(outbox_id: int) -> None:
    """Deliver one row; harmless when it was delivered already or is being delivered."""
    outbox.deliver(outbox_id)


@shared_task
def sweep_outbox() -> None:
    """Deliver what publishing left behind."""
    outbox.sweep()


@shared_task
def tick_schedule() -> None:
    """Run what is due by the clock."""
    schedule.tick()


@schedule.every(DAY, "core.prune_outbox")
def prune_outbox(now: datetime) -> None:
    outbox.prune(now - outbox.KEPT_FOR)


@schedule.every(DAY, "core.prune_idempotency_keys")
def prune_idempotency_keys(now: datetime) -> None:
    idempotency.prune(now)


@schedule.every(HOUR, "core.remove_expired_files")
def remove_expired_files(now: datetime) -> None:
    files.remove_expired(now)
