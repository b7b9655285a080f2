"""Days, money and languages of hosting in templates."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, to_locale

from core.punctuation import listed
from experts.deadlines import days_in_words

register = template.Library()


@register.simple_tag
def days(first: date | None, last: date | None = None) -> SafeString | str:
    """From when to when, in words."""
    words = days_in_words(first, last)
    return format_html('<time datetime="{}">{}</time>', first or last, words) if words else ""


@register.simple_tag
def money(amount: Decimal | None, currency: str) -> SafeString | str:
    """An amount as the reader's language writes numbers, with the currency's code before it."""
    if amount is None:
        return ""
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    words = format_decimal(amount, format=pattern, locale=to_locale(get_language() or "en"))
    return format_html("<bdi>{}&nbsp;{}</bdi>", currency, words)


@register.simple_tag
def languages_named(codes: Iterable[str]) -> str:
    """Languages by their names in the reader's language."""
    known = dict(settings.LANGUAGES)
    return listed(get_language_info(code)["name_translated"] if code in known else code for code in codes)


@register.simple_tag
def of_kind(papers: Mapping[str, Any], kind: str) -> Any:
    """The paper of a kind, if there is one."""
    return papers.get(kind)
