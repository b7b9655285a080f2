"""Bringing in documents issued elsewhere: a report on resolutions, or the text of one. All of it or nothing, once."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.six_languages import words_of
from core.verdicts import require
from roadmap.actions.resolutions import change_resolution, create_resolution
from roadmap.formats.document import TEXT, FoundDocument, FoundParagraph, FoundResolution
from roadmap.formats.reading import LANGUAGE, read_document
from roadmap.models import ReportedParagraph, Resolution, SourceDocument
from roadmap.resolution_rules import may_manage_resolutions


def import_resolutions(*, actor: Any, content: bytes, filename: str, dry_run: bool = False) -> dict[str, Any]:
    """Bring a document in; what is here already stays as it is, and only gains words that it lacks.

    Returns the report: ``document``, ``kind``, ``already``, ``new`` (resolutions entered), ``paragraphs`` (brought
    in), ``resolutions`` with their paragraphs, ``characters`` (``read == placed + furniture``), ``doubts`` by line. The
    same file again brings in nothing. ``actor`` None is the command line. Raises ``DraftUnreadable``,
    ``ValidationError`` where the symbol is here with other words, ``Refusal`` unless staff.
    """
    if actor is not None:
        require(may_manage_resolutions(actor))
    found = read_document(content, filename)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        already = _already(found, sha256)
        known = {(row.session, row.number): row for row in Resolution.objects.all()}
        report = _report(found, already, {f"{session}/{number}" for session, number in known})
        if already or dry_run:
            return report
        document = SourceDocument.objects.create(
            symbol=found.symbol,
            title=found.title[:300],
            dated=found.dated,
            language=LANGUAGE,
            sha256=sha256,
            imported_by=actor,
        )
        for paragraph in found.introduction:
            _keep(document, None, paragraph)
        for each in found.resolutions:
            resolution = _entered(actor, each, known.get((each.session, each.number)), found)
            if found.kind != TEXT:
                for paragraph in each.paragraphs:
                    _keep(document, resolution, paragraph)
        changes = {"resolutions": len(found.resolutions), "new": report["new"]}
        audit.record("resolution.import", document, actor=actor, changes=changes)
    return report


def _already(found: FoundDocument, sha256: str) -> bool:
    """Whether this very document is here. ``ValidationError`` where one of its symbol has other words."""
    standing = SourceDocument.objects.select_for_update(of=("self",)).filter(symbol=found.symbol).first()
    if standing is not None and standing.sha256 != sha256:
        raise ValidationError(
            _("%(symbol)s was brought in already, from a file with other words.") % {"symbol": found.symbol}
        )
    return standing is not None


def _entered(
    actor: Any, each: FoundResolution, standing: Resolution | None, found: FoundDocument
) -> Resolution:
    """The resolution, entered where it is new; where it isn't, what it lacks is filled in."""
    is_text = found.kind == TEXT
    paragraphs = [(p.number, {LANGUAGE: p.text}) for p in each.paragraphs] if is_text else []
    facts: dict[str, Any] = {}
    if is_text:
        facts = {
            "adopted_on": each.adopted_on,
            "document": found.symbol,
            "preamble": {LANGUAGE: each.preamble},
        }
    if standing is None:
        numbers = {"session": each.session, "number": each.number, "year": each.year}
        titles = {LANGUAGE: each.title}
        return create_resolution(actor=actor, titles=titles, paragraphs=paragraphs, **numbers, **facts)
    titles = {} if LANGUAGE in words_of(standing, "title") else {LANGUAGE: each.title}
    if not titles and not is_text:
        return standing
    if is_text and standing.year != each.year:
        facts["year"] = each.year
    return change_resolution(
        actor=actor,
        resolution=standing,
        titles=titles,
        paragraphs=_completed(standing, paragraphs) if is_text else None,
        **facts,
    )


def _completed(standing: Resolution, paragraphs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The document's words, but where another document's stand already. What people wrote without one gives way."""
    if not standing.document:
        return paragraphs
    has = {row.number for row in standing.operative_paragraphs.all() if LANGUAGE in words_of(row, "text")}
    return [(number, {} if number in has else words) for number, words in paragraphs]


def _keep(document: SourceDocument, resolution: Resolution | None, paragraph: FoundParagraph) -> None:
    ReportedParagraph.objects.create(
        document=document,
        resolution=resolution,
        number=int(paragraph.number),
        text=paragraph.text,
        notes=paragraph.notes,
        operative=paragraph.operative,
        documents=paragraph.documents,
        constraints=paragraph.constraints,
    )


def _report(found: FoundDocument, already: bool, known: set[str]) -> dict[str, Any]:
    counted = [*found.introduction, *(p for each in found.resolutions for p in each.paragraphs)]
    return {
        "document": found.symbol,
        "kind": found.kind,
        "dated": found.dated.isoformat() if found.dated else None,
        "already": already,
        "new": 0 if already else sum(each.symbol not in known for each in found.resolutions),
        "paragraphs": 0 if already else len(counted),
        "resolutions": [
            {
                "session": each.session,
                "number": each.number,
                "symbol": each.symbol,
                "title": each.title,
                "year": each.year,
                "known": each.symbol in known,
                "paragraphs": [_paragraph(p) for p in each.paragraphs],
            }
            for each in found.resolutions
        ],
        "characters": found.characters,
        "doubts": [{"line": doubt.line, "message": doubt.message} for doubt in found.doubts],
    }


def _paragraph(paragraph: FoundParagraph) -> dict[str, Any]:
    return {
        "number": paragraph.number,
        "line": paragraph.line,
        "operative": paragraph.operative,
        "documents": paragraph.documents,
        "constraints": paragraph.constraints,
    }
