"""Addresses of pages that belong to other parts of the portal."""

from django.urls import NoReverseMatch, reverse

from experts.models import Call, Nomination


def address_of(name: str, *args: object) -> str:
    """The address of a page, or an empty text where this portal doesn't have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def call_address(call: Call) -> str:
    return address_of("calls:detail", call.pk)


def nomination_address(nomination: Nomination) -> str:
    return address_of("nominations:detail", nomination.uuid)
