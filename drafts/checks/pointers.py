"""References that lead nowhere: to numbers that nothing has, to provisions taken out, to notes that are gone."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from drafts.checks.read import ReadDraft
from drafts.checks.registry import Found, check
from drafts.marks import MARK
from drafts.models import Finding, Provision, ProvisionText
from drafts.references import Reference, find_references


@check(
    "reference_to_nothing",
    Finding.Severity.ERROR,
    title=_("A reference to nothing"),
    looks_for=_(
        "References to a paragraph, chapter, section, pillar, principle, footnote, figure, table, step or annex "
        "that this draft has not got, and footnote marks without a footnote. References to other documents are "
        "left alone."
    ),
    why=_("Readers who follow it find nothing, or something else."),
    messages={
        "": _("It refers to “%(reference)s”, but nothing in this draft has that number."),
        "removed": _("It refers to “%(reference)s”, which was taken out of this draft."),
        "mark": _("The footnote mark “%(reference)s” has no footnote."),
        "unmarked": _("No text has a mark for this footnote."),
    },
)
def references_to_nothing(read: ReadDraft) -> Iterator[Found]:
    said: set[tuple[str, str, str]] = set()
    for language in read.languages:
        for row, text in read.rows(language):
            for one in _unresolved(read, row, text):
                # A translation that repeats what the source says wrongly isn't told again.
                name = (row.key, one.kind, one.number)
                if name not in said:
                    said.add(name)
                    words = text.text[one.words_start : one.words_end]
                    yield Found(row.key, language, params={"reference": words}, words=(words,))
            yield from _to_removed(read, row, text)
            yield from _marks_without_notes(row, text)
    yield from _unmarked_notes(read)


def _unresolved(read: ReadDraft, row: Provision, text: ProvisionText) -> Iterator[Reference]:
    kept = {(known["start"], known["end"]) for known in text.references}
    note = row.kind == Provision.Kind.FOOTNOTE
    for one in find_references(text.text, text.language, footnote=note):
        if one.outside or one.alone or (one.start, one.end) in kept:
            continue
        if not read.targets.resolve(one):
            yield one


def _to_removed(read: ReadDraft, row: Provision, text: ProvisionText) -> Iterator[Found]:
    for known in text.references:
        if known["key"] not in read.by_key:
            words = text.text[known["start"] : known["end"]]
            yield Found(
                row.key,
                text.language,
                params={"reference": words},
                words=(words, known["key"]),
                variant="removed",
            )


def _marks_without_notes(row: Provision, text: ProvisionText) -> Iterator[Found]:
    labels = {note["label"] for note in text.footnotes}
    for mark in MARK.finditer(f"{text.heading}\n{text.text}"):
        if mark[1] not in labels:
            yield Found(
                row.key, text.language, params={"reference": mark[0]}, words=(mark[0],), variant="mark"
            )


def _unmarked_notes(read: ReadDraft) -> Iterator[Found]:
    marked = set()
    for _row, text in read.rows(read.source):
        marks = {mark[1] for mark in MARK.finditer(f"{text.heading}\n{text.text}")}
        marked |= {note["key"] for note in text.footnotes if note["label"] in marks}
    for row, text in read.rows(read.source, (Provision.Kind.FOOTNOTE,)):
        if row.key not in marked:
            yield Found(row.key, read.source, words=(text.text,), variant="unmarked")
