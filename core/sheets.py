"""A table that people bring, under its headings: which column is what, whatever it is called in the six languages."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.collation import sort_key
from core.punctuation import listed
from core.spreadsheets import Table

LONGEST_VALUE, LONGEST_HEADING = 300, 80


@dataclass(frozen=True)
class Sheet:
    """A table's rows by column. ``headings`` are the columns as they are called in the file, ``unread`` those that
    nobody here knows; ``sheet`` is the one that was read, where the file has several.

    A value that is longer than ``LONGEST_VALUE`` is cut after one character more, so that it is seen to be too long.
    """

    rows: list[tuple[int, dict[str, str]]]
    headings: dict[str, str]
    unread: list[str] = field(default_factory=list)
    sheet: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "headings": self.headings, "unread": self.unread, "sheet": self.sheet}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Sheet":
        return cls(**{**value, "rows": [(number, cells) for number, cells in value["rows"]]})


def key(text: str) -> str:
    """``text`` as it is compared: without marks, case, signs and blanks."""
    plain = sort_key(unicodedata.normalize("NFKC", text), "en")[0]
    return "".join(plain.split())


def sheet_of(
    table: Table,
    *,
    headings: Mapping[str, Sequence[str]],
    labels: Mapping[str, Any],
    needed: Sequence[str],
    most: int,
) -> Sheet:
    """The table under its headings, which its first row holds: ``headings`` are the words for each column.

    ``ValidationError`` when a needed column is missing (told by its label), one stands there twice, or there are no
    rows or more than ``most``.
    """
    (_number, heads), *rows = table.rows
    at, unread = _columns(heads, {key(word): code for code, words in headings.items() for word in words})
    if missing := [str(labels[code]) for code in needed if code not in at.values()]:
        found = listed(head[:LONGEST_HEADING] for head in heads if head)
        raise ValidationError(
            [
                _("Columns that are missing: %(missing)s.") % {"missing": listed(missing)},
                _("The first row names the columns. It has: %(found)s.") % {"found": found},
            ]
        )
    if not rows:
        raise ValidationError(_("There is nobody in the table: only its first row is filled in."))
    if len(rows) > most:
        problem = _("The table has %(count)d rows; at most %(most)d go at a time.")
        raise ValidationError(problem % {"count": len(rows), "most": most})
    return Sheet(
        rows=[
            (number, {c: row[i][: LONGEST_VALUE + 1] if i < len(row) else "" for i, c in at.items()})
            for number, row in rows
        ],
        headings={code: heads[index][:LONGEST_HEADING] for index, code in at.items()},
        unread=[head[:LONGEST_HEADING] for head in unread],
        sheet=table.sheet,
    )


def _columns(heads: Sequence[str], known: Mapping[str, str]) -> tuple[dict[int, str], list[str]]:
    """Which column is what, by its place, and the headings that nobody knows."""
    at: dict[int, str] = {}
    unread = []
    for index, head in enumerate(heads):
        code = known.get(key(head))
        if code is None:
            unread += [head] if head else []
        elif code in at.values():
            first = heads[next(i for i, c in at.items() if c == code)]
            problem = _("Two columns hold the same: “%(first)s” and “%(second)s”. Delete one of them.")
            raise ValidationError(
                problem % {"first": first[:LONGEST_HEADING], "second": head[:LONGEST_HEADING]}
            )
        else:
            at[index] = code
    return at, unread
