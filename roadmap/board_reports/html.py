"""The report to the Board as one HTML file that needs nothing else."""

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from drafts.documents.content import COLONS
from drafts.documents.frame import RIGHT_TO_LEFT
from roadmap.board_reports.pdf import STOPS

STYLE = Path(__file__).with_name("report.css")
WIDEST_BAR = 300


def make_html(content: dict[str, Any], sha256: str) -> bytes:
    """The document's bytes. Every text is escaped by the template; the style sheet is the only raw part."""
    return str(render_to_string("roadmap/documents/document.html", context_of(content, sha256))).encode()


def context_of(content: dict[str, Any], sha256: str) -> dict[str, Any]:
    """What the template needs: the frozen words, and how their language is written."""
    language = content["language"]
    return {
        "report": content,
        "annexes": [{**annex, "bars": drawn(annex["bars"])} for annex in content["annexes"]],
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "colon": COLONS.get(language, ": "),
        "stop": STOPS.get(language, ". "),
        "hash": sha256,
        "style": STYLE.read_text(encoding="utf-8"),
    }


def drawn(bars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bars with their lengths, the longest as wide as there is room."""
    most = max((bar["value"] for bar in bars), default=0) or 1
    return [{**bar, "width": max(1, round(WIDEST_BAR * bar["value"] / most))} for bar in bars]
