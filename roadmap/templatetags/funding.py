"""Figures of the funding in templates."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.punctuation import semicolon
from experts.templatetags.hosting import money
from roadmap.funding_chart import ComparedLine, Comparison, PlanBar
from roadmap.money_words import amount_words, number_words
from roadmap.scenarios import Row

register = template.Library()


@register.filter
def figure(number: Decimal | str | None) -> str:
    """A number as the reader's language writes it, decimals only where there are any."""
    return "" if number is None else number_words(Decimal(number))


@register.filter
def rate_figure(number: Decimal) -> str:
    return number_words(number, "#,##0.00######")


@register.filter
def dollars(amount: Decimal) -> str:
    return amount_words(amount, "USD")


@register.filter
def in_currency(amount: Decimal, currency: str) -> str:
    return amount_words(amount, currency)


@register.filter
def beside(line: ComparedLine, comparison: Comparison) -> list[tuple[PlanBar, Row]]:
    """What becomes of a line, with the scenario that it is in."""
    return list(zip(comparison.bars, line.fates, strict=True))


@register.filter
def in_words(words: Mapping[str, str]) -> str:
    """Kept words in the reader's language, else in the portal's order of fallback."""
    order = (get_language() or "en", *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)
    return next((words[code] for code in order if code in words), "")


@register.simple_tag
def against_estimate(row: Row) -> str:
    """What of a line is otherwise than estimated: ``1 instead of 2; USD 4,500 each instead of USD 92,000``."""
    line, parts = row.line, []
    if row.quantity != line.quantity:
        amounts = {"n": figure(row.quantity), "all": figure(line.quantity)}
        parts.append(_("%(n)s instead of %(all)s") % amounts)
    if row.unit_cost != line.unit_cost:
        cost, estimate = (in_currency(each, line.currency) for each in (row.unit_cost, line.unit_cost))
        parts.append(_("%(cost)s each instead of %(estimate)s") % {"cost": cost, "estimate": estimate})
    return semicolon().join(parts)


@register.simple_tag
def kept_money(amount: Any, currency: str) -> SafeString | str:
    """An amount that was kept as text."""
    return money(Decimal(amount), currency)
