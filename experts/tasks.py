"""What follows an event of the experts' work, outside the request, and what happens by the clock."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from core import notices, outbox, schedule
from core.models import pk_of
from experts.actions.conflicts import find_conflicts
from experts.actions.reviewers import ASSIGNED
from experts.mails import render_assigned, render_reopened
from experts.models import Call, CallReopening
from experts.queries import focal_points_of


@outbox.handler("call.reopened", name="experts.tell_country")
def tell_country(subject: str) -> None:
    """Tell a country's contact point and deputies, once, that a call was reopened for it."""
    reopening = CallReopening.objects.get(pk=pk_of(subject, CallReopening))
    with transaction.atomic():
        for person in focal_points_of(reopening.country_id):
            notices.notify(recipient=person, kind="call_reopened", subject=reopening)


notices.register_kind("call_reopened", render_reopened)
notices.register_kind(ASSIGNED, render_assigned)


@schedule.every(3600, "experts.find_conflicts")
def find_conflicts_by_rule(now: datetime) -> int:
    """Look for conflicts of interest where people still score: somebody may have changed country or employer."""
    over = Q(discussion_closes_at__lte=now) | Q(discussion_closes_at=None, scoring_closes_at__lte=now)
    calls = Call.objects.filter(kind=Call.Kind.EXPERTS, reviewers__removed_at=None, reviewers__isnull=False)
    return sum(find_conflicts(call) for call in calls.exclude(over).distinct().order_by("pk"))
