"""Where pages of a call lead: to its nominations and offers. Empty where there is no such page."""

from django.urls import NoReverseMatch, reverse

from experts.models import Call


def nominate_link(call: Call) -> str:
    """Where a focal point nominates somebody."""
    return _address("nominations:nominate", call.pk)


def apply_link(call: Call) -> str:
    """Where somebody applies for themselves."""
    return _address("nominations:apply", call.pk)


def nominations_link(call: Call) -> str:
    """The call's nominations, as far as the reader sees them."""
    return _address("nominations:list", call.pk)


def offer_link(call: Call) -> str:
    """Where somebody offers to host."""
    return _address("hosting:offer", call.pk)


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
