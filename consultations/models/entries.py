"""Input that reached the secretariat otherwise than through the portal."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models.comments import Comment


class Entry(models.Model):
    """How and when a comment that the secretariat entered for somebody was received. From whom, the comment's own
    name, organisation and country tell."""

    class How(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        LETTER = "letter", _("by letter")
        MEETING = "meeting", _("at a meeting")
        FILE = "file", _("as a Word file")

    class Source(models.TextChoices):
        STATE = "state", _("A Member State")
        ORGANISATION = "organisation", _("An organization")
        PERSON = "person", _("A person")

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="entry")
    how = models.CharField(max_length=10, choices=How.choices)
    source = models.CharField(max_length=12, choices=Source.choices)
    received_on = models.DateField()
    # Entered after the closing, and received before it: staff vouch for that, and it counts.
    in_time = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.comment}: {self.how}"
