"""Resolutions of the Assembly: their text as far as it is known, and what documents issued elsewhere report on them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from drafts.models import Guidelines


class Resolution(models.Model):
    """A resolution by session and number (``2/1``). ``guidelines``: those that it asks for, whose consultations and
    funding are what the portal knows of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    preamble = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField()
    adopted_on = models.DateField(null=True, blank=True)
    # The symbol of the document that holds its text: HSP/HA.2/Res.1.
    document = models.CharField(max_length=40, blank=True)
    guidelines = models.ForeignKey(
        Guidelines, on_delete=models.PROTECT, null=True, blank=True, related_name="resolutions"
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="resolution_once"),
            models.CheckConstraint(
                condition=Q(session__gte=1, number__gte=1, year__gte=1945), name="resolution_numbered"
            ),
        ]

    def __str__(self) -> str:
        return self.symbol

    @property
    def symbol(self) -> str:
        return f"{self.session}/{self.number}"


class OperativeParagraph(models.Model):
    """An operative paragraph or a lettered item of one: ``number`` is ``1`` or ``1 (a)``."""

    resolution = models.ForeignKey(Resolution, on_delete=models.CASCADE, related_name="operative_paragraphs")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=12)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["resolution", "number"], name="operative_paragraph_once"),
        ]

    def __str__(self) -> str:
        return f"{self.resolution_id}: {self.number}"

    @property
    def is_item(self) -> bool:
        return "(" in self.number


class SourceDocument(models.Model):
    """A document issued elsewhere from which resolutions were brought in, once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    symbol = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300, blank=True)
    dated = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["dated", "id"]

    def __str__(self) -> str:
        return self.symbol


def _names() -> Any:
    return models.JSONField(default=list, blank=True)


class ReportedParagraph(models.Model):
    """A paragraph of such a document that reports on a resolution (None: on all), in the document's own words, with
    the operative paragraphs, documents and wants of money that it names."""

    document = models.ForeignKey(SourceDocument, on_delete=models.CASCADE, related_name="paragraphs")
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, null=True, blank=True, related_name="reported"
    )
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    notes = _names()
    operative, documents, constraints = _names(), _names(), _names()

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="reported_paragraph_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, {self.number}"
