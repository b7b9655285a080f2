"""Compilations as tests read them again."""

import csv
import io
import json
import re
from typing import Any

import openpyxl

from consultations.actions.compiling import ask_for_compilation
from consultations.compilations.asked import Asked
from consultations.models import Round
from core import files, outbox
from core.models import Job

AWKWARD = (
    "=SUM(A1:A3)",
    "+1",
    "-2",
    "@cmd",
    "\uff1d1+1",
    "'=already",
    "  =spaced",
    "two\nlines",
    'quotes " and, commas; <b>&amp;</b>',
    "_x0041_ is what is written",
    "مرحبا بالعالم",
    "应当说明由谁负责",
    "👩‍👩‍👧 and \u200fmarks",
)


def compiled(owner: Any, round: Round, **asked: Any) -> Job:
    """The job, run to its end."""
    job = ask_for_compilation(actor=owner, round=round, asked=Asked(round.pk, **asked))
    outbox.drain()
    job.refresh_from_db()
    return job


def content_of(job: Job) -> bytes:
    assert job.state == "done", job.message
    assert job.file is not None
    with files.open_file(job.file) as stream:
        return stream.read()


def csv_of(owner: Any, round: Round, **asked: Any) -> list[list[str]]:
    content = content_of(compiled(owner, round, form="csv", **asked))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def json_of(owner: Any, round: Round, **asked: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(content_of(compiled(owner, round, form="json", **asked)))["rows"]
    return rows


def xlsx_of(owner: Any, round: Round, **asked: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content_of(compiled(owner, round, form="xlsx", **asked))))


def unescaped(text: str) -> str:
    """As the format says; openpyxl leaves this to its callers."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def cells_of(sheet: Any) -> list[list[str]]:
    return [
        [unescaped(str(cell)) if cell is not None else "" for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def unguarded(text: str) -> str:
    return text[1:] if re.match(r"'+\s*[=+\-@\t\r＝＋－＠]", text) else text
