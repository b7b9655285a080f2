"""A provision's wordings: in every draft that has it or its ancestors, and from revision to revision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drafts.comparing import comparison_of
from drafts.comparison import Compared, Wording
from drafts.marks import printed_marks
from drafts.models import Draft, ProvisionText, Revision
from drafts.redline import Piece, redline


@dataclass(frozen=True)
class DraftWording:
    """What one draft says under a key, and its redline against the draft before it, where there is one.

    ``known`` names every provision of both drafts by its key.
    """

    draft: Draft
    before: Draft | None
    row: Compared
    known: Mapping[str, Wording]

    @property
    def pieces(self) -> Sequence[Piece]:
        return self.row.from_ancestors or self.row.text


def wordings_of(drafts: Iterable[Draft], key: str, language: str) -> list[DraftWording]:
    """The wordings of ``key`` in ``drafts`` (of one text, newest first), with those it was split or merged from.

    A draft that lacks it since it was merged into another one says so. Empty where none of the drafts has it.
    """
    line = list(drafts)
    keys, found = {key}, []
    for draft, before in zip(line, [*line[1:], None], strict=True):
        # The oldest draft is set against itself: its words are shown, with nothing to compare them with.
        rows = comparison_of(draft, before or draft, language).provisions
        known = {row.key: row.here for row in rows}
        for row in rows:
            # What an older draft dropped is that draft's to show; where words went on, they are not dropped.
            if row.key in keys and (row.new or (row.key == key and row.descendants)):
                found.append(DraftWording(draft, before, row, known))
                keys |= {ancestor.key for ancestor in row.ancestors}
    return found


@dataclass(frozen=True)
class RevisionRow:
    """A revision with the redline of its text and heading against the revision before it."""

    revision: Revision
    text: Sequence[Piece]
    heading: Sequence[Piece]


def revisions_of(text: ProvisionText) -> list[RevisionRow]:
    """Every revision of a text, newest first (one query); the first has nothing to be set against."""
    revisions = list(text.revisions.select_related("author").order_by("version"))
    before = [revision.content for revision in (*revisions[:1], *revisions)]
    return [between(old, revision) for old, revision in zip(before, revisions, strict=False)][::-1]


def between(before: Any, revision: Revision) -> RevisionRow:
    """``revision`` against the content of another one; marks are shown with the numbers they are printed with."""
    old, new = (
        {name: printed_marks(content[name], content["footnotes"]) for name in ("text", "heading")}
        for content in (before, revision.content)
    )
    return RevisionRow(revision, redline(old["text"], new["text"]), redline(old["heading"], new["heading"]))
