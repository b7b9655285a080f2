"""Wordings that were edited, with the place of a quote before and after known from the edits themselves.

Provisions are put together from the sentences of the demonstration's text, in the language asked for. Every token
knows whether it belongs to the quote, and keeps knowing while the wording is edited: where the quote stands in the
end is read off the tokens, and no comparison of the two wordings has a part in it.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

TEXTS = Path(__file__).parent.parent / "guidelines_portal/demonstration/texts"
LANGUAGES = ("en", "zh-hans", "ar")
_HAN = "\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_HAN}]|(?:(?![{_HAN}])\w)+|\s+|.", re.S)
_NUMBER = re.compile(r"^(?:\(\w+\)|\w+\.|#+|[-*>|])\s.*?", re.M)
_SENTENCE = re.compile(r"[^.\u3002\u061f]+[.\u3002\u061f]")


@dataclass(frozen=True)
class Token:
    """A word, a Han character, a space or a sign; ``quoted`` where it belongs to the quote."""

    text: str
    quoted: bool = False

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


Sentence = list[Token]


@dataclass(frozen=True)
class Case:
    """A quote ``old[start:end]`` and what became of it: ``place`` in ``new``, None where it was taken out."""

    edit: str
    old: str
    new: str
    start: int
    end: int
    place: tuple[int, int] | None


def sentences_of(language: str) -> list[str]:
    """The sentences of the demonstration's text, without what only marks it up."""
    words = (TEXTS / f"draft-1.{language}.md").read_text(encoding="utf-8")
    words = re.sub(r"\[\^\w+\]:?|\*\*|__", "", words.split("---", 2)[2])
    found = []
    for line in words.splitlines():
        line = re.sub(r"^(?:#+ .*|\s*(?:\(\w+\)|\w+\.|[-*>])\s)", "", line).strip()
        found += [each.strip() for each in _SENTENCE.findall(line) if len(each.strip()) > 20]
    return list(dict.fromkeys(found))


