"""Reading milestones: as they are, as they were by the end of an earlier day, and how one became the other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from roadmap.models import ABOUT, DATED, DateChange, Dependency, Kind, Milestone
from roadmap.plan import Dates, Node, Standing, State, critical_chain, room_to_goal


@dataclass(frozen=True)
class Entry:
    """A milestone as somebody sees it. ``then`` is how it stood by the end of the day compared with (None: nothing
    compared, or not entered yet); ``baseline`` what ``slippage`` (in days) counts from; ``room`` the days that it may
    slip before the last milestone has to move."""

    milestone: Milestone
    now: Standing
    baseline: Dates | None
    slippage: int | None
    then: Standing | None = None
    depends_on: list[Milestone] = field(default_factory=list)
    critical: bool = False
    room: int | None = None


def seen_milestones(user: Any) -> QuerySet[Milestone]:
    """Those that the caller may see, in order, with what they are about and the dependencies among them."""
    visible = Milestone.objects.visible_to(user)
    shown = Dependency.objects.filter(on__in=visible.values("pk")).select_related("on")
    return (
        visible.select_related("owner", "overruled_by", *ABOUT)
        .prefetch_related(Prefetch("dependencies", queryset=shown))
        .order_by("position", "pk")
    )


def entries_for(user: Any, compared: date | None = None) -> list[Entry]:
    """The road map as the caller sees it, compared with how it stood by the end of the day ``compared``; without, with
    what was planned at first. Three queries, however many milestones."""
    milestones = list(seen_milestones(user))
    then = standings_at(milestones, compared) if compared else {}
    plan, edges = plan_of(milestones), _edges(milestones)
    chain, room = set(critical_chain(plan, edges)), room_to_goal(plan, edges)
    return [
        _entry(row, then.get(row.pk) if compared else None, bool(compared), row.pk in chain, room.get(row.pk))
        for row in milestones
    ]


def _entry(row: Milestone, then: Standing | None, compared: bool, critical: bool, room: int | None) -> Entry:
    now = row.standing
    baseline = (then.expected if then else None) if compared else now.tentative
    return Entry(
        milestone=row,
        now=now,
        baseline=baseline,
        slippage=now.slippage(baseline) if baseline else None,
        then=then,
        depends_on=[link.on for link in row.dependencies.all()],
        critical=critical,
        room=room if now.state in (State.PLANNED, State.UNDER_WAY) else None,
    )


def plan_of(milestones: Iterable[Milestone]) -> dict[int, Node]:
    """Those that have dates and aren't dropped, for the arithmetic of the plan. Those that follow a thing of their own
    aren't moved by others."""
    plan = {}
    for row in milestones:
        standing = row.standing
        if standing.expected is not None and standing.state != State.DROPPED:
            movable = standing.movable and not follows(row)
            plan[row.pk] = Node(row.pk, row.position, standing.expected, movable)
    return plan


def follows(milestone: Milestone) -> bool:
    """Whether the milestone moves with what it is about: no person has overruled that."""
    return bool(milestone.about_kind) and milestone.overruled_at is None


def _edges(milestones: Iterable[Milestone]) -> list[tuple[int, int]]:
    return [(row.pk, link.on_id) for row in milestones for link in row.dependencies.all()]


def standings_at(milestones: Iterable[Milestone], day: date) -> dict[int, Standing]:
    """How each stood by the end of ``day`` (in the secretariat's zone), from the history; those that weren't entered
    yet are left out. One query."""
    until = end_of(day)
    known = [row for row in milestones if row.created_at < until]
    changes = DateChange.objects.filter(milestone__in=known, at__lt=until).order_by("at", "pk")
    by_milestone: dict[int, list[DateChange]] = defaultdict(list)
    for change in changes:
        by_milestone[change.milestone_id].append(change)
    return {row.pk: standing_after(by_milestone[row.pk]) for row in known}


def standing_after(changes: Iterable[DateChange]) -> Standing:
    """What a history comes to: of each kind the last change counts."""
    last: Mapping[str, DateChange] = {change.kind: change for change in changes}
    tentative, forecast, actual = (last[kind].dates if kind in last else None for kind in DATED)
    return Standing(tentative, forecast, actual, stated=last[Kind.STATE].stated if Kind.STATE in last else "")


def end_of(day: date) -> datetime:
    """The first moment after ``day`` in the secretariat's zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.SECRETARIAT_TIME_ZONE))


def history_of(milestone: Milestone) -> QuerySet[DateChange]:
    """Every change, newest first."""
    changes = milestone.changes.select_related("by", "followed__milestone")
    return changes.order_by("-at", "-pk")
