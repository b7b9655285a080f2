"""What the secretariat answers. One answer may serve many comments."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models.comments import Comment
from drafts.models import Revision


class Answer(models.Model):
    """The words of an answer. ``responses`` maps language codes to text."""

    responses = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.pk)


class Disposition(models.Model):
    """What became of one comment. Seen outside the secretariat once ``published_at`` is set."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        PARTLY_ACCEPTED = "partly_accepted", _("Partly accepted")
        NOTED = "noted", _("Noted")
        NOT_ACCEPTED = "not_accepted", _("Not accepted")

    # What the text takes up, whole or in part.
    TAKEN_UP = (Outcome.ACCEPTED, Outcome.PARTLY_ACCEPTED)

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="disposition")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="dispositions")
    outcome = models.CharField(max_length=15, choices=Outcome.choices)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["outcome"]),
            # What was decided after an account was given is looked for by its time.
            models.Index(fields=["decided_at"], name="disposition_by_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.comment}: {self.outcome}"


class AppliedChange(models.Model):
    """The revision in which an answer took effect."""

    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="applied_changes")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["disposition", "revision"], name="applied_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.disposition} → {self.revision}"
