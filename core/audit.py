"""The audit trail: written by actions, in their transaction; what its acts are called, for people."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from core.models import AuditEntry, subject_of


@dataclass(frozen=True)
class Shown:
    """What somebody may see of a thing that an entry names: its name, and the path of its page if it has one."""

    name: str
    path: str = ""


# (reader, keys) -> what the reader may see, by key; one query or a few, however many keys.
Find = Callable[[Any, list[str]], dict[str, Shown]]

# reader -> the entries to leave out.
Withheld = Callable[[Any], models.Q]

_withheld: list[Withheld] = []
_acts: dict[str, Any] = {}
_subjects: dict[str, Find] = {}


def register_acts(acts: Mapping[str, Any]) -> None:
    """Say what the acts of an app are called (lazy texts, by code); called when the app is ready."""
    _acts.update(acts)


def acts() -> dict[str, str]:
    """Every act by its code, in the language that is active."""
    return {code: str(name) for code, name in sorted(_acts.items())}


def name_of_act(code: str) -> str:
    """What an act is called; one that is recorded no longer, by its code."""
    return str(_acts.get(code, code))


def register_subjects(label: str, find: Find) -> None:
    """Say how things of the model ``app.model`` are found for the trail; called when the app is ready."""
    _subjects[label.lower()] = find


def register_withheld(find: Withheld) -> None:
    """Say which entries a reader of the trail isn't shown at all; called when the app is ready."""
    if find not in _withheld:
        _withheld.append(find)


def withheld_from(reader: Any) -> models.Q:
    """The entries that ``reader`` isn't shown: what is decided behind closed doors, and what a conflict of interest
    keeps from them. Left out whole, for an actor and a time beside a number would tell enough."""
    condition = models.Q(pk__in=[])
    for find in _withheld:
        condition |= find(reader)
    return condition


def shown_to(reader: Any, subjects: Iterable[str]) -> dict[str, Shown]:
    """What of ``subjects`` (``app.model:pk``) the reader may see; the others are left out."""
    keys: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        label, _colon, pk = subject.partition(":")
        if label in _subjects and pk.isascii() and pk.isdecimal() and len(pk) < 16:
            keys[label].add(pk)
    return {
        f"{label}:{pk}": shown
        for label, wanted in keys.items()
        for pk, shown in _subjects[label](reader, sorted(wanted)).items()
    }


def record(
    action: str,
    subject: models.Model,
    *,
    actor: Any,
    on_behalf_of: Any = None,
    changes: dict[str, Any] | None = None,
) -> AuditEntry:
    """Note that ``actor`` did ``action`` (``comment.submit``) to ``subject``.

    ``actor`` is a user, or None for the clock. ``changes`` holds ids, states and counts; never the words
    that people wrote, for the trail outlives an erasure.
    """
    return AuditEntry.objects.create(
        actor=actor,
        on_behalf_of=on_behalf_of,
        action=action,
        subject=subject_of(subject),
        at=timezone.now(),
        changes=changes or {},
    )
