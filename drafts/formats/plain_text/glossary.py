"""A glossary set as a table of two columns, of which the text keeps neither lines nor separators."""

from __future__ import annotations

import re

from ..joining import ends_sentence
from ..outline import Unit
from ..source import Line
from .writing import Desk

LONGEST_TERM = 60
_SEPARATED = re.compile(r"(?P<term>[^\t:：]{1,60}?)(?:\t+|\s{2,}|\s*[:：]\s*|\s+[–—]\s+)(?=\S)")
_HAN_TERM = re.compile(r"(?P<term>\S{1,24}(?: [A-Za-z0-9]+)*) (?=[\u3400-\u9fff（“《])")


class GlossaryReader:
    """Reads terms until the next chapter; `read` takes every line given to it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.terms = 0
        self.unit: Unit | None = None

    def read(self, line: Line) -> None:
        """A line opens the next term or continues the definition."""
        desk = self.desk
        if desk.lexicon.says("term_columns", line.text):
            desk.drop(line)
            return
        if self.unit is None and desk.lexicon.says("glossary", line.text):
            desk.continue_text(line)
            return
        end = self._term_end(line)
        if end is None:
            self._continue(line)
            return
        self.terms += 1
        self.unit = desk.outline.open_term(self.terms, line.number)
        start = line.start + line.indent
        term, separator = line.text[:end].rstrip(), line.text[:end]
        name = term.rstrip(":：–— \t")
        self.unit.heading.add(name, start)
        desk.label(line, len(name), len(separator))
        desk.flow, desk.in_heading = self.unit.text, False
        desk.flow.add(line.text[end:], start + end)

    def _continue(self, line: Line) -> None:
        desk = self.desk
        if self.unit is None:
            desk.continue_text(line)
        else:
            desk.write(line)

    def _term_end(self, line: Line) -> int | None:
        """Where the definition begins, if the line opens a term."""
        desk, text = self.desk, line.text
        if self.unit is not None and not self._may_open(line):
            return None
        if "  " in text or "\t" in text or re.search(r"[:：]|\s[–—]\s", text[:LONGEST_TERM]):
            match = _SEPARATED.match(text)
            if match and not ends_sentence(match["term"]) and "," not in match["term"][-1:]:
                return match.end()
        if desk.joiner.wide:
            match = _HAN_TERM.match(text)
            return match.end() if match else None
        return self._capital_end(text)

    def _may_open(self, line: Line) -> bool:
        """A term begins after a definition has ended; between Han characters a blank is the column's edge."""
        desk = self.desk
        if desk.previous is None or desk.layout.closes(desk.previous):
            return True
        if desk.layout.blank_closes or not desk.joiner.wide:
            return False
        match = _HAN_TERM.match(line.text)
        return match is not None and "\u3400" <= match["term"][-1] <= "\u9fff"

    def _capital_end(self, text: str) -> int | None:
        """In sentence case the definition begins with the line's second capitalised word."""
        words = list(re.finditer(r"\S+", text))
        if not words or not words[0][0][0].isupper():
            return None
        for word in words[1:8]:
            token = word[0]
            if token[0].isupper() and not (len(token) > 1 and token.isupper()) and not token.endswith(")"):
                return word.start()
            if ends_sentence(token):
                return None
        return None
