"""The report to the Board as PDF: its frozen words as data for a typst template, which a process of its own sets."""

import json
import tempfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from drafts.documents.content import COLONS
from drafts.documents.pdf import lang_of, typeset

DESIGN = Path(__file__).with_name("report.typ")
STOPS = {"zh-hans": "。"}
# A column is at least so wide, whatever it holds, and counts no more than so many characters.
NARROWEST, WIDEST = 13, 32


def make_pdf(content: dict[str, Any], sha256: str) -> bytes:
    """The document's bytes, the same for the same words. Raises ``TypesettingFailed``."""
    day = date.fromisoformat(content["as_of"])
    with tempfile.TemporaryDirectory(prefix="board-report-") as name:
        folder = Path(name)
        with (folder / "data.json").open("w", encoding="utf-8") as stream:
            json.dump(_document(content, sha256), stream, ensure_ascii=False)
        typeset(folder, int(datetime.combine(day, time(), UTC).timestamp()), DESIGN)
        return (folder / "document.pdf").read_bytes()


def _document(content: dict[str, Any], sha256: str) -> dict[str, Any]:
    language = content["language"]
    sections = [
        {
            **section,
            "paragraphs": [_spoken(p) for p in section["paragraphs"]],
            "resolutions": [
                {**each, "paragraphs": [_spoken(p) for p in each["paragraphs"]]}
                for each in section["resolutions"]
            ],
        }
        for section in content["sections"]
    ]
    return {
        **content,
        "lang": lang_of(language),
        "hash": sha256,
        "colon": COLONS.get(language, ": "),
        "stop": STOPS.get(language, ". "),
        "sections": sections,
        "annexes": [{**annex, "widths": widths_of(annex)} for annex in content["annexes"]],
    }


def _spoken(paragraph: dict[str, Any]) -> dict[str, Any]:
    return {**paragraph, "lang": lang_of(paragraph["language"])}


def widths_of(annex: dict[str, Any]) -> list[int]:
    """How wide the columns of a table are against each other: after what most of their cells hold."""
    columns = zip(annex["heads"], *annex["rows"], strict=True)
    return [min(max(NARROWEST, *(_width(cell) + 4 for cell in column)), WIDEST) for column in columns]


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
