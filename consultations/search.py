"""Search tokens: the same words found on both databases, in every script."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def tokens_of(text: str) -> list[str]:
    """Fold ``text`` (NFKC, case) into words; runs of Han characters become overlapping pairs."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    tokens: list[str] = []
    for word in _WORD.findall(folded):
        at = 0
        for han in _HAN.finditer(word):
            if han.start() > at:
                tokens.append(word[at : han.start()])
            run = han.group()
            tokens.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
            at = han.end()
        if at < len(word):
            tokens.append(word[at:])
    return tokens


def token_column(*texts: str) -> str:
    """What the column holds: distinct tokens, each with a space before it, so that beginnings match."""
    seen = dict.fromkeys(token for text in texts for token in tokens_of(text))
    return " " + " ".join(seen) if seen else ""


def asked_words(typed: str) -> str:
    """What somebody typed into a search field, on one line and no longer than a search can use."""
    return " ".join(typed.replace("\x00", " ").split())[:200]
