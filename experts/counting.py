"""How many words a text has, in every script.

A word is a run of letters, their marks, and digits; an apostrophe, a hyphen or a point inside it doesn't end it
("l’eau", "people-centred", "1,000" are one word each). Chinese and Japanese set no space between words: there every
character counts as one word, as word processors count.
"""

import unicodedata

JOINERS = frozenset("'’‘-‐‑.,·\u200c\u200d")
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
        if _is_ideograph(character):
            words, inside, joined = words + 1, False, False
        elif unicodedata.category(character)[0] in "LN":
            words += not inside
            inside, joined = True, False
        elif inside and unicodedata.category(character)[0] == "M":
            continue
        elif inside and not joined and character in JOINERS:
            joined = True
        else:
            inside = joined = False
    return words


def _is_ideograph(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _EACH_A_WORD)
