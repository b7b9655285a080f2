"""Doubts about the text itself, for its editors: repetitions, references into nothing, names that differ."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .document import Warning_
from .lexicon import Lexicon
from .outline import Unit

SHORTEST_REPEAT = 12  # Han characters
SHORTEST_REPEAT_LETTERS = 40
SHINGLE = 4
NEAR = 0.42  # share of common shingles from which two texts are near repetitions
_MARK = re.compile(r"\[\^[^\]]+\]")
_SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;؟؛])\s+")
_ENUMERATED = re.compile(
    r"[(（]\s*(?:[一二三四五六七八]|i{1,3}|iv|v|vi{1,3}|[1-8]|[a-h])\s*[)）]", re.IGNORECASE
)
_NAME_BEFORE_REFERENCE = re.compile(
    r"(?P<name>[^(（,，。.;；]{2,80})\s*[(（](?P<reference>[^)）]{2,40})[)）]"
)


def find_doubts(units: Sequence[Unit], opening: set[int], lexicon: Lexicon) -> list[Warning_]:
    """All doubts. `opening` holds the numbers of the footnotes that stand first on their page."""
    notes = sorted((note for unit in units for note in unit.notes), key=lambda note: note.rank)
    return [
        *_notes_looking_back(notes, opening, lexicon),
        *_repeated_sentences(units),
        *_near_repetitions(units),
        *_pillar_names(units, lexicon),
        *_references(units, lexicon),
    ]


def citation(unit: Unit) -> str:
    """How a person would name a paragraph, one of its items or actions, or a principle in a message."""
    if unit.kind == "principle":
        # Translators: a place named in other messages: "A sentence of principle 8 (d) stands again in …"
        return _("principle %(number)s") % {"number": unit.number.removeprefix("Principle ")}
    # Translators: a place named in other messages: "A sentence of paragraph 35 (d) stands again in …"
    return _("paragraph %(number)s") % {"number": unit.number}


def _opening(unit: Unit) -> str:
    """The same at the beginning of a sentence."""
    return capfirst(citation(unit))


def _plain(text: str) -> str:
    """Text without marks, blanks and signs, for comparison."""
    return re.sub(r"[\W_]", "", _MARK.sub("", text)).casefold()


def _long_enough(plain: str) -> bool:
    wide = any("\u3400" <= character <= "\u9fff" for character in plain)
    return len(plain) >= (SHORTEST_REPEAT if wide else SHORTEST_REPEAT_LETTERS)


# "Ibid."


def _notes_looking_back(notes: Sequence[Unit], opening: set[int], lexicon: Lexicon) -> Iterator[Warning_]:
    meant: Unit | None = None
    doubtful = False
    for note in notes:
        text = str(note.text)
        if not lexicon.starts("ibid", text):
            meant, doubtful = note, False
            continue
        if meant is None:
            yield Warning_(
                note.line,
                "footnote_refers_back",
                _("Footnote %(number)s refers to a note before it; there is none.") % {"number": note.number},
            )
            continue
        opens = note.rank in opening
        doubtful = doubtful or (opens and note.pillar != meant.pillar)
        sentences = [
            _("Footnote %(number)s says “%(text)s”; it probably means footnote %(meant)s: %(quoted)s")
            % {
                "number": note.number,
                "text": text,
                "meant": meant.number,
                "quoted": str(meant.text).split("\n")[0],
            }
        ]
        if opens:
            sentences.append(_("It opens its page, so the note it means stands on another."))
        if doubtful:
            sentences.append(
                _("Doubtful: footnote %(number)s belongs to another part of the text.")
                % {"number": meant.number}
            )
        yield Warning_(note.line, "footnote_refers_back", " ".join(sentences))


# Repetitions


def _compared(units: Sequence[Unit]) -> list[Unit]:
    """Provisions whose text should stand once; the standing words that open a list are not compared."""
    heads = {id(unit.parent) for unit in units if unit.kind in ("item", "action")}
    kinds = ("paragraph", "principle", "action", "item")
    return [unit for unit in units if unit.kind in kinds and id(unit) not in heads]


def _repeated_sentences(units: Sequence[Unit]) -> Iterator[Warning_]:
    first: dict[str, Unit] = {}
    for unit in _compared(units):
        for sentence in _SENTENCE_END.split(str(unit.text)):
            plain = _plain(sentence)
            if not _long_enough(plain):
                continue
            earlier = first.setdefault(plain, unit)
            if earlier is not unit:
                message = _("A sentence of %(earlier)s stands again in %(later)s: %(sentence)s") % {
                    "earlier": citation(earlier),
                    "later": citation(unit),
                    "sentence": sentence.strip(),
                }
                yield Warning_(unit.line, "duplicate_text", message)


def _near_repetitions(units: Sequence[Unit]) -> Iterator[Warning_]:
    """Texts that share most of their short sequences of characters without being the same."""
    compared = [(unit, _plain(str(unit.text))) for unit in _compared(units)]
    shingles: list[set[str]] = []
    holders: dict[str, list[int]] = defaultdict(list)
    for index, (_unit, plain) in enumerate(compared):
        own = {plain[i : i + SHINGLE] for i in range(len(plain) - SHINGLE + 1)}
        shingles.append(own)
        for shingle in own:
            holders[shingle].append(index)
    for index, (unit, plain) in enumerate(compared):
        if not _long_enough(plain):
            continue
        common: Counter[int] = Counter()
        for shingle in shingles[index]:
            if len(holders[shingle]) <= 12:
                common.update(other for other in holders[shingle] if other < index)
        for other, shared in common.most_common(3):
            earlier, text = compared[other]
            union = len(shingles[index] | shingles[other])
            if shared / union >= NEAR and plain not in text and text not in plain:
                message = _("%(later)s says nearly the same as %(earlier)s.")
                message %= {"later": _opening(unit), "earlier": citation(earlier)}
                yield Warning_(unit.line, "near_duplicate_text", message)


# Names


def _pillar_names(units: Sequence[Unit], lexicon: Lexicon) -> Iterator[Warning_]:
    """Pillars are told apart by their order; where an overview names one otherwise, an editor should know."""
    pillars = [unit for unit in units if unit.kind == "pillar"]
    if not pillars:
        return
    for unit in units:
        if unit.kind in ("paragraph", "item"):
            names = _enumerated(str(unit.text))
            if len(names) == len(pillars) and _mostly_pillars(names, pillars):
                yield from _named_in_order(unit, names, pillars)
        elif unit.kind == "figure" and lexicon.mentions("pillar", str(unit.heading)):
            yield from _named_in_figure(unit, pillars)


def _enumerated(text: str) -> list[str]:
    marks = list(_ENUMERATED.finditer(text))
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    return [text[mark.end() : end].strip(" ,，、;；.。:：") for mark, end in zip(marks, ends, strict=True)]


def _mostly_pillars(names: list[str], pillars: list[Unit]) -> bool:
    """Whether the list is of pillars at all: most of its names share letters with the pillar in that place."""
    alike = 0
    for name, pillar in zip(names, pillars, strict=True):
        own = _pairs(_plain(str(pillar.heading)))
        alike += len(own & _pairs(_plain(name))) >= 0.4 * len(own)
    return 2 * alike > len(pillars)


def _pairs(plain: str) -> set[str]:
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def _named_in_order(unit: Unit, names: list[str], pillars: list[Unit]) -> Iterator[Warning_]:
    for name, pillar in zip(names, pillars, strict=True):
        heading = str(pillar.heading)
        if not _plain(name).startswith(_plain(heading)):
            said = re.split(r"[.。;；]", name)[0]
            said = said if len(said) <= len(heading) + 10 else f"{said[: len(heading)]}…"
            message = _("Pillar %(number)s is headed “%(heading)s”, but %(place)s calls it “%(said)s”.") % {
                "number": pillar.number,
                "heading": heading,
                "place": citation(unit),
                "said": said,
            }
            yield Warning_(unit.line, "pillar_named_differently", message)


def _named_in_figure(unit: Unit, pillars: list[Unit]) -> Iterator[Warning_]:
    words = _plain(str(unit.text))
    pairs = _pairs(words)
    for pillar in pillars:
        plain = _plain(str(pillar.heading))
        own = _pairs(plain)
        if own and plain not in words and len(own & pairs) >= 0.6 * len(own):
            message = _(
                "Pillar %(number)s is headed “%(heading)s”; figure %(figure)s words it otherwise."
            ) % {
                "number": pillar.number,
                "heading": pillar.heading,
                "figure": unit.number,
            }
            yield Warning_(unit.line, "pillar_named_differently", message)


# References


def _references(units: Sequence[Unit], lexicon: Lexicon) -> Iterator[Warning_]:
    """References to a number like 1.1 that no provision has, and chapters called by another name beside them."""
    pattern = re.compile(lexicon.section_reference, re.IGNORECASE)
    dotted_lists: set[int] = set()
    for unit in units:
        if unit.kind not in ("paragraph", "item", "action", "principle"):
            continue
        for match in pattern.finditer(str(unit.text)):
            if "." not in match["number"]:
                continue
            dotted_lists.add(id(unit.parent))
            message = _("%(place)s refers to “%(reference)s”; nothing here has that number.")
            message %= {"place": _opening(unit), "reference": match[0]}
            yield Warning_(unit.line, "reference_not_found", message)
    chapters = {unit.rank: unit for unit in units if unit.kind == "chapter" and unit.number}
    for unit in units:
        if unit.kind == "item" and id(unit.parent) in dotted_lists:
            yield from _chapter_name(unit, chapters, pattern)


def _chapter_name(unit: Unit, chapters: dict[int, Unit], pattern: re.Pattern[str]) -> Iterator[Warning_]:
    match = _NAME_BEFORE_REFERENCE.match(str(unit.text))
    reference = pattern.search(match["reference"]) if match else None
    if match is None or reference is None or "." in reference["number"]:
        return
    chapter = chapters.get(int(reference["number"]))
    if chapter is None:
        return
    name, heading = _plain(match["name"]), _plain(str(chapter.heading))
    if name not in heading and heading not in name:
        message = _("%(place)s calls chapter %(number)s “%(said)s”; it is headed “%(heading)s”.") % {
            "place": _opening(unit),
            "number": chapter.number,
            "said": match["name"].strip(),
            "heading": chapter.heading,
        }
        yield Warning_(unit.line, "chapter_named_differently", message)
