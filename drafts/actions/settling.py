"""What every act on the structure of a draft ends with: places, numbers, the record of it, the texts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, outbox
from core.verdicts import Conflict, require
from drafts.actions.writing import clean_reason, refresh_numbers
from drafts.marks import MARK
from drafts.models import Draft, Provision, ProvisionText, StructureChange
from drafts.outline import MOST_PILLARS, Node, Outline, new_key
from drafts.rules import may_change_words

PLACED = ("parent", "position", "number", "pillar", "actor", "removed_at")


def open_structure(actor: Any, draft_id: int, structure_version: int | None) -> tuple[Draft, Outline]:
    """The draft, locked, and its outline. ``Conflict`` when the structure has moved on since the version that
    the actor saw (None: doesn't matter) or the draft is published; ``Refusal`` unless a drafter."""
    draft = lock_draft(actor, draft_id)
    if structure_version is not None and draft.structure_version != structure_version:
        raise structure_moved_on(draft)
    return draft, Outline.of(draft)


def lock_draft(actor: Any, draft_id: int, language: str = "") -> Draft:
    """The draft, locked, for changing its words in ``language``; without one, its structure or original.

    What only refers to the draft (one begun from it, a comment's round) needn't wait.
    """
    draft = Draft.objects.select_for_update(no_key=True).get(pk=draft_id)
    verdict = may_change_words(actor, draft, language or draft.source_language)
    if verdict.code in ("published", "scheduled"):
        raise Conflict(verdict.reason, current={"status": draft.status})
    require(verdict)
    return draft


def structure_moved_on(draft: Draft) -> Conflict:
    return Conflict(
        _("The structure of this draft has changed since you opened the page."),
        current={"structure_version": draft.structure_version},
    )


def keys_taken(draft: Draft) -> set[str]:
    """Every key ever given in the guidelines."""
    rows = Provision.with_removed.filter(draft__guidelines=draft.guidelines_id)
    return set(rows.values_list("key", flat=True))


def place_new(draft: Draft, outline: Outline, node: Node, parent: Node | None, behind: Node | None) -> None:
    """Insert a new provision, give it the key of its place, and save it."""
    outline.insert(node, parent, behind)
    _check_pillars(outline)
    outline.settle()
    node.provision.key = new_key(node, keys_taken(draft))
    outline.nodes.pop("", None)
    outline.nodes[node.key] = node
    node.provision.save(force_insert=True)


def settle_structure(
    draft: Draft,
    outline: Outline,
    *,
    actor: Any,
    act: str,
    key: str,
    reason: str,
    why: str,
    other_key: str = "",
    marked: Mapping[int, Sequence[str]] | None = None,
    skip: Collection[int] = (),
    renamed: Mapping[str, str] | None = None,
    versions: Mapping[str, Mapping[str, int]] | None = None,
) -> StructureChange:
    """Write what an act made of ``outline``: everything's place and number, one ``StructureChange``, and the
    numbers printed in texts, whose revisions give ``why`` as their reason.

    ``marked``, ``skip`` and ``renamed`` as ``Outline.order_footnotes`` and ``refresh_numbers`` take them;
    ``versions`` are those that texts had before, by key and language, where the act changed words.
    """
    settle_outline(draft, outline, marked)
    version = draft.structure_version
    if not Draft.objects.filter(pk=draft.pk, structure_version=version).update(structure_version=version + 1):
        draft.refresh_from_db()
        raise structure_moved_on(draft)
    draft.structure_version = version + 1
    after = {each: node.standing for each, node in outline.nodes.items()}
    changed = [each for each in after if outline.before.get(each) != after[each] or each in (versions or {})]
    for each, known in (versions or {}).items():
        outline.before[each] = {**outline.before[each], "versions": dict(known)}
    change = StructureChange.objects.create(
        draft=draft,
        version=version + 1,
        act=act,
        key=key,
        other_key=other_key,
        before=[outline.before[each] for each in changed if each in outline.before],
        after=[after[each] for each in changed],
        author=actor,
        at=timezone.now(),
        reason=clean_reason(reason),
    )
    refresh_numbers(draft, author=actor, reason=why, skip=skip, renamed=renamed)
    done = {"act": str(act), "key": key, "version": version + 1}
    audit.record("draft.restructure", draft, actor=actor, changes=done)
    outbox.record("draft.restructured", change)
    return change


def settle_outline(draft: Draft, outline: Outline, marked: Mapping[int, Sequence[str]] | None = None) -> None:
    """Give everything its place and number, and write what differs."""
    rows = [node.provision for node in outline.nodes.values()]
    stored = {row.pk: row for row in Provision.with_removed.filter(draft=draft)}
    outline.order_footnotes({**_marked(draft), **(marked or {})})
    outline.settle()
    _check_pillars(outline)
    placed = [row for row in rows if _differs(row, stored[row.pk], PLACED[2:] + ("parent_id",))]
    moved = [row for row in rows if row not in placed and row.position != stored[row.pk].position]
    Provision.with_removed.bulk_update(placed, PLACED)
    Provision.with_removed.bulk_update(moved, ["position"])


def _check_pillars(outline: Outline) -> None:
    pillars = [node for node in outline.walk() if node.kind == Provision.Kind.PILLAR and node.stands]
    if len(pillars) > MOST_PILLARS:
        raise ValidationError(_("At most %(limit)d pillars.") % {"limit": MOST_PILLARS})


def _differs(row: Provision, other: Provision, names: Sequence[str]) -> bool:
    return any(getattr(row, name) != getattr(other, name) for name in names)


def _marked(draft: Draft) -> dict[int, list[str]]:
    """The keys of each provision's footnotes in the order of their marks in the source language."""
    texts = ProvisionText.objects.filter(provision__draft=draft, language=draft.source_language)
    return {
        words.provision_id: marked_keys(words.text, words.heading, words.footnotes)
        for words in texts.exclude(footnotes=[])
    }


def marked_keys(text: str, heading: str, footnotes: Sequence[Mapping[str, str]]) -> list[str]:
    keys = {note["label"]: note["key"] for note in footnotes}
    return [keys[mark[1]] for mark in MARK.finditer(f"{heading} {text}") if mark[1] in keys]
