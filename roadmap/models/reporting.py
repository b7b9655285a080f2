"""What is reported to the Board: half-yearly periods, an entry for each resolution, and the report as it was issued.

A closed period stays as it is: the database refuses changes (``roadmap.report_protection``).
"""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role
from core.models import Job, StoredFile
from roadmap.models.resolutions import Resolution


def _person() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class PeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    def visible_to(self, user: Any) -> "PeriodQuerySet":
        """Closed ones for everybody, the open one for the secretariat. As ``resolution_rules.may_see_period``."""
        return self.all() if facts_of(user).has(Role.STAFF) else self.filter(closed_at__isnull=False)


class ReportingPeriod(models.Model):
    """A half of a year that is reported on, and what the report's first page says."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    half = models.PositiveSmallIntegerField()
    symbol = models.CharField(max_length=40, blank=True)
    session = models.CharField(max_length=200, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    agenda_item = models.CharField(max_length=300, blank=True)
    introduction = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = _person()
    created_at = models.DateTimeField(default=timezone.now)
    closed_by = _person()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-half"]
        constraints = [
            models.UniqueConstraint(fields=["year", "half"], name="period_once"),
            models.CheckConstraint(condition=Q(half__in=[1, 2], year__gte=1945), name="period_is_a_half"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True) | Q(closed_at__isnull=False),
                name="period_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """``2024-2``: in addresses and for programs."""
        return f"{self.year}-{self.half}"

    @property
    def starts(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def ends(self) -> date:
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class ResolutionEntry(models.Model):
    """Where a resolution stands by the end of a period. Money in ``currency``; ``counted``: required and mobilised are
    the portal's own figures as of the period's end, not a person's."""

    class Status(models.TextChoices):
        NOT_BEGUN = "not_begun", _("Not begun")
        UNDER_WAY = "under_way", _("Under way")
        HELD_UP = "held_up", _("Held up")
        DONE = "done", _("Carried out")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    period = models.ForeignKey(ReportingPeriod, on_delete=models.CASCADE, related_name="entries")
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="entries")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NOT_BEGUN)
    required = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    mobilised = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    counted = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["resolution__session", "resolution__number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "resolution"], name="entry_once"),
            models.CheckConstraint(
                condition=(Q(required__isnull=True) | Q(required__gte=0))
                & (Q(mobilised__isnull=True) | Q(mobilised__gte=0)),
                name="entry_money_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id}: {self.resolution_id}"

    @property
    def gap(self) -> Decimal | None:
        """What is missing; never less than nothing."""
        if self.required is None:
            return None
        return max(self.required - (self.mobilised or 0), Decimal(0))

    @property
    def gap_percent(self) -> int | None:
        """Of what is required; None where nothing is."""
        if not self.required or self.gap is None:
            return None
        return round(100 * self.gap / self.required)


class EntryLine(models.Model):
    """Something done, foreseen or in the way. ``source`` names what the portal knew (``meeting:12``), ``figures`` its
    numbers as of that day; a person decided: took it, worded it anew, or left it out with a reason."""

    class Kind(models.TextChoices):
        DONE = "done", _("Activities done")
        FORESEEN = "foreseen", _("Activities foreseen")
        CONSTRAINT = "constraint", _("Constraints")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(ResolutionEntry, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    position = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    # Numbers of operative paragraphs, as ``OperativeParagraph.number``, also of resolutions whose text isn't known.
    operative = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=60, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    left_out = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    decided_by = _person()
    decided_at = models.DateTimeField(default=timezone.now)
    # The line of an earlier, closed period that this one puts right.
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "source"], condition=~Q(source=""), name="entry_line_source_once"
            ),
            models.CheckConstraint(
                condition=Q(left_out=False) | (~Q(source="") & ~Q(reason="")), name="entry_line_left_out_why"
            ),
            models.CheckConstraint(condition=~Q(corrects=F("id")), name="entry_line_corrects_another"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.kind} {self.position}"


class BoardReport(models.Model):
    """The report on a period as of a day. Its words are frozen when it is made (``BoardReportText``): the same day
    gives the same report for ever. Issued, it is public."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="reports")
    as_of = models.DateField()
    made_by = _person()
    made_at = models.DateTimeField(default=timezone.now)
    issued_by = _person()
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-as_of", "-id"]
        constraints = [models.UniqueConstraint(fields=["period", "as_of"], name="board_report_once_a_day")]

    def __str__(self) -> str:
        return f"{self.period_id}: {self.as_of}"


class BoardReportText(models.Model):
    """All that a report says in one language, as canonical JSON. Append-only."""

    report = models.ForeignKey(BoardReport, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=10)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "language"], name="board_report_text_once")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.language}"


class BoardReportDocument(models.Model):
    """A report's text set as a file: made once in the background for each design (``recipe``), and kept."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        HTML = "html", "HTML"

    text = models.ForeignKey(BoardReportText, on_delete=models.CASCADE, related_name="documents")
    format = models.CharField(max_length=5, choices=Format.choices)
    recipe = models.PositiveSmallIntegerField()
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["text", "format", "recipe"], name="board_report_document_once"),
        ]

    def __str__(self) -> str:
        return f"{self.text_id}.{self.format}"
