"""What the thing that a milestone is about says of its dates, by the clock and by what was done."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from consultations.models import Round
from drafts.models import Draft
from experts.models import Call
from roadmap.models import Cause, Meeting, Milestone
from roadmap.plan import Dates, Precision

Thing = Call | Draft | Round | Meeting


@dataclass(frozen=True)
class Said:
    """Dates that follow from a thing. ``forecast`` None: it says nothing of when; ``actual`` None: nothing has
    happened."""

    forecast: Dates | None
    actual: Dates | None
    cause: Cause


def thing_of(milestone: Milestone) -> Thing | None:
    """What the milestone is about."""
    return milestone.call or milestone.draft or milestone.round or milestone.meeting


def says(thing: Thing, at: datetime) -> Said:
    """What ``thing`` says as of ``at``. What isn't announced says nothing: dates of a call in preparation or a meeting
    that nobody was told of are not to come out here."""
    if isinstance(thing, Call):
        if thing.announced_at is None:
            return Said(None, None, Cause.CALL)
        return _stretch(thing.opens_at, thing.closes_at, thing.closed_at, at, Cause.CALL, zone=thing.zone)
    if isinstance(thing, Round):
        return _stretch(thing.opens_at, thing.closes_at, thing.closed_at, at, Cause.ROUND)
    if isinstance(thing, Draft):
        known = () if thing.status == Draft.Status.WORKING else (thing.circulated_at, thing.published_at)
        came_out = min(filter(None, known), default=None)
        return Said(None, _days(came_out, came_out) if came_out else None, Cause.DRAFT)
    if thing.announced_at is None or thing.cancelled_at is not None:
        return Said(None, None, Cause.MEETING)
    days = _days(thing.starts_at, thing.ends_at, thing.time_zone)
    return Said(days, days if thing.held_at else None, Cause.MEETING)


def _stretch(
    opens: datetime, closes: datetime, closed: datetime | None, at: datetime, cause: Cause, zone: str = ""
) -> Said:
    forecast = _days(opens, closes, zone)
    if at < opens and closed is None:
        return Said(forecast, None, cause)
    ended = min(closed or closes, closes)
    if at < ended:
        return Said(forecast, Dates(forecast.start, None, Precision.SPAN), cause)
    # Closed before it opened: that day is all there was of it.
    return Said(forecast, _days(min(opens, ended), ended, zone), cause)


def _days(first: datetime, last: datetime, zone: str = "") -> Dates:
    start, end = _day(first, zone), _day(last, zone)
    return Dates(start, end, Precision.DAY if start == end else Precision.SPAN)


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone or settings.SECRETARIAT_TIME_ZONE)).date()
