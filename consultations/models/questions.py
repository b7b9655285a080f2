"""What a round asks in so many words, and what people answer."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role
from accounts.pseudonyms import shown_name
from consultations.models.rounds import Round

SCALE = range(1, 6)


class Question(models.Model):
    """One question of a round, on the round as a whole or beside the provision of ``provision_key``.

    ``options`` is a list of ``{"key", "words": {language: text}}``: what is chosen from; for a scale the two
    that name its lowest and its highest step; empty for an open question. Keys never change.
    """

    class Kind(models.TextChoices):
        CHOICE = "choice", _("One choice")
        MULTIPLE = "multiple", _("Several choices")
        SCALE = "scale", _("Scale from 1 to 5")
        OPEN = "open", _("In your own words")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    wording = models.CharField(max_length=500)
    options = models.JSONField(default=list, blank=True)
    provision_key = models.CharField(max_length=120, blank=True)
    # Once given, an answer to it can be changed but not taken back.
    required = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["round", "position", "id"]
        indexes = [models.Index(fields=["round", "position"], name="question_by_round")]

    def __str__(self) -> str:
        return self.wording

    @property
    def keys(self) -> list[str]:
        return [option["key"] for option in self.options]


class QuestionAnswerQuerySet(models.QuerySet["QuestionAnswer"]):
    def visible_to(self, user: Any, round: Round, *, reads_voices: bool) -> "QuestionAnswerQuerySet":
        """A round's answers that count and that the caller may read: one's own always; those of others, unless
        hidden, where the round shows what was said (``rules.may_read_voices``); the secretariat reads all."""
        given = self.filter(question__round=round, value__isnull=False)
        own = Q(author=user) if user is not None and user.is_authenticated else Q(pk__in=[])
        if not reads_voices:
            return given.filter(own)
        facts, scope = facts_of(user), ("round", round.pk)
        if facts.has(Role.STAFF, scope=scope) or facts.has(Role.DRAFTER, scope=scope):
            return given
        return given.filter(own | Q(hidden_reason=""))


class QuestionAnswer(models.Model):
    """What one person answered; they change it until the round closes.

    ``value``: the key of a choice, a list of keys, a step of the scale, or words; None where it was taken back
    or never counted. ``late`` holds what came after closing: its author sees it, nobody counts it.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="question_answers"
    )
    # As it was when they answered: shown beside words, and taken off with their consent.
    author_name = models.CharField(max_length=150, blank=True)
    value = models.JSONField(null=True, blank=True)
    late = models.JSONField(null=True, blank=True)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)
    # Set by moderation, for answers in words; their author reads it.
    hidden_reason = models.TextField(blank=True)

    objects = QuestionAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["question", "at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "author"], name="question_answer_once"),
        ]
        indexes = [models.Index(fields=["question", "at"], name="question_answer_by_time")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.author_id}"

    @property
    def shown_author(self) -> str:
        """Whose words these are, in the reader's language; for those who may see names."""
        return shown_name(self.author_name or self.author.name)
