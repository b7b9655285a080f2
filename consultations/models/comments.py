"""Comments, the words they point at, and what people say about them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Organisation, Role
from consultations.models.rounds import Round, RoundAudience
from drafts.languages import language_of
from drafts.models import Provision, Revision


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: Any) -> "CommentQuerySet":
        """Comments the caller may read; the query behind ``rules.may_read_comment``.

        One's own always. Those of others when submitted, in a round whose visibility admits the caller. The
        secretariat reads everything but what is still somebody's private draft.
        """
        facts = facts_of(user)
        own = Q(author=user) if user is not None and user.is_authenticated else Q(pk__in=[])
        if facts.has(Role.STAFF) or facts.has(Role.DRAFTER):
            return self.filter(own | ~Q(status=Comment.Status.DRAFT))
        submitted = Q(status=Comment.Status.SUBMITTED)
        rounds = Round.objects.visible_to(user)
        admitted = Q(visibility=Round.Visibility.PUBLIC)
        if user is not None and user.is_authenticated:
            invited = RoundAudience.objects.filter(group__in=facts.groups).values("round")
            admitted |= Q(visibility=Round.Visibility.PARTICIPANTS) & (
                Q(kind=Round.Kind.OPEN) | Q(pk__in=invited)
            )
        visible = own | (submitted & Q(round__in=rounds.filter(admitted).values("pk")))
        scoped = facts.scoped(Role.STAFF, "round") | facts.scoped(Role.DRAFTER, "round")
        if scoped:
            visible |= Q(round_id__in=scoped) & ~Q(status=Comment.Status.DRAFT)
        return self.filter(visible)


class Comment(models.Model):
    """One contribution to a round, on a provision or (without one) on the draft as a whole."""

    class Kind(models.TextChoices):
        GENERAL = "general", _("General")
        SUBSTANTIVE = "substantive", _("Substantive")
        TECHNICAL = "technical", _("Technical")
        EDITORIAL = "editorial", _("Editorial")
        TRANSLATION = "translation", _("Translation")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft comment")
        SUBMITTED = "submitted", _("Submitted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LATE = "late", _("Late input")
        HIDDEN = "hidden", _("Hidden by the secretariat")

    # What waits for an answer or has one: late and withdrawn input have lists of their own.
    TO_ANSWER = (Status.SUBMITTED, Status.HIDDEN)

    class Attribution(models.TextChoices):
        NAMED = "named", _("With my name")
        ORGANISATION = "organisation", _("With my organization only")
        ANONYMOUS = "anonymous", _("Without name")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="comments")
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, blank=True, related_name="comments"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.SUBSTANTIVE)
    body = models.TextField(blank=True)
    proposed_text = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    attribution = models.CharField(max_length=12, choices=Attribution.choices, default=Attribution.NAMED)
    # As they were at submission: a person who moves on doesn't move what was said.
    region = models.CharField(max_length=40, blank=True)
    stakeholder_group = models.CharField(max_length=30, blank=True)
    author_name = models.CharField(max_length=150, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=3, blank=True)
    hidden_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=64, blank=True)
    receipt_salt = models.CharField(max_length=32, blank=True)
    # Normalised tokens, so that a search is the same on both databases (see consultations/search.py).
    search_tokens = models.TextField(blank=True)
    # What the tallies hold of this comment; the tally job adds the difference to what it should be.
    counted = models.JSONField(default=dict, blank=True)
    # How many support and oppose it, as counted: what the desk sorts by.
    supporting = models.PositiveIntegerField(default=0)
    opposing = models.PositiveIntegerField(default=0)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["round", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="comment_number_once"),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "hidden"]) | Q(number__isnull=False),
                name="comment_submitted_has_number",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(submitted_at__isnull=False),
                name="comment_number_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["round", "provision", "status", "number"], name="comment_by_provision"),
            models.Index(fields=["round", "status", "number"], name="comment_by_round"),
            models.Index(fields=["author", "round"], name="comment_by_author"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}" if self.number else str(self.uuid)

    @property
    def proposed_language(self) -> str:
        """The language of the proposed words: that of the text they are for, whatever the comment is in."""
        anchor = getattr(self, "anchor", None)
        return language_of(self.proposed_text, default=anchor.language if anchor else self.language)

    @property
    def content(self) -> dict[str, Any]:
        """What a revision keeps of this comment."""
        return {
            "kind": self.kind,
            "body": self.body,
            "proposed_text": self.proposed_text,
            "rationale": self.rationale,
            "language": self.language,
            "attribution": self.attribution,
        }


class CommentRevision(models.Model):
    """An earlier or the present wording of a comment. Append-only."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "version"], name="comment_revision_once")]

    def __str__(self) -> str:
        return f"{self.comment} v{self.version}"


class Anchor(models.Model):
    """The words a comment points at: a W3C text quote and position in one revision of a provision.

    Offsets count Unicode code points of the NFC text, footnote marks included.
    """

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="anchor")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    exact = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="anchor_start_before_end")
        ]

    def __str__(self) -> str:
        return self.exact


class Reply(models.Model):
    class Status(models.TextChoices):
        VISIBLE = "visible", _("Visible")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        HIDDEN = "hidden", _("Hidden by the secretariat")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=150, blank=True)
    body = models.TextField()
    language = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.VISIBLE)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "replies"
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["comment", "created_at"])]

    def __str__(self) -> str:
        return str(self.uuid)


class Position(models.Model):
    """One voice for, against or (member states) reserving: a person's or an organisation's, one a comment."""

    class Value(models.TextChoices):
        SUPPORT = "support", _("Support")
        OPPOSE = "oppose", _("Oppose")
        RESERVE = "reserve", _("Reserve")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="positions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Of a person, as it was when they spoke: shown beside the reason, and taken off with their consent.
    author_name = models.CharField(max_length=150, blank=True)
    position = models.CharField(max_length=8, choices=Value.choices)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation__isnull=True)
                | Q(user__isnull=True, organisation__isnull=False),
                name="position_user_or_organisation",
            ),
            models.UniqueConstraint(
                fields=["comment", "user"], condition=Q(user__isnull=False), name="position_user_once"
            ),
            models.UniqueConstraint(
                fields=["comment", "organisation"],
                condition=Q(organisation__isnull=False),
                name="position_organisation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment}: {self.position}"
