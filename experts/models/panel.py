"""From a proposal to a panel: selections that are compared, a person's decision, and what it offers to whom."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Group
from core.models import Job, StoredFile
from experts.models.calls import Call
from experts.models.nominations import Nomination


class Selection(models.Model):
    """One computed proposal: what was asked, of which pool, and what came out. Never changed once computed.

    ``problem`` holds seats, quotas, per_country, include and exclude (with reasons) and the seed; ``pool`` the
    candidates as they were (uuid, merit, country, attributes), so that anyone can compute it again;
    ``outcome`` what ``experts.panel`` answered.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Being computed")
        OPTIMAL = "optimal", _("Proven optimum")
        INFEASIBLE = "infeasible", _("Quotas cannot be met")
        STOPPED = "stopped", _("Stopped before proof")
        FAILED = "failed", _("Failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="selections")
    name = models.CharField(max_length=120, blank=True)
    problem = models.JSONField()
    pool = models.JSONField()
    pool_sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.WAITING)
    # Times the hundredth: sums of merits are exact.
    merit = models.PositiveIntegerField(null=True, blank=True)
    bound = models.PositiveIntegerField(null=True, blank=True)
    outcome = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name or str(self.uuid)


class Decision(models.Model):
    """The panel that people decided on; prepared in full, looked over, and announced at one stroke."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="decision")
    selection = models.ForeignKey(
        Selection, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    statement = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    announced_at = models.DateTimeField(null=True, blank=True)
    # Until when those invited answer.
    answer_by = models.DateTimeField(null=True, blank=True)
    # What was still open when it was prepared and announced, and was said to be known: see ``experts.still_open``.
    known_open = models.JSONField(default=list, blank=True)
    record = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(announced_at__isnull=True, announced_by__isnull=True)
                | Q(announced_at__isnull=False, announced_by__isnull=False),
                name="decision_announced_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.pk}"


class DecisionItem(models.Model):
    """What is decided of one nomination. One row each, so nobody is accepted and refused at once.

    ``proposed``: what the selection said; where ``outcome`` differs there is a ``reason``.
    """

    class Outcome(models.TextChoices):
        MEMBER = "member", _("Member")
        ALTERNATE = "alternate", _("Alternate")
        REGIONAL = "regional", _("Invited to the regional group")
        NONE = "none", _("Not chosen")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="items")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="decision_items")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    proposed = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    departed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "nomination"], name="decision_item_once"),
            models.UniqueConstraint(
                fields=["decision", "rank"], condition=Q(rank__isnull=False), name="decision_rank_once"
            ),
            models.CheckConstraint(
                condition=Q(proposed="") | Q(proposed=F("outcome")) | ~Q(reason=""),
                name="decision_departs_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id}: {self.outcome}"


class Appointment(models.Model):
    """A place offered to a nominee: in the group that the call chooses for, or in a regional one."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        # Accepted, and given up later.
        RESIGNED = "resigned", _("Resigned")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="appointments")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    # Whose place it takes, where somebody declined or let the invitation lapse.
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacements"
    )
    # The link's secret is kept as a hash only; every mail has a link of its own, the last of which opens.
    token_sha256 = models.CharField(max_length=64, unique=True)
    mailing = models.PositiveSmallIntegerField(default=1)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # None: the nominee, by the link.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf = models.BooleanField(default=False)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "group"], name="appointment_once"),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(replaces__isnull=False), name="appointment_replaced_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="appointment_answered_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(answered_at__isnull=True, lapsed_at__isnull=True),
                name="appointment_standing",
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)
