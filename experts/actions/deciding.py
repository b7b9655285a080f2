"""The decision: prepared from a computed panel, departed from with reasons, nothing told to anybody yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries import regions_by_country
from core import audit
from core.punctuation import listed
from core.verdicts import Conflict, require
from core.words import clean_words
from experts.actions.limits import lock_call
from experts.actions.moving import lock_nomination, move
from experts.models import Call, Decision, DecisionItem, Nomination, Selection
from experts.panel_group import outcomes_of
from experts.rules import may_work_on_panel
from experts.selection_pool import same_people
from experts.states import POOL
from experts.still_open import PREPARE, check_known, noted, still_open

S, Outcome = Nomination.State, DecisionItem.Outcome
LONGEST_REASON = 2000
# Inside the secretariat; outsiders are told "submitted" until the announcement.
STATE_OF = {
    Outcome.MEMBER: S.PROPOSED,
    Outcome.ALTERNATE: S.ALTERNATE,
    Outcome.REGIONAL: S.NOT_SELECTED,
    Outcome.NONE: S.NOT_SELECTED,
}
TAKEN_IN = (Outcome.MEMBER, Outcome.ALTERNATE)


def lock_decision(call: Call) -> Decision | None:
    """The call's decision, locked with the call: whoever changes a decision begins here."""
    lock_call(call.pk)
    return Decision.objects.select_for_update(of=("self",)).filter(call=call).first()


def decide_on(*, actor: Any, selection: Selection, known_open: Iterable[str] = ()) -> Decision:
    """Prepare the decision that a computed panel proposes: everyone of the pool gets one outcome.

    An earlier decision that isn't announced gives way, with its departures. ``Refusal`` unless the actor may work
    on the panel; ``Conflict`` once it is announced, while the panel is still computed, where it was put aside, or where
    two of its members were found to be one person since; ``ValidationError`` where there is no panel, or where
    something of the call is still open that isn't among ``known_open`` (``still_open.What``).
    """
    call = selection.call
    require(may_work_on_panel(actor, call))
    chosen = selection.outcome.get("solution", {}).get("selected", [])
    if not chosen:
        raise ValidationError(_("There is no panel to decide on."))
    if "attainable" not in selection.outcome and selection.status != Selection.Status.STOPPED:
        raise Conflict(_("Replacements are still being computed. Try again in a moment."))
    with transaction.atomic():
        standing = lock_decision(call)
        if standing and standing.announced_at:
            raise _announced(standing)
        if standing and standing.selection_id == selection.pk:
            return standing
        if Selection.objects.filter(pk=selection.pk, discarded_at__isnull=False).exists():
            raise Conflict(_("This panel was put aside."))
        now = timezone.now()
        check_known(found := still_open(call, now), known_open)
        decision = _renewed(standing, selection, actor)
        if found:
            decision.known_open = [noted(PREPARE, actor, now, found)]
            decision.save(update_fields=["known_open"])
        outcomes = _proposed(selection, chosen)
        ranks = {pk: n for n, pk in enumerate(_alternates(selection, outcomes), 1)}
        DecisionItem.objects.bulk_create(
            DecisionItem(decision=decision, nomination_id=pk, outcome=o, proposed=o, rank=ranks.get(pk))
            for pk, o in outcomes.items()
        )
        for pk, outcome in sorted(outcomes.items()):
            _bring_to(lock_nomination(pk), STATE_OF[outcome], actor)
        audit.record(
            "decision.prepare",
            decision,
            actor=actor,
            changes={"selection": str(selection.uuid), "version": decision.version},
        )
    return decision


