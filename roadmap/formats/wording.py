"""The Chinese wording by which resolutions, their paragraphs, documents and want of money are named."""

import re
from datetime import date

from drafts.formats.joining import is_wide

# HSP/EB.2024/INF/15; the sign after the last figure is punctuation.
DOCUMENT = re.compile(r"(?:HSP|A|E)/(?:[A-Z]{2}\.)?[0-9A-Z./-]*[0-9]")
DECISION = re.compile(r"第\s*(\d{4}/\d+)\s*号决定")
RESOLUTION = re.compile(r"第\s*(\d)/(\d{1,2})\s*号决议")
OPERATIVE = re.compile(r"第\s*(\d{1,2})\s*(?:\(([a-z])\)\s*)?段")
DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
STILL_TO_COME = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:即)?将")
SENTENCE = re.compile(r"[^。]+。?")
# A sentence names a want of money where it speaks of money and of a want. “资金不足的决议” is what resolution 2/10 is
# about, not a want that holds it up.
MONEY = re.compile("资金|供资|资源|基金")
WANT = re.compile(r"有限|限制|没有|尚未|不足(?!的决议)|缺口|至关重要")


def day_in(text: str) -> date | None:
    """The first day that the text names."""
    found = DAY.search(text)
    return date(*map(int, found.groups())) if found else None


def glue(before: str, after: str) -> str:
    """What stands between a line and its continuation: nothing between Han characters, else a blank."""
    if not before or not after or is_wide(before[-1]) or is_wide(after[0]):
        return ""
    return " "


def operative_in(text: str) -> list[str]:
    """The operative paragraphs that the text names, each once: ``2 (a)``, ``3``."""
    return _once(f"{n} ({letter})" if letter else n for n, letter in OPERATIVE.findall(text))


def documents_in(text: str) -> list[str]:
    """Symbols of documents, and decisions of the Board by their number, each once, as the text has them."""
    found = [(m.start(), m[0]) for m in DOCUMENT.finditer(text)]
    found += [(m.start(), m[1]) for m in DECISION.finditer(text)]
    return _once(name for _at, name in sorted(found))


def constraints_in(text: str) -> list[str]:
    """The sentences that say money is wanting."""
    sentences = (sentence.strip("¹²³⁴⁵⁶⁷⁸⁹ ") for sentence in SENTENCE.findall(text))
    return [sentence for sentence in sentences if MONEY.search(sentence) and WANT.search(sentence)]


def _once(names: "object") -> list[str]:
    return list(dict.fromkeys(names))  # type: ignore[call-overload]
