"""Entering milestones, changing them, and putting them in order."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict, require
from core.words import clean_words
from experts.words import Words, check_length, set_words, words_of
from roadmap.about import Thing
from roadmap.actions.following import follow, lock_plan
from roadmap.actions.milestone_dates import check_happened, set_dates, set_stated
from roadmap.milestone_rules import may_manage_milestones
from roadmap.models import ABOUT, DATED, Cause, Dependency, Kind, Milestone
from roadmap.plan import Dates, State, has_cycle

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_REASON = 200, 4000, 2000
# What a milestone may be given beside its words.
PLAN = frozenset({*DATED, "owner", "public", "about", "depends_on", "state"})


def create_milestone(
    *,
    actor: Any,
    titles: Words,
    descriptions: Words | None = None,
    reason: str = "",
    cause: str = Cause.CREATED,
    standing: Mapping[int, Milestone] | None = None,
    **plan: Any,
) -> Milestone:
    """A milestone at the end of the road map.

    ``titles`` and ``descriptions`` map language codes to text. ``plan`` (``PLAN``): ``tentative``, ``forecast`` and
    ``actual`` are ``Dates`` or None (``milestone_dates.read_dates``); ``owner`` a user; ``about`` a call, draft, round
    or meeting whose events move it from now on; ``depends_on`` milestones; ``state`` where it isn't what follows from
    the dates. ``standing`` is the plan (``lock_plan``) of a caller that holds its lock and enters many. ``Refusal``
    unless staff; ``ValidationError`` by field.
    """
    require(may_manage_milestones(actor))
    _check_names(plan)
    with transaction.atomic():
        standing = lock_plan() if standing is None else standing
        # Asked anew: what was entered while this waited for the lock isn't among the rows that it locked.
        last = Milestone.objects.aggregate(last=Max("position"))["last"] or 0
        milestone = Milestone(position=last + 1, created_by=actor, created_at=timezone.now())
        _set_words(milestone, titles, descriptions or {})
        fields = _set_fields(milestone, plan)
        milestone.save()
        linked = "about" in fields
        _apply(milestone, plan, standing, by=actor, cause=cause, reason=_said(reason), linked=linked)
        milestone.save()
        audit.record("milestone.create", milestone, actor=actor, changes=_noted(plan))
        outbox.record("milestone.moved", milestone)
    return milestone


def change_milestone(
    *,
    actor: Any,
    milestone: Milestone,
    version: int | None = None,
    titles: Words | None = None,
    descriptions: Words | None = None,
    reason: str = "",
    cause: str = Cause.CHANGED,
    standing: Mapping[int, Milestone] | None = None,
    **plan: Any,
) -> Milestone:
    """Change what is named, as for ``create_milestone``; the rest stays. Each change of dates or state is kept with
    ``reason``.

    A person who dates a milestone otherwise than what it is about, or states its state, overrules: nothing moves it
    by itself until ``let_follow``. A change that changes nothing leaves no trace. ``standing`` as for
    ``create_milestone``; it has the change in it afterwards. ``Refusal`` unless staff;
    ``Conflict`` with the present version and state where somebody changed it since ``version``; ``ValidationError``
    by field, also for a dependency that would lead in a circle.
    """
    _check_names(plan)
    with transaction.atomic():
        standing = lock_plan() if standing is None else standing
        require(may_manage_milestones(actor))
        milestone = checked(standing, milestone, version)
        before = (words_of(milestone, "title"), words_of(milestone, "description"))
        _set_words(milestone, titles or {}, descriptions or {})
        reworded = before != (words_of(milestone, "title"), words_of(milestone, "description"))
        fields = _set_fields(milestone, plan)
        linked = "about" in fields
        changes = _apply(
            milestone, plan, standing, by=actor, cause=cause, reason=_said(reason), linked=linked
        )
        if reworded or fields or changes:
            milestone.version += 1
            milestone.save()
            noted = {name: value for name, value in _noted(plan).items() if name in {*fields, *changes}}
            audit.record("milestone.change", milestone, actor=actor, changes=noted)
        if set(changes) & {*DATED, "state"}:
            outbox.record("milestone.moved", milestone)
    return milestone


def let_follow(*, actor: Any, milestone: Milestone, version: int | None = None) -> Milestone:
    """Take a person's word back: state and dates follow by themselves again, at once.

    Milestones that nobody overruled stay as they are. ``Refusal``, ``Conflict`` as ``change_milestone``.
    """
    with transaction.atomic():
        standing = lock_plan()
        require(may_manage_milestones(actor))
        milestone = checked(standing, milestone, version)
        if milestone.overruled_at is None:
            return milestone
        _overrule(milestone, None, None, "")
        set_stated(milestone, "", by=actor, cause=Cause.RELEASED)
        milestone.version += 1
        milestone.save()
        audit.record("milestone.release", milestone, actor=actor)
        follow(milestone, timezone.now(), Cause.RELEASED)
        outbox.record("milestone.moved", milestone)
    return milestone


def place_milestone(*, actor: Any, milestone: Milestone, position: int) -> Milestone:
    """Put a milestone at ``position`` (from 1) in the order; the others make room. ``Refusal`` unless staff."""
    with transaction.atomic():
        plan = sorted(lock_plan().values(), key=lambda row: (row.position, row.pk))
        require(may_manage_milestones(actor))
        order = [row for row in plan if row.pk != milestone.pk]
        moved = next((row for row in plan if row.pk == milestone.pk), None)
        if moved is None:
            raise Conflict(_("This milestone is gone."))
        order.insert(min(max(position, 1), len(order) + 1) - 1, moved)
        changed = []
        for number, row in enumerate(order, 1):
            if row.position != number:
                row.position = number
                changed.append(row)
        if changed:
            Milestone.objects.bulk_update(changed, ["position"])
            audit.record("milestone.order", moved, actor=actor, changes={"position": moved.position})
    return moved


def checked(standing: Mapping[int, Milestone], milestone: Milestone, version: int | None) -> Milestone:
    """The milestone as it is under the lock; ``Conflict`` where it isn't at ``version``."""
    found = standing.get(milestone.pk)
    if found is None:
        raise Conflict(_("This milestone is gone."))
    if version is not None and found.version != version:
        raise Conflict(
            _("This milestone has changed since you opened it."),
            current={"version": found.version, "state": str(found.state)},
        )
    return found


