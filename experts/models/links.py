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
        """Whether it still opens: as long as it says, and at least as long as the call takes the nomination in (the
        hidden grace included), also where the country was given more time after the mail."""
        if self.used_at is not None:
            return False
        call = self.nomination.call
        return at < max(self.expires_at, call.accepts_until(self._deadline))

    @property
    def shown_until(self) -> datetime:
        """Until when it opens, as it is said: without the grace."""
        return max(self.expires_at, self._deadline)

    @property
    def _deadline(self) -> datetime:
        return self.nomination.call.deadlines_for(self.nomination.country_id)[0]
