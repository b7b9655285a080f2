"""Bringing in a text that was written elsewhere: all of it or nothing."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.punctuation import listed
from core.six_languages import column
from core.verdicts import require
from drafts.actions.editions import release_draft
from drafts.actions.numbering import Labels, number_draft, number_errors, open_draft
from drafts.alignment import Aligned, Alignment, align
from drafts.formats import import_report, parse_draft
from drafts.formats.document import ParsedDocument, ParsedProvision
from drafts.models import Draft, Guidelines, Provision, ProvisionText, Revision
from drafts.queries import labels_of
from drafts.rules import may_import_drafts, takes_translation

IMPORT_STATUSES = (Draft.Status.PUBLISHED, Draft.Status.WORKING)


class _Overtaken(Exception):
    """While a text was brought in, somebody else made the draft before it, or the guidelines."""


def import_draft(
    *,
    actor: Any,
    content: bytes,
    filename: str,
    guidelines_slug: str,
    label: str,
    language: str,
    guidelines_title: str = "",
    number: int | None = None,
    status: str = Draft.Status.PUBLISHED,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Import a text as a draft of the guidelines ``guidelines_slug`` (made where they don't exist).

    Provisions found again in an earlier draft keep their keys (see ``drafts.alignment``). Returns the import
    report of the contract plus ``alignment``; ``draft`` is None in a dry run, which writes nothing.
    ``actor`` None is the command line, which needs no right. Raises ``DraftUnreadable``,
    ``ValidationError`` by field, ``Refusal``.
    """
    if actor is not None:
        require(may_import_drafts(actor))
    labels = Labels({language: label}, {language: "label"})
    guidelines = _check(guidelines_slug, labels, language, number, status)
    parsed = parse_draft(content, filename=filename, language=language)
    while True:
        earlier = _earlier(guidelines, number)
        alignment = _align(earlier, parsed)
        report = {"draft": None, **import_report(parsed), "alignment": _describe(alignment)}
        if dry_run:
            return report
        try:
            with transaction.atomic():
                if guidelines is None:
                    guidelines = _make_guidelines(guidelines_slug, guidelines_title or parsed.title, language)
                draft = open_draft(guidelines, base=earlier, source_language=language)
                rows = _insert_provisions(draft, parsed, alignment.keys)
                _insert_texts(rows, parsed.provisions, language, alignment.keys, actor)
                number_draft(draft, labels, number)
                if _earlier(guidelines, draft.number) != earlier:
                    raise _Overtaken
                changes = {"provisions": len(rows), "language": language}
                audit.record("draft.import", draft, actor=actor, changes=changes)
                if status == Draft.Status.PUBLISHED:
                    release_draft(draft, actor=actor)
        except _Overtaken:
            # Somebody was first: their draft is now the one to find the provisions in again.
            guidelines = _check(guidelines_slug, labels, language, number, status)
            continue
        report["draft"] = draft.pk
        return report


def add_translation(
    *, actor: Any, draft: Draft, content: bytes, filename: str, language: str
) -> dict[str, Any]:
    """Add a language to a draft: its provisions are those of the draft, by key. In a published one readers don't
    see it until it is released.

    Returns the import report. ``ValidationError`` where the language is there already or a provision isn't in
    the draft.
    """
    if actor is not None:
        require(may_import_drafts(actor))
    parsed = parse_draft(content, filename=filename, language=language)
    with transaction.atomic():
        draft = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
        if not (open_to_change := takes_translation(draft, language)):
            raise ValidationError({"draft": open_to_change.reason})
        if ProvisionText.with_unreleased.of_draft(draft).filter(language=language).exists():
            raise ValidationError({"language": _("The draft has this language already.")})
        rows = {row.key: row for row in Provision.objects.filter(draft=draft)}
        strange = next(
            (p for p in parsed.provisions if p.key not in rows or rows[p.key].kind != p.kind), None
        )
        if strange is not None:
            raise ValidationError(
                {
                    "file": _("Line %(line)d: the draft has no such provision (%(key)s).")
                    % {"line": strange.line, "key": strange.key}
                }
            )
        versions = dict(
            ProvisionText.objects.of_draft(draft)
            .filter(language=draft.source_language)
            .values_list("provision__key", "version")
        )
        same = {p.key: p.key for p in parsed.provisions}
        _insert_texts(
            *(rows, parsed.provisions, language, same, actor),
            translated_from=versions,
            unreleased=draft.is_open_to_all,
        )
        # Whoever brings it in answers for it, as for what a person approves at the desk.
        ProvisionText.with_unreleased.of_draft(draft).filter(language=language).update(
            approved_by=actor, approved_at=timezone.now()
        )
        audit.record("draft.translate", draft, actor=actor, changes={"language": language})
    return {"draft": draft.pk, **import_report(parsed)}


