"""Addresses of pages that belong to other parts of the app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.addresses import addresses
from experts.models import Call, Nomination
from experts.rules import is_nominee, reviewer_of, speaks_for_country
from experts.standing import country_spoken_for, is_staff, regions_coordinated

NOMINATION = "nominations:nomination_detail"


@dataclass(frozen=True)
class NominationLists:
    """Where somebody finds the nominations of a call, for each thing that they are; "" for what they aren't."""

    secretariat: str = ""
    country: str = ""
    region: str = ""


def call_page(call_id: int) -> str:
    """The page of a call."""
    return reverse("calls:call_detail", args=[call_id])


def nomination_page(uuid: Any) -> str:
    """The page of one nomination."""
    return reverse(NOMINATION, args=[uuid])


def nomination_pages() -> Callable[[UUID], str]:
    """What gives the page of each of many nominations."""
    return addresses(NOMINATION)


def reviews_pages(call_id: int) -> Callable[[UUID], str]:
    """What gives the page of the reviews of each nomination of a call."""
    return addresses("reviewing:nomination_reviews", call_id)


def nominate_link(call: Call) -> str:
    """Where a focal point nominates somebody."""
    return reverse("nominations:nominate", args=[call.pk])


def apply_link(call: Call) -> str:
    """Where somebody applies for themselves."""
    return reverse("nominations:apply", args=[call.pk])


def nomination_lists(user: Any, call: Call) -> NominationLists:
    """The lists of the call's nominations that ``user`` may open: the one rule for every link to them.

    None for a call to host, nor before it is announced; a country's and a region's from its opening on, and for good.
    """
    if call.kind != Call.Kind.EXPERTS or not user.is_authenticated:
        return NominationLists()
    opened = call.announced_at is not None and timezone.now() >= call.opens_at
    return NominationLists(
        secretariat=reverse("reviewing:nomination_list", args=[call.pk]) if is_staff(user) else "",
        country=reverse("nominations:country", args=[call.pk]) if opened and country_spoken_for(user) else "",
        region=reverse("nominations:region", args=[call.pk]) if opened and regions_coordinated(user) else "",
    )


def list_of(user: Any, nomination: Nomination) -> tuple[str, str]:
    """The list in which ``user`` finds a nomination: its name and its address; empty where they have none."""
    if is_nominee(user, nomination):
        return _("My nominations"), reverse("nominations:my_nominations")
    lists = nomination_lists(user, nomination.call)
    if lists.country and speaks_for_country(user, nomination):
        return _("Nominations by %(country)s") % {"country": nomination.country}, lists.country
    if lists.secretariat:
        return _("Nominations"), lists.secretariat
    return (_("Nominations of your region"), lists.region) if lists.region else ("", "")


def members_link(call: Call) -> str:
    """The panel as it is public, once it was announced; "" before."""
    if call.kind != Call.Kind.EXPERTS or call.decided_at is None:
        return ""
    return reverse("panel:members", args=[call.pk])


def reviews_link(user: Any, call: Call) -> str:
    """The reviewer's own reviews in the call; "" for who is none."""
    return reverse("reviewing:scoring_overview", args=[call.pk]) if reviewer_of(user, call) else ""


def offer_link(call: Call) -> str:
    """Where somebody offers to host."""
    return reverse("hosting:offer", args=[call.pk])
