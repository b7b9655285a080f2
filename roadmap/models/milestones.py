"""Milestones: what is planned, expected and done, and every change of it.

The history is the truth; the columns of the milestone say what its last changes say, for the database to check and
to order by.
"""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role
from consultations.models import Round
from drafts.models import Draft
from experts.models import Call
from roadmap.models.meetings import Meeting
from roadmap.plan import Dates, Precision, Standing, State

# What a milestone may be about: its fields of that name.
ABOUT = ("call", "draft", "round", "meeting")


class Kind(models.TextChoices):
    """What a change is of. ``state``: a person's word about the state, or its end."""

    TENTATIVE = "tentative", _("Planned at first")
    FORECAST = "forecast", _("Forecast")
    ACTUAL = "actual", _("Actual")
    STATE = "state", _("State")


DATED = (Kind.TENTATIVE, Kind.FORECAST, Kind.ACTUAL)


class Cause(models.TextChoices):
    """Why something changed, as far as the portal knows. The second half are changes that nobody made by hand."""

    CREATED = "created", _("The milestone was entered")
    CHANGED = "changed", _("Changed by a person")
    SHIFTED = "shifted", _("Moved along with what it depends on")
    IMPORTED = "imported", _("Taken from a spreadsheet")
    RELEASED = "released", _("Follows again what it is about")
    LINKED = "linked", _("Linked to what it is about")
    CALL = "call", _("The call moved on")
    ROUND = "round", _("The round moved on")
    DRAFT = "draft", _("The draft moved on")
    MEETING = "meeting", _("The meeting moved on")


def _date() -> Any:
    return models.DateField(null=True, blank=True)


def _precision() -> Any:
    return models.CharField(max_length=5, choices=Precision.choices, blank=True)


def _dates_agree(kind: str, *, may_be_open: bool = False) -> list[models.CheckConstraint]:
    start, end, precision = f"{kind}_start", f"{kind}_end", f"{kind}_precision"
    none = Q(**{f"{start}__isnull": True, f"{end}__isnull": True, precision: ""})
    both = Q(**{f"{start}__isnull": False, f"{end}__isnull": False, f"{start}__lte": F(end)}) & ~Q(
        **{precision: ""}
    )
    if may_be_open:
        both |= Q(**{f"{start}__isnull": False, f"{end}__isnull": True}) & ~Q(**{precision: ""})
    one_day = ~Q(**{precision: Precision.DAY}) | Q(**{f"{end}__isnull": True}) | Q(**{start: F(end)})
    return [
        models.CheckConstraint(condition=none | both, name=f"milestone_{kind}_whole"),
        models.CheckConstraint(condition=one_day, name=f"milestone_{kind}_one_day"),
    ]


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, user: Any) -> "MilestoneQuerySet":
        """Public ones for everyone, one's own, all for the secretariat. The query behind
        ``milestone_rules.may_see_milestone``."""
        if facts_of(user).has(Role.STAFF):
            return self.all()
        visible = Q(public=True)
        if user.is_authenticated:
            visible |= Q(owner=user.pk)
        return self.filter(visible)


class Milestone(models.Model):
    """A step of the process, dated as exactly as its source is; about at most one thing of the portal, whose events
    move it unless a person said otherwise (``overruled_at``)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    # None: the secretariat as a whole.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="milestones"
    )
    public = models.BooleanField(default=True)
    call = models.ForeignKey(
        Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="milestones"
    )
    draft = models.ForeignKey(
        Draft, on_delete=models.SET_NULL, null=True, blank=True, related_name="milestones"
    )
    round = models.ForeignKey(
        Round, on_delete=models.SET_NULL, null=True, blank=True, related_name="milestones"
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="milestones"
    )
    tentative_start, tentative_end, tentative_precision = _date(), _date(), _precision()
    forecast_start, forecast_end, forecast_precision = _date(), _date(), _precision()
    actual_start, actual_end, actual_precision = _date(), _date(), _precision()
    # A person's word about the state; "" where it follows from the dates.
    stated = models.CharField(max_length=10, choices=State.choices, blank=True)
    # Since when a person's word stands against what would follow by itself.
    overruled_at = models.DateTimeField(null=True, blank=True)
    overruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    overruled_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            *_dates_agree("tentative"),
            *_dates_agree("forecast"),
            *_dates_agree("actual", may_be_open=True),
            models.CheckConstraint(
                condition=Q(call__isnull=True, draft__isnull=True, round__isnull=True)
                | Q(call__isnull=True, draft__isnull=True, meeting__isnull=True)
                | Q(call__isnull=True, round__isnull=True, meeting__isnull=True)
                | Q(draft__isnull=True, round__isnull=True, meeting__isnull=True),
                name="milestone_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(overruled_at__isnull=False) | Q(stated="", overruled_by__isnull=True),
                name="milestone_stated_is_overruled",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def dates(self, kind: str) -> Dates | None:
        """The dates of a kind (``DATED``) as they are now."""
        start: date | None = getattr(self, f"{kind}_start")
        if start is None:
            return None
        return Dates(start, getattr(self, f"{kind}_end"), getattr(self, f"{kind}_precision"))

    @property
    def standing(self) -> Standing:
        tentative, forecast, actual = (self.dates(kind) for kind in DATED)
        return Standing(tentative, forecast, actual, stated=self.stated)

    @property
    def state(self) -> State:
        return self.standing.state

    @property
    def about_kind(self) -> str:
        """Which of ``ABOUT`` it is about, or ""."""
        return next((name for name in ABOUT if getattr(self, f"{name}_id") is not None), "")


class Dependency(models.Model):
    """``milestone`` can't come before ``on``. There are no cycles: ``actions.milestones`` sees to it under a lock."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="dependencies")
    on = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="dependents")

    class Meta:
        ordering = ["on__position", "on_id"]
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(fields=["milestone", "on"], name="dependency_once"),
            models.CheckConstraint(condition=~Q(milestone=F("on")), name="dependency_on_another"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} → {self.on_id}"


class DateChange(models.Model):
    """One change of a milestone's dates or stated state: to what, when, by whom and why. Append-only.

    ``by`` None: by itself, for ``cause``. ``followed`` is the change of another milestone that this one came with.
    """

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    start, end, precision = _date(), _date(), _precision()
    stated = models.CharField(max_length=10, choices=State.choices, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cause = models.CharField(max_length=10, choices=Cause.choices)
    reason = models.TextField(blank=True)
    followed = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="followers"
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["milestone", "at", "id"], name="date_change_history")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Kind.STATE) | Q(start__isnull=True, end__isnull=True),
                name="date_change_state_has_no_dates",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.STATE) | Q(stated=""), name="date_change_dates_have_no_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} {self.kind} {self.start} {self.stated}"

    @property
    def dates(self) -> Dates | None:
        return Dates(self.start, self.end, self.precision) if self.start else None
