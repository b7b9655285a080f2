"""Search tokens: the same words found on both databases, in every script."""

import re
import unicodedata
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func, QuerySet, Value

LONGEST_LEXEME = 100
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


class _Lexemes(Func):
    """The tokens of a column as PostgreSQL's list of lexemes, just as the index ``comment_by_words`` has them.

    No dictionary, no extension, every script alike. What is longer than a hundred characters counts by its first
    hundred: PostgreSQL takes no lexeme beyond 2 kB.
    """

    template = (
        r"array_to_tsvector(string_to_array(regexp_replace("
        r"ltrim(%(expressions)s), '(\S{100})\S+', '\1', 'g'), ' '))"
    )


class _Holds(Func):
    """Whether lexemes have these beginnings."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def containing(comments: "QuerySet[Any]", typed: str) -> "QuerySet[Any]":
    """The comments in which every word of ``typed`` is the beginning of a word."""
    tokens = tokens_of(typed)
    if not tokens:
        return comments
    if connection.vendor == "postgresql":
        asked = " & ".join(f"'{token[:LONGEST_LEXEME]}':*" for token in tokens)
        return comments.filter(_Holds(_Lexemes("search_tokens"), Value(asked)))
    for token in tokens:
        comments = comments.filter(search_tokens__contains=f" {token}")
    return comments
