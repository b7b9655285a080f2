"""What the secretariat keeps beside comments while it works on them; nothing of it is for others to see."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from consultations.models.comments import Comment
from consultations.models.rounds import Round


class Assignment(models.Model):
    """Who is to answer a comment: one person at most. It goes with an erased account: the comment is nobody's again.

    ``round`` is the comment's: people's shares are counted without reading the comments.
    """

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="assignment")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assigned_comments"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["round", "person"], name="assignment_by_person")]

    def __str__(self) -> str:
        return f"{self.comment}: {self.person}"


class Tag(models.Model):
    """A word by which the secretariat finds comments of a round again; ``folded`` is what makes two the same."""

    LONGEST = 40

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=LONGEST)
    folded = models.CharField(max_length=2 * LONGEST)

    class Meta:
        ordering = ["folded"]
        constraints = [models.UniqueConstraint(fields=["round", "folded"], name="tag_once")]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "comment"], name="tagging_once")]

    def __str__(self) -> str:
        return f"{self.comment}: {self.tag}"


class Note(models.Model):
    """What the secretariat notes on a comment for itself (docs/decisions/0021-notes-stay-inside.md)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.uuid)


class SavedFilter(models.Model):
    """A filter of the desk under a name: its owner's, or (``shared``) of everybody at this desk."""

    LONGEST = 60

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "owner", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name
