"""Guidelines and their drafts, and who reads a draft that is not published yet."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Group, Role


class Guidelines(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=250)

    class Meta:
        verbose_name_plural = "guidelines"

    def __str__(self) -> str:
        return self.title


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: Any) -> "DraftQuerySet":
        """Drafts the caller may read; the query behind ``rules.may_read_draft``."""
        facts = facts_of(user)
        if facts.has(Role.STAFF) or facts.has(Role.DRAFTER):
            return self.all()
        visible = Q(status__in=Draft.OPEN_TO_ALL)
        if facts.groups:
            visible |= Q(status=Draft.Status.CIRCULATED, access__group__in=facts.groups)
        scoped = facts.scoped(Role.STAFF, "draft") | facts.scoped(Role.DRAFTER, "draft")
        if scoped:
            visible |= Q(pk__in=scoped)
        return self.filter(visible).distinct() if facts.groups else self.filter(visible)


class Draft(models.Model):
    class Status(models.TextChoices):
        WORKING = "working", _("Working draft")
        CIRCULATED = "circulated", _("Circulated")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")
        ADOPTED = "adopted", _("Adopted")

    # Read by everyone, and closed to every change (the database refuses it, see drafts/protection.py).
    OPEN_TO_ALL = (Status.PUBLISHED, Status.SUPERSEDED, Status.ADOPTED)
    # What may follow what. Nothing leads back from what everyone has read, and what was adopted stays so.
    TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        Status.WORKING: frozenset({Status.CIRCULATED, Status.PUBLISHED}),
        Status.CIRCULATED: frozenset({Status.WORKING, Status.PUBLISHED}),
        Status.PUBLISHED: frozenset({Status.SUPERSEDED, Status.ADOPTED}),
        Status.SUPERSEDED: frozenset(),
        Status.ADOPTED: frozenset(),
    }

    guidelines = models.ForeignKey(Guidelines, on_delete=models.PROTECT, related_name="drafts")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=120)
    base = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.WORKING)
    source_language = models.CharField(max_length=10)
    structure_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    circulated_at = models.DateTimeField(null=True, blank=True)  # the last time
    published_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["guidelines", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["guidelines", "number"], name="draft_number_once"),
            models.UniqueConstraint(fields=["guidelines", "label"], name="draft_label_once"),
            models.CheckConstraint(
                condition=Q(status__in=["working", "circulated"], published_at__isnull=True)
                | Q(status__in=["published", "superseded", "adopted"], published_at__isnull=False),
                name="draft_published_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="circulated") | Q(circulated_at__isnull=False),
                name="draft_circulated_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="superseded", superseded_at__isnull=False)
                | (~Q(status="superseded") & Q(superseded_at__isnull=True)),
                name="draft_superseded_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="adopted", adopted_at__isnull=False)
                | (~Q(status="adopted") & Q(adopted_at__isnull=True)),
                name="draft_adopted_has_time",
            ),
            models.UniqueConstraint(
                fields=["guidelines"], condition=Q(status="published"), name="draft_one_published"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_open_to_all(self) -> bool:
        return self.status in self.OPEN_TO_ALL

    @property
    def stands_since(self) -> datetime | None:
        """Since when it has its status; None of a working draft, which may have become one again."""
        times = {
            self.Status.CIRCULATED: self.circulated_at,
            self.Status.PUBLISHED: self.published_at,
            self.Status.SUPERSEDED: self.superseded_at,
            self.Status.ADOPTED: self.adopted_at,
        }
        return times.get(self.Status(self.status))


class DraftAccess(models.Model):
    """A group that reads a circulated draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="access")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "group"], name="draft_access_once")]

    def __str__(self) -> str:
        return f"{self.draft}: {self.group}"
