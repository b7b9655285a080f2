"""What follows outside the request in choosing a panel."""

from django.utils.translation import gettext_lazy as _

from core import jobs
from core.models import Job
from experts.actions import selecting


@jobs.kind(selecting.KIND, label=_("Computing what stands around a panel"))
def finish_selection(job: Job, progress: jobs.Progress) -> None:
    selecting.finish_selection(job=job, progress=progress)
