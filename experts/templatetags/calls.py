"""A call's times and words in templates."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.templatetags.moments import from_now
from core.templatetags.six_languages import said, said_as_prose
from experts.deadlines import for_reader, in_short, in_utc, in_zone
from experts.models import Call, Reviewer

register = template.Library()


@register.simple_tag(takes_context=True)
def deadline(context: template.Context, call: Any, at: datetime | None) -> SafeString | str:
    """``at`` in the call's zone with its offset, in UTC, in the reader's own zone, and how far it is from now."""
    if at is None:
        return ""
    utc, own = in_utc(at, call.zone), for_reader(at, call.zone, context.get("user"))
    return format_html(
        '<span class="deadline"><time datetime="{}">{}</time>{}{} <span class="deadline__left">{}</span></span>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        in_zone(at, call.zone),
        format_html(' <span class="deadline__utc">= <bdi>{}</bdi></span>', utc) if utc else "",
        format_html(' <span class="deadline__own">{}</span>', _("your time: %(time)s") % {"time": own})
        if own
        else "",
        from_now(at, timezone.now()),
    )


@register.simple_tag
def happened(call: Any, at: datetime) -> SafeString:
    """A time that is past: day, clock and zone of the call."""
    return format_html(
        '<time datetime="{}">{}</time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        in_short(at, call.zone),
    )


@register.simple_tag(takes_context=True)
def calls_i_review(context: template.Context) -> list[Call]:
    """The calls in which the reader is a reviewer, those that close last first (one query)."""
    user: Any = context.get("user")
    mine = Reviewer.objects.filter(user=user.pk, removed_at=None) if user else Reviewer.objects.none()
    return list(Call.objects.filter(pk__in=mine.values("call")).order_by("-scoring_closes_at", "-pk"))


register.simple_tag(said)
register.simple_tag(said_as_prose)