def _set_words(milestone: Milestone, titles: Words, descriptions: Words) -> None:
    errors = {}
    set_words(milestone, "title", titles)
    set_words(milestone, "description", descriptions)
    if not words_of(milestone, "title"):
        errors["title"] = _("Give the milestone a title.")
    for field, limit in (("title", LONGEST_TITLE), ("description", LONGEST_DESCRIPTION)):
        try:
            check_length(words_of(milestone, field), limit)
        except ValidationError as error:
            errors[field] = str(error.message)
    if errors:
        raise ValidationError(errors)


def _set_fields(milestone: Milestone, plan: Mapping[str, Any]) -> list[str]:
    """Owner, whether it is public, what it is about; the names of those that change."""
    changed = []
    if "owner" in plan and milestone.owner_id != getattr(plan["owner"], "pk", None):
        milestone.owner = plan["owner"]
        changed.append("owner")
    if "public" in plan and milestone.public != plan["public"]:
        milestone.public = plan["public"]
        changed.append("public")
    if "about" in plan:
        thing: Thing | None = plan["about"]
        name = thing._meta.model_name if thing is not None else ""
        before = milestone.about_kind, getattr(milestone, f"{milestone.about_kind}_id", None)
        if before != (name, thing.pk if thing is not None else None):
            for each in ABOUT:
                setattr(milestone, each, thing if each == name else None)
            changed.append("about")
    return changed


