"""Places offered by mail."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.groups import Group
from accounts.models.people import Affiliation, Country, Role, User
from core.punctuation import listed


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open_at(self, at: datetime) -> "InvitationQuerySet":
        return self.standing().filter(expires_at__gt=at)


class Invitation(models.Model):
    """A place in a group or a role, offered by mail to one address; taken once, or not at all."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        EXPIRED = "expired", _("Expired")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=10)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    # The place in the organisation of ``country``. A mission offers it without a role; the secretariat with that of
    # focal point, where an empty one means contact point if there is none, else deputy.
    position = models.CharField(max_length=10, choices=Affiliation.Position.choices, blank=True)
    # Of a contact point that is handed over: whether whoever hands it over leaves the mission then.
    outgoing_leaves = models.BooleanField(default=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # The link's secret is kept as a hash only; every mail has a link of its own, the last of which opens.
    token_sha256 = models.CharField(max_length=64, unique=True)
    mailing = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(
                condition=Q(group__isnull=False) | ~Q(role="") | ~Q(position=""),
                name="invitation_to_something",
            ),
            models.CheckConstraint(
                condition=Q(position="") | Q(country__isnull=False), name="invitation_position_has_country"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="invitation_accepted_whole",
            ),
            # Three of them, for a missing group equals no other missing group.
            models.UniqueConstraint(
                fields=["email", "group", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True, group__isnull=False),
                name="invitation_to_group_standing_once",
            ),
            models.UniqueConstraint(
                fields=["email", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True, group__isnull=True)
                & ~Q(role=""),
                name="invitation_to_role_standing_once",
            ),
            models.UniqueConstraint(
                fields=["email", "country"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True, group__isnull=True, role=""),
                name="invitation_to_mission_standing_once",
            ),
            models.UniqueConstraint(
                fields=["country"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True, role="", position="contact"),
                name="invitation_hand_over_standing_once",
            ),
        ]
        indexes = [models.Index(fields=["-created_at"])]

    def __str__(self) -> str:
        return str(self.uuid)

    def state_at(self, at: datetime) -> str:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.OPEN if self.expires_at > at else self.State.EXPIRED

    @property
    def offer(self) -> str:
        """What is offered, in words: the group, the role, the position, or several of them."""
        role = self.get_role_display() if self.role else ""
        position = self.get_position_display() if self.position else ""
        state = self.state_spoken_for
        return listed(part for part in (self.group, role, position, state) if part)

    @property
    def state_spoken_for(self) -> Country | None:
        """The member state in whose organisation the invited person gets a place."""
        return self.country if self.role == Role.FOCAL_POINT or self.position else None

    @property
    def is_of_mission(self) -> bool:
        """Whether it is for a mission's contact point to change: no role is offered, only a place there."""
        return bool(self.position) and not self.role

    @property
    def is_hand_over(self) -> bool:
        return self.is_of_mission and self.position == Affiliation.Position.CONTACT
