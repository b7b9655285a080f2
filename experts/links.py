"""Addresses of pages that belong to other parts of the app. Empty where there is no such page."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from experts.models import Call


def page_of(name: str, *args: Any) -> str:
    """The path of a page, or an empty text where there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def call_page(call_id: int) -> str:
    """The page of a call."""
    return page_of("calls:call_detail", call_id)


def nomination_page(uuid: Any) -> str:
    """The page of one nomination."""
    return page_of("nominations:nomination_detail", uuid)


def nominate_link(call: Call) -> str:
    """Where a focal point nominates somebody."""
    return page_of("nominations:nominate", call.pk)


def apply_link(call: Call) -> str:
    """Where somebody applies for themselves."""
    return page_of("nominations:apply", call.pk)


def nominations_link(call: Call) -> str:
    """The call's nominations, for the secretariat."""
    return page_of("reviewing:nomination_list", call.pk)


def offer_link(call: Call) -> str:
    """Where somebody offers to host."""
    return page_of("hosting:offer", call.pk)
