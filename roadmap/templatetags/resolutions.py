"""Status, money and periods of reports in templates."""

from collections.abc import Iterable
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from roadmap import report_words
from roadmap.models import ReportingPeriod, ResolutionEntry

register = template.Library()

# Statuses under the names that badges have.
BADGES = {"not_begun": "planned", "under_way": "open", "held_up": "closed", "done": "published"}


@register.simple_tag
def status_badge(entry: ResolutionEntry | None) -> SafeString | str:
    """Where a resolution stands, in words."""
    if entry is None:
        return "–"
    return format_html(
        '<span class="badge badge--{}">{}</span>', BADGES[entry.status], entry.get_status_display()
    )


@register.simple_tag
def money(amount: Decimal | int | str | None, currency: str = "USD") -> str:
    """A sum, or a dash where none is known (a template gives "" for what isn't there)."""
    return "–" if amount in (None, "") else report_words.money_words(Decimal(amount or 0), currency)


@register.filter
def operative_numbers(numbers: Iterable[str]) -> str:
    return report_words.operative_words(numbers)


@register.filter
def period_name(period: ReportingPeriod) -> str:
    return report_words.period_words(period)


@register.filter
def as_of(report: object) -> str:
    return report_words.as_of_words(report.as_of)  # type: ignore[attr-defined]
