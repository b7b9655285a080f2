"""Addresses in plain text become links. Django's ``urlize`` drops a full stop that follows ``)``."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Up to a sign that ends a sentence or a bracket; applied to escaped text, where ``&lt;`` and ``&gt;`` end it too.
_ADDRESS = re.compile(r"https?://(?:(?!&lt;|&gt;|&quot;)[^\s])*(?<![.,;:!?)])")


@register.filter
def linked(text: str) -> SafeString:
    """Plain text as HTML, character by character the same, with its web addresses as links."""
    return mark_safe(_ADDRESS.sub(r'<a href="\g<0>" rel="nofollow">\g<0></a>', escape(text)))  # noqa: S308 escaped
