"""The pieces of a draft, their order and where they come from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from drafts.models.draft import Draft
from drafts.reasons import shown_reason


class ProvisionManager(models.Manager["Provision"]):
    """The provisions that stand in their draft; removed ones are kept, but read only by ``with_removed``."""

    def get_queryset(self) -> models.QuerySet["Provision"]:
        return super().get_queryset().filter(removed_at__isnull=True)


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
    # A provision taken out of a working draft stays with its words and what was said of it.
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ProvisionManager()
    with_removed = models.Manager["Provision"]()

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


class StructureChange(models.Model):
    """One act on the structure of a draft: who did what, and why. Append-only.

    ``before`` and ``after`` list the provisions concerned as they stood: ``{"key", "parent", "position",
    "number", "removed"}``; with them an act can be taken back.
    """

    class Act(models.TextChoices):
        ADD = "add", _("Added")
        REMOVE = "remove", _("Removed")
        RESTORE = "restore", _("Restored")
        MOVE = "move", _("Moved")
        SPLIT = "split", _("Split")
        MERGE = "merge", _("Merged")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="structure_changes")
    version = models.PositiveIntegerField()
    act = models.CharField(max_length=8, choices=Act.choices)
    key = models.CharField(max_length=120)
    other_key = models.CharField(max_length=120, blank=True)
    before = models.JSONField(default=list, blank=True)
    after = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["draft", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "version"], name="structure_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draft}: {self.act} {self.key}"

    @property
    def shown_reason(self) -> str:
        """The reason as the reader is told it."""
        return shown_reason(self.reason)


class Presence(models.Model):
    """Who has a provision open for editing; forgotten when they haven't been seen for a while."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    provision = models.ForeignKey(Provision, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "presences"
        constraints = [
            models.UniqueConstraint(fields=["user", "provision", "language"], name="presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.provision}"
