"""`Idempotency-Key` on the API's writes: repeating one is answered with what the first one made."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.idempotency import perform_once, subject_of_earlier
from core.models import pk_of

T = TypeVar("T", bound=models.Model)


def idempotency_key(request: Request) -> UUID | None:
    """The Idempotency-Key header; ``ValidationError`` where it isn't a UUID."""
    value = request.headers.get("Idempotency-Key")
    if value is None:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise ValidationError({"Idempotency-Key": ["This is not a UUID."]}) from None


def _asked(request: Request) -> dict[str, Any]:
    """What a key stands for. The query belongs to it: there a write may name the language it writes in."""
    asked = {"method": request.method, "path": request.path, "body": _body(request)}
    query = request.META.get("QUERY_STRING", "")
    return {**asked, "query": query} if query else asked


def _body(request: Request) -> Any:
    """What was sent; a file by the hash of its content."""
    form: Any = request.data
    if not request.FILES:
        return form
    sent = {name: form.getlist(name) for name in form if name not in request.FILES}
    return {**sent, "files": {name: _hash_of(file) for name, file in request.FILES.items()}}


def _hash_of(file: Any) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def earlier(request: Request, model: type[T]) -> T | None:
    """What the caller's key made before; None where it is unused. For writes that compute long before ``once``, and
    whose request may make no sense any more when it is repeated. Raises as ``once``."""
    subject = subject_of_earlier(actor=request.user, key=idempotency_key(request), body=_asked(request))
    return get_object_or_404(model, pk=pk_of(subject, model)) if subject else None


def once(request: Request, model: type[T], action: Callable[[], T]) -> T:
    """Run ``action``, all or nothing, unless the caller's key says that it was run before.

    Returns what it made, then or now. ``Http404`` where that has been deleted since; ``Conflict`` where the
    key was used for another request. The caller must be signed in.
    """

    def whole() -> T:
        with transaction.atomic():
            return action()

    made, _created = perform_once(
        actor=request.user,
        key=idempotency_key(request),
        body=_asked(request),
        action=whole,
        find=lambda subject: get_object_or_404(model, pk=pk_of(subject, model)),
    )
    return made
