"""Telling the demonstration's past as if it had happened then."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone


@contextmanager
def clock_set_to(start: datetime, *, step: timedelta = timedelta(0)) -> Iterator[None]:
    """Within the block ``timezone.now()`` begins at ``start`` and moves on by ``step`` at every look.

    For loading only: what the actions write (times, receipts, audit) then agrees with each other.
    """
    real, moment = timezone.now, start

    def told() -> datetime:
        nonlocal moment
        moment += step
        return moment

    timezone.now = told
    try:
        yield
    finally:
        timezone.now = real
