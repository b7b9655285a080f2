"""XLSX files of any length, written row by row: what is held in memory doesn't grow with what is written.

Everything that people wrote is text, never a formula, and all of it is there: what is longer than a cell goes on in a
sheet of its own, rows beyond a sheet go on in the next.
"""

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any, Self
from xml.sax.saxutils import escape

from core.spreadsheets import FORMULA

# What a sheet and a cell of the format hold; of a cell, counted in units of UTF-16.
MOST_ROWS, LONGEST_CELL = 1_048_576, 32_767
# An entry of a ZIP archive that every program opens is shorter than 2 GB.
LARGEST_SHEET = 1_500_000_000
LONGEST_TITLE = 31
_AT_ONCE = 1 << 18

_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# The format writes a character as "_x0041_"; where somebody wrote that themselves, its first sign is written so.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_PLAIN, _HEAD, _QUOTED, _NUMBER = "1", "2", "3", "4"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_BEFORE, _AFTER = '<is><t xml:space="preserve">', "</t></is></c>"
_TOP = '<alignment vertical="top" wrapText="1"/>'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
    '<fgColor rgb="FFE6EEF5"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    f'<cellXfs count="5"><xf/><xf applyAlignment="1">{_TOP}</xf>'
    f'<xf fontId="1" fillId="2" applyFont="1" applyFill="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf quotePrefix="1" applyAlignment="1">{_TOP}</xf>'
    '<xf applyAlignment="1"><alignment vertical="top"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True)
class Heading:
    """A column: what it is called, and how many characters wide it is."""

    words: str
    width: int = 14


@dataclass(frozen=True)
class Continuing:
    """The words for what is longer than a cell. ``cut`` ends such a cell and takes ``%(sheet)s`` and ``%(row)d``;
    the columns of the sheet that it leads to say which cell is continued and with what."""

    title: str
    cut: str
    columns: tuple[Heading, Heading, Heading]


def visible(text: str) -> str:
    """``text`` with a sign in place of each character that XML can't hold: ``␀`` for a null, ``�`` for halves of
    surrogate pairs."""
    return _UNWRITABLE.sub(lambda found: _sign_of(found[0]), text)


def _sign_of(character: str) -> str:
    return chr(0x2400 + ord(character)) if character < " " else "\ufffd"


def pieces(text: str, most: int) -> Iterator[str]:
    """``text`` in pieces of at most ``most`` units of UTF-16; a character is never cut in two."""
    if len(text) <= most // 2:
        yield text
        return
    start = taken = 0
    for at, character in enumerate(text):
        units = 2 if character > "\uffff" else 1
        if taken + units > most:
            yield text[start:at]
            start, taken = at, 0
        taken += units
    yield text[start:]


def letter_of(index: int) -> str:
    """The letters of a column by its place: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_title(words: str, taken: Sequence[str] = ()) -> str:
    """``words`` as a sheet may be called, and as none of ``taken`` is."""
    title = " ".join(re.sub(r"[\[\]:*?/\\]", " ", visible(words)).split()).strip("'")[:LONGEST_TITLE] or "1"
    known = {each.casefold() for each in taken}
    base, n = title, 1
    while title.casefold() in known:
        n += 1
        end = f" ({n})"
        title = base[: LONGEST_TITLE - len(end)] + end
    return title


class Workbook:
    """A workbook that is written into ``stream``, which can be sought in. Use it as a context; without an error it is
    complete at its end."""

    def __init__(
        self, stream: IO[bytes], *, rtl: bool = False, most_rows: int = MOST_ROWS, longest: int = LONGEST_CELL
    ) -> None:
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=2)
        self._rtl, self._most_rows, self._longest = rtl, most_rows, longest
        self._titles: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._archive.close()

    def table(self, title: str, columns: Sequence[Heading], continuing: Continuing) -> "Table":
        """Begin a table under ``columns``. Write its rows, then ``end`` it, before anything else is begun."""
        return Table(self, title, columns, continuing)

    def note(self, title: str, rows: Sequence[tuple[str, str]], widths: tuple[int, int] = (30, 90)) -> None:
        """A short sheet of names and what they name."""
        sheet = _Sheet(self, title, [Heading("", width) for width in widths], heads=False)
        for row in rows:
            sheet.write(sheet.cells(row))
        sheet.end()

    def _finish(self) -> None:
        numbers = range(1, len(self._titles) + 1)
        parts = {
            "xl/styles.xml": _STYLES,
            "xl/workbook.xml": self._book(),
            "xl/_rels/workbook.xml.rels": _relations(
                [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
                + [(f"rId{len(self._titles) + 1}", "styles", "styles.xml")]
            ),
            "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
            "[Content_Types].xml": _content_types(len(self._titles)),
        }
        for name, content in parts.items():
            self._archive.writestr(name, content)

    def _book(self) -> str:
        sheets = "".join(
            f'<sheet name="{_attribute(title)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, title in enumerate(self._titles, 1)
        )
        return (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><bookViews><workbookView/></bookViews>'
            f"<sheets>{sheets}</sheets></workbook>"
        )


class Table:
    """Rows under headings, over as many sheets as they need."""

    def __init__(
        self, book: Workbook, title: str, columns: Sequence[Heading], continuing: Continuing
    ) -> None:
        self._book, self._title, self._columns, self._continuing = book, title, columns, continuing
        self._sheet = _Sheet(book, title, columns)
        self._rest_title = sheet_title(continuing.title, [title])
        self._rest: IO[str] | None = None
        self._rest_rows = 1

    def write(self, row: Sequence[str | int | None]) -> None:
        """Add a row. Numbers are numbers, all else is text; empty cells are left out."""
        sheet = self._sheet
        if sheet.is_full:
            sheet.end()
            self._sheet = sheet = _Sheet(self._book, self._title, self._columns)
        cells = sheet.cells(row)
        if cells is None:
            cells = sheet.cells([self._fitting(value, place) for place, value in enumerate(row)])
        sheet.write(cells)

    def _fitting(self, value: str | int | None, place: int) -> str | int | None:
        """A value as its cell can hold it; what is left of it goes on elsewhere."""
        longest = self._book._longest
        if not isinstance(value, str) or len(value) * 2 <= longest or _units(value) <= longest:
            return value
        told = self._continuing.cut % {"sheet": self._rest_title, "row": self._rest_rows + 1}
        first, *others = pieces(value, longest - _units(told))
        rest = "".join(others)
        where = f"{self._sheet.title}!{letter_of(place)}{self._sheet.rows + 1}"
        if self._rest is None:
            self._rest = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 closed by end()
        for part in pieces(rest, longest):
            self._rest_rows += 1
            line = [where, self._columns[place].words, part]
            self._rest.write(json.dumps(line) + "\n")
        return first + told

    def end(self) -> None:
        """Close the last sheet, and write what didn't fit into its cells."""
        self._sheet.end()
        if self._rest is None:
            return
        with self._rest as lines:
            lines.seek(0)
            sheet = _Sheet(self._book, self._rest_title, self._continuing.columns)
            for line in lines:
                if sheet.is_full:
                    sheet.end()
                    sheet = _Sheet(self._book, self._rest_title, self._continuing.columns)
                sheet.write(sheet.cells(json.loads(line)))
            sheet.end()


