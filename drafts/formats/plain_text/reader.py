"""From the lines of a PDF's text to a parsed draft."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .. import labels
from ..closing import close_account
from ..document import DraftUnreadable, ParsedDocument, Warning_
from ..doubts import find_doubts
from ..joining import Joiner, Layout
from ..lexicon import LEXICONS, Lexicon
from ..outline import Outline
from ..source import Line, Source
from .addresses import attach_addresses
from .body import BodyReader
from .footnotes import FootnoteReader, Footnotes
from .marks import place_marks
from .pages import Pages, find_pages
from .title_page import read_title_page
from .writing import Desk


def read_plain_text(source: Source, *, base: str, language: str) -> ParsedDocument:
    """Read a draft from wrapped page text. Refused: DraftUnreadable where no structure is found."""
    lexicon = LEXICONS[base]
    pages = find_pages(source)
    outside = [line for i, line in enumerate(source.lines) if not line.blank and pages.is_body(i)]
    joiner = Joiner(source.text, lexicon, wide=base == "zh")
    footnotes = FootnoteReader(source, pages, joiner, Layout(outside)).read()
    body = _body_lines(source, pages, footnotes)
    layout = Layout(body)
    outline = Outline()
    first = _first_unit(body, lexicon)
    title = read_title_page(source, body[:first], outline, joiner, layout, lexicon)
    desk = Desk(source, body[first:], joiner, layout, lexicon, outline)
    BodyReader(desk).read()
    if not any(unit.kind in ("paragraph", "pillar", "term") for unit in outline.units):
        raise DraftUnreadable(
            _(
                "No structure was found: a draft has numbered paragraphs (“1. …”) in chapters (“I. …”); check that"
                " the language is right and that this is the draft itself."
            )
        )
    warnings = desk.warnings + _finish(source, pages, footnotes, outline, lexicon)
    warnings += find_doubts(outline.units, footnotes_opening_pages(footnotes), lexicon)
    return close_account(source, outline, title, language, warnings)


def footnotes_opening_pages(footnotes: Footnotes) -> set[int]:
    """Numbers of the notes that stand first on their page: "ibid." there looks back over the page's edge."""
    return {zone.notes[0].rank for zone in footnotes.zones if zone.notes}


def _body_lines(source: Source, pages: Pages, footnotes: Footnotes) -> list[Line]:
    body = []
    for index, line in enumerate(source.lines):
        if line.blank or index in footnotes.lines:
            continue
        if index in pages.furniture:
            source.set_aside(range(line.start, line.start + len(line.raw)))
        elif index not in pages.addresses:
            body.append(line)
    return body


def _first_unit(body: list[Line], lexicon: Lexicon) -> int:
    """The first chapter or paragraph; everything before it is the title page."""
    for index, line in enumerate(body):
        for label in (labels.chapter(line.text), labels.numbered(line.text)):
            if label and label.is_(1):
                return index
    return len(body)


def _finish(
    source: Source, pages: Pages, footnotes: Footnotes, outline: Outline, lexicon: Lexicon
) -> list[Warning_]:
    """Marks, addresses and asterisk notes; then every flow's characters are placed."""
    warnings = place_marks(source, outline.units, footnotes.zones)
    stray = [source.lines[i] for i in sorted(pages.addresses) if i not in footnotes.lines]
    warnings += attach_addresses(source, footnotes.zones, stray, lexicon)
    for line in footnotes.asterisks:
        message = _("A note with an asterisk is no footnote of the draft and is left out: %(text)s")
        message %= {"text": line.text}
        warnings.append(Warning_(line.number, "asterisk_note", message))
    return warnings
