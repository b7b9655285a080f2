"""The fictional accounts that the demonstration's sign-in page lists."""

from django import template

from accounts.demonstration_accounts import demonstration_accounts

register = template.Library()
register.simple_tag(demonstration_accounts)
