"""How a draft comes out: two people's consent, the frozen editions, and the documents made of them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Job, StoredFile
from drafts.models.draft import Draft


class StatusRequestQuerySet(models.QuerySet["StatusRequest"]):
    def open(self) -> "StatusRequestQuerySet":
        """Those that wait, for the second person or for their time."""
        return self.filter(carried_out_at=None, ended_at=None)

    def due(self, at: datetime) -> "StatusRequestQuerySet":
        """Those that both have spoken on and whose time has come."""
        return self.open().filter(confirmed_at__isnull=False, due_at__lte=at)


class StatusRequest(models.Model):
    """Publishing, adopting and releasing a language take two people: one asks, another confirms.

    With ``due_at`` the draft is published at that time, once both have spoken, in ``languages`` (empty: in every one
    that has words). ``language`` is the one to be released, in a draft that is out. ``asked_sha256`` and
    ``confirmed_sha256`` say which words each of them meant (``editions.state_of_words``, of a language to be released
    ``state_of_language``): at ``due_at`` no others come out. A request ends carried out, or with an ``ending``.
    """

    class Target(models.TextChoices):
        PUBLISHED = "published", _("Published")
        ADOPTED = "adopted", _("Adopted")
        RELEASED = "released", _("Language released")

    class Ending(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Not carried out")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="status_requests")
    target = models.CharField(max_length=12, choices=Target.choices, default=Target.PUBLISHED)
    languages = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=10, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)
    asked_sha256 = models.CharField(max_length=64, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_sha256 = models.CharField(max_length=64, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    reason = models.TextField(blank=True)  # why it was declined
    carried_out_at = models.DateTimeField(null=True, blank=True)

    objects = StatusRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("requested_by")),
                name="status_request_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="status_request_confirmed_by_one",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="status_request_confirmed_first",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | (Q(ended_at__isnull=False, carried_out_at__isnull=True) & ~Q(ending="")),
                name="status_request_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(ending="declined") | ~Q(ended_by=F("requested_by")),
                name="status_request_declined_by_another",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(target="published"),
                name="status_request_only_publishing_waits",
            ),
            models.CheckConstraint(
                condition=(Q(target="released") & ~Q(language="")) | (~Q(target="released") & Q(language="")),
                name="status_request_language_released",
            ),
            models.UniqueConstraint(
                fields=["draft"],
                condition=Q(carried_out_at__isnull=True, ended_at__isnull=True),
                name="status_request_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(carried_out_at__isnull=True, ended_at__isnull=True),
                name="status_request_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft} → {self.target}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits, for the second person or for its time."""
        return self.carried_out_at is None and self.ended_at is None


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


class Rendering(models.Model):
    """A document made of one language of a draft. The same words give the same document, which is made once.

    ``content_sha256`` is the hash of the edition's canonical bytes, also where the edition isn't released yet;
    ``made_of`` that of everything that goes into the document: besides the words its title, its status, and the
    source's words, which stand where a translation is missing. ``recipe`` is raised when the design changes.
    """

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        HTML = "html", "HTML"
        JSON = "json", "JSON"

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="renderings")
    language = models.CharField(max_length=10)
    format = models.CharField(max_length=4, choices=Format.choices)
    content_sha256 = models.CharField(max_length=64)
    made_of = models.CharField(max_length=64)
    recipe = models.PositiveIntegerField()
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "language", "format", "made_of", "recipe"], name="rendering_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft} ({self.language}, {self.format})"
