"""Letters and records as PDF, by typst in a process of its own."""

import json
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from drafts.documents.pdf import lang_of, typeset

TEMPLATE = Path(__file__).with_name("paper.typ")
Block = dict[str, Any]


def heading(text: object) -> Block:
    return {"kind": "heading", "text": str(text)}


def paragraph(text: object) -> Block:
    return {"kind": "paragraph", "text": str(text)}


def code(value: str) -> Block:
    """A value of ``facts`` that is signs and no words: from left to right in every language, and broken anywhere."""
    return {"kind": "code", "text": "\u200b".join(value)}


def facts(rows: list[tuple[Any, Any]]) -> Block:
    """Names and what they name: words, or ``code``."""
    return {
        "kind": "facts",
        "rows": [[str(name), value if isinstance(value, dict) else str(value)] for name, value in rows],
    }


def bullets(items: list[Any]) -> Block:
    return {"kind": "list", "items": [str(item) for item in items]}


def numbered(items: list[Any]) -> Block:
    return {"kind": "numbered", "items": [str(item) for item in items]}


def rows(head: list[Any], lines: list[list[Any]], *, widths: list[int] | None = None) -> Block:
    """A table. Its first column takes what numbers leave, or its columns are in proportion of ``widths``."""
    return {
        "kind": "table",
        "widths": widths,
        "head": [str(cell) for cell in head],
        "rows": [[str(cell) for cell in line] for line in lines],
    }


@dataclass(frozen=True)
class Paper:
    """One document in one language; ``made_at`` is the date that the file itself bears."""

    language: str
    title: str
    sender: str
    made_at: datetime
    subtitle: str = ""
    foot: str = ""
    blocks: list[Block] = field(default_factory=list)


def pdf_of(paper: Paper) -> bytes:
    """The document's bytes, the same for the same words. Raises ``TypesettingFailed``. It takes about a second."""
    with tempfile.TemporaryDirectory(prefix="paper-") as name:
        folder = Path(name)
        written = {
            "lang": lang_of(paper.language),
            "title": paper.title,
            "author": paper.sender,
            "sender": paper.sender,
            "subtitle": paper.subtitle or None,
            "foot": paper.foot or paper.title,
            "blocks": paper.blocks,
        }
        (folder / "data.json").write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
        typeset(folder, int(paper.made_at.timestamp()), TEMPLATE)
        return (folder / "document.pdf").read_bytes()
