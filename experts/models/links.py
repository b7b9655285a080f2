"""The link by which a nominee without an account comes to their nomination."""

from datetime import datetime

from django.db import models

from experts.models.nominations import Nomination


class NomineeLink(models.Model):
    """Sent to the address that was named; opens one nomination, once. The secret itself isn't kept.

    Every mail has a link of its own, the last of which opens.
    """

    nomination = models.OneToOneField(Nomination, on_delete=models.CASCADE, related_name="link")
    token_sha256 = models.CharField(max_length=64, unique=True)
    mailing = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # When somebody took the nomination over with it, or said no.
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.nomination}: {self.mailing}"

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and self.expires_at > at
