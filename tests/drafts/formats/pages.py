"""Sets a written draft as the text of printed pages: wrapped lines, furniture, footnotes at the foot of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.drafts.formats.writing import Draft

_MARK = re.compile(r"\{\{(\d+)\}\}")
SYMBOL = "HSP/HA.3/5"


@dataclass(frozen=True)
class Style:
    """How pages are set. `gaps`: an empty line after every line, or only after a paragraph."""

    gaps: str = "every line"  # or "paragraphs"
    closing_blank: bool = True
    furniture: str = "symbol"  # "form feed", "page number"
    width: int = 72
    length: int = 38
    blank_after_mark: bool = True


def wrap(text: str, width: int) -> list[str]:
    """Break into lines at blanks, and anywhere between Han characters; signs don't begin a line."""
    atoms = re.findall(r"(?:\{\{\d+\}\}|[!-~“”‘’–])+|.[，。：；、”]*(?:\{\{\d+\}\})?", text)
    lines, line, used = [], "", 0
    for atom in atoms:
        size = sum(2 if c > "\u2fff" else 1 for c in _MARK.sub(r"\1", atom))
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
            if atom.isspace():
                continue
        line += atom
        used += size
    return [*lines, line.rstrip()] if line.strip() else lines


def clean(text: str, *, wide: bool) -> str:
    """The text a reader should find: marks as `[^n]`."""
    return _MARK.sub(r"[^\1]", text)


def set_pages(draft: Draft, style: Style) -> str:
    """The text of the pages."""
    wide = draft.language == "zh"
    lines: list[tuple[str, bool]] = []  # text, whether it ends its paragraph
    for text in [
        draft.masthead[0],
        draft.title,
        draft.masthead[1],
        *(piece.printed for piece in draft.pieces),
    ]:
        if wide and style.blank_after_mark:
            text = _MARK.sub(r"{{\1}} ", text).strip()
        wrapped = wrap(text, style.width)
        lines += [(line, index == len(wrapped) - 1) for index, line in enumerate(wrapped)]
    return _paginate(draft, lines, style)


def _paginate(draft: Draft, lines: list[tuple[str, bool]], style: Style) -> str:
    pages: list[str] = []
    body: list[str] = []
    notes: list[str] = []
    for text, last in lines:
        found = [int(number) for number in _MARK.findall(text)]
        own = [line for number in found for line in _note_lines(draft, number, style)]
        if body and len(body) + len(notes) + len(own) + 1 > style.length:
            pages.append(_page(body, notes, style, len(pages) + 1))
            body, notes = [], []
        body.append(_set_line(_MARK.sub(r"\1", text), last, style))
        notes += own
    pages.append(_page(body, notes, style, len(pages) + 1))
    return "".join(pages)


def _set_line(text: str, last: bool, style: Style) -> str:
    gap = "\n" if style.gaps == "every line" or last else ""
    return f"{text}{' ' if last and style.closing_blank else ''}\n{gap}"


def _note_lines(draft: Draft, number: int, style: Style) -> list[str]:
    wrapped = wrap(f"{number} {draft.notes[number - 1]}", style.width + 8)
    return [_set_line(line, index == len(wrapped) - 1, style) for index, line in enumerate(wrapped)]


def _page(body: list[str], notes: list[str], style: Style, number: int) -> str:
    text = "".join(body) + ("\n" if notes else "") + "".join(notes)
    if style.furniture == "symbol":
        return f"\n{SYMBOL} \n\n{number} \n\n{text}\n"
    if style.furniture == "form feed":
        return f"{text}\f"
    return f"{text}\n{number}\n\n"
