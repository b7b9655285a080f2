"""XLSX files written row by row."""

import io
import re
from typing import Any

import openpyxl
import pytest

from core.workbooks import Continuing, Heading, Workbook, letter_of, pieces, sheet_title

CONTINUING = Continuing(
    "Rest", " [on %(sheet)s, row %(row)d]", (Heading("Cell"), Heading("Column"), Heading("Text"))
)


def book_of(rows: list[list[Any]], title: str = "Table", **limits: Any) -> Any:
    stream = io.BytesIO()
    with Workbook(stream, **limits) as book:
        table = book.table(title, [Heading(f"H{n}") for n in range(len(rows[0]))], CONTINUING)
        for row in rows:
            table.write(row)
        table.end()
    return openpyxl.load_workbook(stream)


def test_what_xml_cannot_hold_is_seen() -> None:
    sheet = book_of([["a\x00b\x1fc\ufffed", "one\rtwo\r\nthree", 7, None]]).worksheets[0]
    found = [cell.value for cell in sheet[2]]
    assert found == ["a\u2400b\u241fc\ufffdd", "one\rtwo\r\nthree", 7, None]


def test_rows_beyond_a_sheet_go_on_in_the_next() -> None:
    book = book_of([[n, f"row {n}"] for n in range(7)], most_rows=4)
    assert book.sheetnames == ["Table", "Table (2)", "Table (3)"]
    assert [list(sheet.values) for sheet in book] == [
        [("H0", "H1"), (0, "row 0"), (1, "row 1"), (2, "row 2")],
        [("H0", "H1"), (3, "row 3"), (4, "row 4"), (5, "row 5")],
        [("H0", "H1"), (6, "row 6")],
    ]


@pytest.mark.parametrize("sign", ["x", "😀"])
def test_a_text_beyond_a_cell_goes_on_in_a_sheet_of_its_own(sign: str) -> None:
    texts = [sign * 130, "short", sign * 61]
    main, rest = book_of([[n, text] for n, text in enumerate(texts)], longest=60).worksheets
    for n, text in enumerate(texts):
        cell = main.cell(n + 2, 2)
        parts = [part for where, _column, part in rest.values if where == f"Table!B{n + 2}"]
        assert re.sub(r" \[on Rest, row \d+\]$", "", cell.value) + "".join(parts) == text
        assert all(len(part.encode("utf-16-le")) <= 120 for part in [cell.value, *parts])


def test_an_error_leaves_no_workbook() -> None:
    stream = io.BytesIO()
    with pytest.raises(KeyError), Workbook(stream) as book:
        book.table("Table", [Heading("H")], CONTINUING).end()
        raise KeyError
    with pytest.raises(Exception, match="Content_Types"):
        openpyxl.load_workbook(stream)


def test_names_and_letters() -> None:
    assert [letter_of(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert sheet_title("By provision: [all] of it / and more words") == "By provision all of it and more"
    assert sheet_title("a" * 40, ["A" * 31]) == "a" * 27 + " (2)"
    assert list(pieces("ab😀c", 2)) == ["ab", "😀", "c"]
