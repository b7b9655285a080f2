"""How long the papers of a nomination are kept: of those who weren't chosen, for a time after the announcement."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from core import audit, schedule
from experts.actions.moving import lock_nomination
from experts.actions.paper_files import drop_papers
from experts.models import Call, Nomination

S = Nomination.State
# Whoever has a place, is to have one, or may still take it. All others go: withdrawn and unfinished ones, too.
CHOSEN = frozenset({S.PROPOSED, S.INVITED, S.ACCEPTED, S.PUBLISHED})
AT_ONCE = 500


def papers_until(nomination: Nomination) -> datetime | None:
    """When the papers go; None while that isn't settled: not announced yet, or chosen. Reads ``nomination.call``."""
    call = nomination.call
    if call.decided_at is None or nomination.state in CHOSEN:
        return None
    return call.decided_at + timedelta(days=call.retention_days)


def past_retention(now: datetime) -> "QuerySet[Nomination]":
    """Nominations whose papers are to go by ``now`` and are still there."""
    over = [
        call.pk
        for call in Call.objects.filter(decided_at__lte=now)
        if call.decided_at and call.decided_at + timedelta(days=call.retention_days) <= now
    ]
    return Nomination.objects.filter(call__in=over, papers__isnull=False).exclude(state__in=CHOSEN).distinct()


@schedule.every(6 * 3600, "experts.remove_papers")
def remove_papers(now: datetime) -> int:
    """Delete the papers whose time is over; of how many nominations. What remains is done the next time."""
    keys = list(past_retention(now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_remove(pk, now) for pk in keys)


def _remove(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        nomination = lock_nomination(pk)
        until = papers_until(nomination)
        if until is None or until > now:
            return False
        removed = drop_papers(nomination)
        if not removed:
            return False
        nomination.papers_removed_at = now
        nomination.save(update_fields=["papers_removed_at"])
        audit.record("nomination.papers_expire", nomination, actor=None, changes={"papers": removed})
    return True
