"""A call in scoring with people of every standing, small enough to count by hand."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from experts.actions.conflicts import pin_conflict
from experts.actions.reviewers import add_reviewer, assign_reviews
from experts.actions.scoring import save_review
from experts.actions.screening import screen
from experts.models import Call, Criterion, Nomination, Review, Reviewer
from tests.factories import make_call, make_nomination, make_user


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def scoring_call(*, blind: bool = False, criteria: int = 3, **fields: Any) -> Call:
    """A call whose scoring opened an hour ago, closes in a day, and whose discussion closes in two."""
    now = timezone.now()
    fields.setdefault("scoring_opens_at", now - timedelta(hours=1))
    fields.setdefault("scoring_closes_at", now + timedelta(days=1))
    fields.setdefault("discussion_closes_at", now + timedelta(days=2))
    call = make_call(blind=blind, **fields)
    names = ("Suitability", "Capacity", "Willingness")
    for n in range(criteria):
        Criterion.objects.create(
            call=call, code=f"c{n}", name=names[n], name_en=names[n], weight=3 - n, position=n
        )
    return call


def eligible(call: Call, staff: Any, count: int = 1, **fields: Any) -> list[Nomination]:
    """Nominations handed in and marked eligible, the way staff do it."""
    rows = [make_nomination(call, **fields) for _ in range(count)]
    screen(actor=staff, call=call, seen={row.uuid: row.state for row in rows}, to="eligible")
    return list(Nomination.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def reviewer_in(call: Call, staff: Any, user: Any = None, **fields: Any) -> Reviewer:
    return add_reviewer(actor=staff, call=call, person=user or make_user("expert", **fields))


def assign(staff: Any, nomination: Nomination, *reviewers: Reviewer) -> list[Review]:
    pairs = [(nomination.pk, reviewer.pk) for reviewer in reviewers]
    assign_reviews(actor=staff, call=nomination.call, add=pairs)
    return [Review.objects.get(nomination=nomination, reviewer=reviewer) for reviewer in reviewers]


def submit(review: Review, *values: int, comment: str = "") -> Review:
    """Submit a review with these scores, in the order of the criteria."""
    criteria = Criterion.objects.filter(call=review.reviewer.call)
    return save_review(
        actor=review.reviewer.user,
        review_id=review.pk,
        version=Review.objects.get(pk=review.pk).version,
        values={criterion.pk: value for criterion, value in zip(criteria, values, strict=True)},
        comment=comment,
        submit=True,
    )


def bar(staff: Any, reviewer: Reviewer, nomination: Nomination, kind: str = "family") -> None:
    pin_conflict(actor=staff, call=nomination.call, reviewer=reviewer, nomination=nomination, kind=kind)
