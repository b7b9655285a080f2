"""Moving a forecast, and what depends on it along with it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, outbox
from core.verdicts import Conflict, require
from roadmap.actions.following import lock_plan
from roadmap.actions.milestone_dates import set_dates
from roadmap.actions.milestones import change_milestone, checked
from roadmap.milestone_queries import plan_of
from roadmap.milestone_rules import may_manage_milestones
from roadmap.models import Cause, DateChange, Dependency, Kind, Milestone
from roadmap.plan import Dates, consequences


def what_follows(milestone: Milestone, forecast: Dates) -> dict[int, Dates]:
    """The new forecasts of what has to move when ``milestone`` is forecast so, by key (two queries)."""
    rows = {row.pk: row for row in Milestone.objects.all()}
    return _following(rows, milestone.pk, forecast)


def _following(rows: Mapping[int, Milestone], pk: int, forecast: Dates) -> dict[int, Dates]:
    plan = plan_of(rows.values())
    if pk not in plan or not rows[pk].standing.movable:
        return {}
    edges = Dependency.objects.values_list("milestone", "on")
    return consequences(plan, edges, {pk: forecast})


def mark_of(found: Mapping[int, Dates]) -> str:
    """What was shown, as a text that a form carries: saving it refuses where it would come out otherwise."""
    return ";".join(f"{pk}:{dates.start}:{dates.end}" for pk, dates in sorted(found.items()))


def move_forecast(
    *,
    actor: Any,
    milestone: Milestone,
    forecast: Dates,
    reason: str,
    version: int | None = None,
    others: bool,
    seen: str | None = None,
) -> list[Milestone]:
    """Forecast a milestone anew and, with ``others``, move what depends on it; all or nothing. What moved, the
    milestone first.

    ``seen`` (``mark_of``) is what the caller was shown: ``Conflict`` where the plan has changed so that others would
    move. Refused as ``change_milestone``.
    """
    with transaction.atomic():
        rows = lock_plan()
        require(may_manage_milestones(actor))
        checked(rows, milestone, version)
        found = _following(rows, milestone.pk, forecast) if others else {}
        if others and seen is not None and seen != mark_of(found):
            raise Conflict(
                _("The plan has changed since you looked: see again what follows."),
                current={"version": rows[milestone.pk].version},
            )
        moved = [change_milestone(actor=actor, milestone=milestone, forecast=forecast, reason=reason)]
        origin = DateChange.objects.filter(milestone=milestone, kind=Kind.FORECAST).last()
        for pk, dates in found.items():
            moved.append(
                _shift(rows[pk], dates, actor=actor, reason=origin.reason if origin else "", origin=origin)
            )
    return moved


def _shift(row: Milestone, dates: Dates, *, actor: Any, reason: str, origin: DateChange | None) -> Milestone:
    set_dates(row, Kind.FORECAST, dates, by=actor, cause=Cause.SHIFTED, reason=reason, followed=origin)
    row.version += 1
    row.save()
    noted = {"forecast": [str(dates.start), str(dates.end)]}
    audit.record("milestone.shift", row, actor=actor, changes=noted)
    outbox.record("milestone.moved", row)
    return row
