"""Addresses of pages that belong to other parts of the app."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def page_of(name: str, *args: Any) -> str:
    """The path of a page, or an empty text where there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def nomination_page(uuid: Any) -> str:
    """The page of one nomination."""
    return page_of("nominations:detail", uuid)


def call_page(call_id: int) -> str:
    """The page of a call."""
    return page_of("calls:detail", call_id)
