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
from drafts.models import Draft, Provision

State = AnchorMapping.State


def set_place(
    *, actor: Any, comment: Comment, draft: Draft, version: int, exact: str, place: str = ""
) -> AnchorMapping:
    """Set the words that stand for the comment's quote in ``draft``; without any, nothing does.

    ``place`` is the number or key of the provision that has them, without it the one that it was carried to. The
    words must stand there once, unless they are those proposed. ``Conflict`` where the place has changed since
    ``version``. It stays when comments are carried again.
    """
    require(may_answer(actor, comment.round))
    with transaction.atomic():
        found = AnchorMapping.objects.select_for_update(of=("self",)).select_related("provision__draft")
        mapping = found.filter(comment=comment, draft=draft).first()
        anchor = getattr(comment, "anchor", None)
        if mapping is None or anchor is None:
            raise ValidationError(_("This comment quotes no words."))
        if mapping.version != version:
            raise Conflict(
                _("Somebody has set this place meanwhile. Look at it again."),
                current={"version": mapping.version, "state": mapping.state},
            )
        if exact.strip():
            provision = _named(draft, place) if place.strip() else mapping.provision
            if provision is None:
                raise ValidationError(_("Say in which provision the words stand."))
            given = AnchorInput(exact=exact.strip(), language=anchor.language)
            words = (_proposed(mapping, given) if provision == mapping.provision else None) or check_anchor(
                given, provision
            )
            mapping.state = State.EXACT if words.exact == anchor.exact else State.MAPPED
            mapping.provision, mapping.start, mapping.end = provision, words.start, words.end
        else:
            mapping.state, mapping.start, mapping.end = State.ORPHANED, None, None
        mapping.version += 1
        mapping.confirmed_by, mapping.confirmed_at = actor, timezone.now()
        mapping.save()
        changes = {
            "draft": draft.pk,
            "state": mapping.state,
            "provision": mapping.provision.key if mapping.provision else None,
            "start": mapping.start,
            "end": mapping.end,
        }
        audit.record("comment.set_place", comment, actor=actor, changes=changes)
    return mapping


def _named(draft: Draft, said: str) -> Provision:
    """The provision of this key or number; ``ValidationError`` where there is none, or more than one."""
    said = " ".join(said.replace("\x00", "").split())
    rows = Provision.objects.filter(draft=draft).select_related("draft")
    found = list(rows.filter(key=said)[:1]) or list(rows.filter(number__iexact=said)[:2])
    if len(found) != 1:
        raise ValidationError(
            _(
                "No provision, or more than one, is called “%(place)s”: give the number as printed, or its key."
            )
            % {"place": said[:60]}
        )
    return found[0]


def _proposed(mapping: AnchorMapping, given: AnchorInput) -> Any:
    """The proposed place, where these are its words: they may stand elsewhere in the provision too."""
    if mapping.provision is None or mapping.start is None:
        return None
    there = AnchorInput(given.exact, start=mapping.start, end=mapping.end, language=given.language)
    try:
        return check_anchor(there, mapping.provision)
    except ValidationError:
        return None