class _Sheet:
    def __init__(self, book: Workbook, title: str, columns: Sequence[Heading], *, heads: bool = True) -> None:
        self._book, self._heads = book, heads
        self._letters = [letter_of(place) for place in range(len(columns))]
        self.title = sheet_title(title, book._titles)
        book._titles.append(self.title)
        self._entry = book._archive.open(f"xl/worksheets/sheet{len(book._titles)}.xml", "w")
        self._waiting: list[str] = []
        self._waits = self._written = self.rows = 0
        self._begin(columns)
        if heads:
            cells = self.cells([column.words for column in columns], style=_HEAD)
            self.write(cells)

    @property
    def is_full(self) -> bool:
        return self.rows >= self._book._most_rows or self._written > LARGEST_SHEET

    def _begin(self, columns: Sequence[Heading]) -> None:
        rtl = ' rightToLeft="1"' if self._book._rtl else ""
        pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' * self._heads
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{column.width}" customWidth="1"/>'
            for n, column in enumerate(columns, 1)
        )
        self._add(
            f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView{rtl} workbookViewId="0">{pane}</sheetView></sheetViews>'
            f"<cols>{widths}</cols><sheetData>"
        )

    def cells(self, row: Sequence[str | int | None], style: str = _PLAIN) -> str | None:
        """The row as the format writes it; None where a text may be too long for its cell."""
        number, longest = self.rows + 1, self._book._longest
        found = []
        for letter, value in zip(self._letters, row, strict=True):
            if value is None or value == "":
                continue
            if isinstance(value, int):
                found.append(f'<c r="{letter}{number}" s="{_NUMBER}"><v>{value}</v></c>')
                continue
            if len(value) * 2 > longest and _units(value) > longest:
                return None
            # What begins with a letter or a digit is no formula: asked first, for it is most of what there is.
            doubtful = not value[0].isalnum() and style == _PLAIN and FORMULA.match(value)
            if _SPECIAL.search(value):
                value = _escaped(value)
            look = _QUOTED if doubtful else style
            found.append(f'<c r="{letter}{number}" s="{look}" t="inlineStr">{_BEFORE}{value}{_AFTER}')
        return f'<row r="{number}">{"".join(found)}</row>'

    def write(self, cells: str | None) -> None:
        if cells is None:
            raise ValueError("A text is longer than a cell.")
        self.rows += 1
        self._add(cells)

    def _add(self, words: str) -> None:
        self._waiting.append(words)
        self._waits += len(words)
        if self._waits >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        content = "".join(self._waiting).encode()
        self._entry.write(content)
        self._written += len(content)
        self._waiting, self._waits = [], 0

    def end(self) -> None:
        told = f'<autoFilter ref="A1:{self._letters[-1]}{self.rows}"/>' if self._heads else ""
        page = '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        self._add(f"</sheetData>{told}{page}</worksheet>")
        self._flush()
        self._entry.close()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _escaped(text: str) -> str:
    text = visible(_LOOKS_ESCAPED.sub("_x005F_", text))
    return escape(text, {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _relations(rows: Sequence[tuple[str, str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for name, kind, target in rows
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _content_types(sheets: int) -> str:
    kind: Any = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("/xl/workbook.xml", f"{kind}.sheet.main+xml"), ("/xl/styles.xml", f"{kind}.styles+xml")]
    parts += [(f"/xl/worksheets/sheet{n}.xml", f"{kind}.worksheet+xml") for n in range(1, sheets + 1)]
    found = "".join(f'<Override PartName="{name}" ContentType="{what}"/>' for name, what in parts)
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{found}</Types>'
    )
