"""Announcing a decision: to everybody at one stroke, and to nobody two things."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Group
from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict, require
from experts.actions.deciding import TAKEN_IN, lock_decision
from experts.actions.moving import lock_nominations, move
from experts.actions.offering import offer
from experts.left_out import left_out, why
from experts.models import Decision, DecisionItem, Nomination
from experts.panel import balance
from experts.panel_group import groups_of, unknown_region
from experts.rules import may_work_on_panel
from experts.selection_pool import problem_behind, same_people
from experts.states import POOL
from experts.still_open import ANNOUNCE, check_known, noted, still_open

S, Outcome = Nomination.State, DecisionItem.Outcome
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=90)
DAYS = 14


@dataclass(frozen=True)
class Summary:
    """What an announcement would tell, and what stands in its way.

    ``told`` counts mails by outcome, ``left_out`` those to people whose nominations never came into the pool, by why;
    ``silent``: other nominations of people who are told something else.
    ``problems`` must be mended first; ``broken`` rules need a statement.
    """

    told: dict[str, int]
    silent: int
    left_out: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    broken: int = 0
    has_statement: bool = False

    @property
    def is_clear(self) -> bool:
        return not self.problems


def broken_rules(decision: Decision, items: list[DecisionItem] | None = None) -> list[Any]:
    """The demands that the panel as decided doesn't meet; seats left empty or too many are told by ``summary_of``."""
    if decision.selection is None:
        return []
    if items is None:
        items = list(decision.items.select_related("nomination"))
    problem = problem_behind(decision.selection)
    known = {candidate.id for candidate in problem.candidates}
    members = [str(item.nomination.uuid) for item in items if item.outcome == Outcome.MEMBER]
    return list(balance(problem, [uuid for uuid in members if uuid in known]).departures)


def summary_of(decision: Decision) -> Summary:
    """What would be told to how many. Constant queries."""
    items = list(decision.items.select_related("nomination"))
    mails, silent = _mails(items)
    problems = []
    gone = [
        item.nomination.name
        for item in items
        if item.nomination.state not in POOL and item.outcome in TAKEN_IN
    ]
    if gone:
        problems.append(
            _("Not in the running any more: %(names)s. Decide otherwise of them.") % {"names": listed(gone)}
        )
    decided = {item.nomination_id for item in items}
    missing = [
        nomination.name
        for nomination in Nomination.objects.filter(call=decision.call, state__in=POOL)
        if nomination.pk not in decided
    ]
    if missing:
        problems.append(
            _("Nothing is decided yet of people who came into the pool: %(names)s.")
            % {"names": listed(missing)}
        )
    taken = [item.nomination for item in items if item.outcome in TAKEN_IN]
    marks = same_people(taken)
    if any(count > 1 for count in Counter(marks.values()).values()):
        twice = sorted({n.name for n in taken if n.pk in marks})
        problems.append(_("The same person is taken in twice: %(names)s.") % {"names": listed(twice)})
    problems += _placeless(decision, items)
    if not any(item.outcome == Outcome.MEMBER for item in items):
        problems.append(_("The panel has no member."))
    broken = len(broken_rules(decision, items))
    members = sum(item.outcome == Outcome.MEMBER for item in items)
    if decision.selection and members != decision.selection.problem["seats"]:
        broken += 1
    if broken and not decision.statement:
        problems.append(_("The panel doesn't keep every rule: say why first."))
    told = Counter(_told(decision, item) for item in mails)
    return Summary(
        told={outcome: told.get(outcome, 0) for outcome in Outcome.values},
        silent=silent,
        left_out=_by_reason(left_out(decision.call, [item.nomination for item in mails])),
        problems=problems,
        broken=broken,
        has_statement=bool(decision.statement),
    )


