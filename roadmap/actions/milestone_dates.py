"""Dates of milestones: how they come in, and how each change of them is kept."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from roadmap.models import Cause, DateChange, Kind, Milestone
from roadmap.plan import Dates, Precision, last_of_month

# A year outside is a slip of the hand.
YEARS = range(2000, 2200)


def read_dates(kind: str, start: date | None, end: date | None, precision: str = "") -> Dates | None:
    """The dates of ``kind`` (``models.DATED``) as they are kept; None for none.

    A month is named by any of its days. Without ``end`` a plan is for that one day, and what actually happens has
    begun and not ended. Without ``precision`` it follows from the days. ``ValidationError`` by field.
    """
    if start is None and end is None:
        return None
    fault = f"{kind}_start"
    if start is None:
        raise ValidationError({fault: _("Say when it begins, too.")})
    if precision == Precision.MONTH:
        start = start.replace(day=1)
        end = last_of_month(end or start)
    elif end is None and (kind != Kind.ACTUAL or precision == Precision.DAY):
        end = start
    for field, day in ((fault, start), (f"{kind}_end", end)):
        if day is not None and day.year not in YEARS:
            words = _("Give a year from %(first)d to %(last)d.")
            raise ValidationError({field: words % {"first": YEARS[0], "last": YEARS[-1]}})
    if end is not None and end < start:
        raise ValidationError({f"{kind}_end": _("The end can’t come before the beginning.")})
    return Dates(start, end, _precision(kind, start, end, precision))


def _precision(kind: str, start: date, end: date | None, asked: str) -> str:
    month = end is not None and start.day == 1 and end == last_of_month(start)
    if asked == Precision.DAY and end not in (None, start):
        raise ValidationError({f"{kind}_end": _("A day ends as it begins: choose a span.")})
    if asked == Precision.MONTH and not month:
        raise ValidationError({f"{kind}_end": _("A month ends as it begins: choose a span.")})
    if asked:
        return Precision(asked)
    if end == start:
        return Precision.DAY
    return Precision.MONTH if month else Precision.SPAN


def check_happened(dates: Dates | None) -> None:
    """``ValidationError`` where an actual date is still to come, in the secretariat's zone. Of a month that is not
    over yet, its first day must have come."""
    if dates is None:
        return
    last = dates.start if dates.whole_months or dates.end is None else dates.end
    if last > today():
        field = "actual_end" if dates.start <= today() else "actual_start"
        raise ValidationError({field: _("What is still to come is a forecast.")})


def today() -> date:
    """The day that it is for the secretariat."""
    return timezone.now().astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE)).date()


def set_dates(
    milestone: Milestone,
    kind: str,
    dates: Dates | None,
    *,
    by: Any,
    cause: str,
    reason: str = "",
    followed: DateChange | None = None,
    at: datetime | None = None,
) -> DateChange | None:
    """Set the columns of ``kind`` and keep the change; None where nothing changes. The caller holds the lock of the
    plan and saves the milestone."""
    if milestone.dates(kind) == dates:
        return None
    start, end, precision = (dates.start, dates.end, dates.precision) if dates else (None, None, "")
    for name, value in (("start", start), ("end", end), ("precision", precision)):
        setattr(milestone, f"{kind}_{name}", value)
    return DateChange.objects.create(
        milestone=milestone,
        kind=kind,
        start=start,
        end=end,
        precision=precision,
        at=at or timezone.now(),
        by=by,
        cause=Cause(cause),
        reason=reason,
        followed=followed,
    )


def set_stated(
    milestone: Milestone, stated: str, *, by: Any, cause: str, reason: str = ""
) -> DateChange | None:
    """Set what a person says of the state ("": nobody does) and keep the change; as ``set_dates``."""
    if milestone.stated == stated:
        return None
    milestone.stated = stated
    return DateChange.objects.create(
        milestone=milestone,
        kind=Kind.STATE,
        stated=stated,
        at=timezone.now(),
        by=by,
        cause=Cause(cause),
        reason=reason,
    )
