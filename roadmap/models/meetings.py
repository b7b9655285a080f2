"""Meetings of the process: when, where, who is asked, and what was done about them. Their state follows from that."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Country, Group
from experts.models import HostingSlot


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

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    place = models.CharField(max_length=200, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The offer to host that led here, where there was one.
    slot = models.OneToOneField(
        HostingSlot, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting"
    )
    groups = models.ManyToManyField(Group, related_name="meetings", blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # Counts what calendars must be told anew: RFC 5545, 3.8.7.4.
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="meeting_starts_before_end"),
            models.CheckConstraint(
                condition=~(Q(held_at__isnull=False) & Q(cancelled_at__isnull=False)),
                name="meeting_held_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return self.title
