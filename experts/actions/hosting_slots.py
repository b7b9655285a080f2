"""The meetings of a call to host: prepared, changed, and what became of them."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.punctuation import listed
from core.verdicts import Conflict, require
from core.words import clean_words
from experts.actions.calls import LONGEST_TITLE, YEARS, locked
from experts.models import Call, HostingSlot
from experts.rules import may_manage_calls
from experts.words import Words, check_length, set_words, words_of

PLAN = ("kind", "region", "starts_on", "ends_on", "participants", "position")
MOST_SLOTS, LONGEST_NOTE = 50, 2000
MOST_PEOPLE = 100_000


def create_slot(*, actor: Any, call: Call, titles: Words, **plan: Any) -> HostingSlot:
    """Add a meeting to a call to host. ``titles`` maps languages to text; ``plan`` as in ``PLAN``.

    ``Refusal`` unless staff; ``Conflict`` in a call that is decided or asks for no hosts; ``ValidationError`` by field.
    """
    with transaction.atomic():
        call = _changeable(actor, call)
        if call.slots.count() >= MOST_SLOTS:
            raise ValidationError(
                {"title": _("A call has at most %(limit)d meetings.") % {"limit": MOST_SLOTS}}
            )
        slot = HostingSlot(call=call, **plan)
        set_words(slot, "title", titles)
        _check(slot)
        slot.save()
        audit.record("hosting.add_slot", call, actor=actor, changes={"slot": slot.pk})
    return slot


def update_slot(
    *, actor: Any, slot: HostingSlot, version: int | None = None, titles: Words | None = None, **plan: Any
) -> HostingSlot:
    """Change a meeting's words and plan; what isn't named stays. A change of nothing leaves no trace.

    ``Refusal`` unless staff; ``Conflict`` where somebody changed it since ``version``, and once the call is decided;
    ``ValidationError`` by field.
    """
    with transaction.atomic():
        call = _changeable(actor, slot.call)
        slot = HostingSlot.objects.select_for_update().get(pk=slot.pk)
        check_slot_version(slot, version)
        before = {**{name: getattr(slot, name) for name in PLAN}, "title": words_of(slot, "title")}
        for name, value in plan.items():
            setattr(slot, name, value)
        set_words(slot, "title", titles or {})
        _check(slot)
        after = {**{name: getattr(slot, name) for name in PLAN}, "title": words_of(slot, "title")}
        changed = sorted(name for name in after if after[name] != before[name])
        if changed:
            slot.version += 1
            slot.save()
            noted = {"slot": slot.pk, "fields": changed}
            audit.record("hosting.change_slot", call, actor=actor, changes=noted)
    return slot


def remove_slot(*, actor: Any, slot: HostingSlot) -> None:
    """Take a meeting out of the call. ``Conflict`` where somebody has begun to offer for it: their words stay."""
    with transaction.atomic():
        call = _changeable(actor, slot.call)
        if slot.offers.exists():
            raise Conflict(_("There are offers for this meeting: it stays in the call."))
        audit.record("hosting.remove_slot", call, actor=actor, changes={"slot": slot.pk})
        slot.delete()


def record_outcome(
    *,
    actor: Any,
    slot: HostingSlot,
    outcome: str,
    held_from: date | None = None,
    held_to: date | None = None,
    note: str = "",
    version: int | None = None,
) -> HostingSlot:
    """Note what became of a meeting; an empty ``outcome`` takes it back. It is public beside the plan. The same again
    changes nothing.

    ``Refusal`` unless staff; ``Conflict`` before the hosts are announced, and where the meeting changed since
    ``version``; ``ValidationError`` by field.
    """
    with transaction.atomic():
        call = locked(slot.call)
        require(may_manage_calls(actor))
        if not call.decided_at:
            raise Conflict(_("What became of a meeting is noted once its host is announced."))
        slot = HostingSlot.objects.select_for_update().get(pk=slot.pk)
        said = clean_words(note)
        _check_outcome(outcome, held_from, held_to, said)
        if not outcome:
            held_from, held_to, said = None, None, ""
        before = (slot.outcome, slot.held_from, slot.held_to, slot.outcome_note)
        if before == (outcome, held_from, held_to, said):
            return slot
        check_slot_version(slot, version)
        slot.outcome, slot.held_from, slot.held_to, slot.outcome_note = outcome, held_from, held_to, said
        slot.outcome_by, slot.outcome_at = actor, timezone.now()
        slot.version += 1
        slot.save()
        noted = {"slot": slot.pk, "outcome": [before[0], outcome]}
        audit.record("hosting.note_outcome", call, actor=actor, changes=noted)
    return slot


def check_slot_version(slot: HostingSlot, version: int | None) -> None:
    """``Conflict`` with the present version where it isn't ``version``."""
    if version is not None and slot.version != version:
        raise Conflict(_("This meeting has changed since you opened it."), current={"version": slot.version})


