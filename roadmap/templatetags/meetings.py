"""When and where a meeting is, in templates."""

from datetime import UTC
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.templatetags.moments import from_now
from roadmap.calendars import has_place_in_calendar, location_of
from roadmap.meeting_rules import doors_open
from roadmap.meeting_times import elsewhere, in_words
from roadmap.models import Meeting

register = template.Library()


@register.filter
def has_open_doors(meeting: Meeting) -> bool:
    """Whether who comes may be noted already."""
    return doors_open(meeting, timezone.now())


@register.simple_tag(takes_context=True)
def meeting_when(context: template.Context, meeting: Meeting) -> SafeString:
    """As exactly as it is known: in the meeting's zone, in UTC, by the reader's clocks, and how far it is from now."""
    now, user = timezone.now(), context.get("user")
    if meeting.precision != Meeting.Precision.TIME:
        return format_html('<span class="deadline">{}</span>', in_words(meeting))
    utc, own = elsewhere(meeting, user)
    near = from_now(meeting.starts_at, now) if now < meeting.starts_at and not meeting.cancelled_at else ""
    return format_html(
        '<span class="deadline"><time datetime="{}">{}</time>{}{}{}</span>',
        meeting.starts_at.astimezone(UTC).isoformat(timespec="seconds"),
        in_words(meeting),
        format_html(' <span class="deadline__utc">= <bdi>{}</bdi></span>', utc) if utc else "",
        format_html(' <span class="deadline__own">{}</span>', _("your time: %(time)s") % {"time": own})
        if own
        else "",
        format_html(' <span class="deadline__left">{}</span>', near) if near else "",
    )


@register.filter
def where(meeting: Meeting) -> str:
    return location_of(meeting)


@register.filter
def in_calendars(meeting: Meeting) -> bool:
    return has_place_in_calendar(meeting)


@register.filter
def under_embargo(paper: Any) -> bool:
    return bool(paper.embargo_until and paper.embargo_until > timezone.now())


@register.filter
def of(numbers: Any, key: str) -> Any:
    """An entry of a mapping."""
    return numbers.get(key)
