"""Reviewers of a call, and what each of them is given to score."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, notices
from core.verdicts import Conflict, require
from experts.actions.conflicts import find_conflicts
from experts.actions.limits import lock_call
from experts.actions.moving import lock_nominations
from experts.actions.weighing import number_candidates
from experts.distribution import Pair
from experts.models import Call, ConflictOfInterest, Nomination, Review, Reviewer
from experts.review_rules import may_add_reviewer, may_screen

ASSIGNED = "reviews_assigned"
PAUSE = timedelta(minutes=3)


def add_reviewer(*, actor: Any, call: Call, person: Any) -> Reviewer:
    """Make somebody a reviewer, or one again with what they had; their conflicts are looked for at once."""
    require(may_add_reviewer(actor, call, person))
    with transaction.atomic():
        lock_call(call.pk)
        reviewer, created = Reviewer.objects.get_or_create(
            call=call, user=person, defaults={"added_by": actor}
        )
        if created or reviewer.removed_at:
            reviewer.removed_at = None
            reviewer.save(update_fields=["removed_at"])
            audit.record("reviewer.add", reviewer, actor=actor)
        # Whoever changes employer or nationality at this moment either is seen here or sees the reviewer.
        list(call.nominations.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        find_conflicts(call)
    return reviewer


def remove_reviewer(*, actor: Any, reviewer: Reviewer) -> None:
    """They see nothing any more and owe nothing; what they submitted stays and counts."""
    require(may_screen(actor, reviewer.call))
    with transaction.atomic():
        lock_call(reviewer.call_id)
        if Reviewer.objects.filter(pk=reviewer.pk, removed_at=None).update(removed_at=timezone.now()):
            audit.record("reviewer.remove", reviewer, actor=actor)


def assign_reviews(
    *,
    actor: Any,
    call: Call,
    add: Iterable[Pair] = (),
    remove: Iterable[Pair] = (),
    seen: set[Pair] | None = None,
) -> tuple[int, int]:
    """Give reviews to reviewers and take them back, all of it or nothing; how many were added and removed.

    Pairs are (nomination, reviewer). ``seen``: what stood, of these pairs' nominations, when the actor looked; else
    ``Conflict``. Refused (``ValidationError``): a conflict of interest, a nomination that isn't eligible or that the
    actor has nothing to do with, somebody who is no reviewer, taking back what was submitted. What stands already
    isn't assigned twice.
    """
    require(may_screen(actor, call))
    wanted, unwanted = set(add), set(remove)
    with transaction.atomic():
        lock_call(call.pk)
        touched = {n for n, _r in wanted | unwanted}
        if seen is not None and seen != _standing(touched | {n for n, _r in seen}):
            raise Conflict(_("The assignments have changed since you opened the page. Nothing was changed."))
        _check_pairs(actor, call, wanted, touched)
        added = _add(actor, call, wanted)
        removed = _take_back(actor, call, unwanted)
    return added, removed


def _standing(nominations: set[int]) -> set[Pair]:
    rows = Review.objects.filter(nomination__in=nominations, reviewer__removed_at=None).unbarred()
    return set(rows.values_list("nomination_id", "reviewer_id"))


def _check_pairs(actor: Any, call: Call, wanted: set[Pair], touched: set[int]) -> None:
    known = Nomination.objects.weighed_by(actor).filter(call=call, pk__in=touched)
    states = dict(known.values_list("pk", "state"))
    users = dict(Reviewer.objects.filter(call=call, removed_at=None).values_list("pk", "user_id"))
    if touched - states.keys() or any(states[n] != Nomination.State.ELIGIBLE for n, _r in wanted):
        raise ValidationError(_("Only eligible nominations are given to reviewers."))
    if any(r not in users for _n, r in wanted):
        raise ValidationError(_("Choose reviewers of this call."))
    barred = set(
        ConflictOfInterest.objects.standing()
        .filter(nomination__in=touched)
        .values_list("nomination_id", "user_id")
    )
    if any((n, users[r]) in barred for n, r in wanted):
        raise ValidationError(_("A conflict of interest bars a reviewer from one of these nominations."))


def _add(actor: Any, call: Call, wanted: set[Pair]) -> int:
    known = Review.objects.filter(reviewer__call=call).values_list("nomination_id", "reviewer_id")
    new = sorted(wanted - set(known))
    Review.objects.bulk_create(
        (Review(nomination_id=n, reviewer_id=r, assigned_by=actor) for n, r in new), batch_size=500
    )
    if new:
        number_candidates(lock_nominations({n for n, _r in new}))
        audit.record("review.assign", call, actor=actor, changes={"added": len(new)})
        _tell(call, {r for _n, r in new})
    return len(new)


def _tell(call: Call, reviewers: set[int]) -> None:
    """One mail to each for what was given within a few minutes: staff assign page by page."""
    told = Reviewer.objects.filter(pk__in=reviewers).select_related("user")
    for reviewer in told.annotate(latest=Max("reviews__pk")).order_by("pk"):
        notices.notify(
            recipient=reviewer.user,
            kind=ASSIGNED,
            subject=reviewer,
            occurrence=str(reviewer.latest),
            digest_key=f"{ASSIGNED}:{reviewer.pk}",
            send_at=timezone.now() + PAUSE,
        )


def _take_back(actor: Any, call: Call, unwanted: set[Pair]) -> int:
    removed = 0
    for n, r in sorted(unwanted):
        row = Review.objects.select_for_update().filter(reviewer__call=call, nomination=n, reviewer=r).first()
        if row and row.submitted_at:
            raise ValidationError(_("A submitted review isn’t taken back."))
        if row:
            row.delete()
            removed += 1
    if removed:
        audit.record("review.unassign", call, actor=actor, changes={"removed": removed})
    return removed
