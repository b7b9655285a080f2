"""The words of replies, names that are called in them marked."""

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from consultations.mentions import Words

register = template.Library()


@register.filter
def set_reply(words: Iterable[Words]) -> SafeString:
    """Paragraphs. A name stands by itself, so that its direction doesn't mix with that of the words around it."""
    set = "".join(
        format_html('<bdi class="mention">{}</bdi>', run.text) if run.called else conditional_escape(run.text)
        for run in words
    )
    return mark_safe(linebreaks(set, autoescape=False))  # noqa: S308 every run is escaped above
