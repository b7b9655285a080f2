"""Words that people write, as they are kept."""

import unicodedata


def clean_words(text: str) -> str:
    """NFC, line ends as ``\\n``, no NUL (no database keeps it), no space around; empty where nothing shows."""
    words = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\x00", "")).strip()
    # Controls (C…) and spaces (Z…) alone are no words.
    return words if any(unicodedata.category(character)[0] not in "CZ" for character in words) else ""
