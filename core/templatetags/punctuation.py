"""``{% comma %}``, ``{% semicolon %}``, ``{% detail %}``, ``{% colon %}``: with the spaces that belong to them."""

from django import template

from core import punctuation

register = template.Library()

register.simple_tag(punctuation.comma)
register.simple_tag(punctuation.semicolon)
register.simple_tag(punctuation.detail)
register.simple_tag(punctuation.colon)
