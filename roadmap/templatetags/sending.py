"""What a form carries so that it is carried out once, however often it is sent."""

from uuid import uuid4

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def sent_once() -> str:
    """The key that ``views.saving.entered`` looks for; a new one for each page."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4())
