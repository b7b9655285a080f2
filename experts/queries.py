"""What pages and the API read of calls."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from experts.models import Call, Nomination
from experts.standing import country_spoken_for
from experts.states import IN_THE_RUNNING


def whole_calls(user: Any) -> "QuerySet[Call]":
    """The calls that ``user`` sees, with all that pages and the API say of them (five queries, however many)."""
    calls = Call.objects.visible_to(user).select_related("guidelines")
    return calls.prefetch_related("criteria", "papers", "questions", "reopenings__country")


def own_country(user: Any) -> str:
    """The country whose deadlines are the reader's: the one they speak for, else their own; "" for none."""
    if not user.is_authenticated:
        return ""
    return country_spoken_for(user) or user.country_id or ""


def own_deadlines(user: Any, call: Call) -> tuple[datetime, datetime] | None:
    """The deadlines of the reader's country where it was given later ones than the others; else None."""
    country = own_country(user)
    given = country and any(r.country_id == country for r in call.reopenings.all())
    return call.deadlines_for(country) if given else None


def hands_of(call: Call, country: str) -> tuple[int, int]:
    """(in the running, waiting for endorsement) of a country's nominations (one query)."""
    counts = dict(
        call.nominations.filter(country=country, state__in=IN_THE_RUNNING)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    return sum(counts.values()), counts.get(Nomination.State.AWAITING_ENDORSEMENT, 0)
