"""What happens by the clock: named ticks, each run once per interval however many processes ask.

A tick takes the time as of which it acts and is safe to run twice: after a crash it runs again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from core.models import ScheduledTick

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
RETRY = timedelta(minutes=1)


@dataclass(frozen=True)
class Tick:
    name: str
    interval: timedelta
    run: Callable[[datetime], object]


_ticks: dict[str, Tick] = {}


def every(
    seconds: float, name: str
) -> Callable[[Callable[[datetime], object]], Callable[[datetime], object]]:
    """Register ``fn(now)`` to run every ``seconds``; ``name`` is unique and stays."""

    def register(fn: Callable[[datetime], object]) -> Callable[[datetime], object]:
        standing = _ticks.get(name)
        if standing and (standing.run.__module__, standing.run.__qualname__) != (
            fn.__module__,
            fn.__qualname__,
        ):
            raise ValueError(f"Two ticks are named {name!r}.")
        _ticks[name] = Tick(name, timedelta(seconds=seconds), fn)
        return fn

    return register


def tick(now: datetime | None = None) -> list[str]:
    """Run every tick that is due at ``now``; the names of those that this call ran to their end.

    A tick that fails is logged, doesn't stop the others and is tried again within a minute. One that is due later
    than its interval allows was noted by a clock that has been put back since: it runs.
    """
    now = now or timezone.now()
    due_at = dict(ScheduledTick.objects.values_list("name", "due_at"))
    due = [
        known
        for known in list(_ticks.values())
        if not now < due_at.get(known.name, now) <= now + known.interval
    ]
    return [known.name for known in due if _claim(known, now) and _run(known, now)]


def _claim(known: Tick, now: datetime) -> bool:
    own = ScheduledTick.objects.filter(name=known.name)
    if not own.exists():
        # The first time. Of two processes that come here at once one writes; the update decides who runs.
        ScheduledTick.objects.bulk_create([ScheduledTick(name=known.name, due_at=now)], ignore_conflicts=True)
    due = Q(due_at__lte=now) | Q(due_at__gt=now + known.interval)
    ended = Q(lease_until__isnull=True) | Q(lease_until__lte=now) | Q(lease_until__gt=now + LEASE)
    return bool(own.filter(due, ended).update(lease_until=now + LEASE))


def _run(known: Tick, now: datetime) -> bool:
    """Run it and note when it is due next; killed before that, the tick is due again when its lease ends."""
    try:
        known.run(now)
    except Exception:
        logger.exception("The tick %s failed.", known.name)
        pause, succeeded = min(RETRY, known.interval), False
    else:
        pause, succeeded = known.interval, True
    ScheduledTick.objects.filter(name=known.name).update(due_at=now + pause, lease_until=None)
    return succeeded
