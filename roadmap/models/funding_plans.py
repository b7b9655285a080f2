"""What is made of the money: snapshots that never change, and scenarios of what it pays for."""

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from drafts.models import Guidelines
from experts.standing import is_staff
from roadmap.models.funding import CostLine


class FundingSnapshot(models.Model):
    """How the funding stood on a day, as it was told on another: never changed, never deleted (the database refuses
    both). Requirements move and entries are corrected; what was reported once is read here.

    ``content`` holds the lines and the counted entries behind the sums, amounts as text; ``sha256`` is of the canonical
    JSON of all of it. Public, without donors.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    guidelines = models.ForeignKey(Guidelines, on_delete=models.PROTECT, related_name="funding_snapshots")
    title = models.CharField(max_length=200)
    on = models.DateField()
    required = models.DecimalField(max_digits=16, decimal_places=2)
    pledged = models.DecimalField(max_digits=16, decimal_places=2)
    committed = models.DecimalField(max_digits=16, decimal_places=2)
    received = models.DecimalField(max_digits=16, decimal_places=2)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.title} ({self.on})"

    @property
    def mobilised(self) -> Decimal:
        return self.pledged + self.committed + self.received


class ScenarioQuerySet(models.QuerySet["FundingScenario"]):
    def visible_to(self, user: Any) -> "ScenarioQuerySet":
        """Public ones for everyone, all for the secretariat."""
        return self.all() if is_staff(user) else self.filter(public=True)


class FundingScenario(models.Model):
    """A plan of what is done with the money: the full one, or a leaner one (HSP/EB.2023/16, para. 11 (a)).

    A line of which nothing is decided is kept as it is estimated.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    guidelines = models.ForeignKey(Guidelines, on_delete=models.PROTECT, related_name="funding_scenarios")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class ScenarioChoice(models.Model):
    """What a person decided about a line in a scenario, and what had been computed before (``proposed``, or ""):
    how much of it, and how much money was left when its turn came."""

    class Fate(models.TextChoices):
        KEPT = "kept", _("Kept")
        CHANGED = "changed", pgettext_lazy("scenario", "Changed")
        FALLS = "falls", _("Falls")

    scenario = models.ForeignKey(FundingScenario, on_delete=models.CASCADE, related_name="choices")
    line = models.ForeignKey(CostLine, on_delete=models.PROTECT, related_name="choices")
    fate = models.CharField(max_length=7, choices=Fate.choices)
    # Of what is changed, in the line's currency.
    quantity = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    unit_cost = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    proposed = models.CharField(max_length=7, choices=Fate.choices, blank=True)
    proposed_quantity = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    proposed_left = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    # The day whose money the proposal counted on.
    proposed_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["line__priority", "line_id"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "line"], name="scenario_line_once"),
            models.CheckConstraint(
                condition=Q(fate="changed", quantity__gt=0, unit_cost__gte=0)
                | (~Q(fate="changed") & Q(quantity__isnull=True, unit_cost__isnull=True)),
                name="scenario_changed_to_something",
            ),
            # Against what was computed, or without it, only with a reason.
            models.CheckConstraint(
                condition=Q(fate=models.F("proposed")) | ~Q(reason=""), name="scenario_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.line_id} {self.fate}"
