"""Finds the marks of the footnotes in the text: by the expected sequence, never by what the text says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..document import FootnoteMark, Warning_
from ..outline import Unit
from ..source import ADDED, Flow, Source
from .footnotes import RAISED_MARK, Zone, glued_marks, number_of

_CLAUSE_END = "，。；、：！？”’」』）》,.;:!?)\"'»…"
DOUBTFUL = 0.5  # a number that could as well belong to the number before it
# "A/79/L.2" goes on after its full stop: a part of a document's symbol is letters between a slash and a stop.
_WITHIN_SYMBOL = re.compile(r"/[A-Za-z]{1,5}\.$")
MISSING = -3.0  # what it costs to leave a note without a mark


@dataclass(frozen=True)
class Candidate:
    """A place where a mark may stand: a range in one flow, how likely it is, and its order in the document."""

    order: int
    unit: Unit
    flow: Flow
    start: int
    end: int
    score: float


def place_marks(source: Source, units: Sequence[Unit], zones: Sequence[Zone]) -> list[Warning_]:
    """Put `[^n]` where the marks stand and give each note its parent. Doubts come back as warnings."""
    warnings: list[Warning_] = []
    spans = [_span(unit, flow) for unit in units for flow in unit.flows() if flow]
    chosen: list[tuple[Unit, Candidate]] = []
    for zone in zones:
        inside = _flows_within(spans, zone)
        options = [_candidates(inside, note.rank) for note in zone.notes]
        for note, candidate in zip(zone.notes, _best(options), strict=True):
            if candidate is None:
                warnings.append(_without_mark(note, inside, units))
            else:
                chosen.append((note, candidate))
    for note, candidate in reversed(chosen):
        _set_mark(source, note, candidate)
    for note, candidate in chosen:
        label = str(note.rank)
        candidate.unit.marks.append(FootnoteMark(label, label, note.key))
        _belongs(note, candidate.unit)
    return warnings


def _belongs(note: Unit, unit: Unit) -> None:
    note.parent = unit
    note.pillar = unit.pillar
    unit.notes.append(note)


def _span(unit: Unit, flow: Flow) -> tuple[Unit, Flow, int, int]:
    known = [origin for origin in flow.origins if origin != ADDED]
    return unit, flow, min(known, default=0), max(known, default=-1)


def _flows_within(
    spans: Sequence[tuple[Unit, Flow, int, int]], zone: Zone
) -> list[tuple[Unit, Flow, int, int]]:
    """The parts of each flow that stand in the zone's text: (unit, flow, from, to)."""
    parts = []
    for unit, flow, lowest, highest in spans:
        if lowest >= zone.body_end or highest < zone.body_start:
            continue
        within = [i for i, origin in enumerate(flow.origins) if zone.body_start <= origin < zone.body_end]
        if within:
            parts.append((unit, flow, within[0], within[-1] + 1))
    return parts


def _candidates(parts: list[tuple[Unit, Flow, int, int]], number: int) -> list[Candidate]:
    found = []
    for position, (unit, flow, first, last) in enumerate(parts):
        text = str(flow)
        spans = [
            (match.start(), match.end(), 6.0)
            for match in RAISED_MARK.finditer(text)
            if number_of(match[0]) == number
        ]
        spans += [
            (match.start(), match.end(), _likeliness(text, match) if sure else _doubtful(text, match))
            for match, sure in glued_marks(text, number)
        ]
        for start, end, score in spans:
            if first <= start and end <= last:
                found.append(Candidate(position * 1_000_000 + start, unit, flow, start, end, score))
    return sorted(found, key=lambda candidate: candidate.order)


def _doubtful(text: str, match: re.Match[str]) -> float:
    """Of two doubtful places the one within a document's symbol is the less likely."""
    within = _WITHIN_SYMBOL.search(text, max(0, match.start() - 8), match.start())
    return DOUBTFUL / 2 if within else DOUBTFUL


def _likeliness(text: str, match: re.Match[str]) -> float:
    """A mark mostly follows a closing sign and is followed by a blank or another sign."""
    before, after = text[match.start() - 1], text[match.end() : match.end() + 1]
    score = 2.0
    if before in _CLAUSE_END:
        score += 2.0
    if not after or after.isspace() or after in _CLAUSE_END:
        score += 1.0
    return score


def _best(options: list[list[Candidate]]) -> list[Candidate | None]:
    """The likeliest choice in which the marks stand in the order of their numbers."""
    # Each state is the score so far and the choice, by the order of the last mark chosen.
    states: dict[int, tuple[float, list[Candidate | None]]] = {-1: (0.0, [])}
    for candidates in options:
        following: dict[int, tuple[float, list[Candidate | None]]] = {}
        for order, (score, choice) in states.items():
            _keep(following, order, score + MISSING, [*choice, None])
            for candidate in candidates:
                if candidate.order > order:
                    _keep(following, candidate.order, score + candidate.score, [*choice, candidate])
        states = following
    return max(states.values(), key=lambda state: state[0])[1]


def _keep(
    states: dict[int, tuple[float, list[Candidate | None]]],
    order: int,
    score: float,
    choice: list[Candidate | None],
) -> None:
    if order not in states or states[order][0] < score:
        states[order] = (score, choice)


def _set_mark(source: Source, note: Unit, candidate: Candidate) -> None:
    flow = candidate.flow
    end = candidate.end
    # The blank after a raised figure is the PDF's, where the script itself writes none.
    if flow.chars[end : end + 1] == [" "] and _is_han(flow.chars[end + 1 : end + 2]):
        end += 1
    start = candidate.start
    if start and flow.chars[start - 1] == " ":
        start -= 1
    source.place(flow.replace(start, end, f"[^{note.rank}]"))


def _is_han(characters: list[str]) -> bool:
    return bool(characters) and "\u3400" <= characters[0] <= "\u9fff"


def _without_mark(note: Unit, parts: list[tuple[Unit, Flow, int, int]], units: Sequence[Unit]) -> Warning_:
    unit = parts[-1][0] if parts else units[-1]
    label = str(note.rank)
    start = len(unit.text.chars)
    unit.text.replace(start, start, f"[^{label}]")
    unit.marks.append(FootnoteMark(label, label, note.key))
    _belongs(note, unit)
    message = _("No mark for footnote %(number)s was found on its page; it is put at the end of %(key)s.")
    message %= {"number": label, "key": unit.key}
    return Warning_(note.line, "footnote_mark_missing", message)
