"""Sentences that stand twice, to the word or nearly."""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _
from rapidfuzz import process
from rapidfuzz.distance import Indel

from drafts.checks.read import ReadDraft, Sentence
from drafts.checks.registry import Found, check
from drafts.models import Finding
from drafts.redline import TOKEN

SHORTEST = 8  # words, or Han characters
# Twice the words that two sentences have in common in the same order, of all their words. In the real
# guidelines repeated sentences have 0.81 and more, sentences on the same matter less than 0.70.
NEAR = 0.75
_WORD = re.compile(r"\w")
_PLANE = 0x20000  # one character stands for one word, from here on


def coded(sentences: Sequence[Sentence]) -> list[str]:
    """Each sentence as one character per word, so that comparing counts words in every language."""
    ids: dict[str, int] = {}
    return [
        "".join(
            chr(_PLANE + ids.setdefault(token, len(ids)))
            for token in TOKEN.findall(sentence.text.casefold())
            if _WORD.search(token)
        )
        for sentence in sentences
    ]


def alike(read: ReadDraft, language: str) -> list[tuple[Sentence, Sentence, float]]:
    """Every pair of sentences that are at least ``NEAR`` alike, the earlier one first. All pairs are compared."""
    name = ("alike", language)
    if name not in read.memo:
        read.memo[name] = list(_alike(read, language))
    pairs: list[tuple[Sentence, Sentence, float]] = read.memo[name]
    return pairs


def _alike(read: ReadDraft, language: str) -> Iterator[tuple[Sentence, Sentence, float]]:
    sentences = list(read.sentences(language))
    codes = coded(sentences)
    for i, code in enumerate(codes):
        if len(code) < SHORTEST:
            continue
        near = process.extract(
            code, codes[i + 1 :], scorer=Indel.normalized_similarity, score_cutoff=NEAR, limit=None
        )
        for other, score, offset in sorted(near, key=lambda match: match[2]):
            if len(other) >= SHORTEST:
                yield sentences[i], sentences[i + 1 + offset], score


@check(
    "repeated_sentence",
    Finding.Severity.WARNING,
    title=_("A sentence stands twice"),
    looks_for=_(
        "The same sentence, to the word, in two places. The words that open each list of actions, which stand in "
        "every pillar on purpose, are left out."
    ),
    why=_("Whoever changes one of them forgets the other, and the text begins to contradict itself."),
    messages=_("This sentence stands a second time: “%(sentence)s”"),
)
def repeated_sentences(read: ReadDraft) -> Iterator[Found]:
    for earlier, later, score in alike(read, read.source):
        if score == 1.0:
            yield Found(
                later.key,
                later.language,
                params={"sentence": later.text},
                others=(earlier.key,) if earlier.key != later.key else (),
                words=(later.text,),
            )


@check(
    "nearly_repeated_sentence",
    Finding.Severity.NOTE,
    title=_("A sentence nearly repeats another"),
    looks_for=_(
        "Two sentences that have at least three quarters of their words in common, in the same order. Every "
        "sentence is compared with every other."
    ),
    why=_("Small differences make readers ask what is meant by them, and often nothing is."),
    messages=_("Two sentences are %(percent)s %% alike."),
)
def nearly_repeated_sentences(read: ReadDraft) -> Iterator[Found]:
    for earlier, later, score in alike(read, read.source):
        if score < 1.0:
            yield Found(
                later.key,
                later.language,
                params={"percent": str(int(100 * score))},
                others=(earlier.key,) if earlier.key != later.key else (),
                words=(earlier.text, later.text),
                before=earlier.text,
                after=later.text,
            )
