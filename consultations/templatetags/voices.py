"""The margin of the reading room: a link for each provision, set here because a page has hundreds of them."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.queries import Voices
from consultations.views.reading import KEY
from drafts.queries import ReadProvision

register = template.Library()


@register.simple_tag(takes_context=True)
def margin_link(context: dict[str, Any], row: ReadProvision) -> SafeString | str:
    """How much was said on a provision, leading to it; an offer to speak where nobody has; else nothing."""
    voices: Voices | None = getattr(row, "voices", None)
    if not voices and not context["may_comment"]:
        return ""
    address = context["voices_address"].replace(KEY, row.key)
    return format_html(
        '<a class="margin-note__say" href="{}" data-voices="{}">{}'
        '<span class="visually-hidden"> {}</span></a>',
        address,
        row.key,
        said(voices) if voices else _("Comment"),
        _("on %(place)s") % {"place": row.provision.number or row.key},
    )


def said(voices: Voices) -> str:
    """In words: 3 comments, 1 proposal."""
    comments = ngettext("%(n)d comment", "%(n)d comments", voices.comments) % {"n": voices.comments}
    if not voices.proposals:
        return comments
    proposals = ngettext("%(n)d proposal", "%(n)d proposals", voices.proposals) % {"n": voices.proposals}
    return _("%(comments)s, %(proposals)s") % {"comments": comments, "proposals": proposals}
