"""Words in six languages in templates: in the reader's language, or marked with the one that stands in."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from core.markdown import as_html
from core.six_languages import reader_text

register = template.Library()


@register.simple_tag
def said(row: Any, field: str) -> SafeString | str:
    """A translated text for the reader, marked with its language where that isn't the page's."""
    language, text = reader_text(row, field)
    if not language or language == get_language():
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', language, _direction(language), text)


@register.simple_tag
def said_as_prose(row: Any, field: str) -> SafeString | str:
    """A translated Markdown text for the reader, as HTML in an element of its language."""
    language, text = reader_text(row, field)
    if not language:
        return ""
    return format_html(
        '<div class="prose__body" lang="{}" dir="{}">{}</div>', language, _direction(language), as_html(text)
    )


def _direction(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"
