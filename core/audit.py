"""The audit trail: written by actions, in their transaction; what its acts are called, for people."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from core.models import AuditEntry, subject_of

_acts: dict[str, Any] = {}


def register_acts(acts: Mapping[str, Any]) -> None:
    """Say what the acts of an app are called (lazy texts, by code); called when the app is ready."""
    _acts.update(acts)


def acts() -> dict[str, str]:
    """Every act by its code, in the language that is active."""
    return {code: str(name) for code, name in sorted(_acts.items())}


def name_of_act(code: str) -> str:
    """What an act is called; one that is recorded no longer, by its code."""
    return str(_acts.get(code, code))


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
        changes=changes or {},
    )
