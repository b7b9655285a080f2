"""What follows a change of a draft, outside the request: its checks."""

from datetime import timedelta

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs, outbox
from core.models import Job, StoredFile, pk_of
from drafts.actions.checking import CHECKS, check_draft
from drafts.checks import all_checks
from drafts.models import CheckRun, Draft, Provision, ProvisionText, Revision, StructureChange

# Of many changes in a row the first and the last are checked at once, those between them together.
PAUSE = timedelta(seconds=5)
# Every event that may change what the checks find, and the way from its subject to the draft.
_DRAFT_OF: dict[type[Model], str] = {
    Draft: "pk",
    Provision: "draft",
    ProvisionText: "provision__draft",
    Revision: "provision_text__provision__draft",
    StructureChange: "draft",
}


def check_after(event: str) -> None:
    """Have the draft checked after ``event``, whose subject is a draft or a part or change of one."""
    outbox.handler(event, name=f"drafts.check:{event}", outside=True, slow=True)(check_changed_draft)


def check_changed_draft(subject: str) -> None:
    """Check the draft that ``subject`` belongs to. Any number of deliveries do the work of one."""
    draft_id = _draft_id(subject)
    run = CheckRun.objects.filter(draft=draft_id).first() if draft_id else None
    rest = run.at + PAUSE - timezone.now() if run else timedelta(0)
    if rest > timedelta(0):
        raise outbox.Later(rest.total_seconds())
    if draft_id:
        check_draft(draft_id)


def _draft_id(subject: str) -> int | None:
    for model, path in _DRAFT_OF.items():
        if subject.startswith(f"{model._meta.label_lower}:"):
            rows = model._base_manager.filter(pk=pk_of(subject, model))
            found: int | None = rows.values_list(path, flat=True).first()
            return found
    raise ValueError(f"{subject!r} belongs to no draft.")


check_after("provision.revised")
check_after("draft.restructured")
check_after("translation.confirmed")


@jobs.kind(CHECKS, label=_("Checking the draft"))
def check_now(job: Job, progress: jobs.Progress) -> StoredFile | None:
    progress.set_total(len(all_checks()))
    check_draft(int(job.params["draft"]), again=True, after_each=progress.advance)
    return None