def _check(slug: str, labels: Labels, language: str, number: int | None, status: str) -> Guidelines | None:
    errors: dict[str, Any] = {}
    try:
        validate_slug(slug)
    except ValidationError as error:
        errors["guidelines"] = error.messages
    if len(slug) > 50:
        errors["guidelines"] = _("At most %(limit)d characters.") % {"limit": 50}
    if language not in dict(settings.LANGUAGES):
        errors["language"] = _("Choose one of: %(choices)s.") % {"choices": listed(dict(settings.LANGUAGES))}
    if status not in IMPORT_STATUSES:
        errors["status"] = _("Choose one of: %(choices)s.") % {"choices": listed(IMPORT_STATUSES)}
    if number is not None and not 0 <= number < 10_000:
        errors["number"] = _("A draft's number is between 0 and 9999.")
    guidelines = Guidelines.objects.filter(slug=slug).first()
    errors |= labels.errors(labels_of(guidelines) if guidelines else set())
    if guidelines is not None and "number" not in errors:
        errors |= number_errors(guidelines, number)
    if errors:
        raise ValidationError(errors)
    return guidelines


def _make_guidelines(slug: str, title: str, language: str) -> Guidelines:
    try:
        with transaction.atomic():
            return Guidelines.objects.create(slug=slug, **{column("title", language): title or slug})
    except IntegrityError:
        raise _Overtaken from None


def _earlier(guidelines: Guidelines | None, number: int | None) -> Draft | None:
    """The last draft before ``number``; None: before one that is still to come."""
    if guidelines is None:
        return None
    drafts = guidelines.drafts.all() if number is None else guidelines.drafts.filter(number__lt=number)
    return drafts.order_by("-number").first()


def _align(earlier: Draft | None, parsed: ParsedDocument) -> Alignment:
    if earlier is None:
        return Alignment({p.key: p.key for p in parsed.provisions})
    texts = ProvisionText.objects.of_draft(earlier).select_related("provision")
    in_language = {t.provision_id: t for t in texts.filter(language=parsed.language)}
    rows = list(Provision.objects.filter(draft=earlier).order_by("position"))
    if not in_language:
        # No common language to compare words in: the structure alone decides.
        known = {row.key for row in rows}
        keys = {p.key: p.key for p in parsed.provisions}
        new = [k for k in keys if k not in known]
        return Alignment(keys, kept=len(keys) - len(new), new=new, gone=sorted(known - set(keys)))
    olds = [Aligned(r.key, r.kind, r.pillar, r.actor, r.number, _words(in_language.get(r.pk))) for r in rows]
    news = [
        Aligned(p.key, p.kind, p.pillar, p.actor, p.number, f"{p.heading} {p.text}".strip())
        for p in parsed.provisions
    ]
    others = Provision.with_removed.filter(draft__guidelines=earlier.guidelines_id).exclude(draft=earlier)
    return align(news, olds, taken=set(others.values_list("key", flat=True)))


def _words(text: ProvisionText | None) -> str:
    return f"{text.heading} {text.text}".strip() if text else ""


def _describe(alignment: Alignment) -> dict[str, Any]:
    return {
        "kept": alignment.kept,
        "new": alignment.new,
        "gone": alignment.gone,
        "renumbered": [
            {"key": key, "before": before, "after": after} for key, before, after in alignment.renumbered
        ],
    }


def _insert_provisions(draft: Draft, parsed: ParsedDocument, keys: dict[str, str]) -> dict[str, Provision]:
    """Provisions by key, level by level, for each names its parent's row."""
    rows: dict[str, Provision] = {}
    waiting = list(enumerate(parsed.provisions, start=1))
    while waiting:
        level = [(i, p) for i, p in waiting if p.parent is None or keys[p.parent] in rows]
        if not level:
            raise ValueError("provisions whose parents are not in the text")
        made = Provision.objects.bulk_create(
            Provision(
                draft=draft,
                key=keys[p.key],
                parent=rows[keys[p.parent]] if p.parent else None,
                kind=p.kind,
                pillar=p.pillar,
                actor=p.actor,
                position=i,
                number=p.number,
            )
            for i, p in level
        )
        rows.update((row.key, row) for row in made)
        done = {i for i, _p in level}
        waiting = [(i, p) for i, p in waiting if i not in done]
    return rows


def _insert_texts(
    rows: dict[str, Provision],
    provisions: list[ParsedProvision],
    language: str,
    keys: dict[str, str],
    actor: Any,
    translated_from: dict[str, int] | None = None,
    unreleased: bool = False,
) -> None:
    texts = ProvisionText.objects.bulk_create(
        ProvisionText(
            provision=rows[keys[p.key]],
            language=language,
            heading=unicodedata.normalize("NFC", p.heading),
            text=unicodedata.normalize("NFC", p.text),
            footnotes=[
                {"label": m.label, "number": m.number, "key": keys.get(m.key, m.key)} for m in p.footnotes
            ],
            translated_from_version=(translated_from or {}).get(keys[p.key]),
            unreleased=unreleased,
        )
        for p in provisions
    )
    at = timezone.now()
    Revision.objects.bulk_create(
        Revision(provision_text=text, version=1, content=text.content, author=actor, at=at) for text in texts
    )
