"""Writing a wording down: the text as it stands and the revision that keeps it, in one step."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.verdicts import Conflict
from drafts.marks import printed
from drafts.models import Draft, Provision, ProvisionText, Revision
from drafts.writing import printed_numbers, reprinted, says_the_same, without_marks

LONGEST_REASON = 2000


def clean_reason(reason: str) -> str:
    """Why something was changed, as it is kept. ``ValidationError`` where it is too long or holds a NUL."""
    if len(reason) > LONGEST_REASON or "\x00" in reason:
        raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})
    return reason.strip()


def put_words(
    words: ProvisionText,
    *,
    author: Any,
    reason: str,
    restores: Revision | None = None,
    more: Mapping[str, Any] | None = None,
) -> Revision:
    """Write ``words`` as their next version; ``more`` are other fields to change with them.

    Words that aren't stored yet are stored as version 1. ``Conflict`` where the stored version isn't the one that
    was read. Inside the caller's transaction.
    """
    if words.pk is None:
        return _put_first(words, author=author, reason=reason, more=more or {})
    version = words.version
    changed = ProvisionText.with_unreleased.filter(pk=words.pk, version=version).update(
        **words.content, **(more or {}), version=version + 1
    )
    if not changed:
        words.refresh_from_db()
        raise moved_on(words)
    words.version = version + 1
    return Revision.objects.create(
        provision_text=words,
        version=words.version,
        content=words.content,
        author=author,
        at=timezone.now(),
        reason=clean_reason(reason),
        restores=restores,
    )


def _put_first(words: ProvisionText, *, author: Any, reason: str, more: Mapping[str, Any]) -> Revision:
    words.version = 1
    for name, value in more.items():
        setattr(words, name, value)
    try:
        with transaction.atomic():
            words.save(force_insert=True)
    except IntegrityError:
        raise moved_on(
            ProvisionText.with_unreleased.get(provision=words.provision_id, language=words.language)
        ) from None
    return Revision.objects.create(
        provision_text=words,
        version=1,
        content=words.content,
        author=author,
        at=timezone.now(),
        reason=clean_reason(reason),
    )


def first_words(provision: Provision, language: str, *, author: Any, reason: str, **content: Any) -> Revision:
    """The first wording of a new provision."""
    words = ProvisionText.objects.create(provision=provision, language=language, **content)
    return Revision.objects.create(
        provision_text=words,
        version=1,
        content=words.content,
        author=author,
        at=timezone.now(),
        reason=clean_reason(reason),
    )


def follow_words(source: ProvisionText) -> int:
    """Let translations of an earlier wording follow ``source`` where that says the same. Returns how many.

    So an original that is put back, or of which only numbers or letter case changed, makes no translation stale.
    """
    texts = ProvisionText.objects.filter(provision=source.provision_id, translated_from_version__isnull=False)
    stale = texts.exclude(pk=source.pk).exclude(translated_from_version=source.version)
    made_from = stale.values_list("translated_from_version", flat=True)
    versions = {version for version in made_from if version is not None}
    earlier = Revision.objects.filter(provision_text=source, version__in=versions)
    same = [each.version for each in earlier if says_the_same(each.content, source.content)]
    return stale.filter(translated_from_version__in=same).update(translated_from_version=source.version)


def moved_on(words: ProvisionText) -> Conflict:
    return Conflict(
        _("This provision has changed since you opened it."),
        current={"version": words.version, **printed(words.content)},
    )


def refresh_numbers(
    draft: Draft,
    *,
    author: Any,
    reason: str,
    skip: Collection[int] = (),
    renamed: Mapping[str, str] | None = None,
) -> int:
    """Bring the numbers printed in the draft's texts up to date, of footnotes and of provisions referred to.

    Every text concerned gets a revision, in every language; a translation that was up to date stays so.
    ``skip`` are texts just written; ``renamed`` maps a key to the one that took its place. Returns how many.
    """
    found = Provision.with_removed.filter(draft=draft, kind=Provision.Kind.FOOTNOTE)
    notes = {note.key: None if note.removed_at else note.number for note in found}
    texts = ProvisionText.objects.of_draft(draft).exclude(footnotes=[], references=[]).exclude(pk__in=skip)
    # The source language first, for translations follow its version.
    rows = sorted(texts, key=lambda text: (text.language != draft.source_language, text.pk))
    numbers: dict[str, dict[str, str]] = {}
    followed: dict[int, int] = {}
    count = 0
    for words in rows:
        if words.references and words.language not in numbers:
            numbers[words.language] = printed_numbers(draft, words.language)
        before = words.content
        _renumber(words, notes, numbers.get(words.language, {}), renamed or {})
        if words.content != before:
            source = followed.get(words.provision_id)
            current = source is not None and source == words.translated_from_version
            more = {"translated_from_version": (words.translated_from_version or 0) + 1} if current else {}
            if words.language == draft.source_language:
                followed[words.provision_id], more = words.version, {}
            put_words(words, author=author, reason=reason, more=more)
            count += 1
    _follow(draft, followed)
    return count


def _renumber(
    words: ProvisionText,
    notes: Mapping[str, str | None],
    numbers: Mapping[str, str],
    renamed: Mapping[str, str],
) -> None:
    """``notes`` are the numbers of the draft's footnotes, None where one was removed: its mark goes too."""
    gone = [note["label"] for note in words.footnotes if notes.get(note["key"], "") is None]
    kept = [note for note in words.footnotes if note["label"] not in gone]
    words.footnotes = [{**note, "number": notes.get(note["key"]) or note["number"]} for note in kept]
    words.heading = without_marks(words.heading, gone)
    words.text, words.references = reprinted(words.text, words.references, numbers, renamed)
    if gone:
        words.text, words.references = _struck(words.text, words.references, gone)


def _struck(text: str, references: list[dict[str, Any]], gone: list[str]) -> tuple[str, list[dict[str, Any]]]:
    """Without the marks of notes that are gone; references keep their words."""
    cut = [{**r, "start": len(without_marks(text[: r["start"]], gone))} for r in references]
    for span, old in zip(cut, references, strict=True):
        span["end"] = span["start"] + old["end"] - old["start"]
    return without_marks(text, gone), cut


def _follow(draft: Draft, followed: Mapping[int, int]) -> None:
    """Translations whose own words didn't change follow a source of which only numbers changed."""
    for provision_id, version in followed.items():
        ProvisionText.objects.filter(provision=provision_id, translated_from_version=version).exclude(
            language=draft.source_language
        ).update(translated_from_version=version + 1)
