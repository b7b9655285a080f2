"""Who may change what the secretariat keeps at its desk."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from consultations.models import Note, SavedFilter
from consultations.rules import may_answer
from core.verdicts import Allowed, Refused, Verdict


def may_change_note(user: Any, note: Note) -> Verdict:
    """One's own words, for as long as one works at the desk."""
    if note.author_id != user.pk:
        return Refused(_("Only its author changes a note."), "not_author")
    return may_answer(user, note.comment.round)


def may_change_filter(user: Any, saved: SavedFilter) -> Verdict:
    """One's own, also where others use it."""
    if saved.owner_id != user.pk:
        return Refused(_("Only its owner changes a saved filter."), "not_owner")
    return Allowed
