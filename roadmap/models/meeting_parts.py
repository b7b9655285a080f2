"""What a meeting is made of: its agenda with who speaks, its papers, and who is invited and came."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from drafts.models import Draft
from experts.standing import is_staff
from roadmap.models.meetings import Meeting


class AgendaItem(models.Model):
    """A point of the agenda. It may be about a pillar, a draft, or one provision of that draft (by key)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=300)
    minutes = models.PositiveIntegerField(default=0)
    pillar = models.PositiveSmallIntegerField(null=True, blank=True)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    provision_key = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pillar__isnull=True) | Q(pillar__gte=1, pillar__lte=8), name="agenda_item_pillar"
            ),
            models.CheckConstraint(
                condition=Q(provision_key="") | Q(draft__isnull=False), name="agenda_item_provision_of_draft"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaSpeaker(models.Model):
    """Who speaks to a point, for how many minutes as planned, and for how many as it was."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="speakers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField(default=0)
    spoken = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="agenda_speaker_once")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.person_id}"


class MeetingPaperQuerySet(models.QuerySet["MeetingPaper"]):
    def visible_to(self, user: Any, *, at: datetime | None = None) -> "MeetingPaperQuerySet":
        """Papers that the caller may know of: those of meetings open to them, once an embargo is over. All for the
        secretariat. The query behind ``meeting_rules.may_see_paper``; nobody else learns even how many there are."""
        if is_staff(user):
            return self.all()
        shown = Q(embargo_until__isnull=True) | Q(embargo_until__lte=at or timezone.now())
        return self.filter(shown, meeting__in=Meeting.objects.open_inside_to(user).values("pk"))


class MeetingPaper(models.Model):
    """A paper of a meeting. Before ``embargo_until`` only the secretariat knows of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="papers")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="papers"
    )
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    embargo_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = MeetingPaperQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class InvitationQuerySet(models.QuerySet["MeetingInvitation"]):
    def standing(self) -> "InvitationQuerySet":
        """Those that weren't withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: Any) -> "InvitationQuerySet":
        """The caller's own, of meetings that are announced; all of them for the secretariat."""
        if is_staff(user):
            return self.all()
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.standing().filter(person=user.pk, meeting__announced_at__isnull=False)


class MeetingInvitation(models.Model):
    """Who is asked to come, and what they answered. ``times`` counts how often they were asked: whose invitation was
    withdrawn may be invited again."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        ONLINE = "online", _("Yes, online")
        NO = "no", _("No")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meeting_invitations"
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    times = models.PositiveSmallIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf = models.BooleanField(default=False)
    # The person's own consent to be named where the meeting is told of in public.
    named = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="meeting_invitation_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="meeting_invitation_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Attendance(models.Model):
    """Whether somebody who was invited came, as it was noted."""

    class State(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        ONLINE = "online", _("Online")
        EXCUSED = "excused", _("Excused")
        ABSENT = "absent", _("Absent")

    PRESENT = (State.ON_SITE, State.ONLINE)

    invitation = models.OneToOneField(MeetingInvitation, on_delete=models.CASCADE, related_name="attendance")
    state = models.CharField(max_length=8, choices=State.choices)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "attendance"

    def __str__(self) -> str:
        return f"{self.invitation_id}: {self.state}"
