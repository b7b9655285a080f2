"""What the checks of a draft found, and what a person waived."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from drafts.models.draft import Draft, Guidelines


class CheckRun(models.Model):
    """The state of a draft that its findings speak of."""

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="check_run")
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"checks of {self.draft}"


class Finding(models.Model):
    """One doubt about a draft. ``params`` are the names and numbers of its message, which each reader gets in
    their own language; ``fingerprint`` stays while the words concerned stay."""

    class Severity(models.TextChoices):
        ERROR = "error", _("Error")
        WARNING = "warning", _("Warning")
        NOTE = "note", _("Note")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    key = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    params = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(max_length=64)
    position = models.PositiveIntegerField(default=0)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "code", "language", "pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "fingerprint"], name="finding_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"


class Waiver(models.Model):
    """A person's word that a finding may stand, and why. Holds in later drafts while the words stay."""

    guidelines = models.ForeignKey(Guidelines, on_delete=models.CASCADE, related_name="waivers")
    fingerprint = models.CharField(max_length=64)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guidelines", "fingerprint"], name="waiver_once")]

    def __str__(self) -> str:
        return f"waiver {self.fingerprint[:8]}"
