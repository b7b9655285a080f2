"""Compilations as tables: CSV, JSON and XLSX, written row by row."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from consultations.compilations.about import About
from consultations.compilations.columns import Cell, Column
from consultations.compilations.words import Words
from core.spreadsheets import FORMULA
from core.workbooks import Continuing, Heading, Workbook, visible

# Chunks of what a row tells: entries, or voices of delegations.
Chunks = Iterable[Sequence[Any]]
Advance = Callable[[int], None]
_UNSEEN = str.maketrans(
    {code: visible(chr(code)) for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
)


def write_csv(
    stream: IO[bytes], columns: Sequence[Column], chunks: Chunks, about: About, advance: Advance
) -> None:
    """UTF-8 with its mark. Before what a spreadsheet program would take for a formula stands an apostrophe, before such
    an apostrophe another: whoever takes one away from each such cell has the text again."""
    words = Words()
    with _as_text(stream, "utf-8-sig") as text:
        writer = csv.writer(text)
        writer.writerow([str(column.words) for column in columns])
        for rows in chunks:
            writer.writerows(map(_guarded, _cells(columns, rows, words)))
            advance(len(rows))


def _guarded(row: list[Cell]) -> list[Cell]:
    # What begins with a letter or a digit is no formula; most cells do, and a call for each would take as long again.
    return [
        value
        if not value or value.__class__ is int or (value[0].isalnum() and value.isprintable())  # type: ignore
        else guarded(value)  # type: ignore[arg-type]
        for value in row
    ]


def guarded(text: str) -> str:
    """``text`` as a spreadsheet program takes it for text."""
    if not text.isprintable():
        text = text.translate(_UNSEEN)
    return f"'{text}" if FORMULA.match(text.lstrip("'")) else text


def write_json(
    stream: IO[bytes], columns: Sequence[Column], chunks: Chunks, about: About, advance: Advance
) -> None:
    """One object a row, a line each, under names that are the same in every language; codes rather than words."""
    words, names = Words(coded=True), [column.name for column in columns]
    head = {
        "title": about.title,
        "round": about.round,
        "draft": about.draft,
        "as_of": words.at(about.at),
        "language": get_language(),
        "comments": about.count,
        "facts": dict(about.facts),
        "columns": {column.name: str(column.words) for column in columns},
    }
    encode = json.JSONEncoder(ensure_ascii=False).encode
    with _as_text(stream, "utf-8") as text:
        text.write(f'{{"compilation": {encode(head)},\n"rows": [')
        separator = "\n"
        for rows in chunks:
            lines = [encode(dict(zip(names, cells, strict=True))) for cells in _cells(columns, rows, words)]
            text.write(separator + ",\n".join(lines))
            separator = ",\n"
            advance(len(rows))
        text.write("\n]}\n")


@contextmanager
def _as_text(stream: IO[bytes], encoding: str) -> Iterator[IO[str]]:
    """``stream`` to write text into; it stays open."""
    text = io.TextIOWrapper(stream, encoding=encoding, newline="", errors="replace")
    try:
        yield text
    finally:
        text.detach()


def write_xlsx(
    stream: IO[bytes],
    columns: Sequence[Column],
    chunks: Chunks,
    about: About,
    advance: Advance,
    **limits: int,
) -> None:
    """A workbook: the table, what didn't fit into its cells, and what the compilation is. ``limits``: of a workbook."""
    words = Words()
    headings = [Heading(str(column.words), column.width) for column in columns]
    with Workbook(stream, rtl=get_language_bidi(), **limits) as book:
        table = book.table(about.title, headings, _continuing())
        for rows in chunks:
            for cells in _cells(columns, rows, words):
                table.write(cells)
            advance(len(rows))
        table.end()
        book.note(_("About this compilation"), about.facts)


def _continuing() -> Continuing:
    return Continuing(
        title=_("Continued"),
        # It stands in the cell itself; a line break of its own keeps it apart from the text.
        cut="\n" + _("[continued on the sheet “%(sheet)s” from row %(row)d]"),
        columns=(Heading(_("Continues the cell"), 26), Heading(_("Column"), 22), Heading(_("Text"), 90)),
    )


def _cells(columns: Sequence[Column], rows: Iterable[Any], words: Words) -> Iterator[list[Cell]]:
    told = [column.told for column in columns]
    for row in rows:
        yield [tell(row, words) for tell in told]
