"""Beginning the next draft."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import audit
from core.names import without_overrides
from core.verdicts import require
from drafts.actions.naming import label_errors
from drafts.actions.revising import revise_provision
from drafts.models import Draft, Guidelines, Provision, ProvisionText, Revision
from drafts.naming import column
from drafts.queries import labels_of
from drafts.rules import may_create_draft

__all__ = ["begin_draft", "revise_provision"]


def begin_draft(*, actor: Any, base: Draft, label: str | Mapping[str, str]) -> Draft:
    """A working draft with the provisions, keys and words of ``base``. ``Refusal`` unless a drafter.

    ``label`` is in the language that is active, or by language (empty ones are left out); what is wrong with it is
    said of ``label``, or of ``label_<language>``.
    """
    require(may_create_draft(actor))
    if isinstance(label, str):
        language = get_language() or settings.MODELTRANSLATION_DEFAULT_LANGUAGE
        labels, names = {language: label}, {language: "label"}
    else:
        labels = {code: words for code, words in label.items() if words.strip()}
        names = {code: column("label", code) for code in labels}
    if not labels:
        raise ValidationError({"label": _("Give it in one language at least.")})
    with transaction.atomic():
        # Whoever begins another draft at the same moment waits: numbers and labels are taken once.
        # Who only refers to the guidelines, with a lock on the base (as a waiver does), doesn't: each would wait for
        # the other.
        guidelines = Guidelines.objects.select_for_update(no_key=True).get(pk=base.guidelines_id)
        if errors := label_errors(labels, labels_of(guidelines)):
            raise ValidationError({names[code]: error for code, error in errors.items()})
        last = guidelines.drafts.aggregate(last=Max("number"))["last"]
        draft = Draft.objects.create(
            guidelines=guidelines,
            number=last + 1,
            base=base,
            source_language=base.source_language,
            **{column("label", code): without_overrides(words) for code, words in labels.items()},
        )
        _copy(base, draft, actor)
        audit.record("draft.begin", draft, actor=actor, changes={"base": base.pk})
    return draft


def _copy(base: Draft, draft: Draft, actor: Any) -> None:
    originals = list(Provision.objects.filter(draft=base).order_by("position"))
    copies: dict[int, Provision] = {}
    waiting = originals
    while waiting:
        level = [p for p in waiting if p.parent_id is None or p.parent_id in copies]
        made = Provision.objects.bulk_create(
            Provision(
                draft=draft,
                key=p.key,
                parent=copies[p.parent_id] if p.parent_id else None,
                kind=p.kind,
                pillar=p.pillar,
                actor=p.actor,
                position=p.position,
                number=p.number,
            )
            for p in level
        )
        copies.update((original.pk, copy) for original, copy in zip(level, made, strict=True))
        waiting = [p for p in waiting if p.pk not in copies]
    # Also those of languages that are to come: in the next draft they are words in work like all others.
    words = list(ProvisionText.with_unreleased.of_draft(base))
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
            heading=w.heading,
            text=w.text,
            footnotes=w.footnotes,
            references=w.references,
            state=w.state,
            approved_by=w.approved_by,
            approved_at=w.approved_at,
            version=versions[w.provision_id] if w.language == base.source_language else 1,
            translated_from_version=_made_from(w, base, earlier, versions),
        )
        for w in words
    )
    Revision.objects.bulk_create(
        revision
        for t, w in zip(texts, words, strict=True)
        for revision in _wordings(
            t, earlier.get(w.provision_id, []) if w.language == base.source_language else [], actor
        )
    )


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


def _wordings(text: ProvisionText, earlier: list[Revision], actor: Any) -> list[Revision]:
    """Those that a new draft begins with: the one that stands, after earlier ones with who wrote them and when."""
    found = [
        Revision(provision_text=text, version=n, content=r.content, author=r.author, at=r.at)
        for n, r in enumerate(earlier, start=1)
    ]
    # Somebody wrote a later one, but not whoever begins this draft.
    author = None if found else actor
    now = {"content": text.content, "author": author, "at": timezone.now()}
    return [*found, Revision(provision_text=text, version=text.version, **now)]
