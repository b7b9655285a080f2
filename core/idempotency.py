"""A write that is sent twice happens once: the second is answered with what the first one made."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import IdempotencyKey, subject_of
from core.verdicts import Conflict

T = TypeVar("T", bound=models.Model)

KEPT_FOR = timedelta(days=30)


def request_sha256(body: Any) -> str:
    """The fingerprint of a request's body: equal for equal JSON, whatever the order of its names."""
    canonical = json.dumps(
        body, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()


def perform_once(
    *,
    actor: Any,
    key: UUID | None,
    body: Any,
    action: Callable[[], T],
    find: Callable[[str], T],
) -> tuple[T, bool]:
    """Run ``action`` unless ``actor`` did so under ``key`` before; what it made, and whether just now.

    ``body``: JSON-able; the same key with another body raises Conflict. ``find`` gets the subject of what
    the first run made (``app_label.model:pk``) and returns it as the caller may see it today. The key is
    stored in the action's transaction: an action that is refused or fails leaves it unused. A repeat that
    runs at the same time waits for the first one. Without a key the action is simply run.
    """
    if key is None:
        return action(), True
    sha256 = request_sha256(body)
    first = _earlier(actor, key, sha256)
    if first is None:
        with transaction.atomic():
            if row := _take(actor, key, sha256):
                made = action()
                row.object = subject_of(made)
                row.save(update_fields=["object"])
                return made, True
        first = _earlier(actor, key, sha256)
        if first is None:  # taken by one that was undone in the meantime
            return perform_once(actor=actor, key=key, body=body, action=action, find=find)
    return find(first), False


def subject_of_earlier(*, actor: Any, key: UUID | None, body: Any) -> str | None:
    """The subject of what ``actor`` made under ``key`` before; None where it is unused. ``Conflict`` for another
    body."""
    return None if key is None else _earlier(actor, key, request_sha256(body))


def _take(actor: Any, key: UUID, sha256: str) -> IdempotencyKey | None:
    """The key, taken for this transaction; None when another took it first (waits until that one is through:
    on PostgreSQL at the unique index, on SQLite before its transaction began)."""
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(actor=actor, key=key, request_sha256=sha256)
    except IntegrityError:
        return None


def _earlier(actor: Any, key: UUID, sha256: str) -> str | None:
    """The subject that was made under ``key``; None when it is unused. Conflict for another body."""
    row = IdempotencyKey.objects.filter(actor=actor, key=key).first()
    if row is None:
        return None
    if row.request_sha256 != sha256:
        raise Conflict(_("This Idempotency-Key was used for another request."), current={"key": str(key)})
    return row.object


def prune(now: datetime | None = None) -> int:
    """Forget keys older than 30 days; the number forgotten."""
    deleted, _by_model = IdempotencyKey.objects.filter(
        created_at__lt=(now or timezone.now()) - KEPT_FOR
    ).delete()
    return deleted
