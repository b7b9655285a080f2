"""Milestones that move by themselves: with the call, draft, round or meeting that they are about."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import audit, outbox
from roadmap.about import Thing, says, thing_of
from roadmap.actions.milestone_dates import set_dates
from roadmap.models import ABOUT, Cause, DateChange, Kind, Milestone

LINKED = Q(*((f"{name}__isnull", False) for name in ABOUT), _connector=Q.OR)


def lock_plan() -> dict[int, Milestone]:
    """Every milestone by its key, locked for the transaction: whoever changes the plan begins here."""
    found = Milestone.objects.select_for_update(of=("self",)).select_related(*ABOUT).order_by("pk")
    return {milestone.pk: milestone for milestone in found}


def follow_thing(thing: Thing, at: datetime | None = None) -> int:
    """Bring the milestones that are about ``thing`` in step with it; how many moved. Safe to run again."""
    name = thing._meta.model_name
    return _follow(Q(**{f"{name}": thing.pk}), at or timezone.now())


def follow_all(at: datetime) -> int:
    """The same for every milestone that is about something: rounds and calls open and close by the clock."""
    return _follow(LINKED, at)


def _follow(condition: Q, at: datetime) -> int:
    follows = Milestone.objects.filter(condition, overruled_at__isnull=True)
    # First without a lock: as a rule there is nothing to do.
    due = [m.pk for m in follows.select_related(*ABOUT) if changes_due(m, at)]
    if not due:
        return 0
    with transaction.atomic():
        plan = lock_plan()
        return sum(bool(follow(plan[pk], at)) for pk in due if pk in plan)


def changes_due(milestone: Milestone, at: datetime) -> bool:
    """Whether what the milestone is about says otherwise than the milestone does."""
    thing = thing_of(milestone)
    if thing is None or milestone.overruled_at is not None:
        return False
    said = says(thing, at)
    moved = said.forecast is not None and said.forecast != milestone.dates(Kind.FORECAST)
    return moved or said.actual != milestone.dates(Kind.ACTUAL)


def follow(milestone: Milestone, at: datetime, cause: Cause | None = None) -> list[DateChange]:
    """Give a milestone the dates that follow from what it is about, unless a person overruled them; the changes.

    The caller holds the lock of the plan. ``cause``: why it follows, where that isn't an event of the thing's.
    """
    thing = thing_of(milestone)
    if thing is None or not changes_due(milestone, at):
        return []
    said = says(thing, at)
    why = cause or said.cause
    wanted = {Kind.FORECAST: said.forecast or milestone.dates(Kind.FORECAST), Kind.ACTUAL: said.actual}
    made = [set_dates(milestone, kind, dates, by=None, cause=why, at=at) for kind, dates in wanted.items()]
    changes = [change for change in made if change]
    if changes:
        milestone.version += 1
        milestone.save()
        noted = {change.kind: _noted(change) for change in changes}
        audit.record("milestone.follow", milestone, actor=None, changes={**noted, "cause": why.value})
        outbox.record("milestone.moved", milestone)
    return changes


def _noted(change: DateChange) -> list[str | None]:
    return [day and day.isoformat() for day in (change.start, change.end)]
