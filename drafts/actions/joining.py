"""Splitting a provision in two and merging two into one: their lineage is kept, so that what was said of them
stays theirs."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from drafts.actions.revising import MAX_LENGTH, numbers_follow
from drafts.actions.settling import marked_keys, open_structure, place_new, settle_structure
from drafts.actions.writing import first_words, moved_on, put_words
from drafts.marks import MARK
from drafts.models import Draft, Lineage, Provision, ProvisionText, StructureChange
from drafts.outline import Node, Outline
from drafts.writing import marks_in


def split_provision(
    *,
    actor: Any,
    provision: Provision,
    at: int,
    version: int,
    structure_version: int,
    reason: str = "",
) -> Provision:
    """Split a provision at the code point ``at`` of its text in the source language; ``version`` is the
    text's. Returns the second part, which gets a key of its own and stands behind the first.

    What stands under it and every translation stay with the first part; a footnote goes with its mark.
    """
    with transaction.atomic():
        draft, outline = open_structure(actor, provision.draft_id, structure_version)
        node = outline.nodes[provision.key]
        words = _words(node, draft)
        if words.version != version:
            raise moved_on(words)
        parts = _halves(words, at)
        second = _second_part(draft, outline, node)
        notes = {note["label"]: note for note in words.footnotes}
        first_labels = set(marks_in(words.heading, parts[0][0]))
        (words.text, words.references), (text, references) = parts
        labels = [label for label in marks_in(text) if label in notes]
        own = [notes[label] for label in labels]
        words.footnotes = [note for note in words.footnotes if note["label"] in first_labels]
        for note in own:
            if note["label"] not in first_labels and note["key"] in outline.nodes:
                hang(outline, outline.nodes[note["key"]], second)
        put_words(words, author=actor, reason=reason)
        content = {"text": text, "references": references, "footnotes": own}
        made = first_words(second.provision, draft.source_language, author=actor, reason=reason, **content)
        Lineage.objects.create(draft=draft, key=second.key, ancestor_key=node.key, kind=Lineage.Kind.SPLIT)
        settle_structure(
            draft,
            outline,
            actor=actor,
            act=StructureChange.Act.SPLIT,
            key=node.key,
            other_key=second.key,
            reason=reason,
            why=numbers_follow(draft),
            marked=_marked(words, made.provision_text),
            versions={node.key: {words.language: version}},
        )
    return second.provision


def merge_provisions(
    *,
    actor: Any,
    provision: Provision,
    other_key: str,
    structure_version: int,
    reason: str = "",
) -> StructureChange:
    """Join the words of ``other_key`` to the provision's, in every language that both have; the other one is
    removed, what stood under it stands under the first, and references to it follow."""
    with transaction.atomic():
        draft, outline = open_structure(actor, provision.draft_id, structure_version)
        node, other = outline.nodes[provision.key], outline.nodes.get(other_key)
        if other is None or other is node or not other.stands or not node.stands:
            raise ValidationError({"other": _("Choose the provision to merge with.")})
        if other.kind != node.kind or node.kind == Provision.Kind.FOOTNOTE:
            raise ValidationError({"other": _("Only provisions of the same kind are merged.")})
        if any(each is node for each in other.subtree()) or any(each is other for each in node.subtree()):
            raise ValidationError({"other": _("A provision cannot be merged with what it stands under.")})
        written = _join_words(draft, node, other, actor=actor, reason=reason)
        for child in list(other.children):
            if child.stands:
                hang(outline, child, node)
        other.provision.removed_at = timezone.now()
        Lineage.objects.get_or_create(
            draft=draft, key=node.key, ancestor_key=other.key, defaults={"kind": Lineage.Kind.MERGE}
        )
        return settle_structure(
            draft,
            outline,
            actor=actor,
            act=StructureChange.Act.MERGE,
            key=node.key,
            other_key=other.key,
            reason=reason,
            why=numbers_follow(draft),
            marked=_marked(*(words for words in written if words.language == draft.source_language)),
            renamed={other.key: node.key},
            versions={node.key: {words.language: words.version - 1 for words in written}},
        )


def places_to_split(text: str) -> list[int]:
    """Where a text may sensibly be split: behind the end of a sentence, a clause or a line."""
    ends = ".!?;:。！？；：؟؛\n"
    found = []
    for at in range(1, len(text)):
        behind = text[at - 1]
        after_space = text[at].isspace() or behind in "。！？；：\n" or MARK.match(text, at)
        if behind in ends and after_space and text[at:].strip():
            mark = MARK.match(text, at)
            found.append(mark.end() if mark else at)
    return [at for at in dict.fromkeys(found) if text[at:].strip()]


def _words(node: Node, draft: Draft) -> ProvisionText:
    words = ProvisionText.objects.filter(provision=node.provision, language=draft.source_language).first()
    if words is None or not node.stands or node.kind == Provision.Kind.FOOTNOTE:
        raise ValidationError(_("This provision cannot be split."))
    return words


def _halves(words: ProvisionText, at: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """Text and references of both parts; blanks at the cut are dropped."""
    text = words.text
    if not 0 < at < len(text) or any(mark.start() < at < mark.end() for mark in MARK.finditer(text)):
        raise ValidationError({"at": _("Choose where the second part begins.")})
    parts = []
    for start, end in ((0, at), (at, len(text))):
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if start >= end:
            raise ValidationError({"at": _("Choose where the second part begins.")})
        spans = [s for s in words.references if start <= s["start"] and s["end"] <= end]
        moved = [{**s, "start": s["start"] - start, "end": s["end"] - start} for s in spans]
        parts.append((text[start:end], moved))
    return parts


def _second_part(draft: Draft, outline: Outline, node: Node) -> Node:
    row = node.provision
    second = Node(Provision(draft=draft, kind=row.kind, actor=row.actor, pillar=row.pillar, position=0))
    second.unnumbered = node.unnumbered
    place_new(draft, outline, second, node.parent, node)
    return second


def hang(outline: Outline, node: Node, parent: Node) -> None:
    """Let ``node`` stand last under ``parent``; footnotes stand before everything else there."""
    outline.take(node)
    same = [each for each in parent.children if each.kind == Provision.Kind.FOOTNOTE]
    if node.kind != Provision.Kind.FOOTNOTE:
        same = parent.children
    outline.insert(node, parent, same[-1] if same else None)


def _join_words(draft: Draft, node: Node, other: Node, *, actor: Any, reason: str) -> list[ProvisionText]:
    """The other's words behind the provision's own, in every language that both have."""
    ours = {w.language: w for w in ProvisionText.objects.filter(provision=node.provision)}
    theirs = {w.language: w for w in ProvisionText.objects.filter(provision=other.provision)}
    source, added = ours.get(draft.source_language), theirs.get(draft.source_language)
    versions = {id(w): w.version for w in (*ours.values(), *theirs.values())}
    written = []
    for language in sorted(ours.keys() & theirs.keys(), key=lambda code: code != draft.source_language):
        words, more = ours[language], theirs[language]
        up_to_date = bool(source and added) and all(
            text.translated_from_version == versions[id(of)] for text, of in ((words, source), (more, added))
        )
        between = "" if language == "zh-hans" or not words.text or not more.text else " "
        shift = len(words.text) + len(between)
        if shift + len(more.text) > MAX_LENGTH:
            raise ValidationError(
                {
                    "other": _("Merged, the text would be too long: at most %(limit)d characters.")
                    % {"limit": MAX_LENGTH}
                }
            )
        words.text += between + more.text
        moved = [{**s, "start": s["start"] + shift, "end": s["end"] + shift} for s in more.references]
        words.references = [*words.references, *moved]
        words.footnotes = [*words.footnotes, *more.footnotes]
        words.heading = words.heading or more.heading
        follows: Mapping[str, Any] = {}
        if language != draft.source_language and up_to_date and source:
            follows = {"translated_from_version": source.version}
        put_words(words, author=actor, reason=reason, more=follows)
        written.append(words)
    return written


def _marked(*texts: ProvisionText) -> dict[int, list[str]]:
    return {w.provision_id: marked_keys(w.text, w.heading, w.footnotes) for w in texts}