def depart(
    *, actor: Any, decision: Decision, version: int, nomination: Nomination, outcome: str, reason: str
) -> Decision:
    """Decide otherwise of one person than was proposed, with a reason; back to the proposal needs none.

    ``ValidationError`` without a reason, or where the same person would be taken in twice; ``Conflict`` for a stale
    version, or once it is announced.
    """
    require(may_work_on_panel(actor, decision.call))
    if outcome not in dict(outcomes_of(decision.call)):
        raise ValidationError({"outcome": _("Choose one of the outcomes.")})
    reason = _reason(reason)
    with transaction.atomic():
        decision = _held(decision, version)
        locked = lock_nomination(nomination.pk)
        if locked.call_id != decision.call_id or locked.state not in POOL:
            raise Conflict(_("This person is not in the pool any more."), current={"state": locked.state})
        item = decision.items.filter(nomination=locked).first() or DecisionItem(
            decision=decision, nomination=locked
        )
        if outcome != item.proposed and item.proposed and not reason:
            raise ValidationError({"reason": _("Give a reason.")})
        if outcome in TAKEN_IN:
            _refuse_twice(decision, locked)
        before = item.outcome
        item.outcome, item.reason = outcome, reason if outcome != item.proposed else ""
        item.departed_by = actor if outcome != item.proposed else None
        last = decision.items.filter(rank__isnull=False).order_by("-rank").first()
        if outcome == Outcome.ALTERNATE:
            item.rank = item.rank or (last.rank if last and last.rank else 0) + 1
        else:
            item.rank = None
        item.save()
        _renumber(decision, None)
        _bring_to(locked, STATE_OF[Outcome(outcome)], actor)
        changes: dict[str, Any] = {"nomination": str(locked.uuid), "outcome": [before, outcome]}
        _save(decision, actor)
        changes["version"] = decision.version
        audit.record("decision.depart", decision, actor=actor, changes=changes)
        return decision


def rank_alternate(
    *, actor: Any, decision: Decision, version: int, nomination: Nomination, up: bool, reason: str
) -> Decision:
    """Move an alternate one place up or down, with a reason."""
    require(may_work_on_panel(actor, decision.call))
    reason = _reason(reason)
    if not reason:
        raise ValidationError({"reason": _("Give a reason.")})
    with transaction.atomic():
        decision = _held(decision, version)
        order = list(decision.items.filter(outcome=Outcome.ALTERNATE).order_by("rank", "pk"))
        at = next((n for n, item in enumerate(order) if item.nomination_id == nomination.pk), None)
        if at is None:
            raise Conflict(_("This person is no alternate any more."))
        to = at - 1 if up else at + 1
        if not 0 <= to < len(order):
            return decision
        item = order[at]
        order[at], order[to] = order[to], item
        item.reason, item.departed_by = reason, actor
        item.save(update_fields=["reason", "departed_by"])
        _renumber(decision, order)
        changes: dict[str, Any] = {"nomination": str(nomination.uuid), "rank": [at + 1, to + 1]}
        _save(decision, actor)
        changes["version"] = decision.version
        audit.record("decision.rank", decision, actor=actor, changes=changes)
        return decision


def state_reasons(*, actor: Any, decision: Decision, version: int, statement: str) -> Decision:
    """Why the panel is as it is, in words: needed where it doesn't keep a rule."""
    require(may_work_on_panel(actor, decision.call))
    statement = _reason(statement)
    with transaction.atomic():
        decision = _held(decision, version)
        decision.statement = statement
        _save(decision, actor)
        audit.record("decision.state", decision, actor=actor, changes={"version": decision.version})
        return decision


# --- Parts ------------------------------------------------------------------------------------------------


def _announced(decision: Decision) -> Conflict:
    current = {"version": decision.version, "announced_at": str(decision.announced_at)}
    return Conflict(_("The decision has been announced: it can't be changed any more."), current=current)


def _held(decision: Decision, version: int) -> Decision:
    locked = lock_decision(decision.call)
    if locked is None or locked.pk != decision.pk or locked.version != version:
        raise Conflict(
            _("Somebody else has changed the decision meanwhile. Look at it as it is now."),
            current={"version": locked.version if locked else None},
        )
    if locked.announced_at:
        raise _announced(locked)
    return locked


def _save(decision: Decision, actor: Any) -> None:
    """A new version, by whom and when. The record of an earlier one doesn't hold for it."""
    decision.version += 1
    decision.decided_by, decision.decided_at = actor, timezone.now()
    decision.record = None
    decision.save()


def _renewed(standing: Decision | None, selection: Selection, actor: Any) -> Decision:
    if standing is None:
        return Decision.objects.create(call=selection.call, selection=selection, decided_by=actor)
    standing.items.all().delete()
    standing.selection, standing.statement, standing.record = selection, "", None
    standing.known_open = []
    standing.version += 1
    standing.decided_by, standing.decided_at = actor, timezone.now()
    standing.save()
    return standing


