"""Bare addresses that a PDF's links leave under the footnotes of a page.

They stand in the order of the links, one line per line of link text, so that a wrapped link leaves its address
twice. An address that a note prints itself is a repetition; a note that says "ibid." has none of its own. Where a
page then has as many addresses as notes, they belong together in order, unless that contradicts what other pages
teach (this wording, that address). Elsewhere those pairs are the posts, and between two posts one address and one
note belong together. What can't be matched so is set aside with a warning that quotes it: a wrong evidence is worse
than none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from ..document import Warning_
from ..lexicon import Lexicon
from ..outline import Unit
from ..source import Line, Source
from .footnotes import Zone


def attach_addresses(
    source: Source, zones: Sequence[Zone], stray: Sequence[Line], lexicon: Lexicon
) -> list[Warning_]:
    """Append each address to the note it evidences. Every address line is either placed or set aside."""
    waiting = [(zone, *_unprinted(source, zone, lexicon)) for zone in zones]
    known = _learn([(notes, lines) for _zone, notes, lines in waiting])
    warnings = []
    for zone, notes, lines in waiting:
        pairs = list(zip(notes, lines, strict=False))
        if len(notes) != len(lines) or any(_contradicts(known, *pair) for pair in pairs):
            pairs = _align(notes, lines, known)
        taken = {line.number for _note, line in pairs}
        for note, line in pairs:
            note.text.add(line.text, line.start + line.indent, "\n")
        rest = [line for line in lines if line.number not in taken]
        for line in rest:
            source.set_aside(range(line.start, line.start + len(line.raw)))
        if rest:
            warnings.append(_unmatched(zone, rest))
    for line in stray:
        source.set_aside(range(line.start, line.start + len(line.raw)))
        message = _("An address stands under no footnote and is left out: %(address)s")
        message %= {"address": line.text}
        warnings.append(Warning_(line.number, "address_unmatched", message))
    return warnings


def _learn(pages: list[tuple[list[Unit], list[Line]]]) -> dict[str, str]:
    """Which address goes with which wording: pages with one of each are certain, the others have a vote."""
    equal = [list(zip(notes, lines, strict=True)) for notes, lines in pages if len(notes) == len(lines)]
    known = _count(equal)
    # A page that contradicts the others had links and notes in equal number by chance: its votes are void.
    return _count([pairs for pairs in equal if not any(_contradicts(known, *pair) for pair in pairs)])


def _count(pages: list[list[tuple[Unit, Line]]]) -> dict[str, str]:
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for pairs in pages:
        for note, line in pairs:
            votes[_wording(note)][line.text] += 10 if len(pairs) == 1 else 1
    return {wording: found.most_common(1)[0][0] for wording, found in votes.items()}


def _contradicts(known: dict[str, str], note: Unit, line: Line) -> bool:
    return known.get(_wording(note), line.text) != line.text


def _unprinted(source: Source, zone: Zone, lexicon: Lexicon) -> tuple[list[Unit], list[Line]]:
    """Notes that print no address themselves, and addresses that no note prints. Repetitions are set aside."""
    texts = [re.sub(r"\s", "", str(note.text)) for note in zone.notes]
    printed = {i for i, text in enumerate(texts) if "http" in text or "www." in text}
    notes = [
        note
        for i, note in enumerate(zone.notes)
        if i not in printed and not lexicon.starts("ibid", str(note.text))
    ]
    lines = []
    for line in zone.addresses:
        address = line.text.strip("<>").rstrip("/")
        if any(address in text for text in texts):
            source.set_aside(range(line.start, line.start + len(line.raw)))
        else:
            lines.append(line)
    return notes, _without_wrapped(source, lines, len(notes))


def _without_wrapped(source: Source, lines: list[Line], wanted: int) -> list[Line]:
    """Drop the second of two like neighbours while there are more addresses than notes."""
    kept: list[Line] = []
    surplus = len(lines) - wanted
    for line in lines:
        if surplus > 0 and kept and kept[-1].text == line.text:
            source.set_aside(range(line.start, line.start + len(line.raw)))
            surplus -= 1
        else:
            kept.append(line)
    return kept


def _wording(note: Unit) -> str:
    return re.sub(r"[\s\W\d]", "", str(note.text).split("\n")[0])


def _align(notes: list[Unit], lines: list[Line], known: dict[str, str]) -> list[tuple[Unit, Line]]:
    """Pairs that another page has taught, in order; between two of them, equal numbers pair off too."""
    pairs: list[tuple[int, int]] = []
    begin = 0
    for i, note in enumerate(notes):
        address = known.get(_wording(note))
        for j in range(begin, len(lines)):
            if lines[j].text == address:
                pairs.append((i, j))
                begin = j + 1
                break
    framed = [(-1, -1), *pairs, (len(notes), len(lines))]
    for (i, j), (next_i, next_j) in zip(framed, framed[1:], strict=False):
        if next_i - i == next_j - j == 2 and pairs:
            pairs.append((i + 1, j + 1))
    return [(notes[i], lines[j]) for i, j in sorted(set(pairs))]


def _unmatched(zone: Zone, lines: list[Line]) -> Warning_:
    numbers = [note.number for note in zone.notes]
    quoted = " ".join(line.text for line in lines)
    if len(numbers) > 1:
        message = _(
            "It can't be told which of footnotes %(first)s-%(last)s these addresses belong to; they are left out:"
            " %(addresses)s"
        ) % {"first": numbers[0], "last": numbers[-1], "addresses": quoted}
    else:
        message = _(
            "It can't be told whether these addresses belong to footnote %(number)s; they are left out:"
            " %(addresses)s"
        ) % {"number": "".join(numbers), "addresses": quoted}
    return Warning_(lines[0].number, "address_unmatched", message)