def _apply(
    milestone: Milestone,
    plan: Mapping[str, Any],
    standing: Mapping[int, Milestone],
    *,
    by: Any,
    cause: str,
    reason: str,
    linked: bool,
) -> list[str]:
    """Dates, state and dependencies; what the milestone is about moves it first, a person's word last."""
    changed = []
    now = timezone.now()
    if "depends_on" in plan and _set_dependencies(milestone, plan["depends_on"], standing):
        changed.append("depends_on")
    wanted = {kind: plan[kind] for kind in DATED if kind in plan and plan[kind] != milestone.dates(kind)}
    own = any(kind in wanted for kind in (Kind.FORECAST, Kind.ACTUAL)) or bool(_stated(milestone, plan))
    if linked and not own:
        _overrule(milestone, None, None, "")
        follow(milestone, now, Cause.LINKED)
    check_happened(wanted.get(Kind.ACTUAL))
    made = [
        set_dates(milestone, kind, dates, by=by, cause=cause, reason=reason) for kind, dates in wanted.items()
    ]
    kinds = [change.kind for change in made if change]
    overruled = bool(milestone.about_kind) and bool({Kind.FORECAST, Kind.ACTUAL} & set(kinds))
    if change := set_stated(milestone, _stated(milestone, plan), by=by, cause=cause, reason=reason):
        kinds.append(change.kind)
        overruled = overruled or bool(change.stated)
    if overruled:
        _overrule(milestone, now, by, reason)
    elif not milestone.stated and not milestone.about_kind:
        _overrule(milestone, None, None, "")
    return [*changed, *kinds]


def _overrule(milestone: Milestone, at: datetime | None, by: Any, reason: str) -> None:
    milestone.overruled_at, milestone.overruled_by, milestone.overruled_reason = at, by, reason


def _stated(milestone: Milestone, plan: Mapping[str, Any]) -> str:
    """What a person's word about the state comes to: nothing where it says what follows from the dates anyway."""
    wanted = plan.get("state")
    if wanted is not None and wanted not in State.values:
        raise ValidationError({"state": _("Choose one of: %(choices)s.") % {"choices": listed(State.values)}})
    said = milestone.stated if wanted is None else wanted
    return "" if said == milestone.standing.derived else said


def _set_dependencies(
    milestone: Milestone, wanted: Iterable[Milestone], standing: Mapping[int, Milestone]
) -> bool:
    keys = {each.pk for each in wanted}
    if milestone.pk in keys:
        raise ValidationError({"depends_on": _("A milestone can’t depend on itself.")})
    if keys - set(standing):
        raise ValidationError({"depends_on": _("One of these milestones is gone.")})
    present = set(milestone.dependencies.values_list("on", flat=True))
    if keys == present:
        return False
    others = Dependency.objects.exclude(milestone=milestone).values_list("milestone", "on")
    if has_cycle([*others, *((milestone.pk, key) for key in keys)]):
        raise ValidationError(
            {"depends_on": _("This would lead in a circle: one of them depends on this milestone.")}
        )
    milestone.dependencies.filter(on__in=present - keys).delete()
    Dependency.objects.bulk_create(Dependency(milestone=milestone, on_id=key) for key in keys - present)
    return True


def _said(reason: str) -> str:
    said = clean_words(reason)
    if len(said) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})
    return said


def _noted(plan: Mapping[str, Any]) -> dict[str, Any]:
    """What the trail keeps of a plan: dates and keys, no words."""
    return {name: _plain(value) for name, value in plan.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Dates):
        return [_plain(value.start), _plain(value.end)]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return sorted(each.pk for each in value)
    return value if value is None or isinstance(value, str | bool) else value.pk


def _check_names(plan: Mapping[str, Any]) -> None:
    unknown = set(plan) - PLAN
    if unknown:
        raise TypeError(f"not a milestone's plan: {sorted(unknown)}")
