"""Compilations of a round's comments: asked for by whoever may read them, written in the background."""

import gc
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO, Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from consultations.compilations.about import about
from consultations.compilations.asked import LANGUAGES, OUTCOMES, PILLARS, STATUSES, Asked, Format, Kind
from consultations.compilations.columns import COLUMNS
from consultations.compilations.delegations import Delegations
from consultations.compilations.entries import Entries
from consultations.compilations.sight import Sight
from consultations.compilations.tables import Chunks, write_csv, write_json, write_xlsx
from consultations.compilations.volumes import write_volumes
from consultations.models import Comment, Round
from consultations.rules import may_compile
from core import audit, files, jobs
from core.media_types import CSV, JSON, PDF, XLSX, ZIP
from core.models import Job, StoredFile, pk_of, subject_of
from core.names import file_name
from core.verdicts import require

KIND = PURPOSE = "compilation"
KEPT_FOR = timedelta(days=7)
LARGEST = 4 * 1024**3
# So many of one person's are written at a time; the others wait to be asked for.
MOST_AT_ONCE = 5
MEDIA_TYPES = {Format.XLSX: XLSX, Format.CSV: CSV, Format.JSON: JSON, Format.PDF: PDF}


def ask_for_compilation(*, actor: Any, round: Round, asked: Asked) -> Job:
    """Start the writing of what is ``asked``; one that is the same and not yet written is returned.

    ``Refusal`` where the caller may not read what is said in the round; ``ValidationError`` for what there is not, and
    while too many of theirs are being written.
    """
    require(may_compile(actor, round))
    _check(asked)
    params = asked.to_json()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        own = Job.objects.filter(owner=actor, kind=KIND, state__in=[Job.State.QUEUED, Job.State.RUNNING])
        waiting = list(own.order_by("-pk"))
        for job in waiting:
            if job.params == params:
                return job
        if len(waiting) >= MOST_AT_ONCE:
            raise ValidationError(
                _("Several of your compilations are being written. Wait until one is done.")
            )
        audit.record(
            "round.compile", round, actor=actor, changes={"kind": params["kind"], "format": params["form"]}
        )
        return jobs.start(KIND, actor, params)


def _check(asked: Asked) -> None:
    filters = asked.filters
    known: dict[str, tuple[Any, Iterable[Any]]] = {
        "kind": (asked.kind, Kind.values),
        "format": (asked.form, Format.values),
        "language": (asked.language, LANGUAGES),
        "pillar": (filters.pillar, [None, *PILLARS]),
        "comment_kind": (filters.kind, ["", *Comment.Kind.values]),
        "outcome": (filters.outcome, ["", *OUTCOMES]),
        "status": (filters.status, ["", *STATUSES]),
    }
    wrong = {
        name: [_("Choose one of: %(choices)s.") % {"choices": ", ".join(str(c) for c in choices if c)}]
        for name, (value, choices) in known.items()
        if value not in choices
    }
    if wrong:
        raise ValidationError(wrong)


def write_compilation(*, job: Job, progress: jobs.Progress) -> StoredFile:
    """The work. Safe to begin again: nothing of it is seen before it is whole.

    Holds what the owner may read at this moment; where that changes while it is written, it fails and says so.
    """
    asked = Asked.from_json(job.params)
    owner, round = _now(job, asked)
    sight = Sight.of(owner, round)
    with translation.override(asked.language), tempfile.TemporaryFile() as stream:
        volumes = write_asked(stream, asked, owner, round, progress)
        if Sight.of(*_now(job, asked)) != sight:
            raise jobs.JobFailed(_("What you may read has changed meanwhile. Please ask for it again."))
        return _keep(job, asked, round, sight, stream, volumes)


def _now(job: Job, asked: Asked) -> tuple[User, Round]:
    """The owner and the round as they are now; ``JobFailed`` where the owner may no longer compile it."""
    owner = User.objects.get(pk=job.owner_id)
    round = (
        Round.objects.visible_to(owner)
        .select_related("draft__guidelines")
        .prefetch_related("audience")
        .filter(pk=asked.round)
        .first()
    )
    if round is None or not may_compile(owner, round):
        raise jobs.JobFailed(_("This is not open to you."))
    return owner, round


def write_asked(stream: IO[bytes], asked: Asked, owner: User, round: Round, progress: jobs.Progress) -> bool:
    """Write what is asked for; whether it is an archive of volumes."""
    entries = Entries(round, owner, asked.filters.narrow(round, owner))
    # A book of comments is read along the text, whatever it is sorted by as a table.
    ids = entries.in_order(by_provision=asked.kind == Kind.ISO or asked.form == Format.PDF)
    total, chunks = len(ids), cast(Chunks, entries.chunks(ids))
    if asked.kind == Kind.DELEGATIONS:
        delegations = Delegations(entries)
        total, chunks = len(delegations), delegations.chunks()
    told = about(asked, round, entries, len(ids), timezone.now())
    progress.set_total(total)
    if asked.form == Format.PDF:
        return write_volumes(stream, asked.kind, chunks, told, progress.advance, total=total)
    with _rarely_collected():
        WRITERS[Format(asked.form)](stream, COLUMNS[asked.kind], chunks, told, progress.advance)
    return False


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Rows are freed as they are written. Looking for cycles among the thousands that stand at a time finds none and
    takes a quarter of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


WRITERS: dict[Format, Callable[..., None]] = {
    Format.CSV: write_csv,
    Format.JSON: write_json,
    Format.XLSX: write_xlsx,
}


def _keep(job: Job, asked: Asked, round: Round, sight: Sight, stream: IO[bytes], volumes: bool) -> StoredFile:
    media_type = ZIP if volumes else MEDIA_TYPES[Format(asked.form)]
    now = timezone.now()
    suffix = "zip" if volumes else asked.form
    with transaction.atomic():
        # Held against the rights of whoever fetches it: a compilation for the secretariat stays there.
        held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
        if not held.update(params=job.params | {"sight": sight.name}):
            raise jobs.TakenOver
        return files.keep(
            stream,
            # Not the person's own data: theirs is the job alone.
            owner=None,
            name=file_name(f"round-{round.pk}-{asked.kind}-{asked.language}-{now:%Y-%m-%d-%H%M}.{suffix}"),
            purpose=PURPOSE,
            allowed={media_type},
            max_bytes=LARGEST,
            subject=subject_of(round),
            expires_at=now + KEPT_FOR,
            made_as=media_type,
        )


def may_read_compilation(user: Any, stored: StoredFile) -> bool:
    """Whoever asked for it, while they may read all that is in it."""
    if not (user.is_authenticated and user.is_active):
        return False
    job = Job.objects.filter(kind=KIND, owner=user, file=stored).first()
    round = Round.objects.visible_to(user).filter(pk=pk_of(stored.subject, Round)).first()
    if job is None or round is None or not may_compile(user, round):
        return False
    return Sight.of(user, round).covers(job.params.get("sight", ""))
