"""A provision's words in each language, and every earlier wording."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from drafts.models.draft import Draft
from drafts.models.provision import Provision
from drafts.reasons import shown_reason


class ProvisionTextQuerySet(models.QuerySet["ProvisionText"]):
    def of_draft(self, draft: Draft) -> "ProvisionTextQuerySet":
        """The words of the provisions that stand in ``draft``."""
        return self.filter(provision__draft=draft, provision__removed_at__isnull=True)


class ReleasedTextManager(models.Manager.from_queryset(ProvisionTextQuerySet)):  # type: ignore[misc]
    """The words that whoever reads the draft may read; all of them only by ``with_unreleased``."""

    def get_queryset(self) -> ProvisionTextQuerySet:
        found: ProvisionTextQuerySet = super().get_queryset()
        return found.filter(unreleased=False)


class ProvisionText(models.Model):
    """A provision's words in one language, as they stand; every earlier wording is a ``Revision``.

    ``text`` is NFC plain text with footnote marks ``[^label]``; ``footnotes`` lists
    ``{"label", "number", "key"}`` of those marks, ``key`` being the footnote's own provision; ``references``
    lists ``{"start", "end", "key"}`` of the printed numbers that name another provision and follow it.
    ``unreleased`` are words of a published draft in a language that comes out later: readers see nothing of them.
    """

    class State(models.TextChoices):
        IN_WORK = "in_work", _("In work")
        APPROVED = "approved", _("Approved")

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=10)
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)
    footnotes = models.JSONField(default=list, blank=True)
    references = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPROVED)
    # Of a translation: the version of the source whose words it says, moved on where those stayed the same.
    translated_from_version = models.PositiveIntegerField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    unreleased = models.BooleanField(default=False)

    objects = ReleasedTextManager()
    with_unreleased = ProvisionTextQuerySet.as_manager()

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
        return {
            "heading": self.heading,
            "text": self.text,
            "footnotes": self.footnotes,
            "references": self.references,
        }


class RevisionQuerySet(models.QuerySet["Revision"]):
    def carried(self) -> "RevisionQuerySet":
        """Those that a draft took over from the one it was begun with, with their authors, times and reasons."""
        draft = "provision_text__provision__draft"
        return self.filter(at__lt=F(f"{draft}__created_at")).exclude(**{f"{draft}__base": None})


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

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provision_text", "version"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.provision_text} v{self.version}"

    @property
    def shown_reason(self) -> str:
        """The reason as the reader is told it."""
        return shown_reason(self.reason)


class WorkInProgressQuerySet(models.QuerySet["WorkInProgress"]):
    def on(self, user: Any, words: ProvisionText) -> "WorkInProgressQuerySet":
        """What ``user`` was writing of ``words``, newest first, also from before anybody had saved any."""
        mine = Q(provision_text=None, provision=words.provision_id, language=words.language)
        if words.pk:
            mine |= Q(provision_text=words.pk)
        return self.filter(mine, user=user.pk).order_by("-saved_at")


class WorkInProgress(models.Model):
    """A person's unsaved words; theirs alone until they save.

    ``provision_text`` is null where the provision has no words in the language yet: ``provision`` and
    ``language`` name what is being written.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    provision_text = models.ForeignKey(
        ProvisionText, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    provision = models.ForeignKey(
        Provision, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    language = models.CharField(max_length=10, blank=True)
    base_version = models.PositiveIntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)

    objects = WorkInProgressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "work in progress"
        constraints = [
            models.UniqueConstraint(fields=["user", "provision_text"], name="work_in_progress_once"),
            models.UniqueConstraint(
                fields=["user", "provision", "language"],
                condition=Q(provision_text__isnull=True),
                name="work_in_progress_first_once",
            ),
            models.CheckConstraint(
                condition=Q(provision_text__isnull=False) | Q(provision__isnull=False) & ~Q(language=""),
                name="work_in_progress_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.provision_text or self.provision}"
