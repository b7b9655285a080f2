"""Setting a provision's words: runs that know where they stand in the plain text, and footnote marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from drafts.excerpts import near_changes
from drafts.marks import MARK, printed_marks, without_marks
from drafts.models import Provision
from drafts.places import Placed, place_in_a_list, place_name
from drafts.queries import ReadProvision
from drafts.redline import Piece

register = template.Library()

RIGHT_TO_LEFT = {"ar"}
LETTERED = (Provision.Kind.ACTION, Provision.Kind.ITEM, Provision.Kind.PRINCIPLE)


@register.filter
def direction(language: str) -> str:
    """``rtl`` for Arabic, else ``ltr``."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@register.filter
def set_text(row: ReadProvision, quote: Any = None) -> SafeString:
    """The provision's words as HTML. Each run carries ``data-start``, its place in the plain text.

    Offsets count code points, marks included: a selection in the browser maps back to the plain text.
    ``quote`` (with ``start``, ``end``, ``exact``) is marked where its words still stand at their place.
    """
    if row.text is None:
        return mark_safe("")
    notes = {note["label"]: note for note in row.text.footnotes}
    text = row.text.text
    wraps = _terms_in(row)
    if quote and quote.start < quote.end and text[quote.start : quote.end] == quote.exact:
        wraps = [Wrap(quote.start, quote.end, "<mark>{}</mark>")]
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, notes, wraps)))


@dataclass(frozen=True)
class Wrap:
    """A stretch of the text that stands in an element of its own; ``{}`` in its HTML is for the words."""

    start: int
    end: int
    html: str


def _terms_in(row: ReadProvision) -> list[Wrap]:
    link = '<a class="term" href="{}" data-term="{}">{{}}</a>'
    return [Wrap(found.start, found.end, format_html(link, found.address, found.key)) for found in row.terms]


def _pieces(text: str, notes: dict[str, Any], wraps: list[Wrap]) -> list[SafeString]:
    pieces, at = [], 0
    for match in MARK.finditer(text):
        pieces += _run(text, at, match.start(), wraps)
        note = notes.get(match.group(1))
        if note is None:  # a mark without its note: shown as it is written, for nothing disappears
            pieces += _run(text, match.start(), match.end(), wraps)
        else:
            pieces.append(
                format_html(
                    '<sup id="mark-{}" data-start="{}" data-mark="{}">'
                    '<a href="#{}" aria-label="{}">{}</a></sup>',
                    note["key"],
                    match.start(),
                    match.group(),
                    note["key"],
                    _("Footnote %(number)s") % {"number": note["number"]},
                    note["number"],
                )
            )
        at = match.end()
    return pieces + _run(text, at, len(text), wraps)


def _run(text: str, start: int, end: int, wraps: list[Wrap]) -> list[SafeString]:
    """Lines of one run; each line is a span of its own, for line breaks are characters of the text."""
    pieces = []
    for i, line in enumerate(text[start:end].split("\n")):
        if i:
            pieces.append(mark_safe("<br>"))
            start += 1
        for part, wrap in _cut(line, start, wraps):
            words = format_html(wrap.html, part) if wrap else conditional_escape(part)
            pieces.append(format_html('<span data-start="{}">{}</span>', start, words))
            start += len(part)
    return pieces


def _cut(line: str, start: int, wraps: list[Wrap]) -> list[tuple[str, Wrap | None]]:
    """``line``, which begins at ``start``, before, inside and after each wrap; empty parts left out."""
    parts: list[tuple[str, Wrap | None]] = []
    at = 0
    for wrap in wraps:
        first, last = max(wrap.start - start, at), min(wrap.end - start, len(line))
        if first < last:
            parts += [(line[at:first], None), (line[first:last], wrap)]
            at = last
    return [(part, wrap) for part, wrap in [*parts, (line[at:], None)] if part]


@register.filter
def set_redline(pieces: Iterable[Piece]) -> SafeString:
    """A redline as HTML: removed words struck, added ones underlined, marks as raised numbers."""
    elements = {"same": "span", "removed": "del", "added": "ins"}
    return mark_safe(  # noqa: S308  # escaped piece by piece
        "".join(
            f"<{(element := elements[piece.kind])}>{_flowing(piece.text)}</{element}>" for piece in pieces
        )
    )


@register.filter
def set_changes(pieces: Sequence[Piece]) -> SafeString:
    """A redline as HTML with the words near its changes alone."""
    return set_redline(near_changes(pieces))


@register.filter
def set_plain(pieces: Iterable[Piece]) -> SafeString:
    """The newer words of a redline alone, marks as raised numbers."""
    return mark_safe("".join(_flowing(piece.text) for piece in pieces if piece.kind != "removed"))  # noqa: S308


@register.filter
def set_source(words: str, row: ReadProvision) -> SafeString:
    """Words of the original beside its translation: with marks as they are printed, but nothing to be quoted."""
    return _flowing(printed_marks(words, row.source.footnotes if row.source else []))


def _flowing(text: str) -> SafeString:
    words = conditional_escape(text).replace("\n", "<br>")
    return mark_safe(MARK.sub(lambda mark: f"<sup>{mark[1]}</sup>", words))  # noqa: S308  # escaped above


register.filter(without_marks)
register.filter(place_name)
register.filter(place_in_a_list)


@register.filter
def number_beside(provision: Placed) -> str:
    """The number printed beside a provision's words: ``(a)`` of ``33 (a)``, for below its paragraph the rest
    says nothing new."""
    number = provision.number
    if provision.kind in LETTERED and "(" in number:
        return number[number.rfind("(") :]
    return number
