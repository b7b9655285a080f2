"""What waits for the person who reads: comments to answer, answers to publish, comments begun and not sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext

from consultations.models import Comment, Round
from consultations.rules import is_secretariat, may_publish_answers


@dataclass(frozen=True)
class Waiting:
    """So many things of one sort, where they stand, and of which round."""

    number: int
    words: str
    address: str
    round: Round

    @property
    def title(self) -> str:
        return self.round.title


def waiting_for(user: Any, rounds: Iterable[Round]) -> list[Waiting]:
    """Of these ``rounds``, in their order (two queries, none for a visitor)."""
    if not user.is_authenticated:
        return []
    known = {round.pk: round for round in rounds}
    found = [*_at_the_desk(user, known), *_begun(user, known)]
    places = list(known)
    return sorted(found, key=lambda waiting: places.index(waiting.round.pk))


def _at_the_desk(user: Any, rounds: dict[int, Round]) -> Iterable[Waiting]:
    mine = [pk for pk, round in rounds.items() if is_secretariat(user, round)]
    listed = Q(status__in=(Comment.Status.SUBMITTED, Comment.Status.HIDDEN))
    unpublished = Q(disposition__isnull=False, disposition__published_at__isnull=True)
    agreed = Q(disposition__agreed_at__isnull=False)
    counts = (
        Comment.objects.filter(listed, round__in=mine)
        .values("round")
        .annotate(
            unanswered=Count("pk", filter=Q(disposition__isnull=True)),
            unpublished=Count("pk", filter=unpublished & (agreed | Q(round__second_reader=False))),
            unread=Count(
                "pk",
                filter=unpublished
                & ~agreed
                & Q(round__second_reader=True)
                & ~Q(disposition__decided_by=user.pk),
            ),
        )
    )
    for row in counts.order_by() if mine else ():
        round, unanswered, ready = rounds[row["round"]], row["unanswered"], row["unpublished"]
        desk = reverse("consultations:desk", args=[round.pk])
        if unanswered:
            words = ngettext("comment to answer", "comments to answer", unanswered)
            yield Waiting(unanswered, words, f"{desk}?answer=none", round)
        if unread := row["unread"]:
            words = ngettext("answer to read as second reader", "answers to read as second reader", unread)
            yield Waiting(unread, words, f"{desk}?answer=second_reader", round)
        if ready and may_publish_answers(user, round):
            words = ngettext("answer to publish", "answers to publish", ready)
            yield Waiting(ready, words, desk, round)


def _begun(user: Any, rounds: dict[int, Round]) -> Iterable[Waiting]:
    begun = Comment.objects.filter(author=user, status=Comment.Status.DRAFT, round__in=rounds)
    for row in begun.values("round").annotate(n=Count("pk")).order_by():
        words = ngettext("comment begun and not sent", "comments begun and not sent", row["n"])
        yield Waiting(row["n"], words, reverse("consultations:my_comments"), rounds[row["round"]])
