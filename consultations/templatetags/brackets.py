"""Bracketed text as it is shown."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from consultations.negotiating import Group, Text, read
from consultations.negotiating.notation import braces
from drafts.marks import MARK

register = template.Library()


@register.filter
def set_brackets(text: str) -> SafeString:
    """Written notation as HTML: brackets and positions told apart from the words. The words are what is copied."""
    return _parts(read(text, exact=True).parts)


def _parts(parts: list[Text | Group]) -> SafeString:
    return format_html_join("", "{}", ((_part(part),) for part in parts))


def _part(part: Text | Group) -> SafeString:
    if isinstance(part, Text):
        return _words(part.words)
    return format_html_join(
        "",
        '<span class="bracket"><b class="bracket__sign">[</b>{}<b class="bracket__sign">]</b>{}</span>',
        ((_parts(each.parts), _positions(braces(each.positions))) for each in part.alternatives),
    )


def _positions(said: str) -> SafeString:
    # Codes and signs run from left to right in every language.
    return format_html('<bdi class="bracket__positions" dir="ltr">{}</bdi>', said) if said else mark_safe("")


def _words(words: str) -> SafeString:
    pieces, at = [], 0
    for mark in MARK.finditer(words):
        pieces += [format_html("{}", words[at : mark.start()]), format_html("<sup>{}</sup>", mark[1])]
        at = mark.end()
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, format_html("{}", words[at:])]))
