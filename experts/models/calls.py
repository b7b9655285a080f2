"""Calls: for experts to be nominated, and for meetings to be hosted."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Country, Group
from drafts.models import Guidelines
from experts.standing import is_staff


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user: Any) -> "CallQuerySet":
        """Announced calls; all of them for the secretariat. The query behind ``rules.may_see_call``."""
        return self.all() if is_staff(user) else self.filter(announced_at__isnull=False)


class Call(models.Model):
    """An announcement with a deadline. Its state is derived from the clock and from what people did.

    ``zone`` is the zone in which the deadlines were set and are announced; the instants themselves are UTC.
    """

    class Kind(models.TextChoices):
        EXPERTS = "experts", _("Call for experts")
        HOSTING = "hosting", _("Call to host meetings")

    class State(models.TextChoices):
        PREPARED = "prepared", _("In preparation")
        PLANNED = "planned", _("Announced")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        DECIDED = "decided", _("Decided")

    guidelines = models.ForeignKey(Guidelines, on_delete=models.PROTECT, related_name="calls")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200)
    # Markdown, as in drafts: what is asked, of whom, and how it is decided.
    terms = models.TextField(blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    # Until when governments may endorse what was handed in by ``closes_at``; null: until that.
    endorsement_closes_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=50)
    # Minutes after a deadline in which input still counts; never shown, so that nobody plans with it.
    grace = models.PositiveIntegerField(default=0)
    seats = models.PositiveIntegerField(default=30)
    # Whose members a call for experts chooses; null: the Expert Working Group. ``by_region``: each the regional group
    # of their own country instead.
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_region = models.BooleanField(default=False)
    # How many a country may nominate; null: as many as it likes.
    per_country_limit = models.PositiveIntegerField(null=True, blank=True, default=2)
    motivation_words = models.PositiveIntegerField(default=600)
    # Reviewers first score without names, countries and papers.
    blind = models.BooleanField(default=False)
    scoring_opens_at = models.DateTimeField(null=True, blank=True)
    scoring_closes_at = models.DateTimeField(null=True, blank=True)
    discussion_closes_at = models.DateTimeField(null=True, blank=True)
    # Papers of those who weren't chosen go this many days after the decision is announced.
    retention_days = models.PositiveIntegerField(default=183)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    announced_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="call_opens_before_closing"
            ),
            models.CheckConstraint(
                condition=Q(endorsement_closes_at__isnull=True)
                | Q(endorsement_closes_at__gte=F("closes_at")),
                name="call_endorsed_after_closing",
            ),
            models.CheckConstraint(
                condition=Q(scoring_opens_at__isnull=True)
                | Q(scoring_closes_at__isnull=True)
                | Q(scoring_opens_at__lt=F("scoring_closes_at")),
                name="call_scoring_opens_before_closing",
            ),
            models.CheckConstraint(
                condition=Q(by_region=False) | Q(group__isnull=True), name="call_chooses_one_group"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def endorsed_until(self) -> datetime:
        return self.endorsement_closes_at or self.closes_at

    @property
    def closing(self) -> datetime:
        """When it closes, or closed, for all to whom nothing later was given: earlier where it was closed early."""
        return min(self.closed_at or self.closes_at, self.closes_at)

    @property
    def sits_in_regions(self) -> bool:
        """Whether those chosen are members of regional groups: then nobody else is invited to these by the way."""
        return self.by_region or (self.group is not None and self.group.kind == Group.Kind.REGIONAL)

    def deadlines_for(self, country: str) -> tuple[datetime, datetime]:
        """Until when ``country`` may hand in and endorse: the call's dates, or later ones given to that country.

        One query (none where ``reopenings`` are prefetched). The grace isn't in them, see ``accepts_until``. A call
        closed early is closed from then on for all whom nothing later was given.
        """
        closes, endorsed = self.closing, self.endorsed_until
        for given in self.reopenings.all():
            if given.country_id == country:
                closes = max(closes, given.closes_at)
                endorsed = max(endorsed, given.endorsement_closes_at or given.closes_at)
        return closes, endorsed

    def accepts_until(self, at: datetime) -> datetime:
        """When input stops counting where ``at`` is the deadline: the grace is added."""
        return at + timedelta(minutes=self.grace)

    def state_at(self, at: datetime) -> "Call.State":
        """The state that follows from the clock and from what people did."""
        if self.decided_at:
            return self.State.DECIDED
        if self.announced_at is None:
            return self.State.PREPARED
        if self.closed_at or at >= self.closes_at:
            return self.State.CLOSED
        return self.State.OPEN if at >= self.opens_at else self.State.PLANNED

    @property
    def state(self) -> "Call.State":
        return self.state_at(timezone.now())


class CallReopening(models.Model):
    """A country's own, later deadlines, given for a reason after the call has closed (or before)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="reopenings")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    closes_at = models.DateTimeField()
    endorsement_closes_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(endorsement_closes_at__isnull=True)
                | Q(endorsement_closes_at__gte=F("closes_at")),
                name="call_reopening_endorsed_after_closing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.country}"


class CallPaper(models.Model):
    """A paper that the call asks for."""

    class Kind(models.TextChoices):
        CV = "cv", _("Curriculum vitae")
        LETTER = "letter", _("Signed letter of the government")
        COVER_LETTER = "cover_letter", _("Cover letter")
        OFFER = "offer", _("Letter of offer")
        VENUE = "venue", _("Plans of the venue")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    required = models.BooleanField(default=True)
    max_pages = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["call", "kind"], name="call_paper_once")]

    def __str__(self) -> str:
        return f"{self.call}: {self.kind}"


class Criterion(models.Model):
    """What nominations or offers are judged by. Scores run from 0 to ``SCALE``; weights are relative."""

    SCALE = 10

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    weight = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["call", "code"], name="criterion_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="criterion_weighs"),
        ]

    def __str__(self) -> str:
        return self.name


class CallQuestion(models.Model):
    """A question of the call's own, answered in words."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="questions")
    wording = models.TextField()
    required = models.BooleanField(default=False)
    max_words = models.PositiveIntegerField(default=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.wording[:80]
