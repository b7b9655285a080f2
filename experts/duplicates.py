"""The pairs of a call that look like one person's, with what was decided of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from experts.likeness import Candidate, Reason, look_alike
from experts.models import Call, DuplicateVerdict, Nomination


@dataclass(frozen=True)
class Likeness:
    """Two nominations, why they look alike, and the verdict, if there is one."""

    first: Nomination
    second: Nomination
    reason: Reason
    verdict: DuplicateVerdict | None

    @property
    def key(self) -> str:
        return f"{self.first.pk}-{self.second.pk}"


def compared_for(user: Any, call: Call) -> "QuerySet[Nomination]":
    """What the caller may compare: what they have before them to screen, and nothing they are barred from."""
    known = Nomination.objects.weighed_by(user).filter(call=call)
    return known.exclude(state__in=(Nomination.State.DRAFT, Nomination.State.WITHDRAWN))


def likenesses(user: Any, call: Call) -> list[Likeness]:
    """Undecided pairs first, the stronger reasons before the weaker (four queries, however many)."""
    rows = compared_for(user, call).values_list("pk", "name", "email")
    found = look_alike(Candidate(*row) for row in rows)
    keys = {key for pair in found for key in pair}
    shown = (
        Nomination.objects.filter(pk__in=keys).select_related("country").prefetch_related("traits").in_bulk()
    )
    decided = DuplicateVerdict.objects.filter(first__in=keys, second__in=keys).select_related("decided_by")
    verdicts = {(verdict.first_id, verdict.second_id): verdict for verdict in decided}
    pairs = [
        Likeness(shown[first], shown[second], reason, verdicts.get((first, second)))
        for (first, second), reason in found.items()
    ]
    order = list(Reason)
    return sorted(
        pairs, key=lambda p: (p.verdict is not None, order.index(p.reason), p.first.pk, p.second.pk)
    )
