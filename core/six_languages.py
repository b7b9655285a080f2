"""Words in six languages, as rows hold them: one column for each language (modeltranslation)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.words import clean_words

LANGUAGES = [code for code, _name in settings.LANGUAGES]

# Language codes to text.
Words = Mapping[str, str]


def column(name: str, language: str) -> str:
    """The column that keeps the field ``name`` in a language."""
    return f"{name}_{language.replace('-', '_')}"


def words_of(row: Any, field: str) -> dict[str, str]:
    """What a row says in each language that it has."""
    found = {code: getattr(row, column(field, code)) for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def set_words(row: Any, field: str, words: Words) -> None:
    """Set the languages named in ``words``, leave the others. An empty text takes a language away."""
    for language, text in words.items():
        setattr(row, column(field, language), clean_words(text) or None)
    # English holds what no language says, too: it may not be null.
    english = column(field, "en")
    setattr(row, english, getattr(row, english) or "")


def check_length(words: Words, limit: int) -> None:
    """``ValidationError`` where a text is longer than ``limit`` characters."""
    if any(len(clean_words(text)) > limit for text in words.values()):
        raise ValidationError(_("At most %(limit)d characters.") % {"limit": limit})


def reader_text(row: Any, field: str) -> tuple[str, str]:
    """(language, text) for the reader: in theirs, else in the portal's order of fallback; ("", "") for none."""
    words = words_of(row, field)
    order = (get_language() or "en", *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)
    return next(((code, words[code]) for code in order if code in words), ("", ""))
