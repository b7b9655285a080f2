"""Dates and differences of milestones in templates."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roadmap import milestone_words
from roadmap.models import DateChange, Kind
from roadmap.plan import Dates, State

register = template.Library()

# States of milestones under the names that badges have.
BADGES = {"planned": "planned", "under_way": "open", "done": "published", "dropped": "closed"}


@register.simple_tag
def when(dates: Dates | None) -> SafeString | str:
    """As exactly as the source says; marked with its first day."""
    if dates is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>', dates.start.isoformat(), milestone_words.dates_words(dates)
    )


@register.filter
def on_day(day: date | None) -> str:
    return milestone_words.day_words(day) if day else ""


@register.filter
def slipped(days: int | None) -> str:
    return milestone_words.slippage_words(days)


@register.simple_tag
def state_badge(state: State) -> SafeString:
    """A milestone's state in words, in the colour that such states have elsewhere."""
    return format_html('<span class="badge badge--{}">{}</span>', BADGES[state], state.label)


@register.filter
def state_name(code: str) -> str:
    return str(State(code).label)


@register.simple_tag
def changed_to(change: DateChange) -> SafeString | str:
    """What a change set, in words."""
    if change.kind == Kind.STATE:
        return str(State(change.stated).label) if change.stated else _("follows from the dates again")
    return when(change.dates) or _("no longer known")


@register.simple_tag
def shown(value: object) -> SafeString | str:
    """A value of a table, dates in words."""
    return when(value) if isinstance(value, Dates) else str(value or "–")
