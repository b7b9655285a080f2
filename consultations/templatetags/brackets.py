"""Bracketed text as it is shown."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from consultations.negotiating import Group, Text, Written, read
from consultations.negotiating.notation import braces
from drafts.marks import MARK

register = template.Library()


@register.filter
def set_brackets(written: Written) -> SafeString:
    """Notation as HTML: brackets and positions told apart from the words, those that somebody would delete struck
    through. The words are what is copied."""
    return _parts(read(written.text, exact=True).parts, written.going)


def _parts(parts: list[Text | Group], going: frozenset[int]) -> SafeString:
    return format_html_join("", "{}", ((_part(part, going),) for part in parts))


def _part(part: Text | Group, going: frozenset[int]) -> SafeString:
    if isinstance(part, Text):
        return _words(part.words)
    return format_html_join(
        "",
        '<span class="bracket"><b class="bracket__sign">[</b>{}<b class="bracket__sign">]</b>{}</span>',
        (
            (_struck(_parts(each.parts, going), each.offset in going), _positions(braces(each.positions)))
            for each in part.alternatives
        ),
    )


def _struck(words: SafeString, goes: bool) -> SafeString:
    return format_html('<del class="bracket__words">{}</del>', words) if goes else words


def _positions(said: str) -> SafeString:
    # Codes and signs run from left to right in every language.
    return format_html('<bdi class="bracket__positions" dir="ltr">{}</bdi>', said) if said else mark_safe("")


def _words(words: str) -> SafeString:
    pieces, at = [], 0
    for mark in MARK.finditer(words):
        pieces += [format_html("{}", words[at : mark.start()]), format_html("<sup>{}</sup>", mark[1])]
        at = mark.end()
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, format_html("{}", words[at:])]))
