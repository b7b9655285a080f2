"""A person's own data, as one file to take away."""

import json
import tempfile
import zipfile
from datetime import datetime, timedelta
from typing import IO, Any

from django.contrib.staticfiles import finders
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import may_edit_profile
from accounts.slots import personal_records
from core import audit, files, jobs
from core.media_types import UNPACKED, ZIP
from core.models import Job, StoredFile
from core.names import file_name
from core.verdicts import require

KIND = "my_data"
PURPOSE = "my_data"
KEPT_FOR = timedelta(days=7)
LARGEST = UNPACKED
STYLE = "css/portal.css"


def start_export(*, actor: Any, person: User) -> Job:
    """Begin to put a person's data together; the job. One at a time: twice is the same job."""
    require(may_edit_profile(actor, person))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        unfinished = Job.objects.filter(
            owner=person, kind=KIND, state__in=[Job.State.QUEUED, Job.State.RUNNING]
        ).first()
        if unfinished:
            return unfinished
        audit.record("person.export", person, actor=actor)
        return jobs.start(KIND, person)


def export_data(*, job: Job, progress: jobs.Progress) -> StoredFile:
    """The owner's data as a ZIP: ``my-data.json``, ``index.html`` to read, and their files.

    Only its owner may fetch it, for seven days. ``JobFailed`` when the account was erased meanwhile.
    """
    person = User.objects.select_related("country").get(pk=job.owner_id)
    known = personal_records()
    stored = list(StoredFile.objects.filter(owner=person).exclude(purpose=PURPOSE).order_by("pk"))
    progress.set_total(len(known) + len(stored) + 1)
    sections = []
    for records in known:
        sections.append((records, records.collect(person)))
        progress.advance()
    with tempfile.TemporaryFile() as stream:
        # Stored, not deflated: a person's words may repeat so much that the archive looked like a bomb.
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            names = [_add_file(archive, number, file, progress) for number, file in enumerate(stored, 1)]
            _add_texts(archive, person, sections, [name for name in names if name])
        with transaction.atomic():
            # An erasure that began meanwhile looks for files after this row is let go.
            if User.objects.select_for_update(no_key=True).get(pk=person.pk).erased_at:
                raise jobs.JobFailed(_("This account was erased."))
            return _keep(stream, person)


def _keep(stream: IO[bytes], person: User) -> StoredFile:
    now = timezone.now()
    return files.keep(
        stream,
        owner=person,
        name=f"my-data-{now:%Y-%m-%d}.zip",
        purpose=PURPOSE,
        allowed={ZIP},
        max_bytes=LARGEST,
        expires_at=now + KEPT_FOR,
    )


def _add_texts(
    archive: zipfile.ZipFile, person: User, sections: list[tuple[Any, list[dict[str, Any]]]], names: list[str]
) -> None:
    document = {
        "person": person.pk,
        "made_at": timezone.now(),
        **{records.name: rows for records, rows in sections},
    }
    archive.writestr(
        "my-data.json", json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    )
    shown = [(records.title, [_readable(records.labels, row) for row in rows]) for records, rows in sections]
    context = {
        "person": person,
        "sections": shown,
        "files": names,
        "made_at": timezone.now(),
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
    archive.writestr("index.html", render_to_string("accounts/my_data_export.html", context))
    if style := finders.find(STYLE):
        archive.write(style, "portal.css")


def _readable(labels: Any, row: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        (str(label), _in_words(row[name]))
        for name, label in labels.items()
        if row.get(name) not in (None, "", [])
    ]


def _in_words(value: Any) -> Any:
    return f"{value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else value


def _add_file(
    archive: zipfile.ZipFile, number: int, stored: StoredFile, progress: jobs.Progress
) -> str | None:
    """One of the person's files under a name of its own; None when its content is gone."""
    name = f"files/{number}-{file_name(stored.name)}"
    progress.advance()
    try:
        with files.open_file(stored) as content, archive.open(name, "w") as entry:
            while chunk := content.read(files.CHUNK):
                entry.write(chunk)
    except FileNotFoundError:
        return None
    return name
