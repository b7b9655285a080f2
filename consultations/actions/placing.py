"""A person says where a comment's quote stands in a later draft."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.anchoring import AnchorInput, check_anchor
from consultations.models import AnchorMapping, Comment
from consultations.rules import may_answer
from core import audit
from core.verdicts import Conflict, require
from drafts.models import Draft

State = AnchorMapping.State


def set_place(*, actor: Any, comment: Comment, draft: Draft, version: int, exact: str) -> AnchorMapping:
    """Set the words that stand for the comment's quote in its provision of ``draft``; without any, nothing does.

    The words must stand there once, unless they are those proposed. ``Conflict`` where the place has changed since
    ``version``. It stays when comments are carried again.
    """
    require(may_answer(actor, comment.round))
    with transaction.atomic():
        found = AnchorMapping.objects.select_for_update(of=("self",)).select_related("provision__draft")
        mapping = found.filter(comment=comment, draft=draft).first()
        anchor = getattr(comment, "anchor", None)
        if mapping is None or mapping.provision is None or anchor is None:
            raise ValidationError(_("This comment quotes no words."))
        if mapping.version != version:
            raise Conflict(
                _("Somebody has set this place meanwhile. Look at it again."),
                current={"version": mapping.version, "state": mapping.state},
            )
        if exact.strip():
            given = AnchorInput(exact=exact.strip(), language=anchor.language)
            place = _proposed(mapping, given) or check_anchor(given, mapping.provision)
            mapping.state = State.EXACT if place.exact == anchor.exact else State.MAPPED
            mapping.start, mapping.end = place.start, place.end
        else:
            mapping.state, mapping.start, mapping.end = State.ORPHANED, None, None
        mapping.version += 1
        mapping.confirmed_by, mapping.confirmed_at = actor, timezone.now()
        mapping.save()
        changes = {"draft": draft.pk, "state": mapping.state, "start": mapping.start, "end": mapping.end}
        audit.record("comment.set_place", comment, actor=actor, changes=changes)
    return mapping


def _proposed(mapping: AnchorMapping, given: AnchorInput) -> Any:
    """The proposed place, where these are its words: they may stand elsewhere in the provision too."""
    if mapping.provision is None or mapping.start is None:
        return None
    there = AnchorInput(given.exact, start=mapping.start, end=mapping.end, language=given.language)
    try:
        return check_anchor(there, mapping.provision)
    except ValidationError:
        return None
