"""What drafts do outside a request: making documents, letting go of those of earlier words."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core import jobs, schedule
from core.models import Job, StoredFile
from drafts.actions import rendering

DAY = 24 * 3600.0


@jobs.kind(rendering.KIND, label=_("Making a document of a draft"))
def make_document(job: Job, progress: jobs.Progress) -> StoredFile | None:
    return rendering.make_document(job=job, progress=progress)


@schedule.every(DAY, "drafts.remove_superseded_documents")
def remove_superseded_documents(now: datetime) -> None:
    rendering.remove_superseded(now)
