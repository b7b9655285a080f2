"""A provision's words as they are written and as they are kept: references that follow what they name.

Whoever writes sees ``[#key]`` where a reference stands. What is kept is the number that is printed, with a
span ``{"start", "end", "key"}`` in ``references``, so that readers, quotes and comparisons have plain words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from drafts.marks import MARK, printed_marks
from drafts.models import Draft, Provision, ProvisionText
from drafts.redline import Piece, redline

REFERENCE = re.compile(r"\[#([A-Za-z0-9_-]+)\]")
Span = Mapping[str, Any]


def editable(content: Mapping[str, Any]) -> str:
    """The text to be edited: footnote marks with their printed numbers, references as ``[#key]``."""
    return printed_marks(with_keys(content["text"], content.get("references") or []), content["footnotes"])


def with_keys(text: str, references: Iterable[Span]) -> str:
    """``text`` with ``[#key]`` in the place of each printed number that follows a provision."""
    pieces, at = [], 0
    for span in _sound(text, references):
        pieces += [text[at : span["start"]], f"[#{span['key']}]"]
        at = span["end"]
    return "".join([*pieces, text[at:]])


def redline_as_read(old: str, new: str, numbers: Mapping[str, str]) -> list[Piece]:
    """The redline of two texts with ``[#key]`` in them, each read as its number, which is changed whole or not at
    all; a key that ``numbers`` doesn't know stays as it is written."""
    keys = dict.fromkeys(found[1] for found in REFERENCE.finditer(old + new) if found[1] in numbers)
    signs = {
        key: chr(0x100000 + i) for i, key in enumerate(keys)
    }  # one character of nobody's for each number
    read = str.maketrans({sign: numbers[key] for key, sign in signs.items()})
    before, after = (
        REFERENCE.sub(lambda found: signs.get(found[1], found[0]), words) for words in (old, new)
    )
    return [Piece(piece.kind, piece.text.translate(read)) for piece in redline(before, after)]


def printed_references(text: str, numbers: Mapping[str, str]) -> tuple[str, list[dict[str, Any]]]:
    """The reverse: the printed numbers instead of ``[#key]``, and their spans. ``ValidationError`` where
    ``numbers`` knows no such key."""
    pieces: list[str] = []
    spans: list[dict[str, Any]] = []
    at = length = 0
    for match in REFERENCE.finditer(text):
        if match[1] not in numbers:
            error = _("There is no provision “%(key)s” in this draft.") % {"key": match[1]}
            raise ValidationError({"text": error})
        before, number = text[at : match.start()], numbers[match[1]]
        length += len(before)
        spans.append({"start": length, "end": length + len(number), "key": match[1]})
        pieces += [before, number]
        length += len(number)
        at = match.end()
    return "".join([*pieces, text[at:]]), spans


def carried(old: str, new: str, references: Iterable[Span]) -> list[dict[str, Any]]:
    """The references of ``old`` that stand in stretches of ``new`` which nobody changed, at their new places."""
    found: list[dict[str, Any]] = []
    spans = _sound(old, references)
    before = after = 0
    for piece in redline(old, new) if spans else []:
        if piece.kind == "same":
            end = before + len(piece.text)
            inside = [span for span in spans if before <= span["start"] and span["end"] <= end]
            shift = after - before
            found += [{**s, "start": s["start"] + shift, "end": s["end"] + shift} for s in inside]
        before += len(piece.text) if piece.kind != "added" else 0
        after += len(piece.text) if piece.kind != "removed" else 0
    return found


def joined_spans(*lists: Iterable[Span]) -> list[dict[str, Any]]:
    """Spans in order; of two that overlap the first named stays."""
    kept: list[dict[str, Any]] = []
    for span in (span for spans in lists for span in spans):
        if all(span["end"] <= other["start"] or other["end"] <= span["start"] for other in kept):
            kept.append(dict(span))
    return sorted(kept, key=lambda span: span["start"])


def reprinted(
    text: str, references: Iterable[Span], numbers: Mapping[str, str], renamed: Mapping[str, str]
) -> tuple[str, list[dict[str, Any]]]:
    """``text`` with the numbers that its references have by now. ``renamed`` maps a key to the one that took
    its place; a reference to what isn't known any more stays as it is."""
    pieces: list[str] = []
    spans: list[dict[str, Any]] = []
    at = length = 0
    for span in _sound(text, references):
        key = renamed.get(span["key"], span["key"])
        before, number = text[at : span["start"]], numbers.get(key) or text[span["start"] : span["end"]]
        length += len(before)
        spans.append({"start": length, "end": length + len(number), "key": key})
        pieces += [before, number]
        length += len(number)
        at = span["end"]
    return "".join([*pieces, text[at:]]), spans


def without_marks(text: str, labels: Iterable[str]) -> str:
    gone = set(labels)
    return MARK.sub(lambda mark: "" if mark[1] in gone else mark[0], text)


def same_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two contents differ in nothing but printed numbers."""

    def plain(content: Mapping[str, Any]) -> tuple[str, str]:
        return content["heading"], with_keys(content["text"], content.get("references") or [])

    return plain(one) == plain(other)


def says_the_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether what translates ``old`` translates ``new`` too.

    Letter case, blanks, printed numbers and marks taken out (they go from every language) change nothing.
    """
    marks = set(marks_in(new["heading"], new["text"]))

    def said(content: Mapping[str, Any]) -> list[str]:
        both = (content["heading"], with_keys(content["text"], content.get("references") or []))
        gone = [label for label in marks_in(*both) if label not in marks]
        return [" ".join(without_marks(words, gone).casefold().split()) for words in both]

    return said(old) == said(new)


def marks_in(*texts: str) -> list[str]:
    """The labels of the footnote marks, in the order in which they first stand."""
    return list(dict.fromkeys(mark[1] for text in texts for mark in MARK.finditer(text)))


def printed_numbers(draft: Draft, language: str) -> dict[str, str]:
    """How each provision of a draft is cited in a language, by key; what has no number by its heading."""
    rows = Provision.with_removed.filter(draft=draft).values_list("pk", "key", "number", "kind")
    bare = {pk: key for pk, key, number, _kind in rows if not number}
    headings: dict[str, str] = {}
    texts = ProvisionText.objects.filter(provision__in=bare, language__in={language, draft.source_language})
    for pk, written, heading in texts.values_list("provision_id", "language", "heading"):
        if heading and (written == language or bare[pk] not in headings):
            headings[bare[pk]] = heading
    with translation.override(language):
        principle = _("Principle")
    return {
        key: number.replace("Principle", principle, 1) if number else headings.get(key, key)
        for _pk, key, number, _kind in rows
    }


def _sound(text: str, references: Iterable[Span]) -> Sequence[Span]:
    """Spans in order that fit the text and don't overlap."""
    fitting = [span for span in references if 0 <= span["start"] < span["end"] <= len(text)]
    return joined_spans(fitting)
