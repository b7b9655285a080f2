"""Files: checked by content when they come in, kept outside the web root, permission asked at every reading."""

import errno
import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.media_types import media_type_of
from core.models import StoredFile
from core.names import file_name

logger = logging.getLogger(__name__)

MayRead = Callable[[Any, StoredFile], Any]
NoteReading = Callable[[Any, StoredFile], None]
CHUNK = 1 << 16
# A file without a row is left by a transaction that was undone, or belongs to one that isn't through yet.
ORPHAN_AGE = timedelta(days=1)

_purposes: dict[str, MayRead] = {}
_records: set[str] = set()
_noted: dict[str, NoteReading] = {}


def register_purpose(
    purpose: str, may_read: MayRead, *, record: bool = False, note: NoteReading | None = None
) -> None:
    """Say who may read files of ``purpose``: ``may_read(user, stored)`` answers truthy or not, each time.

    Without a rule of its own only the owner may. ``record``: see ``record_purposes``. ``note(user, stored)`` is
    called before each reading that was allowed; what it can't note isn't read.
    """
    _purposes[purpose] = may_read
    if note is not None:
        _noted[purpose] = note
    if record:
        _records.add(purpose)


def record_purposes() -> frozenset[str]:
    """Purposes whose files belong to an official record: they outlive their owner's account."""
    return frozenset(_records)


def may_read(user: Any, stored: StoredFile) -> bool:
    """Whether ``user`` may read the file now. An expired file nobody may; a disabled account none."""
    if stored.expires_at is not None and stored.expires_at <= timezone.now():
        return False
    rule = _purposes.get(stored.purpose, _owner_only)
    return bool(rule(user, stored))


def note_reading(user: Any, stored: StoredFile) -> None:
    """Put on record that ``user`` opens the file, where its purpose asks for it."""
    if note := _noted.get(stored.purpose):
        note(user, stored)


def _owner_only(user: Any, stored: StoredFile) -> bool:
    return bool(user.is_authenticated and user.is_active and user.pk == stored.owner_id)


def keep(
    content: "bytes | IO[bytes] | File[bytes]",
    *,
    owner: Any,
    name: str,
    purpose: str,
    allowed: Collection[str],
    max_bytes: int,
    subject: str = "",
    expires_at: datetime | None = None,
    made_as: str = "",
) -> StoredFile:
    """Keep a file. ``allowed``: media types, told by content. ``subject``: what it belongs to.

    ``owner`` None: the portal's own. ``made_as``: the type of what the portal itself made, which isn't examined.

    Written beside its place and then renamed: it is there whole or not at all. Raises ValidationError when it
    is too large, not of an allowed type, belied by its name, or when the disk is full.
    """
    uuid = uuid4()
    name = file_name(name)
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            size, sha256 = _write(content, stream, max_bytes)
        media_type = made_as or media_type_of(Path(temporary), name)
        if media_type not in allowed:
            raise ValidationError(_("Files of this type can't be kept here."), code="type")
        place = _place(uuid)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, place)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            logger.exception("No room for a file.")
            raise ValidationError(_("There is no room left to keep the file."), code="full") from error
        raise
    finally:
        Path(temporary).unlink(missing_ok=True)
    return StoredFile.objects.create(
        uuid=uuid,
        owner=owner,
        subject=subject,
        purpose=purpose,
        name=name,
        sha256=sha256,
        media_type=media_type,
        size=size,
        expires_at=expires_at,
    )


def _write(content: "bytes | IO[bytes] | File[bytes]", stream: IO[bytes], max_bytes: int) -> tuple[int, str]:
    size, sha256 = 0, hashlib.sha256()
    for chunk in _chunks(content):
        size += len(chunk)
        if size > max_bytes:
            raise ValidationError(
                _("The file is larger than %(megabytes)s MB."),
                code="size",
                params={"megabytes": f"{max_bytes / 1024 / 1024:g}"},
            )
        sha256.update(chunk)
        stream.write(chunk)
    stream.flush()
    os.fsync(stream.fileno())
    return size, sha256.hexdigest()


def _chunks(content: "bytes | IO[bytes] | File[bytes]") -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    content.seek(0)
    while chunk := content.read(CHUNK):
        yield chunk


def _place(uuid: UUID) -> Path:
    """Where the file lies: by its own random name, in one of 65,536 folders."""
    name = uuid.hex
    return Path(settings.MEDIA_ROOT) / name[:2] / name[2:4] / name


def is_there(stored: StoredFile) -> bool:
    """Whether the file's content lies on the disk."""
    return _place(stored.uuid).is_file()


def open_file(stored: StoredFile) -> IO[bytes]:
    """The file's content, to be read and closed. FileNotFoundError when it is gone from the disk."""
    return _place(stored.uuid).open("rb")


def remove(stored: StoredFile) -> None:
    """Delete a file: its row in the caller's transaction, its content once that is committed."""
    place = _place(stored.uuid)
    stored.delete()
    transaction.on_commit(lambda: place.unlink(missing_ok=True), robust=True)


def destroy(stored: StoredFile) -> None:
    """Delete a file, its content first: what is asked to be gone is gone even if this is cut short, and the
    row that is left then says what is still to do. Outside a transaction that may be undone."""
    _place(stored.uuid).unlink(missing_ok=True)
    stored.delete()


def remove_expired(now: datetime | None = None) -> int:
    """Delete files past their time, and content that no row knows; the number of files deleted."""
    now = now or timezone.now()
    expired = list(StoredFile.objects.filter(expires_at__lte=now)[:1000])
    for stored in expired:
        with transaction.atomic():
            remove(stored)
    _remove_orphans(now - ORPHAN_AGE)
    return len(expired)


def _remove_orphans(before: datetime) -> None:
    root = Path(settings.MEDIA_ROOT)
    old = [
        path
        for pattern in ("*.part", "??/??/*")
        for path in root.glob(pattern)
        if path.is_file() and path.stat().st_mtime < before.timestamp()
    ]
    for start in range(0, len(old), 500):
        batch = {path.name: path for path in old[start : start + 500]}
        uuids = [UUID(name) for name in batch if len(name) == 32]
        known = {
            uuid.hex for uuid in StoredFile.objects.filter(uuid__in=uuids).values_list("uuid", flat=True)
        }
        for name, path in batch.items():
            if name not in known:
                path.unlink(missing_ok=True)
