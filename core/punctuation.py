"""The signs between words, as each language sets them: "a, b" is "a، b" in Arabic and "a、b" in Chinese."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def comma() -> str:
    """Between parts of a list."""
    return pgettext("between parts of a list", ", ")


def semicolon() -> str:
    """Between parts of a list that may hold commas themselves."""
    return pgettext("between longer parts of a list", "; ")


def detail() -> str:
    """Between a thing and a detail of it. Chinese sets another comma here than in a list."""
    return pgettext("before a detail", ", ")


def colon() -> str:
    """Between a name and what it names."""
    return pgettext("before an explanation", ": ")


def listed(parts: Iterable[object]) -> str:
    """The parts as one text, in the active language's manner."""
    return comma().join(str(part) for part in parts)
