"""Saving what a form holds: what was wrong, or that somebody was faster, is told in the form."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.idempotency import perform_once
from core.models import pk_of
from core.verdicts import Conflict
from roadmap.forms.standing import differences

T = TypeVar("T", bound=Model)


def afresh(row: T) -> T:
    """The row as it stands now."""
    found: T = type(row)._default_manager.get(pk=row.pk)
    return found


def clash(form: Any, conflict: Conflict) -> int:
    """Tell of a change by another, and let the same be sent again on top of it; the status to answer with."""
    if "version" in conflict.current:
        form.take_version(conflict.current["version"])
        words = _(
            "This has changed since you opened it. What you wrote is below, unsaved. If you save again, yours takes"
            " its place."
        )
    else:
        words = str(conflict.reason)
    form.add_error(None, words)
    return 409


def take_conflict(form: Any, conflict: Conflict) -> int:
    """Tell that somebody was faster; saving again then takes theirs into account."""
    if version := conflict.current.get("version"):
        form.take_version(version)
    form.add_error(None, str(conflict.reason))
    return 409


def saved(
    form: Any,
    save: Callable[[], Any],
    *,
    on_conflict: Callable[[Any, Conflict], int] = clash,
    standing: Callable[[], Any] | None = None,
) -> int:
    """Run ``save`` for a form that is right. 0 where it went through; else the status to answer with, and what was
    wrong stands at its fields. ``standing`` makes a form of what stands: where somebody was faster, theirs is shown
    beside what was sent."""
    try:
        save()
    except ValidationError as error:
        form.take_errors(error)
        return 400
    except Conflict as conflict:
        if standing is not None and "version" in conflict.current:
            form.stands = differences(form, standing())
        return on_conflict(form, conflict)
    return 0


def entered(request: HttpRequest, form: Any, model: type[T], make: Callable[[], T]) -> tuple[T | None, int]:
    """Make what a form that is right asks for, once for the key that it was sent with (``sent_once`` writes it): what
    was made, now or when the same was sent before, and 0. Else None and the status to answer with: what was wrong
    stands at its fields, also that the form was sent with other content before."""
    try:
        return _made_once(request, model, make), 0
    except ValidationError as error:
        form.take_errors(error)
        return None, 400
    except Conflict as conflict:
        if "key" in conflict.current:
            form.data = form.data.copy()
            form.data["key"] = str(uuid4())
            words = _(
                "This form was sent before with other content, and that is saved. If you send it again, this is saved"
                " beside it."
            )
        else:
            words = str(conflict.reason)
        form.add_error(None, words)
        return None, 409


def _made_once(request: HttpRequest, model: type[T], make: Callable[[], T]) -> T:
    sent = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    made, _new = perform_once(
        actor=request.user,
        key=_key_of(request),
        body={"path": request.get_full_path(), **sent},
        action=make,
        find=lambda subject: get_object_or_404(model, pk=pk_of(subject, model)),
    )
    return made


def _key_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def status_of(form: Any, status: int = 0) -> int:
    """What a page with this form is answered with: ``status`` where there is one, else 400 for a form with errors."""
    return status or (400 if form.errors else 200)
