"""Acts on the structure of a draft: each is carried out whole, recorded, and can be taken back.

Keys never change; positions and numbers follow by rule (``drafts.outline``). Every act takes the
``structure_version`` that the actor saw: ``Conflict`` when it has moved on, or the draft is published;
``Refusal`` unless a drafter; ``ValidationError`` for what the structure doesn't allow.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from drafts.actions.revising import clean_words, numbers_follow
from drafts.actions.settling import open_structure, place_new, settle_structure
from drafts.actions.writing import first_words
from drafts.models import Draft, Provision, StructureChange
from drafts.outline import PARENTS, Node, Outline
from drafts.writing import REFERENCE, printed_numbers, printed_references

Act = StructureChange.Act
_FOLLOWS = gettext_lazy("A footnote follows its mark: change the text in which it stands.")


def add_provision(
    *,
    actor: Any,
    draft: Draft,
    kind: str,
    parent: str | None,
    behind: str | None,
    structure_version: int,
    heading: str = "",
    text: str = "",
    reason: str = "",
) -> Provision:
    """A new provision under ``parent`` (a key; None is the draft itself), behind its child ``behind`` (None:
    before the others), with words in the source language."""
    if kind not in PARENTS or kind == Provision.Kind.FOOTNOTE:
        raise ValidationError({"kind": _("Choose what is to be added.")})
    heading, text = clean_words(heading, "heading"), clean_words(text, "text")
    if not heading and not text:
        raise ValidationError({"text": _("Write a heading or a text.")})
    with transaction.atomic():
        draft, outline = open_structure(actor, draft.pk, structure_version)
        above = _standing(outline, parent) if parent else None
        node = Node(Provision(draft=draft, kind=kind, position=0))
        _check_place(outline, kind, above)
        place_new(draft, outline, node, above, _sibling(outline, above, behind))
        numbers = printed_numbers(draft, draft.source_language) if REFERENCE.search(text) else {}
        text, references = printed_references(text, numbers)
        content: dict[str, Any] = {"heading": heading, "text": text, "references": references}
        first_words(node.provision, draft.source_language, author=actor, reason=reason, **content)
        _settle(draft, outline, actor, Act.ADD, node.key, reason)
    return node.provision


def remove_provision(
    *, actor: Any, draft: Draft, key: str, structure_version: int, reason: str = ""
) -> StructureChange:
    """Take a provision out of the draft, with all that stands under it. Its words and history are kept."""
    with transaction.atomic():
        draft, outline = open_structure(actor, draft.pk, structure_version)
        now = timezone.now()
        for node in _movable(outline, key).subtree():
            if node.stands:
                node.provision.removed_at = now
        return _settle(draft, outline, actor, Act.REMOVE, key, reason)


def restore_provision(
    *, actor: Any, draft: Draft, key: str, structure_version: int, reason: str = ""
) -> StructureChange:
    """Bring a removed provision back to its place, with what was removed together with it."""
    with transaction.atomic():
        draft, outline = open_structure(actor, draft.pk, structure_version)
        node = _node(outline, key)
        if node.kind == Provision.Kind.FOOTNOTE:
            raise ValidationError(_FOLLOWS)
        bring_back(node)
        return _settle(draft, outline, actor, Act.RESTORE, key, reason)


def bring_back(node: Node) -> None:
    if node.stands:
        raise ValidationError(_("This provision stands in the draft."))
    if node.parent and not node.parent.stands:
        raise ValidationError(_("What it stood under has been removed too: bring that back first."))
    removed_at = node.provision.removed_at
    for each in node.subtree():
        if each.provision.removed_at == removed_at:
            each.provision.removed_at = None


def move_provision(
    *,
    actor: Any,
    draft: Draft,
    key: str,
    parent: str | None,
    behind: str | None,
    structure_version: int,
    reason: str = "",
) -> StructureChange:
    """Let a provision stand, with all under it, under ``parent`` and behind its child ``behind``."""
    with transaction.atomic():
        draft, outline = open_structure(actor, draft.pk, structure_version)
        node, above = _movable(outline, key), _standing(outline, parent) if parent else None
        relocate(outline, node, above, _sibling(outline, above, behind))
        return _settle(draft, outline, actor, Act.MOVE, key, reason)


def step_provision(
    *, actor: Any, draft: Draft, key: str, by: int, structure_version: int, reason: str = ""
) -> StructureChange:
    """Move a provision one place up (-1) or down (1)."""
    with transaction.atomic():
        draft, outline = open_structure(actor, draft.pk, structure_version)
        node = _movable(outline, key)
        place = outline.step(node, by)
        if place is None:
            raise ValidationError(_("It cannot be moved any further."))
        relocate(outline, node, *place)
        return _settle(draft, outline, actor, Act.MOVE, key, reason)


def relocate(outline: Outline, node: Node, parent: Node | None, behind: Node | None) -> None:
    if parent is not None and any(each is parent for each in node.subtree()):
        raise ValidationError({"parent": _("A provision cannot stand under itself.")})
    _check_place(outline, node.kind, parent)
    if behind is node:
        raise ValidationError(_("It stands there already."))
    old = (node.parent, outline.behind(node))
    if old == (parent, behind):
        raise ValidationError(_("It stands there already."))
    outline.take(node)
    outline.insert(node, parent, behind)


def _settle(
    draft: Draft, outline: Outline, actor: Any, act: str, key: str, reason: str, **more: Any
) -> StructureChange:
    why = numbers_follow(draft)
    return settle_structure(draft, outline, actor=actor, act=act, key=key, reason=reason, why=why, **more)


def _node(outline: Outline, key: str) -> Node:
    node = outline.nodes.get(key)
    if node is None:
        raise ValidationError(_("There is no provision “%(key)s” in this draft.") % {"key": key})
    return node


def _standing(outline: Outline, key: str) -> Node:
    node = _node(outline, key)
    if not node.stands:
        raise ValidationError(_("This provision has been removed from the draft."))
    return node


def _movable(outline: Outline, key: str) -> Node:
    """Footnotes go where their marks go."""
    node = _standing(outline, key)
    if node.kind == Provision.Kind.FOOTNOTE:
        raise ValidationError(_FOLLOWS)
    return node


def _sibling(outline: Outline, parent: Node | None, behind: str | None) -> Node | None:
    if not behind:
        return None
    node = _standing(outline, behind)
    if node.parent is not parent:
        raise ValidationError(_("Choose a place under the same heading."))
    return node


def _check_place(outline: Outline, kind: str, parent: Node | None) -> None:
    if not outline.may_stand_under(kind, parent):
        name = Provision.Kind(kind).label
        raise ValidationError(
            {"parent": _("A provision of this kind (%(kind)s) cannot stand here.") % {"kind": name}}
        )
