"""The outbox: events are rows, written with the change itself, and delivered to their handlers afterwards.

A row waits until it is delivered, whatever dies in between. With a broker its id is also published after the
commit, which makes delivery prompt; without one, or while it is away, the worker or the sweep finds the row.

Two kinds of handler:

* A *database* handler (the default) runs in one transaction together with marking the row done. Its work is
  therefore done exactly once, however often it is started: a worker that lost its lease is rolled back.
* A handler with effects *outside* the database (``outside=True``: mail, files, long jobs) runs without a
  transaction and may be started more than once; it claims rows of its own.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.many_rows import insert_rows
from core.models import Outbox, subject_of

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
KEPT_FOR = timedelta(days=30)
# Nothing is put off for longer: a row that waits for more was written by a clock that has been put back since.
LONGEST_DELAY = timedelta(days=2)
# A row that was published has this long before the sweep takes it for lost.
PUBLISHED_GRACE = timedelta(seconds=5)
BREAKER_SECONDS = 30.0


class Later(Exception):
    """Raised by a handler that can't act yet: the row waits ``seconds`` more; that is no failure."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.pause = timedelta(seconds=seconds)


class LeaseLost(Exception):
    """Another worker took the row while this one was still at it; this one's work is rolled back."""


@dataclass(frozen=True)
class Handler:
    """What is done for an event. ``pause`` is the wait after a first failure; it doubles with each."""

    event: str
    name: str
    run: Callable[[str], None]
    outside: bool
    slow: bool
    pause: timedelta


_handlers: dict[str, Handler] = {}


def handler(
    event: str, *, name: str, outside: bool = False, slow: bool = False, pause: float = 2.0
) -> Callable[[Callable[[str], None]], Callable[[str], None]]:
    """Register ``fn(subject)`` for ``event``; imported from ``<app>.tasks`` when the app is ready.

    ``name`` is unique and stays: rows refer to it. ``outside``: see the module. ``slow``: may take more than
    a second or two, so the embedded worker runs it beside the others. ``pause``: seconds to wait after a
    first failure.
    """

    def register(fn: Callable[[str], None]) -> Callable[[str], None]:
        standing = _handlers.get(name)
        if standing and (standing.run.__module__, standing.run.__qualname__) != (
            fn.__module__,
            fn.__qualname__,
        ):
            raise ValueError(f"Two outbox handlers are named {name!r}.")
        _handlers[name] = Handler(event, name, fn, outside, slow, timedelta(seconds=pause))
        return fn

    return register


def record(event: str, subject: models.Model, *, available_at: datetime | None = None) -> None:
    """Note in the caller's transaction that ``event`` (``comment.changed``) happened to ``subject``.

    One row per handler; ids only. After the commit the rows are published where there is a broker.
    ``available_at``: not to be delivered before, at most two days ahead. Raises RuntimeError outside a transaction.
    """
    record_many(event, [(subject_of(subject), available_at)])


