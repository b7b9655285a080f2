"""Filters of the desk, kept under a name."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consultations.desk_rules import may_change_filter
from consultations.models import Round, SavedFilter
from consultations.rules import may_answer
from core import audit
from core.verdicts import require
from core.words import clean_words

MOST = 50


def save_filter(*, actor: Any, round: Round, name: str, query: str, shared: bool) -> tuple[SavedFilter, bool]:
    """Keep a filter (the part of an address) under a name of one's own; whether it is new. One of this name is
    replaced. ``ValidationError``: no name, too long, too many."""
    require(may_answer(actor, round))
    name = _checked(name)
    with transaction.atomic():
        own = SavedFilter.objects.filter(round=round, owner=actor)
        if own.exclude(name=name).count() >= MOST:
            raise ValidationError(_("Delete a filter first: you have %(limit)d.") % {"limit": MOST})
        saved, new = SavedFilter.objects.update_or_create(
            round=round, owner=actor, name=name, defaults={"query": query, "shared": shared}
        )
        audit.record("desk_filter.save", round, actor=actor, changes={"filter": saved.pk, "shared": shared})
    return saved, new


def rename_filter(*, actor: Any, saved: SavedFilter, name: str, shared: bool) -> None:
    """Give one's own filter another name, or share it. ``ValidationError``: one has this name already."""
    require(may_change_filter(actor, saved))
    name = _checked(name)
    with transaction.atomic():
        try:
            with transaction.atomic():
                SavedFilter.objects.filter(pk=saved.pk).update(name=name, shared=shared)
        except IntegrityError:
            raise ValidationError(_("You have a filter of this name already.")) from None
        changes = {"filter": saved.pk, "shared": shared}
        audit.record("desk_filter.save", saved.round, actor=actor, changes=changes)


def delete_filter(*, actor: Any, saved: SavedFilter) -> None:
    """Delete one's own; whoever used it by its link keeps the address."""
    require(may_change_filter(actor, saved))
    with transaction.atomic():
        audit.record("desk_filter.delete", saved.round, actor=actor, changes={"filter": saved.pk})
        SavedFilter.objects.filter(pk=saved.pk).delete()


def _checked(name: str) -> str:
    name = " ".join(clean_words(name).split())
    if not name:
        raise ValidationError(_("Name the filter."))
    if len(name) > SavedFilter.LONGEST:
        raise ValidationError(_("A name has at most %(limit)d characters.") % {"limit": SavedFilter.LONGEST})
    return name
