"""Names that people and files carry, without characters that make them look like something else."""

import re
import unicodedata

# Direction overrides, embeddings, isolates and marks; zero-width space, word joiner, byte order mark; soft hyphen.
_OVERRIDES = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    # Letters and signs that are blank: fillers of Korean, the empty pattern of Braille; tags.
    "|[\u115f\u1160\u2800\u3164\uffa0\U000e0000-\U000e007f]"
)
_JOINERS = "\u200c\u200d"
LONGEST_FILE_NAME = 200


def without_overrides(text: str) -> str:
    """``text`` in NFC without direction overrides, zero-width and control characters, its blanks collapsed.

    Joiners stay after letters of Arabic and Indic scripts, where they are part of the spelling.
    """
    text = _OVERRIDES.sub("", unicodedata.normalize("NFC", text))
    kept: list[str] = []
    for character in text:
        if character in _JOINERS and not (kept and _joins(kept[-1])):
            continue
        if unicodedata.category(character) == "Cc":
            character = " "
        kept.append(character)
    return " ".join("".join(kept).split())


def has_overrides(text: str) -> bool:
    """Whether ``text`` holds something of what ``without_overrides`` takes out, controls and joiners apart."""
    return _OVERRIDES.search(text) is not None


def has_controls(text: str, *, besides: str = "\t\n\r") -> bool:
    """Whether ``text`` holds control characters ``besides`` those that belong to written text."""
    return any(unicodedata.category(character) == "Cc" and character not in besides for character in text)


def _joins(letter: str) -> bool:
    return unicodedata.bidirectional(letter) == "AL" or "\u0900" <= letter <= "\u0dff"


def file_name(text: str) -> str:
    """The last part of a path, safe to show and to save under: at most 200 characters, its suffix kept."""
    name = without_overrides(re.split(r"[/\\]", text)[-1]).strip(". ")
    name = re.sub(r'[<>:"|?*]', "_", name) or "file"
    stem, dot, suffix = name.rpartition(".")
    if len(name) > LONGEST_FILE_NAME and dot and len(suffix) <= 10:
        return f"{stem[: LONGEST_FILE_NAME - len(suffix) - 1]}.{suffix}"
    return name[:LONGEST_FILE_NAME]
