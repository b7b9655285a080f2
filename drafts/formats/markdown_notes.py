"""Footnotes in Markdown: `[^label]` in the text, `[^label]: …` where the note stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from .document import FootnoteMark, Warning_
from .joining import Joiner
from .outline import Unit, footnote_unit
from .source import Line, Source

_DEFINITION = re.compile(r"\[\^(?P<label>[^\]\s]+)\]:\s*")
_MARK = re.compile(r"\[\^(?P<label>[^\]\s]+)\]")


class Definitions:
    """Collects the notes' texts. A note goes on over indented lines, and over others until a blank line."""

    def __init__(self, source: Source, joiner: Joiner) -> None:
        self.source, self.joiner = source, joiner
        self.notes: dict[str, Unit] = {}
        self.repeated: list[Warning_] = []
        self._current: Unit | None = None
        self._paused = False

    def pause(self) -> None:
        """A blank line: only an indented line can go on."""
        self._paused = True

    def takes(self, line: Line) -> bool:
        """Take the line if it opens or continues a note."""
        match = _DEFINITION.match(line.text)
        if match and match["label"] not in self.notes:
            self._current = footnote_unit(0, line.number)
            self.notes[match["label"]] = self._current
            start = line.start + line.indent
            self.source.place(range(start, start + match.end()))
            self._current.text.add(line.text[match.end() :], start + match.end())
            self._paused = False
            return True
        if match:
            message = _("Footnote “%(label)s” is written twice; the second is kept as text.")
            message %= {"label": match["label"]}
            self.repeated.append(Warning_(line.number, "footnote_repeated", message))
        going_on = self._current is not None and not match and (line.indent >= 2 or not self._paused)
        if not going_on or line.text.startswith("#"):
            self._current = None
            return False
        assert self._current is not None
        glue = "\n" if self._paused else self.joiner.glue(self._current.text.tail, line.text)
        self._current.text.add(line.text, line.start + line.indent, glue)
        self._paused = False
        return True


def number_notes(units: Sequence[Unit], definitions: Definitions) -> list[Warning_]:
    """Number the notes in the order of their marks and put each after the unit of its first mark."""
    warnings = list(definitions.repeated)
    # Where every label is a number, they are the printed numbers: a part of a draft keeps the whole's.
    own_numbers = all(label.isdecimal() and int(label) for label in definitions.notes)
    last = 0
    for unit in units:
        for flow in unit.flows():
            for match in _MARK.finditer(str(flow)):
                note = definitions.notes.get(match["label"])
                if note is None:
                    message = _("Footnote “%(label)s” has a mark but no text.") % {"label": match["label"]}
                    warnings.append(Warning_(unit.line, "footnote_missing", message))
                    continue
                if not note.rank:
                    last = int(match["label"]) if own_numbers else last + 1
                    _number(note, last, unit)
                mark = FootnoteMark(match["label"], note.number, note.key)
                if mark not in unit.marks:
                    unit.marks.append(mark)
    for label, note in definitions.notes.items():
        if not note.rank:
            last = int(label) if own_numbers else last + 1
            before = [unit for unit in units if unit.line <= note.line] or list(units[:1])
            _number(note, last, before[-1])
            message = _("Footnote “%(label)s” has no mark in the text.") % {"label": label}
            warnings.append(Warning_(note.line, "footnote_mark_missing", message))
    return warnings


def _number(note: Unit, rank: int, unit: Unit) -> None:
    note.rank, note.number, note.key = rank, str(rank), f"fn_{rank}"
    note.parent, note.pillar = unit, unit.pillar
    unit.notes.append(note)
