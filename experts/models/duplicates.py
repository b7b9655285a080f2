"""What people decided of nominations that look alike."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from experts.models.nominations import Nomination


class DuplicateVerdict(models.Model):
    """What staff decided of two nominations that look like one person's; ``first`` has the smaller key."""

    first = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="+")
    same = models.BooleanField()
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_verdict_once"),
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="duplicate_verdict_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"
