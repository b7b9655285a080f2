"""Tables as files for spreadsheet programs: CSV and XLSX."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.spreadsheets import safe_cell
from core.words import writable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with its mark, by which Excel knows it; what looks like a formula stays text."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([_safe(value) for value in row] for row in rows)
    return ("\ufeff" + file.getvalue()).encode()


def _safe(value: object) -> str:
    return str(value) if isinstance(value, Decimal | int) else safe_cell(writable(str(value)))


def as_xlsx(
    rows: Iterable[Sequence[object]],
    *,
    title: str,
    widths: Mapping[str, int] | None = None,
    freeze: str = "A2",
) -> bytes:
    """A workbook with one sheet, its first row in bold; numbers are numbers, all else is text. ``widths`` by letter of
    the column."""
    # Slow to import, and few processes ever write a workbook.
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place)
            numeric = isinstance(value, Decimal | int) and not isinstance(value, bool)
            cell.value, cell.data_type = value if numeric else writable(str(value)), "n" if numeric else "s"
            if numeric and isinstance(value, Decimal):
                cell.number_format = "#,##0.00"
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = freeze
    for letter, width in (widths or {}).items():
        sheet.column_dimensions[letter].width = width
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
