"""The road map as a table: written for whoever asks, read from what the secretariat brings.

A day is written ``2024-04-17``, a month ``2024-02``. An empty cell says nothing: what stands, stays.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import tables
from core.punctuation import listed
from core.spreadsheets import FORMULA, Table
from drafts.naming import column
from experts.words import LANGUAGES
from roadmap.actions.milestone_dates import read_dates
from roadmap.milestone_queries import Entry
from roadmap.models import DATED, Kind
from roadmap.plan import Dates, Precision, State, last_of_month

TITLES = {column("title", code): code for code in LANGUAGES}
DESCRIPTIONS = {column("description", code): code for code in LANGUAGES}
# Columns of dates, from and until, by the kind of dates.
DATES = {
    Kind.TENTATIVE: ("planned_from", "planned_until"),
    Kind.FORECAST: ("forecast_from", "forecast_until"),
    Kind.ACTUAL: ("actual_from", "actual_until"),
}
COLUMNS = (
    *("id", "no", *TITLES, *(name for pair in DATES.values() for name in pair)),
    *("state", "depends_on", *DESCRIPTIONS),
)
OF_STAFF = ("owner", "public")
READ = (*COLUMNS, *OF_STAFF, "reason")
ALIASES = {"title": "title_en", "milestone": "title_en", "description": "description_en", "number": "no"}
MOST_ROWS = 500
MONTH = re.compile(r"(\d{4})-(\d{2})")
YES, NO = ("yes", "1", "true"), ("no", "0", "false")


# --- Writing ------------------------------------------------------------------------------------------------------


def rows_of(entries: Sequence[Entry], *, staff: bool) -> list[list[str]]:
    """The table with its heads; owner and publicity for the secretariat only."""
    heads = [*COLUMNS, *(OF_STAFF if staff else ())]
    return [heads, *([_cell(entry, head) for head in heads] for entry in entries)]


def _cell(entry: Entry, head: str) -> str:
    row = entry.milestone
    for kind, (first, last) in DATES.items():
        if head in (first, last):
            return _written(getattr(entry.now, kind), last=head == last)
    if head == "id":
        return str(row.uuid)
    if head == "no":
        return str(row.position)
    if head == "state":
        return str(entry.now.state)
    if head == "depends_on":
        return "; ".join(str(on.position) for on in entry.depends_on)
    if head == "owner":
        return row.owner.email if row.owner else ""
    if head == "public":
        return YES[0] if row.public else NO[0]
    return getattr(row, head) or ""


def _written(dates: Dates | None, *, last: bool) -> str:
    if dates is None:
        return ""
    day = dates.end if last else dates.start
    if day is None:
        return ""
    return day.isoformat()[:7] if dates.whole_months else day.isoformat()


def as_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook with one sheet; every cell is text."""
    return tables.as_xlsx(rows, title="Milestones", widths=dict.fromkeys("CDEFGH", 40), freeze="D2")


# --- Reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """Rows by column, each under its number in the file; ``unread`` are columns that mean nothing here."""

    rows: list[tuple[int, dict[str, str]]]
    unread: list[str]
    sheet: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "unread": self.unread, "sheet": self.sheet}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Sheet":
        return cls(**{**value, "rows": [(number, cells) for number, cells in value["rows"]]})


def find_columns(table: Table) -> Sheet:
    """The table under its heads. ``ValidationError`` without a title or an id, with a column twice, or no rows."""
    (_number, heads), *rows = table.rows
    at: dict[int, str] = {}
    unread = []
    for index, head in enumerate(heads):
        name = "_".join(head.casefold().replace("-", "_").split())
        name = ALIASES.get(name, name)
        if name not in READ:
            unread += [head[:80]] if head else []
        elif name in at.values():
            raise ValidationError(_("The column “%(name)s” is there twice. Delete one.") % {"name": name})
        else:
            at[index] = name
    if not {"id", *TITLES} & set(at.values()):
        raise ValidationError(
            _("The first row names the columns; one of these is needed: %(names)s.")
            % {"names": listed(["id", *TITLES])}
        )
    if not rows:
        raise ValidationError(_("The table has no rows: only its first one is filled in."))
    if len(rows) > MOST_ROWS:
        problem = _("The table has %(count)d rows; at most %(most)d go at a time.")
        raise ValidationError(problem % {"count": len(rows), "most": MOST_ROWS})
    return Sheet([(number, _cells(cells, at)) for number, cells in rows], unread, table.sheet)


