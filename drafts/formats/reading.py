"""From bytes to text: size, encoding, emptiness, and which of the two forms the file has."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import PurePath

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .document import DraftUnreadable
from .source import Source

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_DRAFT = 500_000  # characters; the longest draft we know has 36,000
JOINERS = "\u200c\u200d"  # they change how a word is written, so they stay

_BLANKS = str.maketrans("\u00a0\u2007\u202f\u3000", "    ")  # one blank for one, so that no offset moves
# Where writing wants a space that doesn't break: within guillemets, before high signs, in figures.
_NO_BREAK = re.compile(
    "(?<=\u00ab)[\u00a0\u202f]|[\u00a0\u202f](?=[:;!?%\u2030\u20ac\u00bb])|(?<=\\d)[\u00a0\u202f](?=\\d)"
)

_SIGNATURES = (
    (b"%PDF", gettext_lazy("%(name)s is a PDF file: save its text as a .txt file first.")),
    (
        b"PK\x03\x04",
        gettext_lazy("%(name)s is a Word or ZIP file: save it as plain text (.txt) or Markdown (.md) first."),
    ),
    (
        b"\xd0\xcf\x11\xe0",
        gettext_lazy("%(name)s is an old Word file: save it as plain text (.txt) or Markdown (.md) first."),
    ),
    (
        b"{\\rtf",
        gettext_lazy("%(name)s is an RTF file: save it as plain text (.txt) or Markdown (.md) first."),
    ),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

_SCRIPTS = {
    "zh": re.compile("[\u3400-\u9fff]"),
    "ar": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f]"),
}
_OTHER_SCRIPT = {
    "zh": gettext_lazy(
        "%(name)s is written in Chinese script, but its language is given as “%(language)s”: give the language of"
        " the text."
    ),
    "ar": gettext_lazy(
        "%(name)s is written in Arabic script, but its language is given as “%(language)s”: give the language of"
        " the text."
    ),
    "ru": gettext_lazy(
        "%(name)s is written in Cyrillic script, but its language is given as “%(language)s”: give the language of"
        " the text."
    ),
    "latin": gettext_lazy(
        "%(name)s is written in Latin script, but its language is given as “%(language)s”: give the language of"
        " the text."
    ),
}


def read_source(content: bytes, filename: str) -> Source:
    """The text of the file, NFC, with line feeds only. Refused: DraftUnreadable."""
    name = _shown(filename)
    if len(content) > LARGEST_FILE:
        size, limit = len(content) // 1_048_576, LARGEST_FILE // 1_048_576
        raise DraftUnreadable(
            _("%(name)s is too large (%(size)d MB; at most %(limit)d MB): import the text alone.")
            % {"name": name, "size": size, "limit": limit}
        )
    if not content.strip():
        raise DraftUnreadable(
            _("%(name)s is empty: choose the file that holds the draft's text.") % {"name": name}
        )
    text = _decode(content, name)
    if len(text) > LARGEST_DRAFT:
        raise DraftUnreadable(
            _("%(name)s is too long (%(length)s characters; at most %(limit)s): import one draft at a time.")
            % {
                "name": name,
                "length": number_format(len(text), force_grouping=True),
                "limit": number_format(LARGEST_DRAFT, force_grouping=True),
            }
        )
    if _CONTROL.search(text):
        raise _control_characters(name)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in text if c in JOINERS or unicodedata.category(c) != "Cf")
    source = Source(kept.translate(_BLANKS), invisible=len(text) - len(kept), no_break=_no_break(kept))
    if not source.text.strip():
        raise DraftUnreadable(
            _("%(name)s holds no visible text: choose the file that holds the draft's text.") % {"name": name}
        )
    return source


def _no_break(text: str) -> dict[int, str]:
    """Where no-break spaces are meant; none where they stand for all others, as in what some programs extract."""
    if text.count("\u00a0") + text.count("\u202f") > text.count(" "):
        return {}
    return {found.start(): found[0] for found in _NO_BREAK.finditer(text)}


def _shown(filename: str) -> str:
    """How messages call the file."""
    return PurePath(filename).name or _("The file")


def _control_characters(name: str) -> DraftUnreadable:
    return DraftUnreadable(
        _("%(name)s is not a text file (control characters): import plain text or Markdown.") % {"name": name}
    )


def _decode(content: bytes, name: str) -> str:
    for signature, message in _SIGNATURES:
        if content.startswith(signature):
            raise DraftUnreadable(message % {"name": name})
    encoding = _UTF16.get(content[:2], "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if _looks_binary(content):
            raise DraftUnreadable(
                _("%(name)s is not a text file: import plain text or Markdown.") % {"name": name}
            ) from None
        line = content.count(b"\n", 0, error.start) + 1
        raise DraftUnreadable(
            _(
                "%(name)s is not in UTF-8 (first wrong byte on line %(line)d): save it as UTF-8 and import it again."
            )
            % {"name": name, "line": line}
        ) from None
    if any(ord(c) < 32 and not c.isspace() for c in text) or "\x7f" in text:
        raise _control_characters(name)
    return text


def _looks_binary(content: bytes) -> bool:
    """A NUL, or many control bytes, near the beginning: no encoding of text has them."""
    head = content[:8192]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head)
    return b"\0" in head or controls > len(head) // 50


def base_language(language: str) -> str:
    """`zh-hans` gives `zh`. Refused: a language the importer doesn't know."""
    base = language.lower().replace("_", "-").split("-")[0]
    if base not in {"ar", "en", "es", "fr", "ru", "zh"}:
        raise DraftUnreadable(
            _("Language “%(language)s” is not known: use ar, en, es, fr, ru or zh-hans.")
            % {"language": language}
        )
    return base


def check_script(source: Source, language: str, filename: str) -> None:
    """Refuse a text written in another script than its language's: no structure word could be found."""
    found = {script: len(pattern.findall(source.text)) for script, pattern in _SCRIPTS.items()}
    # A Han character says about as much as three letters, and addresses are always in Latin letters.
    found["zh"] *= 4
    addresses = sum(len(address) for address in re.findall(r"https?://\S+", source.text))
    found["latin"] = max(0, found["latin"] - addresses)
    expected = language if language in found else "latin"
    most = max(found, key=lambda script: found[script])
    if found[most] > 3 * found[expected]:
        raise DraftUnreadable(_OTHER_SCRIPT[most] % {"name": _shown(filename), "language": language})


def is_markdown(source: Source, filename: str) -> bool:
    """By its name, otherwise by a front matter or several headings with hash signs."""
    if PurePath(filename).suffix.lower() in {".md", ".markdown"}:
        return True
    if re.match(r"---[ \t]*\n(?:[a-z_]+:.*\n)+---[ \t]*\n", source.text):
        return True
    return len(re.findall(r"^#{1,6}[ \t]+\S", source.text, re.MULTILINE)) >= 3
