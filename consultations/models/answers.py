"""What the secretariat answers, what it answered before, who agreed to it, and what the commenter says to it.

One answer may serve many comments.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models.comments import Comment
from drafts.models import Guidelines, Revision


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
    # The second person of the secretariat who read it as it stands; every change takes it off.
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["outcome"]),
            # What was decided after an account was given is looked for by its time.
            models.Index(fields=["decided_at"], name="disposition_by_decision"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="disposition_agreed_by_one",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("decided_by")),
                name="disposition_two_readers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment}: {self.outcome}"


class EarlierAnswer(models.Model):
    """An answer as it stood before it was changed. Append-only; ``published`` ones belong to the public record."""

    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="earlier")
    version = models.PositiveIntegerField()
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=15, choices=Disposition.Outcome.choices)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    published = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["disposition", "version"], name="earlier_answer_once")]

    def __str__(self) -> str:
        return f"{self.disposition} v{self.version}"


class HeldChange(models.Model):
    """A change to a published answer that waits for its second reader; until then the published one stands."""

    disposition = models.OneToOneField(Disposition, on_delete=models.CASCADE, related_name="held")
    # The disposition's, once this takes effect.
    version = models.PositiveIntegerField()
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=15, choices=Disposition.Outcome.choices)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.disposition}: {self.outcome}"


class SentBack(models.Model):
    """What a second reader said to whoever wrote an answer. It stands for as long as the answer has its version."""

    disposition = models.ForeignKey(Disposition, on_delete=models.CASCADE, related_name="sent_back")
    version = models.PositiveIntegerField()
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["disposition", "version"], name="sent_back_once"),
            models.CheckConstraint(condition=~Q(by=F("to")), name="sent_back_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.disposition} v{self.version}"


class Reaction(models.Model):
    """The commenter's one reply to a published answer, as it read at ``version``. The author is the comment's.

    ``erased``: the words went with the account; that there was a reply, and which, stays.
    """

    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="reactions")
    version = models.PositiveIntegerField()
    content = models.BooleanField()
    why = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)
    erased = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["disposition", "version"], name="reaction_once"),
            models.CheckConstraint(
                condition=Q(content=True) | Q(erased=True) | ~Q(why=""), name="reaction_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disposition} v{self.version}"


class AnswerTemplate(models.Model):
    """Words for answers that are given often, with places to fill (``consultations.filling``). Without guidelines it
    is offered everywhere; retired, no longer."""

    name = models.CharField(max_length=120)
    guidelines = models.ForeignKey(
        Guidelines, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=15, choices=Disposition.Outcome.choices, blank=True)
    responses = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["guidelines", "name"],
                condition=Q(retired_at__isnull=True, guidelines__isnull=False),
                name="answer_template_name_once",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(retired_at__isnull=True, guidelines__isnull=True),
                name="answer_template_name_once_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return self.name


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
