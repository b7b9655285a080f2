"""No-break spaces: kept in the text, where French wants them, and no different from others to whoever searches."""

NO_BREAK = "\u00a0\u2007\u202f"
_PLAIN = str.maketrans(dict.fromkeys(NO_BREAK, " "))


def plain_spaces(words: str) -> str:
    """``words`` with plain spaces for no-break ones, one for one, so that no offset moves."""
    return words.translate(_PLAIN)
