"""The audit trail: written by actions, in their transaction."""

from typing import Any

from django.db import models

from core.models import AuditEntry, subject_of


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
