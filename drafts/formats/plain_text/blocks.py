"""Figures as scattered words, and the table of steps with its actions and bullets."""

from __future__ import annotations

import re

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from ..outline import Unit
from ..source import Line
from .writing import BULLET, Desk

LONGEST_CAPTION = 160
_AFTER_NUMBER = r"\s*[:：.．\-–—]\s*(?=\S)"


class BlockReader:
    """Recognises figures, tables and steps; `read` says whether it took the line."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        lexicon = desk.lexicon
        self._figure = re.compile(rf"(?:{lexicon.figure})\s*(\d{{1,2}})\s*[:：.．–—-]?\s*", re.IGNORECASE)
        self._table = re.compile(rf"(?:{lexicon.table})\s*(\d{{1,2}})\s*[:：.．–—-]?\s*", re.IGNORECASE)
        self._step = re.compile(
            rf"(?:第\s*(?P<before>\d{{1,2}})\s*步骤?|(?:{lexicon.step})\s*(?P<after>\d{{1,2}})){_AFTER_NUMBER}",
            re.IGNORECASE,
        )
        self._action = re.compile(
            rf"(?:{lexicon.action})\s*(\d{{1,2}})\.(\d{{1,2}}){_AFTER_NUMBER}", re.IGNORECASE
        )
        self.figure: Unit | None = None
        self.figures = self.tables = self.steps = self.actions = 0
        self._action_unit: Unit | None = None
        self._resumed = False

    def leave(self) -> None:
        """The next labelled unit of the text ends every block."""
        self.figure = None
        self._action_unit = None
        self.desk.loose = False

    def read(self, line: Line) -> bool:
        """Take the line if it belongs to a figure, a table or a step."""
        taken = self._read(line)
        self.desk.loose = bool(self.figure or self.desk.outline.table or self.desk.outline.step)
        return taken

    def _read(self, line: Line) -> bool:
        text = line.text
        if self._reads_columns(line) or self._titles_table(line):
            return True
        if self._opens_figure(line, text) or self._opens_table(line, text):
            return True
        if self._opens_step(line, text) or self._opens_action(line, text):
            return True
        if self.figure:
            self._figure_word(line)
            return True
        return self._continues_step(line, text)

    def _reads_columns(self, line: Line) -> bool:
        """The table's head: the first one is the table's text, a repeated one tells of a page break."""
        desk = self.desk
        if not desk.lexicon.says("step_columns", line.text):
            return False
        if desk.outline.table is not None and (desk.outline.table.text or desk.outline.step):
            desk.drop(line)
            self._resumed = desk.outline.step is not None
            return True
        self.figure = None
        table = desk.outline.table or self._new_table(line)
        desk.begin(table, line, 0)
        return True

    def _titles_table(self, line: Line) -> bool:
        """The unlabelled line just above a table's head is its title."""
        desk = self.desk
        ahead = desk.following(1)
        if desk.outline.table or not ahead or not desk.lexicon.says("step_columns", ahead[0].text):
            return False
        if not desk.closed or len(line.text) > LONGEST_CAPTION or self._table.match(line.text):
            return False
        self.figure = None
        desk.begin(self._new_table(line), line, 0, heading=True)
        return True

    def _new_table(self, line: Line) -> Unit:
        self.tables += 1
        return self.desk.outline.open_table(self.tables, line.number)

    def _caption(self, pattern: re.Pattern[str], text: str, expected: int) -> re.Match[str] | None:
        match = pattern.match(text)
        if not match or int(match[1]) != expected or len(text) > LONGEST_CAPTION or not self.desk.closed:
            return None
        rest = text[match.end() :]
        separated = re.search(r"[:：.．–—-]\s*$", match[0])
        return (
            match
            if not rest or separated or self.desk.layout.closes(self.desk.lines[self.desk.position])
            else None
        )

    def _opens_figure(self, line: Line, text: str) -> bool:
        match = self._caption(self._figure, text, self.figures + 1)
        if not match:
            return False
        self.figures += 1
        self.leave()
        self.figure = self.desk.outline.open_figure(self.figures, line.number)
        self.desk.begin(self.figure, line, match.end(), heading=True)
        message = _(
            "Figure %(number)d is kept as its words, in the order of the source: check them against it."
        ) % {"number": self.figures}
        self.desk.warn(line.number, "figure_words", message)
        return True

    def _figure_word(self, line: Line) -> None:
        """The first line after the label is the caption; each further one is a line of words."""
        desk, figure = self.desk, self.figure
        assert figure is not None
        if not figure.heading or (
            desk.in_heading and desk.previous and not desk.layout.closes(desk.previous)
        ):
            desk.write(line)
            return
        desk.flow, desk.in_heading = figure.text, False
        desk.write(line, "\n" if figure.text else "")

    def _opens_table(self, line: Line, text: str) -> bool:
        match = self._caption(self._table, text, self.tables + 1)
        if not match or self.desk.outline.table:
            return False
        self.leave()
        self.desk.begin(self._new_table(line), line, match.end(), heading=True)
        return True

    def _step_rank(self, text: str) -> int | None:
        match = self._step.match(text)
        return int(match["before"] or match["after"]) if match else None

    def _opens_step(self, line: Line, text: str) -> bool:
        if self._step_rank(text) != self.steps + 1 or len(text) > LONGEST_CAPTION:
            return False
        if self.figure and any(
            self._step_rank(later.text) == self.steps + 1 for later in self.desk.following()
        ):
            return False  # the figure names the steps that its table sets out further down
        match = self._step.match(text)
        assert match is not None
        self.leave()
        self.steps += 1
        self.actions = 0
        self._resumed = False
        step = self.desk.outline.open_step(self.steps, line.number)
        self.desk.begin(step, line, match.end(), heading=True)
        return True

    def _opens_action(self, line: Line, text: str) -> bool:
        match = self._action.match(text)
        if not match or self.desk.outline.step is None:
            return False
        if (int(match[1]), int(match[2])) != (self.steps, self.actions + 1):
            return False
        self.actions += 1
        self._resumed = False
        unit = self.desk.outline.open_step_action(self.steps, self.actions, line.number)
        self.desk.begin(unit, line, match.end(), heading=True)
        self._trim_colon(unit)
        self._action_unit = unit
        return True

    def _trim_colon(self, unit: Unit) -> None:
        """The colon that closes an action's name is part of its label."""
        flow = unit.heading
        if flow and flow.chars[-1] in ":：":
            self.desk.source.place(flow.cut(len(flow.chars) - 1).origins)
            while flow and flow.chars[-1] == " ":
                flow.cut(len(flow.chars) - 1)

    def _continues_step(self, line: Line, text: str) -> bool:
        """Bullets and other text of a step, of one of its actions, or of the table."""
        desk = self.desk
        unit = self._action_unit or desk.outline.step or desk.outline.table
        if unit is None:
            return False
        bullet = BULLET.match(text)
        if desk.in_heading and unit.kind == "step_action" and not bullet and not self._name_is_over():
            desk.write(line)
            self._trim_colon(unit)
            return True
        if desk.in_heading:
            desk.flow, desk.in_heading = unit.text, False
        if bullet:
            desk.bullet(line, bullet)
            if self._resumed:
                self._doubt_bullet(line, unit)
        else:
            desk.write(line)
        return True

    def _name_is_over(self) -> bool:
        previous = self.desk.previous
        return previous is None or previous.text[-1] in ":：" or self.desk.layout.closes(previous)

    def _doubt_bullet(self, line: Line, unit: Unit) -> None:
        step = self.desk.outline.step
        actions = [u.number for u in self.desk.outline.units if u.kind == "step_action" and u.parent is step]
        if len(actions) < 2:
            return
        message = _(
            "After a page break this bullet could belong to action %(actions)s; it is placed in %(number)s."
        ) % {"actions": get_text_list(actions), "number": unit.number}
        self.desk.warn(line.number, "bullet_placement", message)
