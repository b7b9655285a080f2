"""A draft as PDF: its content as data for the typst template, which a process of its own sets."""

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from drafts.documents.content import COLONS, Content, Line, Note, Row, Run
from drafts.documents.frame import RIGHT_TO_LEFT, Frame

logger = logging.getLogger(__name__)

SECONDS = 600
# typst's name of a language and where its typographic habits are at home.
TYPST_LANGUAGES = {"zh-hans": ("zh", "cn")}


class TypesettingFailed(Exception):
    """typst ended without a document."""


def make_pdf(frame: Frame, content: Content) -> bytes:
    """The document's bytes, the same for the same words. Raises ``TypesettingFailed``."""
    with tempfile.TemporaryDirectory(prefix="document-") as name:
        folder = Path(name)
        with (folder / "data.json").open("w", encoding="utf-8") as stream:
            json.dump(_document(frame, content), stream, ensure_ascii=False)
        typeset(folder, int(frame.as_of.timestamp()))
        return (folder / "document.pdf").read_bytes()


def typeset(folder: Path, made_at: int, *design: Path) -> None:
    """Set ``folder/data.json`` in a process of its own. ``design``: another template than that of drafts.

    Raises ``TypesettingFailed``.
    """
    command = [sys.executable, "-m", "drafts.documents.typesetting", str(folder), str(made_at)]
    command += map(str, design)
    try:
        done = subprocess.run(  # noqa: S603  # our own module; the words are in a file, not in the command
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed(f"not done within {SECONDS} s") from error
    if done.returncode:
        raise TypesettingFailed(done.stderr[-2000:])
    if done.stderr:
        logger.warning("Typesetting: %s", done.stderr[-500:])


def _document(frame: Frame, content: Content) -> dict[str, Any]:
    return {
        "lang": lang_of(frame.language),
        "title": frame.title,
        "subtitle": frame.subtitle,
        "label": frame.label,
        "status": frame.status,
        "author": frame.author,
        "marking": frame.marking or None,
        "facts": frame.facts,
        "notice": " ".join(frame.notices) or None,
        "hash": frame.content_hash,
        "words": {
            "contents": _("Contents"),
            "hash": _("SHA-256 of the text in this language:"),
            "verify": _(
                "It can be verified with the JSON document of this language, as the portal describes."
            ),
        },
        "rows": [_row(row) for row in content.rows],
        "notes": {key: _note(note) for key, note in content.notes.items()},
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "set": row.set,
        "number": row.number,
        "lang": lang_of(row.language),
        "heading": _runs(row.heading),
        "lines": _lines(row.lines),
        "level": row.level,
        "indent": row.indent,
        "foreign": row.foreign,
        "notice": row.notice or None,
        "colon": COLONS.get(row.language, ": "),
    }


def _note(note: Note) -> dict[str, Any]:
    return {
        "number": note.number,
        "lang": lang_of(note.language),
        "lines": _lines(note.lines),
        "notice": note.notice or None,
    }


def _lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [{"bullet": line.bullet, "runs": _runs(line.runs)} for line in lines]


def _runs(runs: Iterable[Run]) -> list[dict[str, Any]]:
    return [{"note": run.note, "first": run.first} if run.note else {"text": run.text} for run in runs]


def lang_of(language: str) -> dict[str, Any]:
    """A language as typst knows it."""
    code, region = TYPST_LANGUAGES.get(language, (language, None))
    return {"code": code, "region": region, "rtl": language in RIGHT_TO_LEFT}
