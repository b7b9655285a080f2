"""How much of a nomination a caller sees, once they may know of it (``Nomination.objects.visible_to``)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from experts.models import ConflictOfInterest, Nomination, PaperReading, Review
from experts.standing import country_spoken_for, is_staff
from experts.states import shown, shown_to_reviewers


@dataclass(frozen=True)
class Sight:
    """One caller's eyes, read once for a whole list (three queries at most)."""

    pk: int | None
    staff: bool
    country: str
    barred: frozenset[int]
    reviewed: frozenset[int]

    @classmethod
    def of(cls, user: Any, *, at: datetime | None = None) -> "Sight":
        if not user.is_authenticated or not user.is_active:
            return cls(None, False, "", frozenset(), frozenset())
        staff, now = is_staff(user), at or timezone.now()
        conflicts = ConflictOfInterest.objects.standing().filter(user=user.pk)
        reviews = Review.objects.running_for(user, at=now).named(now)
        return cls(
            user.pk,
            staff,
            country_spoken_for(user),
            frozenset(conflicts.values_list("nomination", flat=True)) if staff else frozenset(),
            frozenset() if staff else frozenset(reviews.values_list("nomination", flat=True)),
        )

    def reads_as(self, nomination: Nomination) -> str:
        """As what the caller sees it (``PaperReading.As``); "" for a coordinator, who sees what the list says alone.

        Only of a nomination that is visible to them.
        """
        if self.pk is not None and nomination.nominee_id == self.pk:
            return PaperReading.As.NOMINEE
        draft = nomination.way == Nomination.Way.APPLIED and nomination.state == Nomination.State.DRAFT
        if self.country and nomination.country_id == self.country and not draft:
            return PaperReading.As.COUNTRY
        if self.staff and nomination.pk not in self.barred:
            return PaperReading.As.SECRETARIAT
        return PaperReading.As.REVIEWER if nomination.pk in self.reviewed else ""

    def is_reviewer(self, nomination: Nomination) -> bool:
        return self.reads_as(nomination) == PaperReading.As.REVIEWER

    def is_secretariat(self, nomination: Nomination) -> bool:
        return self.reads_as(nomination) == PaperReading.As.SECRETARIAT

    def state_of(self, nomination: Nomination) -> str:
        """The state as the caller may know it (reads ``nomination.call``)."""
        seen_as = self.reads_as(nomination)
        if seen_as == PaperReading.As.SECRETARIAT:
            return nomination.state
        if seen_as == PaperReading.As.REVIEWER:
            return shown_to_reviewers(nomination.state)
        return shown(nomination.state, announced=nomination.call.decided_at is not None)
