"""Reads a draft from Markdown in the form that `docs/draft-markdown.md` describes."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from . import labels
from .actors import settle_actors
from .closing import close_account
from .document import DraftUnreadable, ParsedDocument, Warning_
from .doubts import find_doubts
from .joining import Joiner
from .lexicon import LEXICONS
from .markdown_inline import strip_markup
from .markdown_notes import Definitions, number_notes
from .outline import Outline, Unit
from .source import Flow, Line, Source

_HEADING = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_MARKER = re.compile(
    r"\s*\{\s*(?P<word>pillar|principles|actions|figure|table|step_action|step|glossary|annex|chapter|section"
    r"|national_government|local_regional_government|stakeholder|all_stakeholders)"
    r"(?:\s+(?P<number>\d{1,2}(?:\.\d{1,2})?))?\s*\}\s*$"
)
_ACTORS = {"national_government", "local_regional_government", "stakeholder", "all_stakeholders"}
_BULLET = re.compile(r"[-*+•]\s+(?=\S)")
_TERM = re.compile(r"\*\*(?P<term>.+?)\s*[:：]?\s*\*\*\s*[:：–—-]?\s*")
_RULE = re.compile(r"[-|:\s_*=]{3,}$")
_FRONT = re.compile(r"(?P<field>[A-Za-z_]+):[ \t]*(?P<value>.*?)[ \t]*$")


def read_markdown(source: Source, *, base: str, language: str) -> ParsedDocument:
    """Read a draft from Markdown. Refused: DraftUnreadable where no structure is found."""
    return MarkdownReader(source, base, language).read()


class MarkdownReader:
    """Reads line after line: markers in braces first, then labels, then the words of the lexicon."""

    def __init__(self, source: Source, base: str, language: str) -> None:
        self.source, self.language = source, language
        self.lexicon = LEXICONS[base]
        self.joiner = Joiner(source.text, self.lexicon, wide=base == "zh")
        self.outline = Outline()
        self.warnings: list[Warning_] = []
        self.definitions = Definitions(source, self.joiner)
        self.title = ""
        self.flow: Flow | None = None
        self.words_of: Unit | None = None  # the figure or table whose words may follow
        self.after_blank = True
        self.in_glossary = False
        self.chapters = self.sections = self.paragraphs = self.items = self.annexes = self.terms = 0
        self.levels = {"chapter": 1, "section": 2}

    def read(self) -> ParsedDocument:
        """The whole draft."""
        for line in self._after_front_matter():
            if line.blank:
                self.after_blank = True
                self.definitions.pause()
            else:
                self._read_line(line)
                self.after_blank = False
        if not any(unit.kind in ("paragraph", "pillar", "term") for unit in self.outline.units):
            raise DraftUnreadable(
                _(
                    "No structure was found: this Markdown has no numbered paragraphs (“1. …”), pillars or terms;"
                    " see docs/draft-markdown.md for the form."
                )
            )
        units = self.outline.units
        for flow in [f for unit in [*units, *self.definitions.notes.values()] for f in unit.flows()]:
            strip_markup(self.source, flow)
        self.warnings += settle_actors(units, self.lexicon)
        self.warnings += number_notes(units, self.definitions)
        self.warnings += find_doubts(units, set(), self.lexicon)
        return close_account(self.source, self.outline, self.title, self.language, self.warnings)

    def _after_front_matter(self) -> list[Line]:
        """Take the title and the language out of the block between two lines of hyphens."""
        lines = self.source.lines
        first = next((i for i, line in enumerate(lines) if not line.blank), 0)
        end = next((i for i in range(first + 1, len(lines)) if lines[i].text == "---"), None)
        if lines[first].text != "---" or end is None:
            return lines
        for line in lines[first + 1 : end]:
            field = _FRONT.match(line.text)
            if field and field["field"] == "title":
                start = line.start + line.indent + field.start("value")
                value = Flow()
                value.add(field["value"], start)
                if len(value.chars) > 1 and value.chars[0] == value.chars[-1] in ("'", '"'):
                    value = Flow(value.chars[1:-1], value.origins[1:-1])
                self.source.place(value.origins)
                self.title = str(value)
            elif field and field["field"] == "language" and field["value"][:2] != self.language[:2]:
                message = _("The file says its language is “%(said)s”; it was read as “%(given)s”.")
                message %= {"said": field["value"], "given": self.language}
                self.warnings.append(Warning_(line.number, "language_differs", message))
        for line in lines[first : end + 1]:
            self._set_aside_rest(line)
        return lines[end + 1 :]

    def _set_aside_rest(self, line: Line) -> None:
        span = range(line.start, line.start + len(line.raw))
        self.source.set_aside(self.source.still_open(span))

    # Lines

    def _read_line(self, line: Line) -> None:
        if self.definitions.takes(line):
            return
        text = line.text
        heading = _HEADING.match(text)
        if heading:
            self._aside(line, 0, heading.end())
            self._read_heading(line, heading.end(), len(heading[1]))
            return
        if _RULE.match(text):
            self._aside(line, 0, len(text))
            return
        marker = _MARKER.search(text)
        end = marker.start() if marker else len(text)
        if marker:
            self._aside(line, end, len(text))
        if marker and marker["word"] in ("figure", "table"):
            self._open_block(line, 0, end, marker)
        elif self.words_of is not None and (line.indent >= 2 or text.startswith("|")):
            self._add(line, 0, end, "\n")
        else:
            self.words_of = None
            self._read_text(line, end)
        if marker and marker["word"] in _ACTORS and self.outline.paragraph is not None:
            self.outline.paragraph.actor = marker["word"]

    def _read_text(self, line: Line, end: int) -> None:
        """A numbered paragraph, a lettered item, a term, a bullet, or more of what went before."""
        text = line.text[:end]
        begin = 0
        bullet = _BULLET.match(text)
        if bullet and labels.lettered(text[bullet.end() :]):
            begin = bullet.end()
            self._aside(line, 0, begin)
            bullet = None
        if (
            self._opens_term(line, end)
            or self._opens_paragraph(line, end)
            or self._opens_item(line, begin, end)
        ):
            return
        if bullet and self.flow is not None:
            self.flow.extend(Flow(["•", " "], [line.start + line.indent, -1]), "\n")
            self.flow.add(text[bullet.end() :], line.start + line.indent + bullet.end())
            return
        self._add(line, begin, end, "\n" if self.after_blank else None)

    def _opens_term(self, line: Line, end: int) -> bool:
        match = _TERM.match(line.text[:end]) if self.in_glossary else None
        if not match:
            return False
        self.terms += 1
        unit = self.outline.open_term(self.terms, line.number)
        unit.heading.add(match["term"], line.start + line.indent + match.start("term"))
        self._aside(line, 0, match.start("term"))
        self._aside(line, match.end("term"), match.end())
        self.flow = unit.text
        self._add(line, match.end(), end)
        return True

    def _opens_paragraph(self, line: Line, end: int) -> bool:
        label = labels.numbered(line.text[:end])
        if not label or self.in_glossary:
            return False
        number = min(label.values)
        follows = number == self.paragraphs + 1 or self.paragraphs == 0
        if not follows and not (self.after_blank and number > self.paragraphs):
            return False
        if not follows:
            message = _("Paragraph %(number)d follows paragraph %(before)d: a number is missing.")
            message %= {"number": number, "before": self.paragraphs}
            self.warnings.append(Warning_(line.number, "number_skipped", message))
        self.paragraphs, self.items = number, 0
        self._begin(self.outline.open_paragraph(number, line.number), line, 0, label.end, end)
        return True

    def _opens_item(self, line: Line, begin: int, end: int) -> bool:
        label = labels.lettered(line.text[begin:end])
        heading = self.outline.heading
        in_principles = heading is not None and heading.role == "principles"
        if not label or not (in_principles or self.outline.paragraph):
            return False
        if not label.is_(self.items + 1):
            if self.after_blank:
                message = _("“%(label)s” stands where (%(letter)s) was expected.")
                message %= {"label": label.text, "letter": labels.letter_of(self.items + 1)}
                self.warnings.append(Warning_(line.number, "label_out_of_order", message))
            return False
        self.items += 1
        opened = self.outline.open_principle if in_principles else self.outline.open_item
        self._begin(opened(self.items, line.number), line, begin, begin + label.end, end)
        return True

    def _open_block(self, line: Line, begin: int, end: int, marker: re.Match[str]) -> None:
        """`Figure 1. Caption {figure 1}`: the words may follow, indented."""
        word = marker["word"]
        rank = int(marker["number"] or 1 + sum(unit.kind == word for unit in self.outline.units))
        opened = self.outline.open_figure if word == "figure" else self.outline.open_table
        unit = opened(rank, line.number)
        alternatives = self.lexicon.figure if word == "figure" else self.lexicon.table
        label = re.match(rf"(?:{alternatives})\s*\d+\s*[:：.．–—-]?\s*", line.text[begin:end], re.IGNORECASE)
        text_from = begin + label.end() if label else begin
        self._label(line, begin, text_from)
        unit.heading.add(line.text[text_from:end], line.start + line.indent + text_from)
        self.flow, self.words_of = unit.text, unit

    # Headings

    def _read_heading(self, line: Line, begin: int, level: int) -> None:
        text = line.text
        marker = _MARKER.search(text)
        end = marker.start() if marker else len(text)
        if marker:
            self._aside(line, end, len(text))
        word = marker["word"] if marker else self._word_for(text[begin:end], level)
        self.words_of = None
        self.after_blank = True
        number = marker["number"] if marker else None
        if word in ("figure", "table") and marker:
            self._open_block(line, begin, end, marker)
        elif word == "masthead":
            self._aside(line, begin, end)
        elif word == "title":
            flow = Flow()
            flow.add(text[begin:end], line.start + line.indent + begin)
            while flow and flow.chars[-1] in "*\\":
                self.source.set_aside(flow.cut(len(flow.chars) - 1).origins)
            self.source.place(flow.origins)
            self.title = str(flow)
        else:
            unit, label_end = self._open_heading(word, number, text[begin:end], line, level)
            self._label(line, begin, begin + label_end)
            unit.heading.add(text[begin + label_end : end], line.start + line.indent + begin + label_end)
            self.flow = unit.text

    def _word_for(self, text: str, level: int) -> str:
        """What an unmarked heading is: by the lexicon, then by its label, then by its level."""
        lexicon, outline = self.lexicon, self.outline
        label = labels.lettered(text)
        if outline.pillar is not None:
            for role in ("principles", "actions"):
                if lexicon.says(role, text[label.end :] if label else text):
                    return role
        if lexicon.says("glossary", text) or (
            lexicon.starts("annex", text) and lexicon.mentions("glossary", text)
        ):
            return "glossary"
        if lexicon.starts("annex", text) and level <= self.levels["chapter"]:
            return "annex"
        if self._step_label(text):
            return "step"
        if self._step_action_label(text) and outline.step:
            return "step_action"
        begun = any(unit.key != "preamble" for unit in outline.units)
        if not begun and lexicon.starts("masthead", text):
            return "masthead"
        if not begun and not self.title and not (labels.chapter(text) or labels.section(text)):
            return "title"
        return self._word_by_level(text, level)

    def _word_by_level(self, text: str, level: int) -> str:
        if labels.chapter(text) and not (
            self.sections and labels.section(text) and level > self.levels["chapter"]
        ):
            self.levels["chapter"] = level
            return "chapter"
        if level <= self.levels["chapter"]:
            return "chapter"
        within = self.outline.section or self.outline.chapter
        kinds = ("thematic_pillars", "enabling_pillars")
        among = within is not None and any(self.lexicon.mentions(kind, str(within.heading)) for kind in kinds)
        if labels.section(text):
            self.levels["section"] = level
            return "section"
        if among and level > self.levels["section"] and (self.outline.pillar is None or level <= 3):
            return "pillar"
        return "section" if level <= self.levels["section"] else "subheading"

    def _step_label(self, text: str) -> re.Match[str] | None:
        step = self.lexicon.step
        return re.match(
            rf"(?:第\s*(\d+)\s*步骤?|(?:{step})\s*(\d+))\s*[:：.–—-]\s*(?=\S)", text, re.IGNORECASE
        )

    def _step_action_label(self, text: str) -> re.Match[str] | None:
        action = self.lexicon.action
        return re.match(rf"(?:{action})?\s*(\d+)\.(\d+)\s*[:：.–—-]?\s*(?=\S)", text, re.IGNORECASE)

    def _open_heading(
        self, word: str, number: str | None, text: str, line: Line, level: int
    ) -> tuple[Unit, int]:
        """Open the unit; returns it and where in the text its label ends."""
        outline = self.outline
        self.items = 0
        if word in ("glossary", "annex"):
            self.in_glossary = word == "glossary"
            self.annexes += 1
            return outline.open_annex(self.annexes, line.number), 0
        if word == "chapter":
            self.in_glossary = False
            return self._open_chapter(text, line)
        if word == "section":
            label = labels.section(text)
            self.sections = min(label.values) if label else self.sections + 1
            return outline.open_section(self.sections, line.number), label.end if label else 0
        if word == "pillar":
            label = labels.numbered(text)
            rank = int(number) if number else None
            return outline.open_pillar(line.number, rank), label.end if label else 0
        if word in ("principles", "actions") and outline.pillar is not None:
            label = labels.lettered(text)
            return outline.open_heading(word, line.number), label.end if label else 0
        if word == "step":
            found = self._step_label(text)
            rank = int(
                number or (found and (found[1] or found[2])) or 1 + (outline.step.rank if outline.step else 0)
            )
            return outline.open_step(rank, line.number), found.end() if found else 0
        if word == "step_action" and outline.step is not None:
            return self._open_step_action(number, text, line)
        return outline.open_subheading(line.number), 0

    def _open_chapter(self, text: str, line: Line) -> tuple[Unit, int]:
        label = labels.chapter(text)
        self.chapters = min(label.values) if label else self.chapters + 1
        self.sections = 0
        return self.outline.open_chapter(self.chapters, line.number), label.end if label else 0

    def _open_step_action(self, number: str | None, text: str, line: Line) -> tuple[Unit, int]:
        step = self.outline.step
        assert step is not None
        found = self._step_action_label(text)
        parts = number.split(".") if number and "." in number else None
        own = 1 + sum(u.kind == "step_action" and u.parent is step for u in self.outline.units)
        rank = int(parts[1]) if parts else int(found[2]) if found else own
        return self.outline.open_step_action(step.rank, rank, line.number), found.end() if found else 0

    # Writing

    def _begin(self, unit: Unit, line: Line, begin: int, label_end: int, end: int) -> None:
        self._label(line, begin, label_end)
        self.flow = unit.text
        self._add(line, label_end, end)

    def _add(self, line: Line, begin: int, end: int, glue: str | None = None) -> None:
        if self.flow is None:
            unit = self.outline.chapter or self.outline.open_preamble(line.number)
            self.flow = unit.text
        fragment = line.text[begin:end]
        if glue is None:
            glue = self.joiner.glue(self.flow.tail, fragment)
        self.flow.add(fragment, line.start + line.indent + begin, glue)

    def _aside(self, line: Line, begin: int, end: int) -> None:
        start = line.start + line.indent
        self.source.set_aside(range(start + begin, start + end))

    def _label(self, line: Line, begin: int, end: int) -> None:
        start = line.start + line.indent
        self.source.place(range(start + begin, start + end))
