"""What came of a meeting: notes, summary, decisions, tasks; and the links by which people read their calendars."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from experts.standing import is_staff
from roadmap.models.meeting_parts import AgendaItem
from roadmap.models.meetings import Meeting


class MeetingRecord(models.Model):
    """The notes, for those invited, and the summary, for everybody once it is published. Markdown, as in calls."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="record")
    notes = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.meeting)


class MeetingDecision(models.Model):
    """What a meeting decided, in words; public with the summary."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    position = models.PositiveIntegerField(default=0)
    wording = models.TextField()
    version = models.PositiveIntegerField(default=1)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.wording[:80]


class TaskQuerySet(models.QuerySet["MeetingTask"]):
    def visible_to(self, user: Any) -> "TaskQuerySet":
        """The caller's own tasks; all of them for the secretariat. The query behind ``meeting_rules.may_see_task``."""
        if is_staff(user):
            return self.all()
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(owner=user.pk)

    def still_open(self) -> "TaskQuerySet":
        """What isn't done; tasks of a meeting stand also where it was cancelled after all."""
        return self.filter(done_at__isnull=True)


class MeetingTask(models.Model):
    """Something that somebody took on in a meeting, until a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="tasks")
    decision = models.ForeignKey(
        MeetingDecision, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    title = models.CharField(max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meeting_tasks"
    )
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_at__isnull=True), name="meeting_task_open")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="meeting_task_done_by_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CalendarLink(models.Model):
    """The secret address under which a person's own calendar can be read. Renewed, the earlier one is nobody's."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_link"
    )
    # The secret follows from this and the portal's key; only its hash is kept.
    nonce = models.UUIDField(default=uuid.uuid4)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.person_id)
