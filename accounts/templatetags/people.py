"""What the secretariat's pages about people need to know."""

from django import template

from accounts.rules import may_invite

register = template.Library()


@register.simple_tag(takes_context=True)
def may_invite_people(context: template.Context) -> bool:
    """Whether the reader sees the list of invitations."""
    return bool(may_invite(context["request"].user))
