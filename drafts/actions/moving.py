"""The one way in which a draft changes its status."""

from datetime import datetime

from django.utils.translation import gettext as _

from core.verdicts import Conflict
from drafts.models import Draft, Guidelines

# Which time is kept of which status.
_TIMES = {
    Draft.Status.CIRCULATED: "circulated_at",
    Draft.Status.PUBLISHED: "published_at",
    Draft.Status.SUPERSEDED: "superseded_at",
    Draft.Status.ADOPTED: "adopted_at",
}


def lock_guidelines(draft: Draft) -> Guidelines:
    """Whoever moves or numbers another draft of the same guidelines waits. Taken before any lock on a draft that
    others may ask for. Who only refers to them (a waiver, a new draft's row) doesn't wait."""
    return Guidelines.objects.select_for_update(no_key=True).get(pk=draft.guidelines_id)


def lock_to_move(draft: Draft) -> Draft:
    """The draft as it stands, locked together with its guidelines, until the caller's transaction ends."""
    lock_guidelines(draft)
    rows = Draft.objects.select_for_update(of=("self",), no_key=True).select_related("guidelines")
    return rows.get(pk=draft.pk)


def check_move(draft: Draft, to: Draft.Status) -> None:
    """``Conflict`` unless ``to`` may follow what the draft is now (``Draft.TRANSITIONS``)."""
    if to not in Draft.TRANSITIONS[draft.status]:
        raise Conflict(
            _("A draft that is “%(state)s” can't become “%(to)s”.")
            % {"state": Draft.Status(draft.status).label, "to": to.label},
            current={"status": draft.status},
        )


def move_draft(draft: Draft, to: Draft.Status, *, at: datetime) -> None:
    """Change the status and keep the time. For callers that hold the lock; ``Conflict`` as ``check_move``."""
    check_move(draft, to)
    draft.status = to
    fields = ["status"]
    if name := _TIMES.get(to):
        setattr(draft, name, at)
        fields.append(name)
    draft.save(update_fields=fields)
