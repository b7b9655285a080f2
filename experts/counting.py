"""How many words a text has, in every script.

A word is a run of letters, their marks, and digits; an apostrophe, a hyphen or a point inside it doesn't end it
("l’eau", "people-centred", "1,000" are one word each). Chinese and Japanese set no space between words: there every
character counts as one word, as word processors count.
"""

import unicodedata
from functools import lru_cache

JOINERS = frozenset("'’‘-‐‑.,·\u200c\u200d")
IDEOGRAPH = "ideograph"
_EACH_A_WORD = (
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def count_words(text: str) -> int:
    """The number of words in ``text``."""
    words, inside, joined = 0, False, False
    for character in unicodedata.normalize("NFC", text):
        kind = _kind(character)
        if kind == IDEOGRAPH:
            words, inside, joined = words + 1, False, False
        elif kind in "LN":
            words += not inside
            inside, joined = True, False
        elif inside and kind == "M":
            continue
        elif inside and not joined and character in JOINERS:
            joined = True
        else:
            inside = joined = False
    return words


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    """The first letter of its Unicode category, ``IDEOGRAPH`` for what counts as a word by itself."""
    if any(first <= ord(character) <= last for first, last in _EACH_A_WORD):
        return IDEOGRAPH
    return unicodedata.category(character)[0]
