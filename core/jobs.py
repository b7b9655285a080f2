"""Jobs: long work in the background, with progress to see and a file for a result.

A job is started by an outbox row and belongs to whoever takes it up; a heartbeat says that they are alive.
When the heartbeat stops, another worker takes the job up from its beginning, so the work of a kind must be
safe to begin again: read, write one file, or write in small steps that can be repeated.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import outbox
from core.models import Job, StoredFile, pk_of

logger = logging.getLogger(__name__)

HEARTBEAT = 5.0
STALE = timedelta(seconds=30)
# Progress is written at most this often: a write per row would cost more than the work.
WRITE_EVERY = 0.5
ATTEMPTS = 5


class JobFailed(Exception):
    """Raised by a job's work with a sentence for its owner; anything else shows a general one."""


class TakenOver(Exception):
    """The job belongs to another worker by now, or was removed; this one stops."""


class Progress:
    """How far the work is. Committed at once, so never to be called inside a transaction of the work."""

    def __init__(self, job: Job) -> None:
        self._job_id, self._token = job.pk, job.attempts
        self._done = self._total = 0
        self._written_at = 0.0

    def set_total(self, total: int) -> None:
        """How much there is to do, in whatever the work counts."""
        self._total = total
        self._write()

    def advance(self, n: int = 1) -> None:
        """``n`` more are done. Raises TakenOver when the job is another worker's by now."""
        self._done += n
        if time.monotonic() - self._written_at >= WRITE_EVERY:
            self._write()

    def _write(self) -> None:
        done = min(self._done, self._total) if self._total else self._done
        with transaction.atomic(durable=True):  # inside the work's own transaction nobody would see it
            mine = _held(self._job_id, self._token)
            if not mine.update(done=done, total=self._total, heartbeat_at=timezone.now()):
                raise TakenOver
        self._written_at = time.monotonic()


Work = Callable[[Job, Progress], StoredFile | None]


@dataclass(frozen=True)
class Kind:
    name: str
    label: str | Promise
    work: Work


_kinds: dict[str, Kind] = {}


def kind(name: str, *, label: str | Promise) -> Callable[[Work], Work]:
    """Register ``work(job, progress)``, which returns the StoredFile it made, if any; ``label``: its (lazy)
    name for people. It runs under the owner's language and outside any transaction."""

    def register(work: Work) -> Work:
        standing = _kinds.get(name)
        if standing and (standing.work.__module__, standing.work.__qualname__) != (
            work.__module__,
            work.__qualname__,
        ):
            raise ValueError(f"Two kinds of job are named {name!r}.")
        _kinds[name] = Kind(name, label, work)
        return work

    return register


def label_of(job: Job) -> str:
    """What the job does, for people."""
    return str(_kinds[job.kind].label) if job.kind in _kinds else str(gettext_lazy("Background work"))


def start(kind: str, owner: Any, params: dict[str, Any] | None = None) -> Job:
    """Queue a job. ``params``: JSON-able, ids rather than texts. KeyError for an unknown kind."""
    if kind not in _kinds:
        raise KeyError(f"No kind of job is named {kind!r}.")
    with transaction.atomic():
        job = Job.objects.create(kind=kind, owner=owner, params=params or {})
        outbox.record("job.start", job)
    return job


def job_of(owner: Any, uuid: UUID | str) -> Job | None:
    """The owner's job under ``uuid``; nobody sees the jobs of others."""
    if not owner.is_authenticated:
        return None
    return Job.objects.filter(owner=owner, uuid=uuid).select_related("file").first()


# --- Running ---------------------------------------------------------------------------------------------


@outbox.handler("job.start", name="core.run_job", outside=True, slow=True)
def run_job(subject: str) -> None:
    """Take a job up and run it to its end. Later: another worker is at it and may yet die."""
    job = _take_up(int(pk_of(subject, Job)))
    if job is None:
        return
    stop = threading.Event()
    heart = threading.Thread(target=_beat, args=(job.pk, job.attempts, stop), daemon=True)
    heart.start()
    try:
        with translation.override(getattr(job.owner, "language", None)):
            _work(job)
    finally:
        stop.set()
        heart.join()


def _held(pk: int, token: int) -> models.QuerySet[Job]:
    return Job.objects.filter(pk=pk, state=Job.State.RUNNING, attempts=token)


def _take_up(pk: int) -> Job | None:
    now = timezone.now()
    free = Job.objects.filter(
        Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, heartbeat_at__lte=now - STALE), pk=pk
    )
    if free.update(
        state=Job.State.RUNNING, heartbeat_at=now, attempts=F("attempts") + 1, done=0, total=0, message=""
    ):
        return Job.objects.select_related("owner").get(pk=pk)
    if Job.objects.filter(pk=pk, state=Job.State.RUNNING).exists():
        raise outbox.Later(STALE.total_seconds() / 3)
    return None


def _beat(pk: int, token: int, stop: threading.Event) -> None:
    """Show that the worker lives while one step of the work takes long."""
    try:
        while not stop.wait(HEARTBEAT):
            try:
                if not _held(pk, token).update(heartbeat_at=timezone.now()):
                    return
            except Exception:
                logger.warning("No heartbeat for job %s.", pk, exc_info=True)
                connection.close()
    finally:
        connection.close()


def _work(job: Job) -> None:
    try:
        if job.attempts > ATTEMPTS:
            raise JobFailed(_("The work was interrupted too often."))
        known = _kinds.get(job.kind)
        if known is None:
            raise LookupError(f"No kind of job is named {job.kind!r}.")
        progress = Progress(job)
        file = known.work(job, progress)
    except TakenOver:
        logger.warning("Job %s was taken over by another worker.", job.uuid)
    except (JobFailed, ValidationError) as error:
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        _finish(job, state=Job.State.FAILED, message=text[:300])
    except OperationalError:
        _release(job)  # the database went away or was locked: the outbox tries again
        raise
    except Exception:
        logger.exception("Job %s (%s) failed.", job.uuid, job.kind)
        _finish(job, state=Job.State.FAILED, message=_("Something went wrong. Please try again."))
    except BaseException:
        _release(job)  # asked to stop: the next worker begins at once
        raise
    else:
        done = max(progress._done, progress._total)
        _finish(job, state=Job.State.DONE, file=file, done=done, total=done)


def _finish(job: Job, **values: Any) -> None:
    _held(job.pk, job.attempts).update(finished_at=timezone.now(), heartbeat_at=timezone.now(), **values)


def _release(job: Job) -> None:
    try:
        _held(job.pk, job.attempts).update(state=Job.State.QUEUED)
    except OperationalError:
        logger.warning("Job %s waits until its heartbeat is stale.", job.uuid)
