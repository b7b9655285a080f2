"""The margin of the reading room: a link for each provision, set here because a page has hundreds of them."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.glimpses import Glimpse
from consultations.queries import Voices
from consultations.views.reading import KEY
from core.punctuation import colon
from drafts.places import place_name
from drafts.queries import ReadProvision
from drafts.templatetags.provisions import direction

register = template.Library()
_ARROW = {"ltr": " → ", "rtl": " ← "}


@register.simple_tag(takes_context=True)
def margin_link(context: dict[str, Any], row: ReadProvision) -> SafeString | str:
    """How much was said on a provision, leading to it; an offer to speak where nobody has; and what was said of
    it in earlier drafts."""
    return format_html("{}{}", _voices_link(context, row), _carried_link(context, row))


def _carried_link(context: dict[str, Any], row: ReadProvision) -> SafeString | str:
    n = getattr(row, "carried", 0)
    if not n:
        return ""
    draft = context["draft"]
    return format_html(
        '<a class="margin-note__carried" href="{}">{}<span class="visually-hidden"> {}</span></a>',
        reverse("consultations:carried_on", args=[draft.guidelines.slug, draft.number, row.key]),
        ngettext("%(n)d from earlier drafts", "%(n)d from earlier drafts", n) % {"n": n},
        _("on %(place)s") % {"place": place_name(row.provision)},
    )


def _voices_link(context: dict[str, Any], row: ReadProvision) -> SafeString | str:
    voices: Voices | None = getattr(row, "voices", None)
    # A visitor is invited too: what opens says how to take part.
    open_to_visitors = (
        context["round"] and context["round"].state == "open" and not context["user"].is_authenticated
    )
    if not context["round"] or (not voices and not context["may_comment"] and not open_to_visitors):
        return ""
    address = context["voices_address"].replace(KEY, row.key)
    link = format_html(
        '<a class="margin-note__say" href="{}" data-voices="{}">{}'
        '<span class="visually-hidden"> {}</span></a>',
        address,
        row.key,
        said(voices) if voices else _("Comment"),
        _("on %(place)s") % {"place": place_name(row.provision)},
    )
    glimpses: list[Glimpse] = getattr(row, "glimpses", [])
    return format_html("{}{}", link, format_html_join("", "{}", ((_at_a_glance(g),) for g in glimpses)))


def _at_a_glance(glimpse: Glimpse) -> SafeString:
    """Two lines: what was said, and by whom, with whose support."""
    sides = [format_html("<del>{}</del>", glimpse.removed)] if glimpse.removed else []
    sides += [format_html("<ins>{}</ins>", glimpse.added)] if glimpse.added else []
    words = format_html_join(_ARROW[direction(glimpse.language)], "{}", ((side,) for side in sides))
    if glimpse.words:
        words = format_html("{} {}", glimpse.words, words) if sides else conditional_escape(glimpse.words)
    return format_html(
        '<p class="glimpse"><span lang="{}" dir="{}">{}</span><small>{}</small></p>',
        glimpse.language,
        direction(glimpse.language),
        words,
        _backed_by(glimpse),
    )


def _backed_by(glimpse: Glimpse) -> SafeString:
    """``KEN + FRA · 3 support · 1 opposes · BRA: Reserve · Editorial``."""
    parts: list[str] = [
        format_html_join(" + ", "<bdi>{}</bdi>", ((name,) for name in (glimpse.who, *glimpse.supporting)))
    ]
    if glimpse.support:
        parts.append(ngettext("%(n)s supports", "%(n)s support", glimpse.support) % {"n": glimpse.support})
    if glimpse.oppose:
        parts.append(ngettext("%(n)s opposes", "%(n)s oppose", glimpse.oppose) % {"n": glimpse.oppose})
    parts += [format_html("<bdi>{}</bdi>{}{}", code, colon(), said) for code, said in glimpse.differing]
    return format_html_join(" · ", "{}", ((part,) for part in (*parts, glimpse.kind)))


def said(voices: Voices) -> str:
    """In words: 3 comments, 1 proposal."""
    comments = ngettext("%(n)d comment", "%(n)d comments", voices.comments) % {"n": voices.comments}
    if not voices.proposals:
        return comments
    proposals = ngettext("%(n)d proposal", "%(n)d proposals", voices.proposals) % {"n": voices.proposals}
    return _("%(comments)s, %(proposals)s") % {"comments": comments, "proposals": proposals}
