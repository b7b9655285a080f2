"""What happens by the clock in calls."""

from datetime import datetime

from django.db.models import Q

from core import schedule
from experts.actions.conflicts import find_conflicts
from experts.models import Call


@schedule.every(3600, "experts.find_conflicts")
def find_conflicts_by_rule(now: datetime) -> int:
    """Look for conflicts of interest where people still score: somebody may have changed country or employer."""
    over = Q(discussion_closes_at__lte=now) | Q(discussion_closes_at=None, scoring_closes_at__lte=now)
    calls = Call.objects.filter(kind=Call.Kind.EXPERTS, reviewers__removed_at=None, reviewers__isnull=False)
    return sum(find_conflicts(call) for call in calls.exclude(over).distinct().order_by("pk"))