def record_many(event: str, subjects: Iterable[tuple[str, datetime | None]]) -> None:
    """The same for many things at once: their names (``app_label.model:pk``), and not before when each."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"The event {event!r} must be recorded in the transaction of its change.")
    now = timezone.now()
    handlers = [known.name for known in _handlers.values() if known.event == event]
    rows = [(subject, handler, at or now) for subject, at in subjects for handler in handlers]
    keys = insert_rows(Outbox, ("subject", "handler", "available_at"), rows, same={"event": event})
    ids = [key for key, (_subject, _handler, at) in zip(keys, rows, strict=True) if at <= now]
    if ids and broker_configured():
        transaction.on_commit(lambda: publish(ids), robust=True)


# --- Delivering ------------------------------------------------------------------------------------------


def deliver(outbox_id: int) -> bool:
    """Deliver one row if it is due and nobody else is at it. True when it was delivered just now.

    A handler's exception is noted on the row, which waits longer each time; it isn't raised.
    """
    row = _claim(outbox_id)
    if row is None:
        return False
    known = _handlers.get(row.handler)
    try:
        if known is None:
            raise LookupError(f"No handler is named {row.handler!r}.")
        _run(known, row)
    except LeaseLost:
        logger.warning("Outbox row %s was taken over; this delivery is rolled back.", row.pk)
        return False
    except Later as later:
        _put_back(row, later.pause, error="")
        return False
    except Exception as error:
        pause = _pause_after(row.attempts, known.pause if known else timedelta(minutes=1))
        logger.exception("Outbox row %s (%s %s) failed.", row.pk, row.handler, row.subject)
        _put_back(row, pause, error=f"{type(error).__name__}: {error}"[:1000])
        return False
    except BaseException:
        # Asked to stop: whoever comes next needn't wait for the lease to run out.
        _put_back(row, timedelta(0), error="")
        raise
    return True


def _due(now: datetime) -> models.QuerySet[Outbox]:
    leased = Q(lease_until__gt=now, lease_until__lte=now + LEASE)
    ready = Q(available_at__lte=now) | Q(available_at__gt=now + LONGEST_DELAY)
    return Outbox.objects.filter(Q(lease_until__isnull=True) | ~leased, ready, done_at__isnull=True)


def _claim(outbox_id: int) -> Outbox | None:
    """Take the row by compare-and-set; the number of attempts is the token that a later claim invalidates."""
    now = timezone.now()
    row = _due(now).filter(pk=outbox_id).first()
    if row is None:
        return None
    taken = _due(now).filter(pk=outbox_id, attempts=row.attempts)
    if not taken.update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    row.attempts += 1
    return row


def _run(known: Handler, row: Outbox) -> None:
    still_open = Outbox.objects.filter(pk=row.pk, done_at__isnull=True)
    if known.outside:
        known.run(row.subject)
        still_open.update(done_at=timezone.now(), lease_until=None, last_error="")
        return
    with transaction.atomic():
        known.run(row.subject)
        mine = still_open.filter(attempts=row.attempts)
        if not mine.update(done_at=timezone.now(), lease_until=None, last_error=""):
            raise LeaseLost


def _put_back(row: Outbox, pause: timedelta, *, error: str) -> None:
    """Give the lease up, unless someone else holds it by now."""
    mine = Outbox.objects.filter(pk=row.pk, attempts=row.attempts, done_at__isnull=True)
    values: dict[str, Any] = {"lease_until": None, "available_at": timezone.now() + pause}
    if error:
        values["last_error"] = error
    else:
        values["attempts"] = row.attempts - 1  # not an attempt that failed
    mine.update(**values)


def _pause_after(attempts: int, first: timedelta) -> timedelta:
    return min(first * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


def drain(*, limit: int = 500, slow: bool | None = None, stop: Callable[[], bool] = lambda: False) -> int:
    """Deliver what is due, oldest first, with what it gives rise to; the number of rows delivered.

    At most ``limit`` are tried. ``slow`` restricts it to slow handlers or to the others; ``stop`` is asked
    between two rows.
    """
    delivered = tried = 0
    while tried < limit and (ids := _due_ids(limit - tried, slow)):
        for outbox_id in ids:
            if stop():
                return delivered
            delivered += deliver(outbox_id)
            tried += 1
    return delivered


def _due_ids(limit: int, slow: bool | None, *, before: datetime | None = None) -> list[int]:
    due = _due(timezone.now())
    if before is not None:
        due = due.filter(available_at__lte=before)
    if slow is not None:
        names = [known.name for known in _handlers.values() if known.slow]
        due = due.filter(handler__in=names) if slow else due.exclude(handler__in=names)
    return list(due.order_by("id").values_list("pk", flat=True)[:limit])


def sweep(*, limit: int = 500, seconds: float = 8.0) -> int:
    """Deliver what publishing left behind, for at most about ``seconds``; the number delivered.

    Delivers by itself rather than publishing again: while workers are behind, publishing would only make
    the queue longer with every sweep.
    """
    until = time.monotonic() + seconds
    delivered = 0
    for outbox_id in _due_ids(limit, None, before=timezone.now() - PUBLISHED_GRACE):
        if time.monotonic() >= until:
            break
        delivered += deliver(outbox_id)
    return delivered


# --- Publishing ------------------------------------------------------------------------------------------

_publish_again_at = 0.0


def broker_configured() -> bool:
    """Whether rows are also published. Celery's own setting always names something (``memory://``)."""
    return bool(settings.REDIS_URL)


def publish(ids: list[int]) -> bool:
    """Hand ids to Celery; False when the broker is away. Never raises: the rows are there anyway.

    After a failure nothing is published for half a minute, so that requests don't each wait for a timeout.
    """
    global _publish_again_at
    if time.monotonic() < _publish_again_at:
        return False
    try:
        for outbox_id in ids:
            _send(outbox_id)
    except Exception as error:
        _publish_again_at = time.monotonic() + BREAKER_SECONDS
        logger.warning("The broker is away (%s); the sweep will deliver.", error)
        return False
    return True


def _send(outbox_id: int) -> None:
    # By name: tasks stand above this module. No retry: the row is there, and the request isn't to wait.
    current_app.send_task("core.tasks.deliver_outbox", args=[outbox_id], retry=False, ignore_result=True)


def publishing_suspended() -> bool:
    """Whether this process saw the broker fail within the last half minute."""
    return time.monotonic() < _publish_again_at


# --- Watching --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pending:
    """What is still to do: ``waiting`` rows, those among them that have ``failed`` before, and the time from
    which the oldest of them could have been delivered (None: nothing waits)."""

    waiting: int
    failed: int
    oldest: datetime | None


def pending() -> Pending:
    """Counts of what isn't delivered yet."""
    counts = Outbox.objects.filter(done_at__isnull=True).aggregate(
        waiting=models.Count("pk"),
        failed=models.Count("pk", filter=~Q(last_error="")),
        oldest=models.Min("available_at"),
    )
    return Pending(**counts)


def prune(before: datetime | None = None) -> int:
    """Delete rows delivered before ``before`` (30 days ago); the number deleted. Rows not delivered stay."""
    deleted, _ = Outbox.objects.filter(done_at__lt=before or timezone.now() - KEPT_FOR).delete()
    return deleted
