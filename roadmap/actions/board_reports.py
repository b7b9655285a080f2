"""Closing a period, making the report to the Board as of a day, issuing it, and setting it as documents."""

import json
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit, files, jobs
from core.media_types import DOCX, HTML, PDF
from core.models import Job, StoredFile, subject_of
from core.names import file_name
from core.six_languages import LANGUAGES
from core.verdicts import Conflict, require
from roadmap.actions.milestone_dates import today
from roadmap.actions.reporting import count_funding, lock_period
from roadmap.board_reports.content import canonical, content_of, sha256_of
from roadmap.board_reports.html import make_html
from roadmap.board_reports.pdf import make_pdf
from roadmap.board_reports.word import make_word
from roadmap.models import (
    BoardReport,
    BoardReportDocument,
    BoardReportText,
    ReportingPeriod,
)
from roadmap.resolution_rules import DOCUMENT, may_manage_resolutions, may_see_report

KIND = "board_report"
# Raised when the design of documents changes: what was made by an earlier one is made anew.
RECIPE = 1
LARGEST = 100 * 1024 * 1024
# A job that hasn't been heard of for so long is lost: the outbox would have handed it to another worker.
LOST_AFTER = timedelta(minutes=15)
Format = BoardReportDocument.Format
MEDIA_TYPES = {Format.PDF: PDF, Format.DOCX: DOCX, Format.HTML: HTML}
MAKERS = {Format.PDF: make_pdf, Format.DOCX: make_word, Format.HTML: make_html}


def close_period(*, actor: Any, period: ReportingPeriod, version: int | None = None) -> ReportingPeriod:
    """Close the period: its funding is counted as of its end, its report made as of then, and nothing of it changes
    any more. ``Refusal`` unless staff and while it is open; ``ValidationError`` before it has begun."""
    with transaction.atomic():
        period = lock_period(actor, period)
        if version is not None and version != period.version:
            raise Conflict(
                _("Somebody has changed this meanwhile. Look at it again, then save."),
                current={"version": period.version},
            )
        if period.starts > today():
            raise ValidationError(_("The period hasn’t begun yet."))
        as_of = closing_day(period)
        counted = period.entries.filter(counted=True).select_related("resolution__guidelines")
        for entry in counted:
            count_funding(entry, at=as_of)
            entry.save()
        period.closed_at, period.closed_by = timezone.now(), actor
        period.version += 1
        period.save()
        audit.record("period.close", period, actor=actor, changes={"period": period.code})
        make_report(actor=actor, period=period, as_of=as_of)
    return period


def make_report(*, actor: Any, period: ReportingPeriod, as_of: date) -> BoardReport:
    """The report on ``period`` as of a day: its words in six languages are frozen. The same day gives the same report.

    ``Refusal`` unless staff; ``ValidationError`` for a day to come or before the period, and, while the period is open,
    for the day as of which it would be closed: what is told until then belongs to that report.
    """
    require(may_manage_resolutions(actor))
    if not period.starts <= as_of <= today():
        raise ValidationError({"as_of": _("Give a day that is over and not before the period.")})
    with transaction.atomic():
        period = ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
        if not period.is_closed and as_of >= closing_day(period):
            told = _("The report as of this day is made when the period is closed. Give an earlier day.")
            raise ValidationError({"as_of": told})
        report, new = BoardReport.objects.get_or_create(
            period=period, as_of=as_of, defaults={"made_by": actor}
        )
        if new:
            for language in LANGUAGES:
                with translation.override(language):
                    text = canonical(content_of(period, language, as_of=as_of))
                BoardReportText.objects.create(
                    report=report, language=language, content=text, sha256=sha256_of(text)
                )
            audit.record("board_report.make", report, actor=actor, changes={"as_of": as_of.isoformat()})
    return report


def closing_day(period: ReportingPeriod) -> date:
    """As of which day a period's report is made if it is closed today."""
    return min(period.ends, today())


def issue_report(*, actor: Any, report: BoardReport) -> BoardReport:
    """Make the report public; it can't be taken back. One a period, and only of a closed one. Issuing it again changes
    nothing. ``Refusal`` unless staff."""
    require(may_manage_resolutions(actor))
    with transaction.atomic():
        period = ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=report.period_id)
        report = BoardReport.objects.select_related("period").get(pk=report.pk)
        if report.issued_at is not None:
            return report
        if not period.is_closed:
            raise ValidationError(_("Close the period first: what is issued doesn’t change any more."))
        if period.reports.filter(issued_at__isnull=False).exists():
            raise ValidationError(_("Another report on this period has been issued."))
        report.issued_at, report.issued_by = timezone.now(), actor
        report.save(update_fields=["issued_at", "issued_by"])
        audit.record("board_report.issue", report, actor=actor, changes={"as_of": report.as_of.isoformat()})
    return report


# --- Documents -------------------------------------------------------------------------------------------


def ask_for_report_document(
    *, actor: Any, report: BoardReport, language: str, form: str
) -> BoardReportDocument:
    """The document, made or being made: whoever asks, it is made once. A failed one, a lost job and a file gone from
    the disk are begun anew. ``Refusal`` where the caller may not see the report."""
    require(may_see_report(actor, report))
    text = BoardReportText.objects.filter(report=report, language=language).first()
    if text is None or form not in Format.values:
        raise ValidationError(_("There is no such document."))
    with transaction.atomic():
        made, _new = BoardReportDocument.objects.get_or_create(text=text, format=form, recipe=RECIPE)
        made = (
            BoardReportDocument.objects.select_for_update(of=("self",))
            .select_related("job", "file")
            .get(pk=made.pk)
        )
        if not is_made(made) and not is_being_made(made):
            made.file = None
            made.job = jobs.start(KIND, None, {"document": made.pk})
            made.save(update_fields=["file", "job"])
            person = actor if getattr(actor, "is_authenticated", False) else None
            changes = {"language": language, "format": form}
            audit.record("board_report.make_document", report, actor=person, changes=changes)
    return made


def is_made(made: BoardReportDocument) -> bool:
    return made.file is not None and files.is_there(made.file)


def is_being_made(made: BoardReportDocument) -> bool:
    job = made.job
    return bool(
        job and not job.finished and (job.heartbeat_at or job.created_at) > timezone.now() - LOST_AFTER
    )


def make_report_document(*, job: Job, progress: jobs.Progress) -> StoredFile | None:
    """The work: read the frozen words, set them, keep the file."""
    documents = BoardReportDocument.objects.select_related("text__report__period")
    made = documents.filter(pk=job.params["document"]).first()
    if made is None or made.job_id != job.pk:
        return None  # begun anew meanwhile
    progress.set_total(2)
    content = set_document(made.text, made.format)
    progress.advance()
    period = made.text.report.period
    media_type = MEDIA_TYPES[Format(made.format)]
    name = f"board-report-{period.code}-{made.text.report.as_of}-{made.text.language}.{made.format}"
    with transaction.atomic():
        file = files.keep(
            content,
            owner=None,
            name=file_name(name),
            purpose=DOCUMENT,
            allowed={media_type},
            max_bytes=LARGEST,
            subject=subject_of(made),
            made_as=media_type,
        )
        BoardReportDocument.objects.filter(pk=made.pk).update(file=file)
    return file


def set_document(text: BoardReportText, form: str) -> bytes:
    """The document's bytes, the same for the same words."""
    with translation.override(text.language):
        return MAKERS[Format(form)](json.loads(text.content), text.sha256)
