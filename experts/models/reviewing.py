"""Reviewers, their conflicts of interest, and what they score."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.models.calls import Call, Criterion
from experts.models.nominations import Nomination


class Reviewer(models.Model):
    """Somebody who scores nominations in one call."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviewerships")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "user"], name="reviewer_once"),
            models.CheckConstraint(condition=~Q(added_by=models.F("user")), name="reviewer_not_by_self"),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.user}"


class ConflictQuerySet(models.QuerySet["ConflictOfInterest"]):
    def standing(self) -> "ConflictQuerySet":
        return self.filter(lifted_at__isnull=True)


class ConflictOfInterest(models.Model):
    """Why a person has nothing to do with a nomination: bars them from it everywhere.

    ``pinned``: set by the secretariat, or found by rule; the person can't take it back.
    """

    class Kind(models.TextChoices):
        SELF = "self", _("The nominee themselves")
        COUNTRY = "country", _("Same country")
        EMPLOYER = "employer", _("Same employer")
        FAMILY = "family", _("Family or close personal relation")
        SUPERVISION = "supervision", _("Supervisor or supervised")
        COLLABORATION = "collaboration", _("Recent joint work")
        FINANCIAL = "financial", _("Financial interest")
        REFEREE = "referee", _("Referee of the nominee")
        OTHER = "other", _("Other")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    pinned = models.BooleanField(default=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    declared_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.TextField(blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "nomination", "kind"],
                condition=Q(lifted_at__isnull=True),
                name="conflict_standing_once",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="conflict_lifted_by_one",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(lifted_at__isnull=True), name="conflict_standing")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"


# Which states a reviewer still meets. The outcomes are among them: what vanished would tell that it was decided.
REVIEWED = frozenset(
    {
        Nomination.State.ELIGIBLE,
        Nomination.State.SCORED,
        Nomination.State.PROPOSED,
        Nomination.State.ALTERNATE,
        Nomination.State.NOT_SELECTED,
    }
)


class ReviewQuerySet(models.QuerySet["Review"]):
    def running_for(self, user: Any, *, at: datetime) -> "ReviewQuerySet":
        """A reviewer's own reviews in calls whose scoring or discussion runs; conflicts are looked at elsewhere."""
        running = Q(reviewer__call__scoring_opens_at__lte=at) & (
            Q(reviewer__call__scoring_closes_at__gt=at) | Q(reviewer__call__discussion_closes_at__gt=at)
        )
        return self.filter(
            running, reviewer__user=user.pk, reviewer__removed_at=None, nomination__state__in=REVIEWED
        )

    def named(self, at: datetime) -> "ReviewQuerySet":
        """Those whose reviewers are told who it is: not before scoring has closed in a blind call."""
        return self.filter(Q(reviewer__call__blind=False) | Q(reviewer__call__scoring_closes_at__lte=at))

    def unbarred(self) -> "ReviewQuerySet":
        """Without those whose reviewer has nothing to do with the nomination."""
        conflicts = ConflictOfInterest.objects.standing()
        barred = conflicts.filter(user=OuterRef("reviewer__user"), nomination=OuterRef("nomination"))
        return self.filter(~Exists(barred))

    def standing(self) -> "ReviewQuerySet":
        """What is asked of somebody or was done: a removed reviewer owes nothing, but what they submitted stays."""
        return self.unbarred().filter(Q(reviewer__removed_at=None) | Q(submitted_at__isnull=False))

    def counted(self) -> "ReviewQuerySet":
        """The reviews behind a merit: submitted, by somebody without a conflict of interest."""
        return self.unbarred().filter(submitted_at__isnull=False)


class Review(models.Model):
    """One reviewer's look at one nomination, from its assignment on."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="reviews")
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="reviews")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assigned_at = models.DateTimeField(default=timezone.now)
    comment = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # What its scores come to, 0 to 100: set when it is submitted.
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "nomination"], name="review_once"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(points__isnull=False),
                name="review_submitted_has_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.reviewer_id}"


class Score(models.Model):
    """What a review gives for one criterion: 0 to ``Criterion.SCALE``."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(value__lte=Criterion.SCALE), name="score_within_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.value}"


class DiscussionNote(models.Model):
    """What a reviewer or the secretariat says of a doubtful nomination to the other reviewers."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="discussion")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.pk}"


class DuplicateVerdict(models.Model):
    """What staff decided of two nominations that look like one person's; ``first`` has the smaller key."""

    first = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="+")
    same = models.BooleanField()
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_verdict_once"),
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="duplicate_verdict_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"
