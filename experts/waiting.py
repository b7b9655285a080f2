"""What waits for the reader in calls: a nomination to complete, others to endorse."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from experts.models import Call, Nomination, Review
from experts.standing import country_spoken_for

S = Nomination.State


@dataclass(frozen=True)
class Waiting:
    """So many things of one sort, where they stand, and of which call (``title``)."""

    number: int
    words: str
    address: str
    title: str
    # Until when, where it ends at one time for everybody; and the call whose zone it is told in.
    until: datetime | None = None
    call: Call | None = None


def waiting_for(user: Any) -> list[Waiting]:
    """Three queries and one for each call; none for a visitor."""
    if not user.is_authenticated or not user.is_active:
        return []
    return [*_to_complete(user), *_to_endorse(user), *_to_review(user)]


def _to_complete(user: Any) -> Iterator[Waiting]:
    begun = Q(state=S.AWAITING_NOMINEE) | Q(state=S.DRAFT, way=Nomination.Way.APPLIED)
    mine = (
        Nomination.objects.filter(begun, nominee=user.pk).select_related("call").order_by("call__closes_at")
    )
    for nomination in mine.prefetch_related("call__reopenings"):
        closes_at, _endorsed = nomination.call.deadlines_for(nomination.country_id)
        if nomination.call.decided_at is None and closes_at > timezone.now():
            words = ngettext("nomination to complete", "nominations to complete", 1)
            page = reverse("nominations:nomination_detail", args=[nomination.uuid])
            yield Waiting(1, words, page, nomination.call.title)


def _to_endorse(user: Any) -> Iterator[Waiting]:
    country = country_spoken_for(user)
    if not country:
        return
    waiting = Q(nominations__country=country, nominations__state=S.AWAITING_ENDORSEMENT)
    others = ~Q(nominations__nominee=user.pk) | Q(nominations__nominee=None)
    calls = Call.objects.annotate(waiting=Count("nominations", filter=waiting & others)).filter(waiting__gt=0)
    for call in calls.prefetch_related("reopenings").order_by("closes_at"):
        if call.decided_at is None and call.deadlines_for(country)[1] > timezone.now():
            words = ngettext("nomination to endorse", "nominations to endorse", call.waiting)
            yield Waiting(call.waiting, words, reverse("nominations:country", args=[call.pk]), call.title)


def _to_review(user: Any) -> Iterator[Waiting]:
    now = timezone.now()
    mine = (
        Review.objects.running_for(user, at=now)
        .unbarred()
        .filter(submitted_at=None, nomination__state=S.ELIGIBLE, reviewer__call__scoring_closes_at__gt=now)
        .filter(reviewer__call__decided_at=None)
    )
    mine = mine.exclude(nomination__nominee=user.pk).exclude(nomination__email=user.email)
    counts = mine.order_by().values_list("reviewer__call").annotate(n=Count("pk"))
    numbers = dict(counts)
    for call in Call.objects.filter(pk__in=numbers).order_by("scoring_closes_at"):
        words = ngettext("review to write", "reviews to write", numbers[call.pk])
        page = reverse("reviewing:scoring_overview", args=[call.pk])
        yield Waiting(numbers[call.pk], words, page, call.title, call.scoring_closes_at, call)
