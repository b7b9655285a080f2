"""The decision's record: made in the background, kept as it was."""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import files, jobs
from core.media_types import PDF
from core.models import Job, StoredFile, pk_of, subject_of
from core.names import file_name
from core.verdicts import require
from experts.actions.announcing_decisions import broken_rules
from experts.decision_record import record_of
from experts.models import Decision
from experts.papers import pdf_of
from experts.rules import may_work_on_panel

KIND, PURPOSE = "decision_record", "decision_record"
LARGEST = 50 * 1024 * 1024


def ask_for_record(*, actor: Any, decision: Decision, language: str) -> Job:
    """Start the making of the record in ``language``; one that is under way for this version is returned."""
    require(may_work_on_panel(actor, decision.call))
    params = {"decision": decision.pk, "version": decision.version, "language": language}
    with transaction.atomic():
        Decision.objects.select_for_update().get(pk=decision.pk)
        running = Job.objects.filter(kind=KIND, owner=actor, params=params).exclude(state=Job.State.FAILED)
        last = running.order_by("-pk").first()
        if last is not None and not last.finished:
            return last
        return jobs.start(KIND, actor, params)


def make_record(*, job: Job, progress: jobs.Progress) -> StoredFile:
    """The work. Safe to begin again: the last one made counts."""
    progress.set_total(2)
    decision = Decision.objects.select_related(
        "call__guidelines", "selection__call", "decided_by", "announced_by"
    ).get(pk=job.params["decision"])
    # Between asking and making somebody may have got a conflict of interest, or lost the role.
    if not may_work_on_panel(job.owner, decision.call):
        raise jobs.JobFailed(_("This is not open to you."))
    with translation.override(job.params["language"]):
        content = pdf_of(record_of(decision, broken_rules(decision)))
    progress.advance()
    name = f"decision-{decision.call_id}-{decision.version}-{job.params['language']}.pdf"
    with transaction.atomic():
        file = files.keep(
            content,
            owner=None,
            name=file_name(name),
            purpose=PURPOSE,
            allowed={PDF},
            max_bytes=LARGEST,
            subject=subject_of(decision),
            made_as=PDF,
        )
        Decision.objects.filter(pk=decision.pk, version=decision.version).update(record=file)
    return file


def may_read_record(user: Any, stored: StoredFile) -> Any:
    """Whoever works on the panel of its call."""
    decision = Decision.objects.select_related("call").filter(pk=pk_of(stored.subject, Decision)).first()
    return decision is not None and may_work_on_panel(user, decision.call)
