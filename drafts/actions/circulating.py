"""Giving an unpublished draft to named groups, and taking it back."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Group
from core import audit, outbox
from core.verdicts import Conflict, require
from drafts.actions.editions import canonical_bytes, languages_with_words
from drafts.actions.moving import check_move, lock_to_move, move_draft
from drafts.models import Draft, DraftAccess
from drafts.rules import may_circulate
from drafts.slots import may_hide


def circulate_draft(*, actor: Any, draft: Draft, groups: Iterable[Group]) -> Draft:
    """Let ``groups`` read the draft, and nobody else besides those who work on it. Again: other groups.

    What each language said at that moment is in the trail as a hash; the revisions hold the words. Members are told.
    ``Refusal`` unless a drafter or the secretariat, and where an app above holds a group's access; ``ValidationError``
    without a group; ``Conflict`` once it is published.
    """
    chosen = sorted({group.pk: group for group in groups}.values(), key=lambda group: group.slug)
    with transaction.atomic():
        draft = lock_to_move(draft)
        require(may_circulate(actor, draft))
        if draft.status != Draft.Status.CIRCULATED:
            check_move(draft, Draft.Status.CIRCULATED)
        if not chosen:
            raise ValidationError({"groups": _("Name at least one group.")})
        before = _groups_of(draft)
        if draft.status == Draft.Status.CIRCULATED:
            _change_readers(actor, draft, before, chosen)
        else:
            draft.access.all().delete()
            DraftAccess.objects.bulk_create(DraftAccess(draft=draft, group=group) for group in chosen)
            move_draft(draft, Draft.Status.CIRCULATED, at=timezone.now())
            changes = {"groups": [group.slug for group in chosen], "sha256": _hashes(draft)}
            audit.record("draft.circulate", draft, actor=actor, changes=changes)
            outbox.record("draft.circulated", draft)
    return draft


def take_back_draft(*, actor: Any, draft: Draft) -> Draft:
    """Make a circulated draft a working one again: its groups read it no longer, what they read stays on record.

    ``Refusal`` where an app above needs its readers (a round that is open); ``Conflict`` while it waits to be
    published, or isn't circulated.
    """
    with transaction.atomic():
        draft = lock_to_move(draft)
        require(may_circulate(actor, draft))
        check_move(draft, Draft.Status.WORKING)
        groups = _groups_of(draft)
        require(may_hide(draft, groups))
        if draft.status_requests.open().exists():
            raise Conflict(
                _("The draft waits to be published: decline or withdraw that first."),
                current={"status": draft.status},
            )
        changes = {"groups": [group.slug for group in groups], "sha256": _hashes(draft)}
        move_draft(draft, Draft.Status.WORKING, at=timezone.now())
        audit.record("draft.take_back", draft, actor=actor, changes=changes)
    return draft


def _change_readers(actor: Any, draft: Draft, before: list[Group], chosen: list[Group]) -> None:
    added = [group for group in chosen if group not in before]
    removed = [group for group in before if group not in chosen]
    if removed:
        require(may_hide(draft, removed))
        draft.access.filter(group__in=removed).delete()
    DraftAccess.objects.bulk_create(DraftAccess(draft=draft, group=group) for group in added)
    if added or removed:
        changes = {
            "groups": [group.slug for group in chosen],
            "added": [group.slug for group in added],
            "removed": [group.slug for group in removed],
        }
        audit.record("draft.change_readers", draft, actor=actor, changes=changes)
    if added:
        outbox.record("draft.circulated", draft)


def _groups_of(draft: Draft) -> list[Group]:
    return list(Group.objects.filter(pk__in=draft.access.values("group")).order_by("slug"))


def _hashes(draft: Draft) -> dict[str, str]:
    return {
        code: hashlib.sha256(canonical_bytes(draft, code)).hexdigest() for code in languages_with_words(draft)
    }
