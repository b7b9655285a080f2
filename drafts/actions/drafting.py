"""Beginning the next draft."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import audit
from core.six_languages import column
from core.verdicts import require
from drafts.actions.numbering import Labels, number_draft, open_draft
from drafts.actions.revising import revise_provision
from drafts.models import Draft, Provision, ProvisionText, Revision
from drafts.queries import labels_of
from drafts.rules import may_create_draft

__all__ = ["begin_draft", "revise_provision"]


# What a copy takes over of a provision and of its words.
PLACE = ("key", "kind", "pillar", "actor", "position", "number")
WORDS = ("heading", "text", "footnotes", "references", "state", "approved_by_id", "approved_at")


def begin_draft(*, actor: Any, base: Draft, label: str | Mapping[str, str]) -> Draft:
    """A working draft with the provisions, keys and words of ``base``. ``Refusal`` unless a drafter.

    ``label`` is in the language that is active, or by language (empty ones are left out); what is wrong with it is
    said of ``label``, or of ``label_<language>``.
    """
    require(may_create_draft(actor))
    if isinstance(label, str):
        language = get_language() or settings.MODELTRANSLATION_DEFAULT_LANGUAGE
        labels = Labels({language: label}, {language: "label"})
    else:
        given = {code: words for code, words in label.items() if words.strip()}
        labels = Labels(given, {code: column("label", code) for code in given})
    if not labels.words:
        raise ValidationError({"label": _("Give it in one language at least.")})
    # Before the work; what counts is whether they are free at the end.
    if errors := labels.errors(labels_of(base.guidelines)):
        raise ValidationError(errors)
    with transaction.atomic():
        draft = open_draft(base.guidelines, base=base, source_language=base.source_language)
        _copy(base, draft, actor)
        number_draft(draft, labels)
        audit.record("draft.begin", draft, actor=actor, changes={"base": base.pk})
    return draft


def _copy(base: Draft, draft: Draft, actor: Any) -> None:
    originals, words = _standing(base)
    copies: dict[int, Provision] = {}
    waiting = originals
    while waiting:
        level = [p for p in waiting if p.parent_id is None or p.parent_id in copies]
        made = Provision.objects.bulk_create(
            Provision(
                draft=draft,
                parent=copies[p.parent_id] if p.parent_id else None,
                **{name: getattr(p, name) for name in PLACE},
            )
            for p in level
        )
        copies.update((original.pk, copy) for original, copy in zip(level, made, strict=True))
        waiting = [p for p in waiting if p.pk not in copies]
    earlier = _still_translated(base, words)
    # What a translation was made from keeps its place before the words that stand, so that it stays outdated.
    versions = {
        w.provision_id: len(earlier.get(w.provision_id, ())) + 1
        for w in words
        if w.language == base.source_language
    }
    texts = ProvisionText.objects.bulk_create(
        ProvisionText(
            provision=copies[w.provision_id],
            language=w.language,
            version=versions[w.provision_id] if w.language == base.source_language else 1,
            translated_from_version=_made_from(w, base, earlier, versions),
            **{name: getattr(w, name) for name in WORDS},
        )
        for w in words
    )
    wrote = _who_wrote(base, words)
    Revision.objects.bulk_create(
        revision
        for t, w in zip(texts, words, strict=True)
        for revision in _wordings(
            t,
            earlier.get(w.provision_id, []) if w.language == base.source_language else [],
            wrote.get((w.pk, w.version)) or Revision(author=actor, at=draft.created_at),
            draft,
        )
    )


def _standing(base: Draft) -> tuple[list[Provision], list[ProvisionText]]:
    """The provisions of ``base`` and their words, also those of languages that are to come: in the next draft they are
    words in work like all others. Read by one statement, so of one moment: others go on writing in ``base``
    meanwhile, and nobody waits for the copy."""
    place = ("pk", "parent_id", *PLACE)
    words = ("pk", "language", "version", "translated_from_version", *WORDS)
    rows = Provision.objects.filter(draft=base).order_by("position", "texts__pk")
    provisions: dict[int, Provision] = {}
    texts = []
    for row in rows.values(*place, *(f"texts__{name}" for name in words)):
        provision = provisions.setdefault(row["pk"], Provision(**{name: row[name] for name in place}))
        if row["texts__pk"] is not None:
            said = {name: row[f"texts__{name}"] for name in words}
            texts.append(ProvisionText(provision=provision, **said))
    return list(provisions.values()), texts


Earlier = dict[int, list[Revision]]  # by provision of the earlier draft, oldest first


def _still_translated(base: Draft, words: list[ProvisionText]) -> Earlier:
    """The source's earlier wordings that some translation still says (one query)."""
    source = {w.provision_id: w for w in words if w.language == base.source_language}
    stale = {
        (source[w.provision_id].pk, w.translated_from_version)
        for w in words
        if w.provision_id in source and _is_stale(w, source[w.provision_id])
    }
    found: Earlier = {}
    rows = Revision.objects.filter(
        provision_text__in={pk for pk, _version in stale},
        version__in={version for _pk, version in stale if version},
    )
    for revision in rows.select_related("provision_text").order_by("version") if stale else ():
        if (revision.provision_text_id, revision.version) in stale:
            found.setdefault(revision.provision_text.provision_id, []).append(revision)
    return found


def _is_stale(words: ProvisionText, source: ProvisionText) -> bool:
    made_from = words.translated_from_version
    return words.language != source.language and made_from is not None and made_from != source.version


def _made_from(words: ProvisionText, base: Draft, earlier: Earlier, versions: dict[int, int]) -> int | None:
    if words.language == base.source_language:
        return None
    for version, revision in enumerate(earlier.get(words.provision_id, ()), start=1):
        if revision.version == words.translated_from_version:
            return version
    return versions.get(words.provision_id)


def _who_wrote(base: Draft, words: list[ProvisionText]) -> dict[tuple[int, int], Revision]:
    """(text, version) → who wrote the words that stand, when and why, without the words (one query)."""
    found = Revision.objects.filter(
        provision_text__provision__draft=base, version__in={w.version for w in words}
    )
    told = found.only("provision_text_id", "version", "author_id", "at", "reason")
    return {(r.provision_text_id, r.version): r for r in told}


def _wordings(
    text: ProvisionText, earlier: list[Revision], standing: Revision, draft: Draft
) -> list[Revision]:
    """Those that a new draft begins with: the one that stands, after earlier ones; each with who wrote it, when and
    why in the draft before. Each is older than the draft, by which they are known (``RevisionQuerySet.carried``)."""
    before = [(n, r, r.content) for n, r in enumerate(earlier, start=1)]
    return [
        Revision(
            provision_text=text,
            version=version,
            content=content,
            author_id=wrote.author_id,
            at=min(wrote.at, draft.created_at - timedelta.resolution),
            reason=wrote.reason,
        )
        for version, wrote, content in [*before, (text.version, standing, text.content)]
    ]
