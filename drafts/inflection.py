"""How a term of the glossary may stand in running text: its plural, its cases, an article before it."""

import re
from collections.abc import Mapping
from functools import cache

from drafts.marks import without_marks

_SPACE = r"[\s\u00a0\u202f,،-]+"
_WEAK = "اويئؤء"
_BRACKETS = re.compile(r"\s*[(（][^)）]*[)）]")
_VOWEL_SIGNS = re.compile("[\u064b-\u0652\u0670\u0640]")
_ALEFS = str.maketrans("أإآٱى", "ااااي")
# Between the words of a term they change with what stands around it.
_SMALL = {
    "fr": frozenset(
        ["à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "un", "une"]
    ),
    "es": frozenset(["a", "al", "de", "del", "el", "en", "la", "las", "los", "un", "una", "y"]),
}


def bare(heading: str) -> str:
    """The term without what stands in brackets behind it: "(DPI)" is its abbreviation."""
    return _BRACKETS.sub("", heading).strip()


def plain(text: str, language: str) -> str:
    """``text`` as ``written`` reads it: Arabic without vowel signs and with one letter alif."""
    return _VOWEL_SIGNS.sub("", text).translate(_ALEFS) if language == "ar" else text


@cache
def written(heading: str, language: str, *, loosely: bool = False) -> re.Pattern[str]:
    """How ``heading`` may be written in running text of ``language``, as ``plain`` gives it.

    Chinese exactly; of other languages each word with the endings of its number, gender and case, in the same
    order. The words between (French "des", Spanish "de los") may be others of their kind. ``loosely``: one word
    more may stand between two of the term, as "городскими" in "управление городскими данными", and Arabic words
    may have a broken plural.
    """
    term = plain(heading, language)
    if language == "zh-hans":
        return re.compile(re.escape(re.sub(r"\s", "", term)))
    words = re.findall(r"\w+", term) or [term]
    between = _SPACE
    if language in _SMALL:
        small = _SMALL[language]
        words = [word for word in words if word.lower() not in small] or words
        between = rf"(?:[\s\u00a0\u202f'’ʼ-]+(?:{'|'.join(sorted(small))})\b)*[\s\u00a0\u202f'’ʼ-]+"
    if loosely and language != "en":
        between = rf"{between}(?:\w+{between})?"
    if language == "ar":
        return re.compile(rf"\b{between.join(_arabic(word, loosely and len(words) > 1) for word in words)}\b")
    way = {"ru": _russian, "fr": _romance, "es": _romance}.get(language, _english)
    return re.compile(rf"\b{between.join(map(way, words))}\b", re.IGNORECASE)


def stands_in(heading: str, text: str, language: str) -> bool:
    """Whether the term is somewhere in ``text``, marks of footnotes left out."""
    said = plain(without_marks(text), language)
    if language == "zh-hans":
        said = re.sub(r"\s", "", said)
    return bool(written(heading, language, loosely=True).search(said))


class Glossary:
    """The terms of one language, to be looked for in texts. A longer term is no use of a shorter one in it."""

    def __init__(self, headings: Mapping[str, str], language: str) -> None:
        """``headings`` by key."""
        self._language = language
        ordered = sorted((h for h in headings.items() if h[1]), key=lambda item: (-len(item[1]), item[0]))
        self._keys = [key for key, _heading in ordered]
        ways = [f"({written(heading, language).pattern})" for _key, heading in ordered]
        self._pattern = re.compile("|".join(ways), re.IGNORECASE) if ways else None

    def occurring(self, text: str) -> list[str]:
        """The keys of the terms in ``text``, in the order in which they first stand there."""
        said = plain(without_marks(text), self._language)
        found = self._pattern.finditer(said) if self._pattern else ()
        return list(dict.fromkeys(self._keys[(match.lastindex or 1) - 1] for match in found))


def _english(word: str) -> str:
    if word.endswith("y"):
        return rf"{re.escape(word[:-1])}(?:y|ies)"
    stem = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    return rf"{re.escape(stem)}(?:e?s)?"


def _romance(word: str) -> str:
    stem = re.escape(re.sub(r"(?:[oa]s?|es|e|s|x)$", "", word)) if len(word) > 3 else re.escape(word)
    return rf"{stem}(?:[oa]s?|es?|s|x)?"


def _russian(word: str) -> str:
    if len(word) < 4:
        return re.escape(word)
    if word.endswith(("ся", "сь")):
        return rf"{re.escape(word[:-4])}\w{{0,7}}"
    # The ending of a noun or adjective; what may take its place is no longer than "-ейшими".
    return rf"{re.escape(word[:-1] if len(word) == 4 else word[:-2])}\w{{0,5}}"


def _arabic(word: str, loosely: bool) -> str:
    stem = re.sub("^(?:لل|ال)", "", word) if len(word) > 4 else word
    # A broken plural keeps the consonants alone: "توأم", "توائم". Beside other words these are enough to go by.
    root = [re.escape(letter) for letter in stem.removesuffix("ة") if letter not in _WEAK]
    broken = rf"|ا?{f'[{_WEAK}]*'.join(root)}ة?" if loosely and len(root) > 1 else ""
    if stem.endswith("ة"):
        stem = rf"{re.escape(stem[:-1])}(?:ة|ات|ت)"
    else:
        stem = re.escape(stem)
    # "and", "so"; "with", "like", "for"; the article; then whose it is, or the plural.
    return rf"[وف]?[بكل]?(?:ال|لل|ل)?(?:{stem}(?:ة|ها?|هم|هن|نا|ات|ين|ون|ان|ا)?{broken})"
