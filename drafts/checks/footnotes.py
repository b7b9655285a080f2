"""Footnotes that mean another one without naming it."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from drafts.checks.read import ReadDraft, lexicon_of
from drafts.checks.registry import Found, check
from drafts.models import Finding, Provision


@check(
    "same_as_above",
    Finding.Severity.NOTE,
    title=_("A footnote says “same as above”"),
    looks_for=_(
        "Footnotes that only point back. It is doubtful where the footnote meant belongs to another pillar or "
        "chapter, and an error where there is none before it."
    ),
    why=_(
        "Footnotes move with their text: after the next change of order, what stands above is another one."
    ),
    messages={
        "": _("“%(said)s” means footnote %(meant)s today: %(quoted)s"),
        "elsewhere": _(
            "“%(said)s” would mean footnote %(meant)s, which belongs to another part of the text: %(quoted)s"
        ),
        "nothing": _("“%(said)s”, but no footnote stands before it."),
    },
)
def same_as_above(read: ReadDraft) -> Iterator[Found]:
    lexicon = lexicon_of(read.source)
    meant: Provision | None = None
    quoted, elsewhere = "", False
    for note, text in read.rows(read.source, (Provision.Kind.FOOTNOTE,)):
        if not lexicon.starts("ibid", text.text):
            meant, quoted, elsewhere = note, text.text.split("\n")[0], False
            continue
        said = text.text.split("\n")[0].strip(" .。")
        if meant is None:
            yield Found(
                note.key,
                read.source,
                {"said": said},
                words=(text.text,),
                variant="nothing",
                severity=Finding.Severity.ERROR,
            )
            continue
        # Once it points into another part, all that follow in the chain do.
        elsewhere = elsewhere or _part(read, note) != _part(read, meant)
        yield Found(
            note.key,
            read.source,
            params={"said": said, "meant": meant.number, "quoted": quoted},
            others=(meant.key,),
            words=(text.text, quoted),
            variant="elsewhere" if elsewhere else "",
            severity=Finding.Severity.WARNING if elsewhere else "",
        )


def _part(read: ReadDraft, note: Provision) -> str:
    """The pillar, section or chapter that the footnote's mark stands in."""
    row: Provision | None = note
    while row is not None:
        if row.kind in (Provision.Kind.PILLAR, Provision.Kind.SECTION, Provision.Kind.CHAPTER):
            return row.key
        row = read.parent(row)
    return f"pillar_{note.pillar}" if note.pillar else ""
