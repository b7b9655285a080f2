"""Addresses of pages that belong to other parts of the app."""

from typing import Any

from django.urls import reverse

from experts.models import Call


def call_page(call_id: int) -> str:
    """The page of a call."""
    return reverse("calls:call_detail", args=[call_id])


def nomination_page(uuid: Any) -> str:
    """The page of one nomination."""
    return reverse("nominations:nomination_detail", args=[uuid])


def nominate_link(call: Call) -> str:
    """Where a focal point nominates somebody."""
    return reverse("nominations:nominate", args=[call.pk])


def apply_link(call: Call) -> str:
    """Where somebody applies for themselves."""
    return reverse("nominations:apply", args=[call.pk])


def nominations_link(call: Call) -> str:
    """The call's nominations, for the secretariat."""
    return reverse("reviewing:nomination_list", args=[call.pk])


def offer_link(call: Call) -> str:
    """Where somebody offers to host."""
    return reverse("hosting:offer", args=[call.pk])
