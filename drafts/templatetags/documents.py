"""Setting a document's rows as HTML: lines, lists, marks of footnotes."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from drafts.documents.content import Line, Note, Run

register = template.Library()


@register.filter
def at_most(value: int, most: int) -> int:
    return min(value, most)


@register.filter
def set_runs(runs: Iterable[Run], notes: Mapping[str, Note]) -> SafeString:
    """Words and marks; only the first mark of a footnote can be led back to."""
    return format_html_join("", "{}", ((_set(run, notes),) for run in runs))


def _set(run: Run, notes: Mapping[str, Note]) -> "SafeString | str":
    if not run.note:
        return run.text
    number = notes[run.note].number
    label = _("Footnote %(number)s") % {"number": number}
    link = format_html('<a href="#{}" aria-label="{}">{}</a>', run.note, label, number)
    if not run.first:
        return format_html("<sup>{}</sup>", link)
    return format_html('<sup id="mark-{}">{}</sup>', run.note, link)


@register.filter
def set_lines(lines: Iterable[Line], notes: Mapping[str, Note]) -> SafeString:
    """Lines as paragraphs, those that begin with a bullet as lists."""
    parts = []
    for bullet, group in groupby(lines, key=lambda line: line.bullet):
        each = "<li>{}</li>" if bullet else "<p>{}</p>"
        body = format_html_join("\n", each, ((set_runs(line.runs, notes),) for line in group))
        parts.append((format_html("<ul>\n{}\n</ul>", body) if bullet else body,))
    return format_html_join("\n", "{}", parts)
