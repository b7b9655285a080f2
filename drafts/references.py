"""References in a text to provisions of its draft ("paragraphs 33 and 34", 第33段, الفقرة 33), in six languages.

What is found are the printed numbers, each with its place, so that a number can be linked or renumbered by
itself; ``Targets`` says which provision it names. References to paragraphs of other documents are told apart.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from drafts.formats.labels import chapter as chapter_label
from drafts.formats.labels import letter_of, lettered, roman_of
from drafts.models import Provision
from drafts.reference_words import JOINERS, NOUNS, OTHER_DOCUMENTS, PRESENT_DOCUMENT

_LETTER = r"(?:[(（]\s*[^\W\d_]ـ?\s*[)）]|\b[a-zа-я]\))"  # (a), （a）, (أ), and a) of French and Spanish
_DIGITS = r"\d{1,3}(?:\.\d{1,3}){0,2}"
_CHINESE = "[一二三四五六七八九十]{1,3}"
_ORDINAL = (
    r"(?:ال)?(?:أول(?:ى)?|ثاني(?:ة)?|ثالث(?:ة)?|رابع(?:ة)?|خامس(?:ة)?|سادس(?:ة)?|سابع(?:ة)?|ثامن(?:ة)?)\b"
)
_AFTER = r"(?![\d/%٪])"
# What a number may look like, by the kind of provision it names.
_NUMBERS = {
    "paragraph": rf"{_DIGITS}{_AFTER}(?:\s?{_LETTER})?",
    "principle": rf"{_DIGITS}{_AFTER}(?:\s?{_LETTER})?",
    "chapter": rf"(?:[IVX]{{1,5}}\b|{_CHINESE}|{_ORDINAL}|{_DIGITS}{_AFTER})",
    "section": rf"(?:[IVX]{{1,5}}\.[A-H]\b|[IVX]{{1,5}}\b|[A-HА-З]\b|{_CHINESE}|{_DIGITS}{_AFTER})",
    "pillar": rf"(?:[IVX]{{1,5}}\b|{_CHINESE}|{_ORDINAL}|{_DIGITS}{_AFTER})",
    "annex": rf"(?:[IVX]{{1,5}}\b|{_CHINESE}|{_ORDINAL}|{_DIGITS}{_AFTER})",
    "footnote": rf"{_DIGITS}{_AFTER}",
    "figure": rf"(?:[IVX]{{1,5}}\b|{_DIGITS}{_AFTER})",
    "table": rf"(?:[IVX]{{1,5}}\b|{_DIGITS}{_AFTER})",
    "step": rf"{_DIGITS}{_AFTER}",
}
_ALONE = re.compile(r"(?<![\d.(（/\w])(?P<number>\d{1,3}\s?[(（]\s*[a-zа-я]\s*[)）])(?!\w)")
_LETTER_ALONE = re.compile(_LETTER)
_LOOK_BACK, _LOOK_AHEAD = 40, 24


@dataclass(frozen=True)
class Reference:
    """One printed number that names a provision.

    ``start`` to ``end`` is the number itself in code points; ``words_start`` to ``words_end`` also has the words
    that say what it numbers. ``number`` is in the notation of ``Provision.number`` for paragraphs and principles
    (``33 (a)``), digits, a Roman numeral or a capital letter for the rest; empty for "the annex". ``outside``:
    the reference is to another document. ``alone``: a number with its letter and no word before it.
    """

    kind: str
    number: str
    start: int
    end: int
    words_start: int
    words_end: int
    outside: bool = False
    alone: bool = False


def find_references(text: str, language: str, *, footnote: bool = False) -> list[Reference]:
    """Every reference in ``text``, in the order of their numbers; of a range both its ends.

    ``footnote``: footnotes cite other documents, so that what they name is outside unless they say "above".
    """
    found: list[Reference] = []
    for kind, before, after in _patterns(language):
        pattern = before or after
        assert pattern is not None
        for noun in pattern.finditer(text):
            found += _numbered(text, language, kind, noun, is_after=after is not None, footnote=footnote)
    taken = [(one.words_start, one.end) for one in found]
    for match in _ALONE.finditer(text):
        start, end = match.span("number")
        if not any(first <= start < last for first, last in taken):
            number = _canonical("paragraph", match["number"])
            outside = footnote or _is_outside(text, language, start, end)
            found.append(Reference("paragraph", number, start, end, start, end, outside, alone=True))
    return sorted(_without_overlaps(found), key=lambda one: (one.start, one.words_start))


@cache
def _patterns(language: str) -> list[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None]]:
    patterns: list[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None]] = []
    for kind, nouns in NOUNS[language].items():
        if kind.startswith("after "):
            # 第 33、34 段: the words come after the numbers.
            kind = kind.removeprefix("after ")
            joined = rf"{_NUMBERS[kind]}(?:{JOINERS[language]}(?:第\s*)?{_NUMBERS[kind]})*"
            patterns.append((kind, None, re.compile(rf"第\s*(?P<list>{joined})\s*(?:{nouns})")))
        else:
            patterns.append((kind, re.compile(rf"(?i:{nouns})"), None))
    return patterns


def _numbered(
    text: str, language: str, kind: str, noun: re.Match[str], *, is_after: bool, footnote: bool
) -> Iterator[Reference]:
    at = noun.start("list") if is_after else noun.end()
    until = noun.end("list") if is_after else len(text)
    spans = list(_spans(text, at, until, language, kind))
    if not spans and kind == "annex" and not is_after:
        spans = [(noun.start(), noun.end(), "")]
    last = max((end for _start, end, _number in spans), default=noun.end())
    if footnote:
        near = text[max(noun.start() - 12, 0) : last + 20]
        outside = not re.search(PRESENT_DOCUMENT[language], near, re.IGNORECASE)
    else:
        outside = _is_outside(text, language, noun.start(), max(last, noun.end()))
    for index, (start, end, number) in enumerate(spans):
        if is_after and index == len(spans) - 1:
            letter = _LETTER_ALONE.match(text, noun.end())
            if letter and kind == "paragraph" and "(" not in number:  # 第 33 段(a)
                number, end = f"{number} {_letter(letter[0])}", letter.end()
        yield Reference(kind, number, start, end, noun.start(), max(end, noun.end()), outside)


def _spans(text: str, at: int, until: int, language: str, kind: str) -> Iterator[tuple[int, int, str]]:
    """The numbers of a list ("33 (a) and (b), 35–37"), one after the other."""
    number = re.compile(rf"\s*(?:第\s*|من\s+|№\s*)?(?P<number>{_NUMBERS[kind]})")
    joiner = re.compile(JOINERS[language])
    match = number.match(text, at, until)
    base = ""
    while match:
        printed = _canonical(kind, match["number"])
        base = printed.split(" ")[0]
        yield match.start("number"), match.end("number"), printed
        at = match.end()
        while (joined := joiner.match(text, at, until)) and "(" in printed:
            letter = _LETTER_ALONE.match(text, joined.end(), until)
            if not letter:
                break
            yield letter.start(), letter.end(), f"{base} {_letter(letter[0])}"
            at = letter.end()
        joined = joiner.match(text, at, until)
        match = number.match(text, joined.end(), until) if joined else None


def _is_outside(text: str, language: str, start: int, end: int) -> bool:
    before = re.split(r"[.;。；؛]\s", text[max(start - _LOOK_BACK, 0) : start])[-1]
    after = re.split(r"[.,;:。，、；：،؛)）]", text[end : end + _LOOK_AHEAD])[0]
    document = re.compile(OTHER_DOCUMENTS[language], re.IGNORECASE)
    return bool(document.search(before) or document.search(after))


def _canonical(kind: str, printed: str) -> str:
    """The number with European digits and one blank before its letter; ordinals and Han numerals as digits."""
    printed = printed.strip()
    if kind in ("chapter", "pillar", "annex", "section") and not re.match(r"[\dIVXA-HА-З]", printed):
        word = printed.removeprefix("ال").removesuffix("ى").removesuffix("ة")
        label = chapter_label(f"{word}、 .") if re.match(_CHINESE, word) else chapter_label(f"{word}: .")
        return str(min(label.values)) if label else printed
    digits = re.match(r"[\d.]+", printed)
    if digits is None:
        return printed
    number = "".join(str(int(sign)) if sign.isdigit() else sign for sign in digits[0])
    rest = printed[digits.end() :].strip()
    return f"{number} {_letter(rest)}" if rest else number


def _letter(printed: str) -> str:
    bare = re.sub(r"[\s()（）]", "", printed).lower()
    return f"({bare})"


def _without_overlaps(found: Iterable[Reference]) -> list[Reference]:
    """Each number once: "раздел" is found before "п." finds the same number again."""
    kept: dict[tuple[int, int], Reference] = {}
    for one in found:
        kept.setdefault((one.start, one.end), one)
    return list(kept.values())


# --- What they name ----------------------------------------------------------------------------------------


class Targets:
    """The provisions of one draft under the numbers by which a text names them."""

    def __init__(self, provisions: Iterable[Provision]) -> None:
        self._keys: dict[tuple[str, str], list[str]] = defaultdict(list)
        chapter = ""
        for row in provisions:
            number = row.number
            if row.kind == Provision.Kind.CHAPTER:
                chapter = number
                if row.key.startswith("annex"):
                    self._add("annex", "", row.key)
                    self._add("annex", row.key.rpartition("_")[2], row.key)
                    continue
                self._add("chapter", number, row.key)
            elif row.kind == Provision.Kind.SECTION:
                self._add("section", number, row.key)
                self._add("section", f"{chapter}.{number}", row.key)
            elif row.kind in (Provision.Kind.ITEM, Provision.Kind.ACTION, Provision.Kind.PARAGRAPH):
                self._add("paragraph", number, row.key)
            elif row.kind == Provision.Kind.PRINCIPLE:
                self._add("principle", number.removeprefix("Principle "), row.key)
            elif row.kind == Provision.Kind.STEP_ACTION:
                self._add("step", number, row.key)
            else:
                self._add(row.kind, number, row.key)

    def _add(self, kind: str, number: str, key: str) -> None:
        self._keys[kind, number].append(key)

    def resolve(self, reference: Reference) -> list[str]:
        """The keys of what ``reference`` names; none where the draft has nothing under that number.

        More than one where the text doesn't tell them apart (section A of several chapters).
        """
        for kind, number in self._names(reference):
            if found := self._keys.get((kind, number)):
                return found
        return []

    def _names(self, reference: Reference) -> Iterator[tuple[str, str]]:
        kind, number = reference.kind, reference.number
        yield kind, number
        if "(" in number:
            base, _blank, letter = number.partition(" ")
            label = lettered(f"{letter} .")
            yield from (
                (kind, f"{base} ({letter_of(rank)})") for rank in sorted(label.values if label else ())
            )
        if number.isdecimal() and kind in ("chapter", "section"):
            yield "chapter", roman_of(int(number))
        elif kind == "section":
            yield "chapter", number
            yield "section", number.translate(str.maketrans("АБВГДЕЖЗ", "ABCDEFGH"))
        elif kind in ("figure", "table", "pillar", "annex") and (rank := _rank(number)):
            yield kind, str(rank)
        if kind == "principle" and "(" not in number:
            yield "pillar", number  # the principles of a pillar, all of them


def _rank(number: str) -> int:
    return next((n for n in range(1, 21) if roman_of(n) == number), 0)
