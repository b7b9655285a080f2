"""What the pages of signing in need to know."""

from dataclasses import dataclass

from django import template

from accounts.middleware import AFTERWARDS
from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.single_sign_on import services

register = template.Library()


@dataclass(frozen=True)
class SecondFactor:
    """Whether it is asked of the reader, whether there is one, and where they were going when led here."""

    needed: bool
    present: bool
    onward: str


@register.simple_tag(takes_context=True)
def second_factor(context: template.Context) -> SecondFactor:
    request = context["request"]
    return SecondFactor(
        needs_second_factor(request.user),
        has_second_factor(request.user),
        request.session.get(AFTERWARDS, ""),
    )


@register.simple_tag
def sign_in_services() -> list[dict[str, str]]:
    """The services of the installation's choice, as ``id`` and ``name``."""
    return [{"id": id, "name": name} for id, name in services().items()]
