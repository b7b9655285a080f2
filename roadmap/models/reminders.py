"""Reminders: when to send them, what is held back, and how each person wants to get them.

What has been told to whom is in ``core.Notice``; nothing that is still to come is stored: it follows from the rules
and from what the portal knows.
"""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_DAYS, MOST_TIMES, FIRST_HOUR = 365, 12, 8


class ReminderRule(models.Model):
    """One reminder of an occasion (`roadmap.occasions`): so many days before or after its date, once or again.

    ``mandatory``: people can't turn it off.
    """

    class Side(models.TextChoices):
        BEFORE = "before", _("before")
        AFTER = "after", _("after")

    occasion = models.CharField(max_length=40)
    side = models.CharField(max_length=6, choices=Side.choices)
    days = models.PositiveSmallIntegerField(validators=[MaxValueValidator(MOST_DAYS)])
    # Again after so many days, so many times in all; before a date, not past it.
    repeat_days = models.PositiveSmallIntegerField(null=True, blank=True)
    times = models.PositiveSmallIntegerField(default=1)
    mandatory = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    # None: as it came with the portal.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["occasion", "id"]
        constraints = [
            models.UniqueConstraint(fields=["occasion", "side", "days"], name="reminder_rule_once"),
            models.CheckConstraint(
                condition=Q(times=1) | (Q(times__gt=1) & Q(repeat_days__gt=0)), name="reminder_rule_repeats"
            ),
            models.CheckConstraint(condition=Q(times__gte=1), name="reminder_rule_at_least_once"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.days} {self.side}"

    @property
    def offsets(self) -> list[timedelta]:
        """How long after the date each of its reminders is due; negative before it."""
        first = timedelta(days=-self.days if self.side == self.Side.BEFORE else self.days)
        again = timedelta(days=self.repeat_days or 0)
        found = [first + n * again for n in range(self.times)]
        return [each for each in found if self.side == self.Side.AFTER or each < timedelta(0)]


class ReminderHold(models.Model):
    """A reminder that staff hold back: for one person, or (without one) for everybody whom the subject concerns."""

    occasion = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-held_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "subject", "recipient"],
                condition=Q(released_at__isnull=True, recipient__isnull=False),
                name="reminder_hold_standing_once",
            ),
            models.UniqueConstraint(
                fields=["occasion", "subject"],
                condition=Q(released_at__isnull=True, recipient__isnull=True),
                name="reminder_hold_of_all_standing_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.subject}"


class ReminderPreference(models.Model):
    """How a person wants to be reminded; without a row: each at once, none turned off.

    ``muted`` lists the occasions they turned off. ``hour`` is that of their own clocks at which the daily mail goes.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preference"
    )
    gathered = models.BooleanField(default=False)
    hour = models.PositiveSmallIntegerField(default=FIRST_HOUR)
    muted = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="reminder_preference_hour_of_a_day"),
        ]

    def __str__(self) -> str:
        return str(self.user_id)
