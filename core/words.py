"""Words that people write, as they are kept."""

import re
import unicodedata

# What XML can't hold, and so no spreadsheet and no Word file: most controls, two that are no characters, and halves
# of surrogate pairs.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def writable(text: str) -> str:
    """``text`` without what can't be written into every kind of document."""
    return _UNWRITABLE.sub("", text)


def clean_words(text: str) -> str:
    """NFC, line ends as ``\\n`` (those of word processors too), nothing that a database or a document can't hold, no
    space around; empty where nothing shows."""
    lines = text.replace("\r\n", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    words = unicodedata.normalize("NFC", writable(lines)).strip()
    # Controls (C…) and spaces (Z…) alone are no words.
    return words if any(unicodedata.category(character)[0] not in "CZ" for character in words) else ""
