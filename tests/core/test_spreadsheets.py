"""Tables that people bring, and what pretends to be one."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook

from core import spreadsheets
from core.spreadsheets import read_table, safe_cell

ROWS = [["Name", "E-mail"], ["Ana Ruiz", "ana@example.org"], ["Яна", "y@example.org"]]


def workbook(rows: list[list[object]], *more: str) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    for title in more:
        book.create_sheet(title).append(["other"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rewritten(content: bytes, change: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    """The archive with its parts changed, and parts added (names with _ for /)."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, body in added.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return file.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_of_every_kind_is_read(separator: str, encoding: str, end: str) -> None:
    text = end.join(separator.join(row) for row in ROWS) + end
    assert read_table(text.encode(encoding)).rows == list(enumerate(ROWS, 1))


def test_rows_are_numbered_as_a_spreadsheet_program_shows_them() -> None:
    text = 'Name;Note\n\n"Ana; Ruiz";"two\nlines"\n;;\nBen;\n'
    assert read_table(text.encode()).rows == [
        (1, ["Name", "Note"]),
        (3, ["Ana; Ruiz", "two lines"]),
        (5, ["Ben"]),
    ]
    assert read_table(b"sep=;\nName;Note\nA,b;c\n").rows == [(2, ["Name", "Note"]), (3, ["A,b", "c"])]


def test_a_workbook_is_read_from_its_first_visible_sheet() -> None:
    content = workbook([["Name", "n"], ["Ana", 7.0], [None, None], ["Ben", True]], "Second")
    table = read_table(content)
    assert table.rows == [(1, ["Name", "n"]), (2, ["Ana", "7"]), (4, ["Ben", "True"])]
    assert table.sheet == "Sheet"
    assert read_table(workbook([["Name"]])).sheet == ""
    book = load_workbook(io.BytesIO(content))
    book["Sheet"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    assert read_table(file.getvalue()).rows == [(1, ["other"])]


def _doctype(name: str, body: bytes) -> bytes:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return bomb + body.split(b"?>", 1)[-1] if name == "xl/worksheets/sheet1.xml" else body


def _utf16(name: str, body: bytes) -> bytes:
    return body.decode().encode("utf-16") if name == "xl/worksheets/sheet1.xml" else body


def _seven_bits(name: str, body: bytes) -> bytes:
    return b'<?xml version="1.0" encoding="cp037"?>' + body if name.endswith("sheet1.xml") else body


def _broken(name: str, body: bytes) -> bytes:
    return b"<worksheet><sheetData><row" if name.endswith("sheet1.xml") else body


def _same(_name: str, body: bytes) -> bytes:
    return body


@pytest.mark.parametrize(
    ("content", "code"),
    [  # the files are made when the test is read: none is large
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b";;\n;;\n", "empty"),
        ("Nom;Prénom".encode("cp1252"), "encoding"),
        (b"\xff\xfeN\x00a", "encoding"),
        (b'Name,"E-mail\nnever closed', "csv"),
        (b"Name,E\x07mail", "type"),
        (b"\xd0\xcf\x11\xe0 old", "type"),
        (b"PK\x03\x04 nothing more", "type"),
        (workbook([["a"]])[:-40], "type"),
        (rewritten(workbook([["a"]]), _doctype), "type"),
        (rewritten(workbook([["a"]]), _utf16), "type"),
        (rewritten(workbook([["a"]]), _seven_bits), "type"),
        (rewritten(workbook([["a"]]), _same, xl__vbaProject_dot_bin=b"x"), "type"),
        (rewritten(workbook([["a"]]), _same, xl__bomb_dot_xml=b"0" * 30_000_000), "archive"),
        (rewritten(workbook([["a"]]), _same, **{f"x{n}": b"" for n in range(250)}), "archive"),
        (rewritten(workbook([["a"]]), _broken), "damaged"),
        (b"a\n" * 5_001, "rows"),
        (b"a," * 70 + b"a", "columns"),
        (b"a" * (spreadsheets.LARGEST + 1), "size"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read_table(content)
    assert caught.value.code == code
    assert caught.value.messages[0].endswith(".")


def test_a_row_far_below_is_not_left_out_in_silence() -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"], book.active["A900000"] = "Name", "Ana"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(ValidationError) as caught:
        read_table(file.getvalue())
    assert caught.value.code == "rows"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1"])
def test_nothing_in_a_report_is_taken_for_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_other_words_stay_as_they_are() -> None:
    assert [safe_cell(value) for value in ("Ana", 7, "a=b", "")] == ["Ana", "7", "a=b", ""]
