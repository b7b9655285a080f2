"""Reminders to take part, sent by hand while a round is open."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from consultations.models.rounds import Round


class RoundReminder(models.Model):
    """One reminder: the gap it was meant to close (``choice``, see ``consultations.balance.Gap``), who sent it, and
    how many people were told. Who they are is in ``core.Notice``; rows are only ever added."""

    # Given with the form, so that a second press of its button finds the first one's reminder.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reminders")
    choice = models.JSONField(default=dict, blank=True)
    people = models.PositiveIntegerField(default=0)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"{self.round}: {self.people}"