def cases(language: str, count: int, seed: int) -> list[Case]:
    """``count`` quotes, every second one touched by an edit; around any of them up to three further edits."""
    makers = _Maker(language, random.Random(f"{seed}-{language}"))
    edits = list(TOUCHING)
    return [makers.case(edits[i // 2 % len(edits)] if i % 2 else "none") for i in range(count)]


class _Maker:
    def __init__(self, language: str, chance: random.Random) -> None:
        self.chance = chance
        self.space = "" if language == "zh-hans" else " "
        self.stock = [[Token(m[0]) for m in _TOKEN.finditer(each)] for each in sentences_of(language)]

    def case(self, edit: str) -> Case:
        while True:
            old = self._provision()
            if quoted := self._quoted(old, whole=edit == "none" and self.chance.random() < 0.1):
                break
        new = [list(sentence) for sentence in quoted]
        at = next(i for i, sentence in enumerate(new) if any(token.quoted for token in sentence))
        if edit != "none":
            TOUCHING[edit](self, new, at)
        acts = ["replace", "insert", "delete", "add"]
        # Without what stood between them, a lookalike would be the sentence itself, edited.
        acts += [] if "lookalike" in edit else ["remove"]
        for _ in range(self.chance.choice((0, 1, 1, 2, 3))):
            self._elsewhere(new, self.chance.choice(acts), quoted)
        (before, start, end), (after, *_) = self._written(quoted), self._written(new)
        _text, first, last = self._written(new)
        assert start is not None and end is not None
        place = (first, last) if first is not None and last is not None else None
        return Case(edit, before, after, start, end, place)

    # --- Making -------------------------------------------------------------------------------------------

    def _provision(self) -> list[Sentence]:
        return [list(each) for each in self.chance.sample(self.stock, self.chance.randint(3, 7))]

    def _quoted(self, text: list[Sentence], *, whole: bool) -> list[Sentence]:
        """``text`` with a quote of 3 to 14 words (Han: 4 to 24 characters) in one sentence, or all of that."""
        at = self.chance.randrange(len(text))
        words = [i for i, token in enumerate(text[at]) if token.is_word]
        shortest, longest = (3, 14) if self.space else (4, 24)
        if len(words) < shortest + 2:
            return []
        length = len(words) if whole else self.chance.randint(shortest, min(longest, len(words)))
        first = self.chance.randrange(len(words) - length + 1)
        a, b = words[first], words[first + length - 1]
        marked = [replace(token, quoted=a <= i <= b) for i, token in enumerate(text[at])]
        return [*text[:at], marked, *text[at + 1 :]]

    def _written(self, text: Sequence[Sentence]) -> tuple[str, int | None, int | None]:
        words, start, end = "", None, None
        for i, sentence in enumerate(text):
            words += self.space if i else ""
            for token in sentence:
                if token.quoted:
                    start = len(words) if start is None else start
                    end = len(words) + len(token.text)
                words += token.text
        return words, start, end

    def some_words(self, most: int, *, quoted: bool) -> Sentence:
        """One to ``most`` neighbouring words of the whole text."""
        sentence = self.chance.choice(self.stock)
        at = self.chance.choice([i for i, token in enumerate(sentence) if token.is_word])
        count = self.chance.randint(1, most)
        found: Sentence = []
        for token in sentence[at:]:
            if not (token.is_word or token.text.isspace()):
                break
            found.append(replace(token, quoted=quoted))
            if sum(each.is_word for each in found) == count:
                break
        while found and not found[-1].is_word:
            found.pop()
        return found

    def _plain(self, sentence: Sentence) -> str:
        return "".join(token.text for token in sentence)

    def between(self) -> Sentence:
        return [Token(self.space)] if self.space else []

    # --- Edits around the quote ---------------------------------------------------------------------------

    def _elsewhere(self, text: list[Sentence], act: str, old: list[Sentence]) -> None:
        free = [i for i, sentence in enumerate(text) if not any(token.quoted for token in sentence)]
        if act == "add":
            stood = {self._plain(sentence) for sentence in old}
            others = [sentence for sentence in self.stock if self._plain(sentence) not in stood]
            text.insert(self.chance.randrange(len(text) + 1), list(self.chance.choice(others)))
        elif act == "remove" and len(free) > 1:
            text.pop(self.chance.choice(free))
        elif act != "remove":
            self._edit_words(text, self.chance.randrange(len(text)), act)

    def _edit_words(self, text: list[Sentence], at: int, act: str) -> None:
        """Replace, insert or delete up to three words outside the quote, and not beside it."""
        sentence = text[at]
        words = [i for i, token in enumerate(sentence) if token.is_word]
        near = [i for i, token in enumerate(sentence) if token.quoted]
        runs = [
            run
            for first in range(len(words))
            for size in (1, 2, 3)
            if (run := words[first : first + size]) and len(run) == size
            if not near or run[-1] < near[0] - 2 or run[0] > near[-1] + 2
        ]
        if not runs or len(words) < 6:
            return
        run = self.chance.choice(runs)
        new = self.some_words(3, quoted=False)
        if act == "insert":
            sentence[run[0] : run[0]] = [*new, *self.between()]
        else:
            sentence[run[0] : run[-1] + 1] = new if act == "replace" else []

    # --- Edits of the quote -------------------------------------------------------------------------------

    def places(self, sentence: Sentence) -> list[int]:
        """The places of the quote's words in their sentence."""
        return [i for i, token in enumerate(sentence) if token.quoted and token.is_word]

    def part(self, words: Sequence[int]) -> int:
        """How many of the quote's words an edit takes: up to half of them, at most five."""
        return self.chance.randint(1, max(1, min(5, len(words) // 2)))


def _replace_within(maker: _Maker, text: list[Sentence], at: int) -> None:
    words = maker.places(text[at])
    count = min(maker.part(words), len(words) - 2)
    first = maker.chance.randrange(1, len(words) - count)
    text[at][words[first] : words[first + count - 1] + 1] = maker.some_words(4, quoted=True)


def _replace_first(maker: _Maker, text: list[Sentence], at: int) -> None:
    words = maker.places(text[at])
    text[at][words[0] : words[maker.part(words) - 1] + 1] = maker.some_words(4, quoted=True)


def _replace_last(maker: _Maker, text: list[Sentence], at: int) -> None:
    words = maker.places(text[at])
    text[at][words[-maker.part(words)] : words[-1] + 1] = maker.some_words(4, quoted=True)


def _insert_within(maker: _Maker, text: list[Sentence], at: int) -> None:
    words = maker.places(text[at])
    place = maker.chance.choice(words[1:])
    between = [replace(token, quoted=True) for token in maker.between()]
    text[at][place:place] = [*maker.some_words(6, quoted=True), *between]


def _delete_within(maker: _Maker, text: list[Sentence], at: int) -> None:
    words = maker.places(text[at])
    count = min(maker.part(words), len(words) - 2)
    first = maker.chance.randrange(1, len(words) - count)
    del text[at][words[first] : words[first + count]]


def _delete_with_context(maker: _Maker, text: list[Sentence], at: int) -> None:
    """The quote, with up to four words before and after it, or just itself."""
    words = [i for i, token in enumerate(text[at]) if token.is_word]
    quoted = maker.places(text[at])
    first = max(0, words.index(quoted[0]) - maker.chance.randint(0, 4))
    last = min(len(words) - 1, words.index(quoted[-1]) + maker.chance.randint(0, 4))
    end = words[last + 1] if last + 1 < len(words) else words[last] + 1
    del text[at][words[first] : end]


def _delete_sentence(maker: _Maker, text: list[Sentence], at: int) -> None:
    text.pop(at)


def _move_sentence(maker: _Maker, text: list[Sentence], at: int) -> None:
    sentence = text.pop(at)
    text.insert(maker.chance.choice([i for i in range(len(text) + 1) if i != at]), sentence)


def _lookalike(maker: _Maker, text: list[Sentence], at: int) -> None:
    """A sentence like the quote's, two words of it others, is put elsewhere; the quote's stays and is edited."""
    _put_lookalike(maker, text, at)
    at = next(i for i, sentence in enumerate(text) if any(token.quoted for token in sentence))
    _replace_within(maker, text, at)


def _deleted_lookalike(maker: _Maker, text: list[Sentence], at: int) -> None:
    """The quote's sentence goes, and one like it comes in elsewhere."""
    _put_lookalike(maker, text, at)
    text.pop(next(i for i, sentence in enumerate(text) if any(token.quoted for token in sentence)))


def _put_lookalike(maker: _Maker, text: list[Sentence], at: int) -> None:
    like = [replace(token, quoted=False) for token in text[at]]
    for _ in range(2):
        place = maker.chance.choice([i for i, token in enumerate(like) if token.is_word])
        like[place : place + 1] = maker.some_words(2, quoted=False)
    # With a sentence between the two: beside it, it would be that sentence, edited.
    away = [i for i in range(len(text) + 1) if i < at or i > at + 1]
    text.insert(maker.chance.choice(away), like)


TOUCHING: dict[str, Callable[[_Maker, list[Sentence], int], None]] = {
    "words replaced within": _replace_within,
    "first words replaced": _replace_first,
    "words inserted within": _insert_within,
    "deleted with words around": _delete_with_context,
    "words deleted within": _delete_within,
    "last words replaced": _replace_last,
    "sentence deleted": _delete_sentence,
    "edited, a lookalike added": _lookalike,
    "deleted, a lookalike added": _deleted_lookalike,
    "sentence moved": _move_sentence,
}
DELETED = ("deleted with words around", "sentence deleted", "deleted, a lookalike added")
MOVED = ("sentence moved",)


def touched(found: Sequence[Case]) -> Iterator[Case]:
    return (case for case in found if case.edit != "none")
