"""Names in the order in which readers of a language look for them; the databases know code points only."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Row = TypeVar("Row")

# Letters of their own, which decomposing would take for a letter with a mark: they follow it.
_LETTERS = {"es": {"ñ": "n\uffff"}, "ru": {"й": "и\uffff"}}
_JOINED = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "ı": "i", "ى": "ي", "ة": "ه"})
# United Nations lists in Arabic pass over the article.
_ARTICLE = "ال"


def sort_key(name: str, language: str) -> tuple[Any, ...]:
    """By letters first, whatever their marks, case and the signs between them; then by the name itself.

    Chinese is in the order of its pinyin: so are the common characters in GB 2312, which GB 18030 contains.
    """
    if language.startswith("zh"):
        return (name.encode("gb18030"), name)
    folded = unicodedata.normalize("NFC", name).casefold()
    if language == "ar":
        folded = " ".join(word.removeprefix(_ARTICLE) for word in folded.split())
    letters = _LETTERS.get(language, {})
    plain = "".join(letters.get(letter) or _without_marks(letter) for letter in folded)
    return (plain, folded, name)


def _without_marks(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", letter).translate(_JOINED)
    return "".join(part for part in parts if part == " " or part.isalnum())


def sorted_by_name(rows: Iterable[Row], language: str, name: Callable[[Row], str] = str) -> list[Row]:
    """``rows`` in the order of their names in ``language``."""
    return sorted(rows, key=lambda row: sort_key(name(row), language))
