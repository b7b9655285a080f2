"""Setting reports to the Board as documents, in the background."""

from django.utils.translation import gettext_lazy as _

from core import jobs
from core.models import Job, StoredFile
from roadmap.actions import board_reports


@jobs.kind(board_reports.KIND, label=_("Making a document of the report to the Board"))
def make_report_document(job: Job, progress: jobs.Progress) -> StoredFile | None:
    return board_reports.make_report_document(job=job, progress=progress)
