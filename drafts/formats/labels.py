"""Labels at the beginning of a line: chapters, sections, numbered paragraphs, lettered items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LATIN = "abcdefghijklmnopqrstuvwxyz"
# Russian lists leave out letters that look like digits or can't begin a word.
CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
LOOK_ALIKES = str.maketrans("аеосрхуквм", "aeocpxykbm")
CHINESE_DIGITS = "零一二三四五六七八九"
ARABIC_ORDINALS = ("أول", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع", "عاشر")
ARABIC_LETTER_NAMES = ("ألف", "باء", "جيم", "دال", "هاء", "واو", "زاي", "حاء", "طاء", "ياء")

_LETTERED = re.compile(r"[(（]\s*([^\W\d_]{1,2}ـ?)\s*[)）]\s*(?=\S)|([^\W\d_])[)）]\s+(?=\S)")
_NUMBERED = re.compile(r"(\d{1,3})(?:\s?[.．、](?:\s+(?=\S)|(?=[^\s\d.]))|\s?[-–—]\s+(?=\S))")
_ROMAN = re.compile(r"([IVXLC]{1,7}|[ІХ]{1,4})\s*[.．](?=\s)\s*(?=\S)")
_CAPITAL = re.compile(r"([A-ZА-Я])\s*[.．](?=\s)\s*(?=\S)")
_CHINESE = re.compile(r"([一二三四五六七八九十]{1,3})\s*[、．.]\s*(?=\S)")
_ARABIC_ORDINAL = re.compile(rf"({'|'.join(ARABIC_ORDINALS)})[اً]*\s*[-–—:.]\s*(?=\S)")
_ARABIC_NAME = re.compile(rf"({'|'.join(ARABIC_LETTER_NAMES)})\s*[-–—:.]\s*(?=\S)")


@dataclass(frozen=True)
class Label:
    """A label and where the text after it begins. `values` are the ranks it may stand for, from 1."""

    text: str
    end: int
    values: frozenset[int]

    def is_(self, rank: int) -> bool:
        return rank in self.values


def letter_of(rank: int) -> str:
    """1 gives `a`, 27 gives `aa`: the letter in keys and numbers, whatever the source's script."""
    return LATIN[rank - 1] if rank <= len(LATIN) else LATIN[(rank - 27) // 26] + LATIN[(rank - 1) % 26]


def roman_of(number: int) -> str:
    """4 gives `IV`."""
    out = ""
    for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            out += sign
            number -= value
    return out


def _roman_value(text: str) -> int:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "І": 1, "Х": 10}
    total = 0
    for sign, after in zip(text, text[1:] + " ", strict=True):
        total += -values[sign] if values[sign] < values.get(after, 0) else values[sign]
    return total


def _chinese_value(text: str) -> int:
    if "十" not in text:
        return CHINESE_DIGITS.find(text) if len(text) == 1 else 0
    tens, _, ones = text.partition("十")
    return (CHINESE_DIGITS.find(tens) if tens else 1) * 10 + (CHINESE_DIGITS.find(ones) if ones else 0)


def lettered(text: str) -> Label | None:
    """`(a)`, `（a）`, `a)`, `(أ)`, `а)`."""
    match = _LETTERED.match(text)
    if not match:
        return None
    letters = (match[1] or match[2]).rstrip("ـ").lower()
    return Label(match[0].strip(), match.end(), frozenset(_letter_ranks(letters)))


def _letter_ranks(letters: str) -> Iterator[int]:
    latin = letters.translate(LOOK_ALIKES)
    if len(letters) == 1:
        for alphabet, letter in ((LATIN, latin), (CYRILLIC, letters), (ABJAD, letters.replace("ا", "أ"))):
            if letter in alphabet:
                yield alphabet.index(letter) + 1
    elif all(letter in LATIN for letter in latin):
        yield 26 * (LATIN.index(latin[0]) + 1) + LATIN.index(latin[1]) + 1


def numbered(text: str) -> Label | None:
    """`12.`, `12．`, `١٢ -`."""
    match = _NUMBERED.match(text)
    return Label(match[0].strip(), match.end(), frozenset({int(match[1])})) if match else None


def chapter(text: str) -> Label | None:
    """`II.`, `二、`, `ثانيا -`."""
    for pattern, value in (
        (_ROMAN, _roman_value),
        (_CHINESE, _chinese_value),
        (_ARABIC_ORDINAL, lambda word: ARABIC_ORDINALS.index(word) + 1),
    ):
        match = pattern.match(text)
        if match:
            return Label(match[0].strip(), match.end(), frozenset({value(match[1])}))
    return None


def section(text: str) -> Label | None:
    """`B.`, `Б.`, `باء -`."""
    match = _CAPITAL.match(text)
    if match:
        ranks = frozenset(_letter_ranks(match[1].lower()))
        return Label(match[0].strip(), match.end(), ranks)
    match = _ARABIC_NAME.match(text)
    if match:
        rank = ARABIC_LETTER_NAMES.index(match[1]) + 1
        return Label(match[0].strip(), match.end(), frozenset({rank}))
    return None
