"""Consultation rounds: a draft, an audience, and a time."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Group, Role
from drafts.models import Draft


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: Any) -> "RoundQuerySet":
        """Rounds whose page the caller may see; the query behind ``rules.may_see_round``.

        A round is seen by everyone who reads its draft and belongs to its audience; open rounds and rounds
        whose comments are public are announced to everyone who reads the draft.
        """
        facts = facts_of(user)
        if facts.has(Role.STAFF) or facts.has(Role.DRAFTER):
            return self.all()
        audience = Q(kind=Round.Kind.OPEN) | Q(visibility=Round.Visibility.PUBLIC)
        if facts.groups:
            audience |= Q(pk__in=RoundAudience.objects.filter(group__in=facts.groups).values("round"))
        visible = audience & Q(draft__in=Draft.objects.visible_to(user).values("pk"))
        scoped = facts.scoped(Role.STAFF, "round") | facts.scoped(Role.DRAFTER, "round")
        if scoped:
            visible |= Q(pk__in=scoped)
        return self.filter(visible)

    def accounted_to(self, user: Any) -> "RoundQuerySet":
        """Rounds whose account the caller may read; the query behind ``rules.may_see_account``.

        Once the answers are published, whoever may read the comments: everyone, those invited, or the secretariat
        alone. The secretariat sees what it will be before.
        """
        facts = facts_of(user)
        if facts.has(Role.STAFF) or facts.has(Role.DRAFTER):
            return self.all()
        admitted = Q(visibility=Round.Visibility.PUBLIC)
        if user is not None and user.is_authenticated:
            invited = RoundAudience.objects.filter(group__in=facts.groups).values("round")
            admitted |= Q(visibility=Round.Visibility.PARTICIPANTS) & (
                Q(kind=Round.Kind.OPEN) | Q(pk__in=invited)
            )
        given = Q(published_at__isnull=False) & admitted
        scoped = facts.scoped(Role.STAFF, "round") | facts.scoped(Role.DRAFTER, "round")
        if scoped:
            given |= Q(pk__in=scoped)
        return self.visible_to(user).filter(given)

    def running_at(self, at: datetime) -> "RoundQuerySet":
        return self.filter(opens_at__lte=at, closes_at__gt=at, closed_at__isnull=True)


class Round(models.Model):
    """One consultation on one draft. Its state is derived from the clock and from what people did."""

    class Kind(models.TextChoices):
        EXPERT_GROUP = "expert_group", _("Expert Working Group")
        REGIONAL = "regional", _("Regional consultation")
        THEMATIC = "thematic", _("Thematic consultation")
        STAKEHOLDER = "stakeholder", _("Stakeholder consultation")
        OPEN = "open", _("Open online consultation")

    class Visibility(models.TextChoices):
        """Who reads the comments of others, for as long as the round exists."""

        PUBLIC = "public", _("Everyone")
        PARTICIPANTS = "participants", _("Those taking part")
        SECRETARIAT = "secretariat", _("The secretariat only")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        ANSWERED = "answered", _("Answered")
        PUBLISHED = "published", _("Answers published")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="rounds")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    title = models.CharField(max_length=200)
    guidance = models.TextField(blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    # Minutes after closing in which input still counts; never shown, so that nobody plans with it.
    grace = models.PositiveIntegerField(default=0)
    visibility = models.CharField(max_length=12, choices=Visibility.choices, default=Visibility.PUBLIC)
    # Names are kept from everyone but the secretariat, whatever the commenters chose.
    anonymous = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="round_opens_before_closing"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def closes_for(self, deadline: datetime | None = None) -> datetime:
        """When input stops counting, grace included; ``deadline`` replaces the round's for some roles."""
        return (deadline or self.closes_at) + timedelta(minutes=self.grace)

    def state_at(self, at: datetime) -> "Round.State":
        """The state that follows from the clock and from what people did."""
        if self.published_at:
            return self.State.PUBLISHED
        if self.answered_at:
            return self.State.ANSWERED
        if self.closed_at or at >= self.closes_at:
            return self.State.CLOSED
        return self.State.OPEN if at >= self.opens_at else self.State.PLANNED

    @property
    def state(self) -> "Round.State":
        return self.state_at(timezone.now())


class RoundAudience(models.Model):
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="audience")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "group"], name="round_audience_once")]

    def __str__(self) -> str:
        return f"{self.round}: {self.group}"


class RoundScope(models.Model):
    """A part of the draft (by key) that the round asks about; without any, the round asks about all of it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scope")
    key = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "key"], name="round_scope_once")]

    def __str__(self) -> str:
        return f"{self.round}: {self.key}"


class RoundDeadline(models.Model):
    """A deadline of its own for people of one role."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="deadlines")
    role = models.CharField(max_length=20, choices=Role.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "role"], name="round_deadline_once")]

    def __str__(self) -> str:
        return f"{self.round}: {self.role}"


class RoundCounter(models.Model):
    """Gives out comment numbers without gaps. ``accepting`` false: the round was closed early."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, primary_key=True, related_name="counter")
    last = models.PositiveIntegerField(default=0)
    accepting = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.round}: {self.last}"


class RoundFollower(models.Model):
    """Somebody who asked to be told by mail when the closing of a round is moved."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="round_follower_once")]

    def __str__(self) -> str:
        return f"{self.round}: {self.user_id}"
