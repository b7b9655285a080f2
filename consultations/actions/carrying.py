"""Carrying comments forward to a draft that has come out."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from consultations.carrying import Carrier, Place
from consultations.models import AnchorMapping, Comment
from core import jobs
from core.models import Job
from drafts.models import Draft

KIND = "carry_comments"
AT_ONCE = 500
_FIELDS = ("state", "provision_id", "start", "end")


def start_carrying(*, draft: Draft, actor: Any = None) -> Job:
    """Have the open comments on earlier drafts carried to ``draft``; a job that hasn't begun yet is enough."""
    with transaction.atomic():
        waiting = Job.objects.filter(kind=KIND, params__draft=draft.pk, state=Job.State.QUEUED).first()
        return waiting or jobs.start(KIND, actor, {"draft": draft.pk})


def open_comments(draft: Draft) -> "QuerySet[Comment]":
    """The comments that go on to ``draft``: submitted, on an earlier draft of its guidelines, with no answer out."""
    return Comment.objects.filter(
        Q(disposition=None) | Q(disposition__published_at=None),
        round__draft__guidelines=draft.guidelines_id,
        round__draft__number__lt=draft.number,
        status=Comment.Status.SUBMITTED,
    )


def carry_comments(
    *,
    draft: Draft,
    total: Callable[[int], None] = lambda n: None,
    advance: Callable[[int], None] = lambda n: None,
) -> int:
    """Carry every open comment to ``draft``; how many there were. What a person has confirmed stays.

    In chunks, each committed; may be begun again at any time and then changes only what has to change. Nothing is
    carried to a draft that isn't out: its words may still change.
    """
    if not draft.is_open_to_all:
        return 0
    # In the order of provisions, so that two wordings are compared once for all that is said of them.
    ids = list(open_comments(draft).order_by("provision", "pk").values_list("pk", flat=True))
    total(len(ids))
    carrier = Carrier(draft)
    for start in range(0, len(ids), AT_ONCE):
        chunk = ids[start : start + AT_ONCE]
        _carry(carrier, chunk)
        advance(len(chunk))
    return len(ids)


def carry_comment(*, comment: Comment) -> None:
    """Carry one comment to every later draft that is out, if it is open."""
    draft = comment.round.draft
    later = Draft.objects.filter(
        guidelines=draft.guidelines_id, number__gt=draft.number, status__in=Draft.OPEN_TO_ALL
    )
    for each in later.order_by("number"):
        if open_comments(each).filter(pk=comment.pk).exists():
            _carry(Carrier(each), [comment.pk])


def _carry(carrier: Carrier, ids: list[int]) -> None:
    comments = Comment.objects.filter(pk__in=ids).select_related(
        "round__draft", "provision", "anchor__revision"
    )
    places = {comment.pk: carrier.place_of(comment) for comment in comments}
    with transaction.atomic():
        kept = {
            row.comment_id: row for row in AnchorMapping.objects.filter(draft=carrier.draft, comment__in=ids)
        }
        new = [
            AnchorMapping(comment_id=pk, draft=carrier.draft, **_values(place))
            for pk, place in places.items()
            if pk not in kept and place.known
        ]
        AnchorMapping.objects.bulk_create(new, ignore_conflicts=True)
        for pk, row in kept.items():
            values = _values(places[pk])
            if places[pk].known and values != {name: getattr(row, name) for name in _FIELDS}:
                # Not what a person has confirmed meanwhile.
                AnchorMapping.objects.filter(pk=row.pk, version=row.version, confirmed_at=None).update(
                    **values, version=row.version + 1, carried_at=timezone.now()
                )


def _values(place: Place) -> dict[str, Any]:
    return {
        "state": place.state,
        "provision_id": place.provision.pk if place.provision else None,
        "start": place.start,
        "end": place.end,
    }
