"""Who a paragraph under "Actions" speaks to, and which lettered items are actions."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from .document import Warning_
from .lexicon import Lexicon, addressee, addresses_everyone
from .outline import Unit


def settle_actors(units: Sequence[Unit], lexicon: Lexicon) -> list[Warning_]:
    """Set the actor of every paragraph under a pillar's actions; items of a list to an actor become actions.

    An actor that is set already (by a marker in the source) stays.
    """
    warnings = []
    with_actions = {unit.pillar for unit in units if unit.kind == "heading" and unit.role == "actions"}
    items: dict[int, list[Unit]] = {}
    for unit in units:
        if unit.kind == "item":
            items.setdefault(id(unit.parent), []).append(unit)
    for unit in units:
        if unit.kind != "paragraph" or unit.pillar is None:
            continue
        under_actions = unit.parent is not None and unit.parent.role == "actions"
        if not under_actions and unit.pillar in with_actions and unit.actor is None:
            continue
        own = items.get(id(unit), [])
        unit.actor = unit.actor or _actor_of(unit, own, lexicon)
        if own and unit.actor is None and under_actions:
            message = _("Paragraph %(number)s has a list, but whom it addresses wasn't recognised.")
            message %= {"number": unit.number}
            warnings.append(Warning_(unit.line, "actor_unknown", message))
        if unit.actor is not None:
            for item in own:
                item.kind, item.actor = "action", unit.actor
    return warnings


def _actor_of(paragraph: Unit, items: list[Unit], lexicon: Lexicon) -> str | None:
    text = str(paragraph.text)
    if items:
        return addressee(lexicon, text)
    return "all_stakeholders" if addresses_everyone(lexicon, text) else None
