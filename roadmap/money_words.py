"""Amounts as people read them."""

from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import get_language, to_locale


def amount_words(amount: Decimal, currency: str) -> str:
    """``USD 1,179,384``, as the reader's language writes numbers; cents where there are any."""
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    return f"{currency}\u00a0{number_words(amount, pattern)}"


def number_words(number: Decimal, pattern: str = "#,##0.##") -> str:
    return str(format_decimal(number, format=pattern, locale=to_locale(get_language() or "en")))
