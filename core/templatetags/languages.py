"""Languages by their own names, as ``settings.LANGUAGES`` spells them; Django's names are others."""

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def language_name(code: str) -> str:
    """The name of a language in that language; a code that isn't one of the portal's stays as it is."""
    return str(dict(settings.LANGUAGES).get(code, code))