def _proposed(selection: Selection, chosen: Iterable[str]) -> dict[int, DecisionItem.Outcome]:
    """The outcome of everyone who is in the pool today, locked; alternates come in a second step."""
    call, members = selection.call, set(chosen)
    rest = Outcome.NONE if call.sits_in_regions else Outcome.REGIONAL
    # Held in the order of their keys: whoever withdraws at this moment is either gone or decided on.
    held = Nomination.objects.select_for_update(of=("self",), no_key=True)
    pool = list(held.filter(call=call, state__in=POOL).order_by("pk"))
    regions = regions_by_country({nomination.country_id for nomination in pool})
    marks = same_people(pool)
    sitting = _each_once([n for n in pool if str(n.uuid) in members], marks)
    outcomes: dict[int, DecisionItem.Outcome] = {}
    for nomination in pool:
        if str(nomination.uuid) in members:
            outcomes[nomination.pk] = Outcome.MEMBER
        elif marks.get(nomination.pk) in sitting:
            # Their other nomination holds a place: nobody is accepted and refused.
            outcomes[nomination.pk] = Outcome.NONE
        else:
            known = nomination.country_id in regions
            outcomes[nomination.pk] = rest if known else Outcome.NONE
    reserve = [entry["candidate"] for entry in selection.outcome.get("reserve", ())]
    by_uuid = {str(nomination.uuid): nomination for nomination in pool}
    for uuid in reserve:
        found = by_uuid.get(uuid)
        if found is None or outcomes[found.pk] == Outcome.MEMBER or marks.get(found.pk) in sitting:
            continue
        outcomes[found.pk] = Outcome.ALTERNATE
        if found.pk in marks:
            sitting.add(marks[found.pk])
    # A twin of an alternate isn't told anything of its own either.
    for nomination in pool:
        if outcomes[nomination.pk] == Outcome.REGIONAL and marks.get(nomination.pk) in sitting:
            outcomes[nomination.pk] = Outcome.NONE
    return outcomes


def _each_once(members: Iterable[Nomination], marks: Mapping[int, str]) -> set[str]:
    """The marks of members with several nominations. ``Conflict`` where one of them sits twice."""
    held: dict[str, list[str]] = {}
    for member in members:
        if member.pk in marks:
            held.setdefault(marks[member.pk], []).append(member.name)
    if twice := sorted(name for names in held.values() if len(names) > 1 for name in set(names)):
        words = _(
            "Since this panel was computed, two of its members were found to be one person: %(names)s. "
            "Compute it anew."
        )
        raise Conflict(words % {"names": listed(twice)})
    return set(held)


def _alternates(selection: Selection, outcomes: Mapping[int, DecisionItem.Outcome]) -> list[int]:
    """Alternates in the order of the reserve list."""
    reserve = [entry["candidate"] for entry in selection.outcome.get("reserve", ())]
    keys = dict(Nomination.objects.filter(call=selection.call, uuid__in=reserve).values_list("uuid", "pk"))
    by_uuid = {str(uuid): pk for uuid, pk in keys.items()}
    return [
        by_uuid[uuid]
        for uuid in reserve
        if uuid in by_uuid and outcomes.get(by_uuid[uuid]) == Outcome.ALTERNATE
    ]


def _refuse_twice(decision: Decision, nomination: Nomination) -> None:
    taken = [
        item.nomination
        for item in decision.items.filter(outcome__in=TAKEN_IN)
        .exclude(nomination=nomination)
        .select_related("nomination")
    ]
    marks = same_people([nomination, *taken])
    if nomination.pk in marks and any(marks.get(other.pk) == marks[nomination.pk] for other in taken):
        raise ValidationError(
            {"outcome": _("This person is taken in by another nomination already: one place for each.")}
        )


def _renumber(decision: Decision, order: list[DecisionItem] | None) -> None:
    """Ranks from 1 without gaps; first none, for no two may be equal in between."""
    if order is None:
        order = list(decision.items.filter(outcome=Outcome.ALTERNATE).order_by("rank", "pk"))
    decision.items.filter(rank__isnull=False).update(rank=None)
    for n, item in enumerate(order, 1):
        item.rank = n
        DecisionItem.objects.filter(pk=item.pk).update(rank=n)


def _bring_to(nomination: Nomination, state: str, actor: Any) -> None:
    if nomination.state != state:
        move(nomination, to=state, by=actor)


def _reason(text: str) -> str:
    text = clean_words(text)
    if len(text) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})
    return text