def announce(
    *, actor: Any, decision: Decision, version: int, answer_by: datetime, known_open: Iterable[str] = ()
) -> Decision:
    """Tell everybody: places offered, states moved, mails queued, in one transaction. Twice is once.

    ``ValidationError`` for what stands in its way, an unfit date, or where something of the call is still open that
    isn't among ``known_open`` (``still_open.What``); ``Conflict`` for a stale version.
    """
    require(may_work_on_panel(actor, decision.call))
    now = timezone.now()
    if not now + SHORTEST <= answer_by <= now + LONGEST:
        raise ValidationError(
            {"answer_by": _("Give people at least one day and at most ninety days to answer.")}
        )
    with transaction.atomic():
        locked = lock_decision(decision.call)
        if locked is not None and locked.pk == decision.pk and locked.announced_at:
            return locked
        if locked is None or locked.pk != decision.pk or locked.version != version:
            current = {"version": locked.version if locked else None}
            raise Conflict(
                _("Somebody else has changed the decision meanwhile. Look at it as it is now."),
                current=current,
            )
        # Whoever withdraws now waits until all are told, and withdraws what they were told.
        lock_nominations(locked.items.values_list("nomination_id", flat=True))
        if problems := summary_of(locked).problems:
            raise ValidationError(problems)
        check_known(found := still_open(locked.call, now), known_open)
        if found:
            locked.known_open = [*locked.known_open, noted(ANNOUNCE, actor, now, found)]
        return _announced(actor, locked, answer_by, now)


def _announced(actor: Any, decision: Decision, answer_by: datetime, now: datetime) -> Decision:
    """Tell everybody. The caller holds the call, the decision and all nominations that it speaks of."""
    items = list(decision.items.select_related("nomination").order_by("nomination_id"))
    mails, _silent = _mails(items)
    groups = _groups(decision, items)
    for item in mails:
        nomination = item.nomination
        group = groups.get(item.nomination_id)
        if item.outcome in (Outcome.MEMBER, Outcome.REGIONAL) and group is not None:
            to = S.INVITED if item.outcome == Outcome.MEMBER else S.INVITED_TO_GROUP
            move(nomination, to=to, by=actor)
            offer(actor=actor, nomination=nomination, group=group, expires_at=answer_by)
        else:
            outbox.record("decision.tell", item)
    unconsidered = left_out(decision.call, [item.nomination for item in mails])
    for nomination in unconsidered:
        outbox.record("nomination.left_out", nomination)
    outbox.record("decision.announced", decision)
    decision.announced_by, decision.announced_at, decision.answer_by = actor, now, answer_by
    decision.save()
    decision.call.decided_at = now
    decision.call.save(update_fields=["decided_at"])
    told = {**Counter(_told(decision, item) for item in mails), **_by_reason(unconsidered)}
    changes = {"version": decision.version, "told": told}
    audit.record("decision.announce", decision, actor=actor, changes=changes)
    return decision


def _by_reason(nominations: list[Nomination]) -> dict[str, int]:
    return dict(Counter(str(why(nomination)) for nomination in nominations))


def _mails(items: list[DecisionItem]) -> tuple[list[DecisionItem], int]:
    """One item for each person who is told, the best of theirs; and how many stay silent for it."""
    nominations = [item.nomination for item in items if item.nomination.state in POOL]
    marks = same_people(nominations)
    order = list(Outcome.values)
    best: dict[str, DecisionItem] = {}
    for item in items:
        if item.nomination.state not in POOL:
            continue
        person = marks.get(item.nomination_id) or f"alone:{item.nomination_id}"
        held = best.get(person)
        if held is None or order.index(item.outcome) < order.index(held.outcome):
            best[person] = item
    return list(best.values()), len(nominations) - len(best)


def _told(decision: Decision, item: DecisionItem) -> str:
    """As what somebody is told: no place beside a panel that sits in the regional groups."""
    beside = decision.call.sits_in_regions and item.outcome == Outcome.REGIONAL
    return str(Outcome.NONE if beside else item.outcome)


def _placeless(decision: Decision, items: list[DecisionItem]) -> list[str]:
    """What is wrong with the groups that members would join."""
    try:
        placed = _groups(decision, items)
    except ValidationError as error:
        return list(error.messages)
    members = [item.nomination for item in items if item.outcome == Outcome.MEMBER]
    nowhere = [member.name for member in members if member.pk not in placed]
    return [unknown_region(nowhere)] if nowhere else []


def _groups(decision: Decision, items: list[DecisionItem]) -> dict[int, Group]:
    """The group in which each nomination is offered a place."""
    of = {
        outcome: [item.nomination for item in items if item.outcome == outcome]
        for outcome in (Outcome.MEMBER, Outcome.REGIONAL)
    }
    return groups_of(decision.call, of[Outcome.MEMBER], of[Outcome.REGIONAL])
