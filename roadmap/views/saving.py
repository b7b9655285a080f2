"""Saving what a form holds: what was wrong, or that somebody was faster, is told in the form."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.verdicts import Conflict
from roadmap.forms.languages import LanguagesForm


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


def saved(form: Any, save: Callable[[], Any], *, on_conflict: Callable[[Any, Conflict], int] = clash) -> int:
    """Run ``save`` for a form that is right. 0 where it went through; else the status to answer with, and what was
    wrong stands at its fields."""
    try:
        save()
    except ValidationError as error:
        form.take_errors(error)
        return 400
    except Conflict as conflict:
        return on_conflict(form, conflict)
    return 0


def status_of(form: LanguagesForm, status: int = 0) -> int:
    return status or (400 if form.errors else 200)