def _cells(cells: Sequence[str], at: dict[int, str]) -> dict[str, str]:
    """Only what says something. The mark that keeps a formula text in CSV isn't part of it."""
    found = {name: cells[index] for index, name in at.items() if index < len(cells) and cells[index]}
    return {
        name: text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text
        for name, text in found.items()
    }


def read_row(cells: dict[str, str]) -> dict[str, Any]:
    """What a row says: ``id``, ``titles``, ``descriptions``, dates by kind, ``state``, ``public``, ``owner`` (an
    address), ``depends_on`` (numbers), ``reason``. ``ValidationError`` by column."""
    said: dict[str, Any] = {
        "titles": {code: cells[name] for name, code in TITLES.items() if name in cells},
        "descriptions": {code: cells[name] for name, code in DESCRIPTIONS.items() if name in cells},
        "reason": cells.get("reason", ""),
    }
    errors: dict[str, Any] = {}
    for name, read in (("id", _uuid), ("state", _state), ("public", _public), ("depends_on", _numbers)):
        if name in cells:
            try:
                said[name] = read(cells[name])
            except ValueError as error:
                errors[name] = str(error)
    for kind in DATED:
        try:
            dates = _dates(kind, cells)
        except ValidationError as error:
            errors |= _by_column(error)
        else:
            if dates is not None:
                said[kind] = dates
    if "owner" in cells:
        said["owner"] = cells["owner"].casefold()
    if errors:
        raise ValidationError(errors)
    return said


def _dates(kind: Kind, cells: dict[str, str]) -> Dates | None:
    first, last = DATES[kind]
    start, end = (_day(name, cells.get(name, "")) for name in (first, last))
    if start is None and end is None:
        return None
    if start is not None and start[1] and end is None:
        return read_dates(kind, start[0], None, Precision.MONTH)
    until = last_of_month(end[0]) if end and end[1] else end and end[0]
    return read_dates(kind, start and start[0], until)


def _day(name: str, text: str) -> tuple[date, bool] | None:
    """A day, or the first of a month and True."""
    if not text:
        return None
    try:
        if MONTH.fullmatch(text):
            return date.fromisoformat(f"{text}-01"), True
        return datetime.fromisoformat(text).date(), False
    except ValueError:
        problem = _("Write a day as 2024-04-17, a month as 2024-04.")
        raise ValidationError({name: problem}) from None


def _by_column(error: ValidationError) -> dict[str, Any]:
    """Errors of the actions' fields under the columns of the table."""
    names = {
        f"{kind}_{part}": name
        for kind, pair in DATES.items()
        for part, name in zip(("start", "end"), pair, strict=True)
    }
    return {names.get(field, field): words for field, words in error.message_dict.items()}


def by_column(error: ValidationError) -> list[tuple[str, str]]:
    """Each problem with its column ("" for none), for people."""
    named = _by_column(error) if hasattr(error, "error_dict") else {"": error.messages}
    return [(name, " ".join(map(str, words))) for name, words in named.items()]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValueError(_("This is no id of a milestone. Leave it empty for a new one.")) from None


def _state(text: str) -> str:
    known = {str(state.label).casefold(): state.value for state in State} | {
        state.value: state.value for state in State
    }
    if (state := known.get(text.casefold())) is None:
        raise ValueError(_("Choose one of: %(choices)s.") % {"choices": listed(State.values)})
    return state


def _public(text: str) -> bool:
    if text.casefold() not in (*YES, *NO):
        raise ValueError(_("Write “yes” or “no”."))
    return text.casefold() in YES


def _numbers(text: str) -> list[int]:
    parts = [part.strip() for part in re.split("[;,；，،]", text) if part.strip()]
    if not all(part.isascii() and part.isdecimal() and len(part) < 6 for part in parts):
        raise ValueError(_("Write the numbers of milestones, separated by semicolons."))
    return [int(part) for part in parts]
