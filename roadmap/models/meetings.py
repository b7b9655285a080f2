"""Meetings of the process: when, where, who is asked, and what was done about them. Their state follows from that."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Country, Group
from experts.models import HostingSlot
from experts.standing import is_staff


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """Meetings whose page the caller may see; the query behind ``meeting_rules.may_see_meeting``.

        What is announced in public, and what the caller is invited to; all of them for the secretariat.
        """
        if is_staff(user):
            return self.all()
        shown = Q(public=True)
        if user.is_authenticated and user.is_active:
            shown |= Q(pk__in=self._invitations_of(user))
        return self.filter(shown, announced_at__isnull=False)

    def open_inside_to(self, user: Any) -> "MeetingQuerySet":
        """Meetings of which the caller reads the agenda, papers and notes: whoever is invited, and the secretariat."""
        if is_staff(user):
            return self.all()
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(pk__in=self._invitations_of(user), announced_at__isnull=False)

    def _invitations_of(self, user: Any) -> Any:
        invitations = self.model._meta.get_field("invitations").related_model
        assert isinstance(invitations, type)
        standing = invitations._default_manager.filter(person=user.pk, withdrawn_at__isnull=True)
        return standing.values("meeting")


class Meeting(models.Model):
    """A meeting of experts, of a group's members, or of a region or topic. Instants are UTC; ``time_zone`` is the
    IANA zone whose clocks its page shows first."""

    class Kind(models.TextChoices):
        EXPERT_GROUP_MEETING = "expert_group_meeting", _("Expert group meeting")
        WORKING_GROUP_CALL = "working_group_call", _("Call of the working group")
        REGIONAL_CONSULTATION = "regional_consultation", _("Regional consultation")
        THEMATIC_CONSULTATION = "thematic_consultation", _("Thematic consultation")
        OTHER = "other", _("Other meeting")

    class Mode(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("On site and online")

    class Precision(models.TextChoices):
        """How exactly it is known when a meeting is or was: sources often name a day or a month alone."""

        TIME = "time", _("To the minute")
        DAY = "day", _("To the day")
        MONTH = "month", _("To the month")

    class State(models.TextChoices):
        PREPARED = "prepared", _("In preparation")
        ANNOUNCED = "announced", _("To come")
        RUNNING = "running", _("Now")
        OVER = "over", _("Over")
        HELD = "held", _("Held")
        PUBLISHED = "published", _("Summary published")
        CANCELLED = "cancelled", _("Cancelled")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # With days or months both are midnights in ``time_zone``, and ``ends_at`` is the first that isn't part of it.
    precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.TIME)
    time_zone = models.CharField(max_length=64)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    place = models.CharField(max_length=200, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Where to join it online; for those invited alone.
    join_url = models.URLField(max_length=500, blank=True)
    # Whether everybody may know of it once it is announced.
    public = models.BooleanField(default=True)
    # The offer to host that led here, where there was one.
    slot = models.OneToOneField(
        HostingSlot, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting"
    )
    groups = models.ManyToManyField(Group, related_name="meetings", blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancellation_note = models.TextField(blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # Counts what calendars must be told anew: RFC 5545, 3.8.7.4.
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="meeting_starts_before_end"),
            models.CheckConstraint(
                condition=~(Q(held_at__isnull=False) & Q(cancelled_at__isnull=False)),
                name="meeting_held_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | Q(announced_at__isnull=False),
                name="meeting_held_announced",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(held_at__isnull=False),
                name="meeting_published_held",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def state_at(self, at: datetime) -> "Meeting.State":
        """The state that follows from the clock and from what people did."""
        if self.cancelled_at:
            return self.State.CANCELLED
        if self.published_at:
            return self.State.PUBLISHED
        if self.held_at:
            return self.State.HELD
        if self.announced_at is None:
            return self.State.PREPARED
        if at >= self.ends_at:
            return self.State.OVER
        return self.State.RUNNING if at >= self.starts_at else self.State.ANNOUNCED

    @property
    def state(self) -> "Meeting.State":
        return self.state_at(timezone.now())
