"""Internal notes on a comment."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.chunks import lock_keys
from consultations.desk_rules import may_change_note
from consultations.models import Comment, Note
from consultations.rules import may_answer
from core import audit
from core.verdicts import Conflict, Vanished, require
from core.words import clean_words

LONGEST = 5_000
TWICE = timedelta(minutes=1)


def write_note(*, actor: Any, comment: Comment, body: str) -> Note:
    """Note something on a comment for the secretariat. The same words pressed twice within a minute are one note."""
    with transaction.atomic():
        require(may_answer(actor, comment.round))
        words = _checked(body)
        if not lock_keys(comment.round, [comment.pk]):
            raise Vanished
        latest = Note.objects.filter(comment=comment, author=actor, at__gt=timezone.now() - TWICE).last()
        if latest and latest.body == words:
            return latest
        note = Note.objects.create(comment=comment, author=actor, body=words)
        audit.record("note.write", comment, actor=actor, changes={"note": note.pk})
    return note


def edit_note(*, actor: Any, note: Note, body: str, version: int) -> Note:
    """Change one's own note; ``Conflict`` where it isn't the ``version`` that the actor saw."""
    with transaction.atomic():
        note = _locked(actor, note)
        words = _checked(body)
        if note.body == words:
            return note
        if note.version != version:
            raise Conflict(_("This note has changed since you opened it."), current={"version": note.version})
        note.body, note.version, note.changed_at = words, note.version + 1, timezone.now()
        note.save(update_fields=["body", "version", "changed_at"])
        audit.record(
            "note.edit", note.comment, actor=actor, changes={"note": note.pk, "version": note.version}
        )
    return note


def delete_note(*, actor: Any, note: Note) -> None:
    """Delete one's own note for good; that there was one, the trail tells."""
    with transaction.atomic():
        note = _locked(actor, note)
        audit.record("note.delete", note.comment, actor=actor, changes={"note": note.pk})
        note.delete()


def _locked(actor: Any, note: Note) -> Note:
    notes = Note.objects.select_for_update(of=("self",)).select_related("comment__round")
    found = notes.filter(pk=note.pk).first()
    if found is None:
        raise Vanished
    require(may_change_note(actor, found))
    return found


def _checked(body: str) -> str:
    words = clean_words(body)
    if not words:
        raise ValidationError({"body": _("Write something first.")})
    if len(words) > LONGEST:
        raise ValidationError({"body": _("At most %(limit)d characters.") % {"limit": LONGEST}})
    return words
