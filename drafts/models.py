"""Guidelines, their drafts, and the provisions of a draft in every language. Knows nothing of comments."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
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
    published_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["guidelines", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["guidelines", "number"], name="draft_number_once"),
            models.UniqueConstraint(fields=["guidelines", "label"], name="draft_label_once"),
            models.CheckConstraint(
                condition=Q(status__in=["working", "circulated"]) | Q(published_at__isnull=False),
                name="draft_published_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_open_to_all(self) -> bool:
        return self.status in self.OPEN_TO_ALL


class DraftAccess(models.Model):
    """A group that reads a circulated draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="access")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "group"], name="draft_access_once")]

    def __str__(self) -> str:
        return f"{self.draft}: {self.group}"


class PublishRequest(models.Model):
    """Publishing takes two people: one asks, another confirms."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="publish_requests")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("requested_by")),
                name="publish_request_two_people",
            ),
            models.UniqueConstraint(
                fields=["draft"], condition=Q(confirmed_by__isnull=True), name="publish_request_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"publish {self.draft}"


class Provision(models.Model):
    """Any addressable piece of a draft. ``key`` never changes, also where the printed number does."""

    class Kind(models.TextChoices):
        CHAPTER = "chapter", _("Chapter")
        SECTION = "section", _("Section")
        PILLAR = "pillar", _("Pillar")
        HEADING = "heading", _("Heading")
        PARAGRAPH = "paragraph", _("Paragraph")
        PRINCIPLE = "principle", _("Principle")
        ACTION = "action", _("Action")
        ITEM = "item", _("Item")
        STEP = "step", _("Step")
        STEP_ACTION = "step_action", _("Action of a step")
        FIGURE = "figure", _("Figure")
        TABLE = "table", _("Table")
        FOOTNOTE = "footnote", _("Footnote")
        TERM = "term", _("Term")

    class Actor(models.TextChoices):
        NATIONAL_GOVERNMENT = "national_government", _("National governments")
        LOCAL_REGIONAL_GOVERNMENT = "local_regional_government", _("Local and regional governments")
        STAKEHOLDER = "stakeholder", _("Relevant stakeholders")
        ALL_STAKEHOLDERS = "all_stakeholders", _("All stakeholders")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="provisions")
    key = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    pillar = models.PositiveSmallIntegerField(null=True, blank=True)
    actor = models.CharField(max_length=30, choices=Actor.choices, null=True, blank=True)  # noqa: DJ001
    # Document order; a unit's provisions stand together, so that a page is one range of positions.
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["draft", "position"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "key"], name="provision_key_once"),
            models.CheckConstraint(
                condition=Q(pillar__isnull=True) | Q(pillar__gte=1, pillar__lte=8),
                name="provision_pillar_1_to_8",
            ),
        ]
        indexes = [models.Index(fields=["draft", "position"]), models.Index(fields=["draft", "kind"])]

    def __str__(self) -> str:
        return self.number or self.key


class Lineage(models.Model):
    """Where a split or merged provision of a draft comes from."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("Split")
        MERGE = "merge", _("Merged")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="lineage")
    key = models.CharField(max_length=120)
    ancestor_key = models.CharField(max_length=120)
    kind = models.CharField(max_length=5, choices=Kind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "key", "ancestor_key"], name="lineage_once")]

    def __str__(self) -> str:
        return f"{self.ancestor_key} → {self.key}"


class ProvisionText(models.Model):
    """A provision's words in one language, as they stand; every earlier wording is a ``Revision``.

    ``text`` is NFC plain text with footnote marks ``[^label]``; ``footnotes`` lists
    ``{"label", "number", "key"}`` of those marks, ``key`` being the footnote's own provision.
    """

    class State(models.TextChoices):
        IN_WORK = "in_work", _("In work")
        APPROVED = "approved", _("Approved")

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=10)
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)
    footnotes = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPROVED)
    translated_from_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provision", "language"], name="provision_text_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="provision_text_version_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.provision} ({self.language})"

    @property
    def content(self) -> dict[str, Any]:
        """What a revision keeps of this text."""
        return {"heading": self.heading, "text": self.text, "footnotes": self.footnotes}


class Revision(models.Model):
    """One wording of a provision in one language. Append-only."""

    provision_text = models.ForeignKey(ProvisionText, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    restores = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provision_text", "version"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.provision_text} v{self.version}"


class WorkInProgress(models.Model):
    """A drafter's unsaved words; theirs alone until they save."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    provision_text = models.ForeignKey(ProvisionText, on_delete=models.CASCADE, related_name="+")
    base_version = models.PositiveIntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "work in progress"
        constraints = [
            models.UniqueConstraint(fields=["user", "provision_text"], name="work_in_progress_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.provision_text}"


class Edition(models.Model):
    """One language of a published draft, frozen at release: the bytes behind its hash."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="editions")
    language = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    canonical = models.BinaryField()
    released_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "language"], name="edition_once")]

    def __str__(self) -> str:
        return f"{self.draft} ({self.language})"
