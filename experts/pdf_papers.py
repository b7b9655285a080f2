"""Papers that people upload: PDF alone, with few pages, and nothing in them that runs."""

import json
import subprocess
import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

MAX_BYTES = 5 * 1024 * 1024
PDF = "application/pdf"
SECONDS = 15
INSPECTION = Path(__file__).with_name("pdf_inspection.py")


def pages_of(file: UploadedFile, *, most: int | None) -> int:
    """The number of pages of a PDF that may be kept.

    ``ValidationError`` with what is wrong: no PDF, larger than 5 MB, encrypted, broken, more than ``most`` pages, or
    with scripts or other files in it.
    """
    if (file.size or 0) > MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(megabytes)s MB.") % {"megabytes": "5"}, code="size"
        )
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    if not content.startswith(b"%PDF-"):
        raise ValidationError(_("This is not a PDF. Save your document as PDF and upload that."), code="type")
    found = _inspect(content)
    if found.get("encrypted"):
        raise ValidationError(
            _("The PDF is protected by a password. Upload one that opens without."), code="encrypted"
        )
    if found.get("active"):
        raise ValidationError(
            _("The PDF holds a script or another file. Print it to a plain PDF and upload that."),
            code="active",
        )
    pages = int(str(found.get("pages") or 0))
    if pages < 1:
        raise _unreadable()
    if most is not None and pages > most:
        raise ValidationError(
            _("The PDF has %(pages)d pages; at most %(most)d.") % {"pages": pages, "most": most}, code="pages"
        )
    return pages


def _inspect(content: bytes) -> dict[str, object]:
    try:
        done = subprocess.run(  # noqa: S603 our own file, and nothing of the upload on the command line
            [sys.executable, "-I", str(INSPECTION)],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        found: dict[str, object] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise _unreadable() from error
    return found


def _unreadable() -> ValidationError:
    return ValidationError(_("The PDF can't be read. Save it anew and upload that."), code="broken")
