"""What a file is by its content. A name and a browser's word for the type prove nothing."""

import codecs
import json
import re
import zipfile
from pathlib import Path

import puremagic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CSV = "text/csv"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"  # only of what the portal itself made; never accepted from anybody
JSON = "application/json"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
PLAIN = "text/plain"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Suffixes that may stand for a type. Text of any kind is told apart by its suffix alone.
SUFFIXES = {
    PDF: {".pdf"},
    DOCX: {".docx"},
    XLSX: {".xlsx"},
    "image/png": {".png"},
    "image/jpeg": {".jpg", ".jpeg"},
    CSV: {".csv"},
    MARKDOWN: {".md", ".markdown"},
    JSON: {".json"},
    PLAIN: {".txt", ""},
    ZIP: {".zip"},
}
IMAGES = {"image/png", "image/jpeg"}

HEAD = 4096
ENTRIES = 2_000
UNPACKED = 300 * 1024 * 1024
RATIO = 200
# What makes a browser take a file for a page, wherever in its beginning it stands.
MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg)\b", re.IGNORECASE)
MARKUP_FIRST = re.compile(r"\s*<\s*(?:[a-z!?])", re.IGNORECASE)


def media_type_of(path: Path, name: str) -> str:
    """The media type of the file at ``path``, called ``name`` by whoever sent it.

    Raises ValidationError for an unknown or doubtful content, one that its suffix belies, an archive that
    would unpack to more than it should, and text that isn't UTF-8.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head:
        raise ValidationError(_("The file is empty."), code="empty")
    if head.startswith(b"%PDF-"):
        found = _pdf(path, head)
    elif head.startswith(b"PK\x03\x04"):
        found = _office(path)
    elif (image := _image(head)) is not None:
        found = image
    else:
        found = _text(path, head, Path(name).suffix.lower())
    suffix = Path(name).suffix.lower()
    if found == ZIP and suffix not in SUFFIXES[ZIP]:
        raise _doubtful()
    if suffix not in SUFFIXES[found]:
        raise ValidationError(_("The file's content isn't what its name says."), code="mismatch")
    return found


def _doubtful() -> ValidationError:
    return ValidationError(_("Files of this type can't be kept here."), code="type")


def _pdf(path: Path, head: bytes) -> str:
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - 2048))
        tail = stream.read()
    if MARKUP.search(head) or b"%%EOF" not in tail or b"startxref" not in tail:
        raise _doubtful()
    return PDF


def _image(head: bytes) -> str | None:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    found = matches[0].mime_type if matches and matches[0].confidence >= 0.5 else ""
    known = next((image for image in (found, _signature(head)) if image in IMAGES), None)
    if known and MARKUP.search(head):
        raise _doubtful()
    return known


def _signature(head: bytes) -> str:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/jpeg" if head.startswith(b"\xff\xd8\xff") else ""


def _office(path: Path) -> str:
    """A Word or Excel file without macros, or a plain archive. Only its directory is read; nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _doubtful() from error
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > ENTRIES
        or unpacked > UNPACKED
        or any(entry.file_size > RATIO * max(entry.compress_size, 1) + 100_000 for entry in entries)
        or any(entry.flag_bits & 1 for entry in entries)
    ):
        raise ValidationError(_("The file unpacks to more than is accepted."), code="archive")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _doubtful()
    if "[Content_Types].xml" not in names:
        return ZIP
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise _doubtful()


def _text(path: Path, head: bytes, suffix: str) -> str:
    """One of the kinds of plain text, by its suffix, once it is known to be text that is no markup."""
    if b"\0" in head:
        raise _doubtful()
    decode = codecs.getincrementaldecoder("utf-8-sig")()
    beginning = None
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 16):
                text = decode.decode(chunk)
                beginning = text if beginning is None else beginning
                if any(character < " " and character not in "\t\n\r\f" for character in text):
                    raise _doubtful()
            decode.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise ValidationError(_("The text isn't in UTF-8."), code="encoding") from error
    found = next((kind for kind, suffixes in SUFFIXES.items() if suffix and suffix in suffixes), PLAIN)
    if MARKUP_FIRST.match(beginning or "") and (MARKUP.search(head) or found == PLAIN):
        raise _doubtful()
    if found == JSON:
        try:
            json.loads(path.read_text(encoding="utf-8-sig"))
        except ValueError as error:
            raise ValidationError(
                _("The file's content isn't what its name says."), code="mismatch"
            ) from error
    return found if found in {CSV, MARKDOWN, JSON} else PLAIN
