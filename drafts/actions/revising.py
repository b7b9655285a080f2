"""Changing a provision's words: every change is a revision with its author and reason."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict
from drafts.actions.settling import lock_draft, marked_keys, place_new, settle_structure
from drafts.actions.writing import first_words, follow_words, moved_on, put_words
from drafts.marks import MARK
from drafts.models import Draft, Provision, ProvisionText, Revision, StructureChange, WorkInProgress
from drafts.outline import Node, Outline
from drafts.writing import (
    REFERENCE,
    carried,
    joined_spans,
    marks_in,
    printed_numbers,
    printed_references,
    with_keys,
)

MAX_LENGTH = 100_000
# What else ends a line where words come from a word processor.
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Control characters, halves of pairs, and what Unicode says is no character; a tab is one of a text.
NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# What a translation is once its words were changed: nobody has approved these.
IN_WORK = {"state": ProvisionText.State.IN_WORK, "approved_by": None, "approved_at": None}


@dataclass
class _Notes:
    """What a change of words means for the footnotes: labels kept, new and gone."""

    kept: list[dict[str, str]] = field(default_factory=list)
    new: dict[str, str] = field(default_factory=dict)  # the label it was written with: its words
    gone: list[str] = field(default_factory=list)  # keys
    back: list[str] = field(default_factory=list)  # keys
    order: list[str] = field(default_factory=list)  # labels as they are marked


def revise_provision(
    *,
    actor: Any,
    provision: Provision,
    language: str,
    version: int,
    text: str | None = None,
    heading: str | None = None,
    reason: str = "",
    notes: Mapping[str, str] | None = None,
    carry: bool = True,
    restores: Revision | None = None,
    more: Mapping[str, Any] | None = None,
    pressed_again: bool = False,
) -> Revision:
    """Change a provision's words in one language; ``version`` is the one the actor saw, 0 where they saw none.

    ``text`` has footnote marks ``[^label]`` and may have references ``[#key]``. ``notes`` gives the words of
    new footnotes by the label they are marked with; a footnote whose mark is taken out of the source language
    is removed. References of the old words stay where nothing was changed around them, unless ``carry`` is
    off because the writer saw them as ``[#key]``. ``restores`` names the revision whose words these are.
    ``more`` are other fields of a translation to change with its words; without any it is in work again.
    ``Conflict`` when the text has moved on or the draft is published; ``Refusal`` unless a drafter, of a
    translation the secretariat too. With ``pressed_again`` what the actor has just
    made of ``version`` stands for the same words sent once more; programs have their keys for that.
    """
    if language not in dict(settings.LANGUAGES):
        raise ValidationError(
            {"language": _("Choose one of: %(choices)s.") % {"choices": listed(dict(settings.LANGUAGES))}}
        )
    with transaction.atomic():
        draft = lock_draft(actor, provision.draft_id, language)
        is_source = language == draft.source_language
        if pressed_again and (done := _said_already(actor, provision, language, version, text, heading)):
            return done
        words = _words_of(draft, provision, language, version)
        before = words.content
        _take(words, "heading", heading)
        _take(words, "text", text)
        _refer(words, before, draft, carry)
        found = _footnotes(words, before, draft, notes or {}, restores)
        if words.content == before and not found.new:
            raise ValidationError({"text": _("Nothing was changed.")})
        if not (words.heading or words.text):
            raise ValidationError({"text": _nothing_left(is_source)})
        if found.new or found.gone or found.back or _reordered(words, found):
            revision = _with_structure(draft, words, found, actor=actor, reason=reason, restores=restores)
        else:
            words.footnotes = found.kept
            fields = None if is_source else {**IN_WORK, **_translated(draft, words), **(more or {})}
            revision = put_words(words, author=actor, reason=reason, restores=restores, more=fields)
        if is_source:
            follow_words(words)
        drop_work(actor=actor, words=words)
        audit.record("provision.revise", provision, actor=actor, changes={"version": words.version})
        outbox.record("provision.revised", revision)
    return revision


def restore_revision(*, actor: Any, revision: Revision, version: int, reason: str = "") -> Revision:
    """Give a provision the words of an earlier revision again; ``version`` is the present one the actor saw."""
    words = revision.provision_text
    content = revision.content
    return revise_provision(
        actor=actor,
        provision=words.provision,
        language=words.language,
        version=version,
        text=with_keys(content["text"], content.get("references") or []),
        heading=content["heading"],
        reason=reason,
        carry=False,
        restores=revision,
    )


def keep_work(*, actor: Any, words: ProvisionText, base_version: int, content: dict[str, str]) -> None:
    """Keep what a drafter is writing, for their own eyes, until they save it or throw it away."""
    if any(len(said) > MAX_LENGTH or "\x00" in said for pair in content.items() for said in pair):
        raise ValidationError({"text": _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}})
    of = (
        {"provision_text": words}
        if words.pk
        else {"provision_text": None, "provision": words.provision, "language": words.language}
    )
    with transaction.atomic():
        lock_draft(actor, words.provision.draft_id, words.language)
        WorkInProgress.objects.update_or_create(
            user=actor,
            **of,
            defaults={"base_version": base_version, "content": content, "saved_at": timezone.now()},
        )


def drop_work(*, actor: Any, words: ProvisionText) -> None:
    """Throw away what the actor was writing."""
    WorkInProgress.objects.on(actor, words).delete()


def _translated(draft: Draft, words: ProvisionText) -> dict[str, Any]:
    """Of a first translation: what it was made from, unless its writer says so."""
    if words.pk is not None:
        return {}
    source = ProvisionText.objects.filter(provision=words.provision, language=draft.source_language)
    return {"translated_from_version": source.values_list("version", flat=True).first()}


def _words_of(draft: Draft, provision: Provision, language: str, version: int) -> ProvisionText:
    """The words to be changed; of a translation also its first ones. In a published draft readers don't see them."""
    words = (
        ProvisionText.with_unreleased.select_for_update()
        .select_related("provision")
        .filter(provision=provision, language=language)
        .first()
    )
    if words is None and language != draft.source_language and version == 0:
        words = ProvisionText(
            provision=Provision.with_removed.get(pk=provision.pk),
            language=language,
            unreleased=draft.is_open_to_all,
        )
        words.version = 0
    if words is None:
        raise ValidationError({"language": _("This provision has no text in that language yet.")})
    if words.version != version:
        raise moved_on(words)
    if words.provision.removed_at:
        raise Conflict(_("This provision has been removed from the draft."), current={"removed": True})
    return words


def _said_already(
    actor: Any, provision: Provision, language: str, version: int, text: str | None, heading: str | None
) -> Revision | None:
    """What the same person made of the same version a moment ago, where it says just this (a button pressed twice)."""
    last = Revision.objects.filter(
        provision_text__provision=provision,
        provision_text__language=language,
        provision_text__version=version + 1,
        provision_text__provision__removed_at=None,
        version=version + 1,
        author=actor,
    ).first()
    if last is None:
        return None
    stands = last.content
    same_text = text is None or clean_words(text, "text") in (
        stands["text"],
        with_keys(stands["text"], stands.get("references") or []),
    )
    same = same_text and (heading is None or clean_words(heading, "heading") == stands["heading"])
    return last if same and (text is not None or heading is not None) else None


def _take(words: ProvisionText, name: str, value: str | None) -> None:
    if value is None:
        return
    before = getattr(words, name)
    setattr(words, name, clean_words(value, name))
    if _broken_marks(getattr(words, name)) > _broken_marks(before):
        raise ValidationError({name: _("A footnote’s mark is written [^7]: one of those here isn’t whole.")})


def clean_words(value: str, name: str) -> str:
    """Words of a draft as they are kept: NFC, lines that end as ``\\n``, no blanks around. ``ValidationError`` under
    ``name`` where they are too long or hold what is no character of a text."""
    if len(value) > MAX_LENGTH or "\x00" in value:
        raise ValidationError({name: _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}})
    value = LINE_ENDS.sub("\n", value)
    if found := NO_TEXT.search(value):
        what = {"place": found.start() + 1, "code": f"{ord(found[0]):04X}"}
        raise ValidationError(
            {name: _("Character %(place)d (U+%(code)s) can’t be read: take it out.") % what}
        )
    return unicodedata.normalize("NFC", value).strip()


def _broken_marks(words: str) -> int:
    return MARK.sub("", words).count("[^")


def _refer(words: ProvisionText, before: Mapping[str, Any], draft: Draft, carry: bool) -> None:
    """Print the references that were written as ``[#key]``, and keep those that nobody touched."""
    numbers = printed_numbers(draft, words.language) if REFERENCE.search(words.text) else {}
    words.text, written = printed_references(words.text, numbers)
    kept = carried(before["text"], words.text, before["references"]) if carry else []
    words.references = joined_spans(written, kept)


def _footnotes(
    words: ProvisionText,
    before: Mapping[str, Any],
    draft: Draft,
    given: Mapping[str, str],
    restores: Revision | None,
) -> _Notes:
    """Which footnotes the marks in the new words mean; sets those that are there already."""
    is_source = words.language == draft.source_language
    known: dict[str, dict[str, str]] = {}
    if not is_source:  # a translation marks the notes of its source
        source = ProvisionText.objects.filter(provision=words.provision, language=draft.source_language)
        known |= {note["label"]: note for text in source for note in text.footnotes}
    if restores is not None:
        known |= {note["label"]: note for note in restores.content["footnotes"]}
    known |= {note["label"]: note for note in before["footnotes"]}
    stray = set(marks_in(before["heading"], before["text"])) - set(known)
    found = _Notes(order=[label for label in marks_in(words.heading, words.text) if label not in stray])
    for label in found.order:
        if label in known:
            found.kept.append(known[label])
        elif given.get(label, "").strip() and is_source:
            found.new[label] = clean_words(given[label], f"note-{label}")
        else:
            raise ValidationError({f"note-{label}": _no_note(label, is_source)})
    if is_source:
        old, new = ({note["key"] for note in notes} for notes in (before["footnotes"], found.kept))
        found.gone, found.back = sorted(old - new), sorted(new - old)
    words.footnotes = found.kept
    return found


def _nothing_left(is_source: bool) -> str:
    if is_source:
        return _("Write a heading or a text. What is to go from the draft is removed, not emptied.")
    return _("Write the translation.")


def _no_note(label: str, is_source: bool) -> str:
    if is_source:
        return _("Write the words of the new footnote “%(label)s”.") % {"label": label}
    return _("The original has no footnote “%(label)s”.") % {"label": label}


def _reordered(words: ProvisionText, found: _Notes) -> bool:
    """Whether the notes of the source language stand in another order than they are numbered."""
    if words.language != words.provision.draft.source_language:
        return False
    numbers = [int(note["number"]) for note in found.kept if note["number"].isdecimal()]
    return numbers != sorted(numbers)


def _with_structure(
    draft: Draft, words: ProvisionText, found: _Notes, *, actor: Any, reason: str, restores: Revision | None
) -> Revision:
    """Add and remove the footnotes' own provisions; numbers follow over the whole draft."""
    outline = Outline.of(draft)
    node, now = outline.nodes[words.provision.key], timezone.now()
    notes = {note["label"]: note["key"] for note in found.kept}
    for written, note_words in found.new.items():
        note_key = _add_note(draft, outline, node, note_words, actor=actor, reason=reason)
        label = note_key.removeprefix("fn_")
        words.text = words.text.replace(f"[^{written}]", f"[^{label}]")
        words.heading = words.heading.replace(f"[^{written}]", f"[^{label}]")
        shift = len(label) - len(written)
        words.references = _shifted(words, shift, label) if shift else words.references
        notes[label] = note_key
        found.order = [label if each == written else each for each in found.order]
    for keys, removed_at in ((found.gone, now), (found.back, None)):
        for key in keys:
            if key in outline.nodes:
                outline.nodes[key].provision.removed_at = removed_at
    words.footnotes = [{"label": label, "number": "", "key": notes[label]} for label in found.order]
    marked = {words.provision_id: marked_keys(words.text, words.heading, words.footnotes)}
    outline.order_footnotes(marked)
    outline.settle()
    numbers = {each.key: each.provision.number for each in outline.walk()}
    old = {note["key"]: note["number"] for note in found.kept}
    for note in words.footnotes:
        note["number"] = numbers.get(note["key"]) or old.get(note["key"], "")
    revision = put_words(words, author=actor, reason=reason, restores=restores)
    act = StructureChange.Act.ADD if found.new else StructureChange.Act.REMOVE
    if not found.new and not found.gone:
        act = StructureChange.Act.RESTORE if found.back else StructureChange.Act.MOVE
    settle_structure(
        draft,
        outline,
        actor=actor,
        act=act,
        key=next(iter([notes[label] for label in found.order if label not in _old_labels(found)]), "")
        or next(iter([*found.gone, *found.back]), words.provision.key),
        other_key=words.provision.key,
        reason=reason,
        why=numbers_follow(draft),
        marked=marked,
        skip=[words.pk],
    )
    return revision


def _old_labels(found: _Notes) -> set[str]:
    return {note["label"] for note in found.kept}


def _add_note(draft: Draft, outline: Outline, node: Node, note_words: str, *, actor: Any, reason: str) -> str:
    provision = Provision(draft=draft, kind=Provision.Kind.FOOTNOTE, position=0)
    last = [child for child in node.children if child.kind == Provision.Kind.FOOTNOTE]
    place_new(draft, outline, Node(provision), node, last[-1] if last else None)
    first_words(provision, draft.source_language, author=actor, reason=reason, text=note_words)
    return provision.key


def _shifted(words: ProvisionText, shift: int, label: str) -> list[dict[str, Any]]:
    """References behind a mark that became ``shift`` characters longer."""
    at = words.text.find(f"[^{label}]")
    return [
        {**span, "start": span["start"] + shift, "end": span["end"] + shift}
        if 0 <= at < span["start"]
        else span
        for span in words.references
    ]


def numbers_follow(draft: Draft) -> str:
    """The reason of a revision in which only numbers changed, in the language of the draft."""
    with translation.override(draft.source_language):
        return _("Numbers follow a change of the structure.")