def check_dates(starts_on: date | None, ends_on: date | None, names: tuple[str, str]) -> dict[str, str]:
    """What is wrong with the days of a meeting, by field."""
    errors = {
        name: _("Give a year from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]}
        for name, day in zip(names, (starts_on, ends_on), strict=True)
        if day is not None and day.year not in YEARS
    }
    if starts_on and ends_on and ends_on < starts_on:
        errors.setdefault(names[1], _("The last day can’t be before the first."))
    return errors


def _changeable(actor: Any, call: Call) -> Call:
    call = locked(call)
    require(may_manage_calls(actor))
    if call.kind != Call.Kind.HOSTING:
        raise Conflict(_("This call asks for no hosts."))
    if call.decided_at:
        raise Conflict(_("This call is decided: its meetings stay as they are."))
    return call


def _check(slot: HostingSlot) -> None:
    errors: dict[str, str] = {}
    if not words_of(slot, "title"):
        errors["title"] = _("Give the meeting a name.")
    try:
        check_length(words_of(slot, "title"), LONGEST_TITLE)
    except ValidationError as error:
        errors["title"] = str(error.message)
    if slot.kind not in HostingSlot.Kind.values:
        errors["kind"] = _("Choose one of: %(choices)s.") % {"choices": listed(HostingSlot.Kind.values)}
    for name in ("starts_on", "ends_on"):
        if getattr(slot, name) is None:
            errors[name] = _("This is needed.")
    errors |= check_dates(slot.starts_on, slot.ends_on, ("starts_on", "ends_on"))
    if slot.participants is not None and not 1 <= slot.participants <= MOST_PEOPLE:
        errors["participants"] = _("Give a number from %(first)d to %(last)d.") % {
            "first": 1,
            "last": MOST_PEOPLE,
        }
    if not 0 <= slot.position <= MOST_PEOPLE:
        errors["position"] = _("Give a number from %(first)d to %(last)d.") % {
            "first": 0,
            "last": MOST_PEOPLE,
        }
    if errors:
        raise ValidationError(errors)


def _check_outcome(outcome: str, held_from: date | None, held_to: date | None, note: str) -> None:
    errors: dict[str, str] = {}
    if outcome and outcome not in HostingSlot.Outcome.values:
        errors["outcome"] = _("Choose one of: %(choices)s.") % {"choices": listed(HostingSlot.Outcome.values)}
    errors |= check_dates(held_from, held_to, ("held_from", "held_to"))
    if outcome == HostingSlot.Outcome.CANCELLED and (held_from or held_to):
        errors["held_from"] = _("A meeting that wasn’t held has no dates.")
    elif outcome and outcome != HostingSlot.Outcome.CANCELLED and not held_from:
        errors["held_from"] = _("Say when it was held.")
    # The last day that some country has already: a meeting on the other side of the world may be over there.
    today = (timezone.now() + timedelta(hours=14)).date()
    for name, held in (("held_from", held_from), ("held_to", held_to)):
        if held and held > today:
            errors.setdefault(name, _("This day is still to come. Note it once the meeting was held."))
    if len(note) > LONGEST_NOTE:
        errors["note"] = _("At most %(limit)d characters.") % {"limit": LONGEST_NOTE}
    if errors:
        raise ValidationError(errors)
