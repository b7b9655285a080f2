"""A draft as one HTML file that needs nothing else: to be read without a line, kept and printed."""

from pathlib import Path

from django.template.loader import render_to_string

from drafts.documents.content import COLONS, Content
from drafts.documents.frame import Frame

STYLE = Path(__file__).with_name("document.css")


def make_html(frame: Frame, content: Content) -> bytes:
    """The document's bytes. Every text is escaped by the template; the style sheet is the only raw part."""
    outline = [row for row in content.rows if row.set == "title" and row.level <= 3]
    context = {
        "frame": frame,
        "rows": content.rows,
        "outline": outline,
        "notes": content.notes,
        "colon": COLONS.get(frame.language, ": "),
        "style": STYLE.read_text(encoding="utf-8"),
    }
    return str(render_to_string("drafts/documents/document.html", context)).encode()
