"""The embedded worker: what Celery's worker and beat do in production, in one process without a service."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from core import outbox, schedule

logger = logging.getLogger(__name__)

IDLE = 0.5
TICK_EVERY = 5.0
LONGEST_PAUSE = 30.0


class Command(BaseCommand):
    help = "Delivers the outbox and keeps the schedule until it is told to stop (SIGTERM, Ctrl-C)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is due now, with what it gives rise to, and end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            schedule.tick()
            while outbox.drain():
                pass
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        # Long jobs beside the rest: a mail needn't wait for an export.
        slow = threading.Thread(target=keep_delivering, args=(stopping,), kwargs={"slow": True})
        slow.start()
        self.stdout.write("The worker is running.")
        keep_delivering(stopping, slow=False, ticking=True)
        slow.join(timeout=20)
        self.stdout.write("The worker has stopped.")


def keep_delivering(stopping: threading.Event, *, slow: bool, ticking: bool = False) -> None:
    """Deliver until told to stop; while the database is away, ask again after ever longer pauses."""
    pause, next_tick = IDLE, 0.0
    try:
        while not stopping.is_set():
            try:
                close_old_connections()
                if ticking and time.monotonic() >= next_tick:
                    schedule.tick()
                    next_tick = time.monotonic() + TICK_EVERY
                delivered = outbox.drain(slow=slow, stop=stopping.is_set, limit=50)
            except (DatabaseError, InterfaceError):
                pause = min(max(pause * 2, 1.0), LONGEST_PAUSE)
                logger.exception("The database is away; trying again in %s s.", pause)
                connection.close()
                stopping.wait(pause)
                continue
            pause = IDLE
            if not delivered:
                stopping.wait(IDLE)
    finally:
        connection.close()
