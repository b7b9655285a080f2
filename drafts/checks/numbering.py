"""Numbers that don't follow one another."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from drafts.checks.read import ReadDraft
from drafts.checks.registry import Found, check
from drafts.formats.labels import letter_of, roman_of
from drafts.models import Finding, Provision

Kind = Provision.Kind
LETTERED = (Kind.ITEM, Kind.ACTION, Kind.PRINCIPLE)


@check(
    "numbering_gap",
    Finding.Severity.ERROR,
    title=_("A gap in the numbering"),
    looks_for=_(
        "Chapters, sections, pillars, paragraphs, lettered items, steps, footnotes, figures and tables whose "
        "number isn't the one that follows, or stands twice."
    ),
    why=_("Whoever cites the text by its numbers, or looks one up, goes astray."),
    messages={
        "": _("It is numbered %(number)s, where %(expected)s would follow."),
        "twice": _("The number %(number)s stands twice."),
    },
)
def numbering_gaps(read: ReadDraft) -> Iterator[Found]:
    for rows, number_at in _series(read):
        yield from _gaps(rows, number_at)


def _series(read: ReadDraft) -> Iterator[tuple[list[Provision], Callable[[int], str]]]:
    """What is counted together, in document order, and the number of the n-th of them."""

    def every(kind: str) -> list[Provision]:
        return [row for row in read.provisions if row.kind == kind and row.number]

    yield every(Kind.CHAPTER), roman_of
    for kind in (Kind.PARAGRAPH, Kind.FOOTNOTE, Kind.PILLAR, Kind.FIGURE, Kind.TABLE, Kind.STEP):
        yield every(kind), str
    for parent in read.provisions:
        below = [row for row in read.children(parent) if row.number]
        yield [row for row in below if row.kind == Kind.SECTION], lambda n: letter_of(n).upper()
        steps = [row for row in below if row.kind == Kind.STEP_ACTION]
        yield steps, lambda n, step=parent.number: f"{step}.{n}"  # type: ignore[misc]
        for kind in LETTERED:
            lettered = [row for row in below if row.kind == kind]
            if lettered:
                base = lettered[0].number.rpartition(" ")[0]
                yield lettered, lambda n, base=base: f"{base} ({letter_of(n)})"  # type: ignore[misc]


def _gaps(rows: list[Provision], number_at: Callable[[int], str]) -> Iterator[Found]:
    """One finding for each number that doesn't follow the one before it; what comes after is counted from it."""
    if not rows:
        return
    if rows[0].number != number_at(1):
        yield _gap(rows[0], number_at(1))
    ranks = {number_at(n): n for n in range(1, 2 * len(rows) + 30)}
    for before, row in pairwise(rows):
        if row.number == before.number:
            yield Found(
                row.key,
                params={"number": row.number},
                others=(before.key,),
                words=(row.number,),
                variant="twice",
            )
        elif (rank := ranks.get(before.number)) and row.number != number_at(rank + 1):
            yield _gap(row, number_at(rank + 1))


def _gap(row: Provision, expected: str) -> Found:
    return Found(row.key, params={"number": row.number, "expected": expected}, words=(row.number, expected))
