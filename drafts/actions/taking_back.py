"""Taking an act on the structure back: a new act that undoes it, as far as nothing was built on it since."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from drafts.actions.joining import hang
from drafts.actions.revising import numbers_follow
from drafts.actions.settling import open_structure, settle_structure
from drafts.actions.structure import bring_back, relocate
from drafts.actions.writing import put_words
from drafts.models import Draft, Lineage, Provision, ProvisionText, Revision, StructureChange
from drafts.outline import Node, Outline
from drafts.reasons import TAKEN_BACK
from drafts.writing import same_words

Act = StructureChange.Act
INVERSE = {
    Act.ADD: Act.REMOVE,
    Act.REMOVE: Act.RESTORE,
    Act.RESTORE: Act.REMOVE,
    Act.MOVE: Act.MOVE,
    Act.SPLIT: Act.MERGE,
    Act.MERGE: Act.RESTORE,
}


def take_back(
    *, actor: Any, change: StructureChange, structure_version: int, reason: str = TAKEN_BACK
) -> StructureChange:
    """Undo ``change``; words of its revisions come back as new revisions.

    ``ValidationError`` where its words were changed since, it followed from a change of words (then an
    earlier wording is to be restored), or itself took a split or a merge back. Otherwise as every act on the
    structure.
    """
    with transaction.atomic():
        draft, outline = open_structure(actor, change.draft_id, structure_version)
        node = outline.nodes.get(change.key)
        if node is None or node.kind == Provision.Kind.FOOTNOTE:
            raise ValidationError(_("It followed from a change of words: restore the earlier wording."))
        if _returned(change):
            raise ValidationError(_("This took a split or a merge back: split or merge again instead."))
        key, other = change.key, change.other_key
        if change.act in (Act.ADD, Act.RESTORE):
            _take_out(node)
        elif change.act == Act.REMOVE:
            bring_back(node)
        elif change.act == Act.MOVE:
            _move_back(outline, node, change)
        elif change.act == Act.SPLIT:
            _join_again(draft, outline, node, change, actor=actor, reason=reason)
        else:
            _part_again(draft, outline, node, change, actor=actor, reason=reason)
            key, other = change.other_key, change.key
        return settle_structure(
            draft,
            outline,
            actor=actor,
            act=INVERSE[Act(change.act)],
            key=key,
            other_key=other,
            reason=reason,
            why=numbers_follow(draft),
        )


def _returned(change: StructureChange) -> bool:
    """Whether it took a split or a merge back: then it doesn't say which words to bring back."""
    if change.act == Act.MERGE:
        return not any("versions" in row for row in change.before if row["key"] == change.key)
    return change.act == Act.RESTORE and bool(change.other_key)


def _take_out(node: Node) -> None:
    now = timezone.now()
    if not node.stands:
        raise ValidationError(_("This provision has been removed from the draft."))
    for each in node.subtree():
        if each.stands:
            each.provision.removed_at = now


def _move_back(outline: Outline, node: Node, change: StructureChange) -> None:
    before = {row["key"]: row for row in change.before}
    was = before[change.key]
    parent = outline.nodes[was["parent"]] if was["parent"] else None
    if not node.stands or (parent is not None and not parent.stands):
        raise ValidationError(_("What it stood under has been removed too: bring that back first."))
    behind = None
    for each in outline.siblings(parent):
        place = before.get(each.key, {"position": each.provision.position})["position"]
        if (
            each is not node
            and each.stands
            and each.kind != Provision.Kind.FOOTNOTE
            and place < was["position"]
        ):
            behind = each
    relocate(outline, node, parent, behind)


def _join_again(
    draft: Draft, outline: Outline, node: Node, change: StructureChange, *, actor: Any, reason: str
) -> None:
    second = outline.nodes[change.other_key]
    made = ProvisionText.objects.filter(provision=second.provision)
    whole = all(same_words(words.content, _content(words, 1)) for words in made)
    if not second.stands or made.exclude(language=draft.source_language).exists() or not whole:
        raise _built_on()
    _words_back(draft, node, change, actor=actor, reason=reason)
    for child in list(second.children):
        if child.stands:
            hang(outline, child, node)
    second.provision.removed_at = timezone.now()
    Lineage.objects.filter(draft=draft, key=second.key, ancestor_key=node.key).delete()


def _part_again(
    draft: Draft, outline: Outline, node: Node, change: StructureChange, *, actor: Any, reason: str
) -> None:
    other = outline.nodes[change.other_key]
    if other.stands or not node.stands or (other.parent and not other.parent.stands):
        raise _built_on()
    _words_back(draft, node, change, actor=actor, reason=reason)
    other.provision.removed_at = None
    own = sorted(
        (row for row in change.before if row["parent"] == other.key and not row["removed"]),
        key=lambda row: int(row["position"]),
    )
    for row in own:
        child = outline.nodes[row["key"]]
        if child.stands and child.parent is node:
            hang(outline, child, other)
    _references_back(draft, node, other, change, actor=actor, reason=reason)
    Lineage.objects.filter(draft=draft, key=node.key, ancestor_key=other.key).delete()


def _references_back(
    draft: Draft, node: Node, other: Node, change: StructureChange, *, actor: Any, reason: str
) -> None:
    """References that followed the merge name ``other`` again, in texts with as many as they had before it."""
    for words in ProvisionText.objects.of_draft(draft).exclude(references=[]):
        before = words.revisions.filter(at__lt=change.at).order_by("-version").first()
        was = (before.content.get("references") if before else None) or []
        if len(was) != len(words.references):
            continue
        back = [
            {**span, "key": other.key} if (old["key"], span["key"]) == (other.key, node.key) else span
            for old, span in zip(was, words.references, strict=True)
        ]
        if back != words.references:
            words.references = back
            put_words(words, author=actor, reason=reason)


def _words_back(draft: Draft, node: Node, change: StructureChange, *, actor: Any, reason: str) -> None:
    """The words that the act changed, as they were; translations of them are as good as before."""
    versions = next(row["versions"] for row in change.before if row["key"] == node.key)
    texts = {w.language: w for w in ProvisionText.objects.filter(provision=node.provision)}
    for language, version in versions.items():
        words = texts[language]
        if not same_words(words.content, _content(words, version + 1)):
            raise _built_on()
        was = _content(words, version)
        words.heading, words.text = was["heading"], was["text"]
        words.footnotes, words.references = was["footnotes"], was.get("references") or []
        put_words(words, author=actor, reason=reason)
    source = texts.get(draft.source_language)
    if source and draft.source_language in versions:
        before = versions[draft.source_language]
        others = ProvisionText.objects.filter(provision=node.provision).exclude(pk=source.pk)
        as_before = Q(translated_from_version=before)
        followed = Q(translated_from_version=before + 1, language__in=versions)
        others.filter(as_before | followed).update(translated_from_version=source.version)


def _content(words: ProvisionText, version: int) -> Any:
    return Revision.objects.get(provision_text=words, version=version).content


def _built_on() -> ValidationError:
    return ValidationError(_("Its words have been changed since: this can no longer be taken back."))
