"""Tables that people bring: CSV as spreadsheet programs write it, and XLSX, read as text and never trusted."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST = 2 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 5_000, 60, 2_000
PARTS, UNPACKED, RATIO = 200, 40 * 1024 * 1024, 200
SEPARATORS = ",;\t|"
# A spreadsheet program takes what begins so for a formula.
FORMULA = re.compile(r"^[\s]*[=+\-@\t\r＝＋－＠]")
DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""")


@dataclass(frozen=True)
class Table:
    """The rows that hold something, each under the number that a spreadsheet program shows. ``sheet`` names the sheet
    that was read where the file has several, else it is empty."""

    rows: list[tuple[int, list[str]]]
    sheet: str = ""


def read_table(content: bytes) -> Table:
    """The table in ``content``, by what it is, whatever its name. ``ValidationError`` says why it can't be read: too
    large, neither CSV nor XLSX, another encoding, an archive that unpacks to too much, markup with a DTD."""
    if len(content) > LARGEST:
        raise ValidationError(
            _("The file is larger than %(most)d MB.") % {"most": LARGEST // 1024**2}, code="size"
        )
    if not content.strip():
        raise ValidationError(_("The file is empty."), code="empty")
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValidationError(
            _("This is an old or a locked Excel file. Save it as .xlsx without a password, or as CSV."),
            code="type",
        )
    return Table(_kept(_csv_rows(_decoded(content))))


def safe_cell(value: object) -> str:
    """``value`` for a CSV that somebody opens in a spreadsheet program: what looks like a formula stays text."""
    text = str(value)
    return f"'{text}" if FORMULA.match(text) else text


def _kept(rows: Iterable[Iterable[Any]]) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            problem = _("The table has more than %(most)d rows. Copy those that matter into a new one.")
            raise ValidationError(problem % {"most": MOST_ROWS}, code="rows")
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            problem = _("Row %(number)d has more than %(most)d columns.")
            raise ValidationError(problem % {"number": number, "most": MOST_COLUMNS}, code="columns")
        if cells:
            found.append((number, cells))
    if not found:
        raise ValidationError(_("The file is empty."), code="empty")
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        value = value.isoformat()
    return " ".join(str(value).split())[:LONGEST_CELL]


# --- CSV -------------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in content[:200]:
        # Without a mark of its own: headings begin with a letter that needs one of the two bytes only.
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValidationError(
            _("The letters of this file can't be read. Save it as “CSV UTF-8”, or as .xlsx."), code="encoding"
        ) from error
    if any(sign < " " and sign not in "\t\n\r\f" for sign in text):
        raise ValidationError(_("This is no table: send CSV or .xlsx."), code="type")
    return text


def _csv_rows(text: str) -> Iterator[list[str]]:
    first, _break, rest = text.partition("\n")
    separator = ""
    if told := re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE):
        # What Excel writes for itself; it doesn't show that line, but counts it.
        separator, text = told[1], f"\n{rest}"
    outside = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    separator = separator or max(SEPARATORS, key=outside.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise ValidationError(
            _("The table can't be read: a quotation mark isn't closed, or a cell is too long."), code="csv"
        ) from error


# --- XLSX ------------------------------------------------------------------------------------------------


def _workbook(content: bytes) -> Table:
    # Slow to import, and few processes ever read a workbook.
    from openpyxl import load_workbook

    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise ValidationError(_("The file is empty."), code="empty")
        # What a sheet says of its own size may be wrong.
        sheets[0].reset_dimensions()
        rows = _kept(sheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 1))
        title = sheets[0].title if len(sheets) > 1 else ""
        book.close()
    except ValidationError:
        raise
    # Whatever a broken or a built file raises in there, it is the file's fault.
    except Exception as error:
        raise ValidationError(_("The file is damaged. Save it anew, or as CSV."), code="damaged") from error
    return Table(rows, title)


def _check_archive(content: bytes) -> None:
    """Before anything is parsed: no more than a small workbook unpacks to, no macros, and no DTD in its markup."""
    too_much = ValidationError(_("The file unpacks to more than is accepted."), code="archive")
    doubtful = ValidationError(_("This is no table: send CSV or .xlsx."), code="type")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
                raise too_much
            if any(part.file_size > RATIO * max(part.compress_size, 1) + 100_000 for part in parts):
                raise too_much
            names = {part.filename.lower() for part in parts}
            if "xl/workbook.xml" not in names or any(name.endswith("vbaproject.bin") for name in names):
                raise doubtful
            for part in parts:
                if part.flag_bits & 1 or _has_dtd(archive.read(part), part.filename.lower()):
                    raise doubtful
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise doubtful from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise doubtful from error


def _has_dtd(markup: bytes, name: str) -> bool:
    """Whether a part declares entities, or is in an encoding in which that would go unseen."""
    if not name.endswith((".xml", ".rels", ".vml")):
        return False
    declared = DECLARED.match(markup.removeprefix(codecs.BOM_UTF8)[:200].lstrip())
    known = declared is None or declared[1].lower() in {b"utf-8", b"us-ascii"}
    return not known or b"\0" in markup or b"<!DOCTYPE" in markup or b"<!ENTITY" in markup
