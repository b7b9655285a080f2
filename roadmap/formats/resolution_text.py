"""Reading the text of one resolution (the form of HSP/HA.2/Res.1) from its Chinese text: preamble, operative
paragraphs and their lettered items."""

import re

from django.utils.translation import gettext as _

from drafts.formats.source import Line, Source
from roadmap.formats.document import (
    TEXT,
    Account,
    DraftUnreadable,
    FoundDocument,
    FoundParagraph,
    FoundResolution,
    Words,
)
from roadmap.formats.wording import day_in

TITLE = re.compile(r"(\d)/(\d{1,2})\.\s*(\S.*)$")
ADOPTED = re.compile(r".*通过的决议$")
ORGAN = re.compile(r"联合国人居大会[，,]$")
OPERATIVE = re.compile(r"(\d{1,2})\.\s*(\S.*)$")
ITEM = re.compile(r"\(([a-z])\)\s*(\S.*)$")
FOOTNOTE = re.compile(r"<sup>(\d+)</sup>\s*(\S.*)$")
MARK = re.compile(r"<sup>(\d+)</sup>")
# Each paragraph of a preamble begins with a participle; what doesn't goes on with the one before.
PREAMBULAR = re.compile("又?(?:认识到|注意到|回顾|重申|铭记|强调|欢迎|赞赏|关切|确认|考虑到|深信|表示)")


def is_resolution(source: Source) -> bool:
    return any(TITLE.match(line.text) for line in source.lines)


def read_resolution(source: Source) -> FoundDocument:
    """The resolution. ``DraftUnreadable`` where no operative paragraph is found."""
    return _Reading(source).found()


class _Reading:
    def __init__(self, source: Source) -> None:
        self.account = Account(source)
        self.resolution: FoundResolution | None = None
        self.preamble: list[Words] = []
        self.notes: list[str] = []
        self._adopted: Line | None = None
        self._open: Words | None = None

    def found(self) -> FoundDocument:
        for line in self.account.lines:
            if not self._take(line):
                self.account.set_aside(line)
        resolution = self.resolution
        if resolution is None or not resolution.paragraphs:
            raise DraftUnreadable(_("No operative paragraph was found in the text."))
        if self._adopted is not None:
            resolution.adopted_on = day_in(self._adopted.text)
            resolution.year = resolution.adopted_on.year if resolution.adopted_on else 0
        resolution.preamble = "\n".join([*(words.text for words in self.preamble), *self.notes])
        symbol = f"HSP/HA.{resolution.session}/Res.{resolution.number}"
        return FoundDocument(
            TEXT,
            symbol,
            resolution.title,
            resolution.adopted_on,
            [resolution],
            [],
            sorted(self.account.doubts, key=lambda doubt: doubt.line),
            self.account.closed(lambda text: text),
            self.account.source.furniture(),
        )

    def _take(self, line: Line) -> bool:
        text = line.text
        if self.resolution is None:
            return self._head(line, text)
        if note := FOOTNOTE.match(text):
            self.account.place(line)
            self._note(line, note)
        elif operative := OPERATIVE.match(text):
            self.account.place(line)
            self._operative(operative[1], operative[2], line)
        elif (item := ITEM.match(text)) and self.resolution.paragraphs:
            self.account.place(line)
            above = self.resolution.paragraphs[-1].number.split()[0]
            self._add(f"{above} ({item[1]})", item[2], line)
        elif ORGAN.match(text):
            return False
        else:
            self._running(line, text)
        return True

    def _head(self, line: Line, text: str) -> bool:
        if title := TITLE.match(text):
            self.account.place(line)
            self.resolution = FoundResolution(int(title[1]), int(title[2]), Words(line.number, title[3]), 0)
        elif ADOPTED.match(text):
            self.account.place(line)
            self._adopted = line
        else:
            return False
        return True

    def _note(self, line: Line, note: re.Match[str]) -> None:
        """Footnotes go to the end of the text: what they interrupt goes on behind them."""
        self.notes.append(f"[{note[1]}] {note[2]}")
        marked = " ".join(words.text for words in self.preamble)
        if f"[{note[1]}]" not in marked:
            said = _("Footnote %(mark)s has no mark before it.")
            self.account.doubt(line.number, said % {"mark": note[1]})

    def _operative(self, number: str, text: str, line: Line) -> None:
        assert self.resolution is not None
        whole = [p for p in self.resolution.paragraphs if "(" not in p.number]
        if int(number) != len(whole) + 1:
            said = _("Paragraph %(number)s follows paragraph %(before)d.")
            self.account.doubt(line.number, said % {"number": number, "before": len(whole)})
        self._add(number, text, line)

    def _add(self, number: str, text: str, line: Line) -> None:
        assert self.resolution is not None
        paragraph = FoundParagraph(number, Words(line.number, _marked(text)))
        self.resolution.paragraphs.append(paragraph)
        self._open = paragraph.words

    def _running(self, line: Line, text: str) -> None:
        """A paragraph of the preamble, or the rest of one that a page's end or a footnote broke."""
        assert self.resolution is not None
        self.account.place(line)
        if not self.resolution.paragraphs and PREAMBULAR.match(text):
            words = Words(line.number, _marked(text))
            self.preamble.append(words)
            self._open = words
        elif self._open is not None:
            self._open.add(_marked(text))
            said = _("This line was joined to the paragraph that begins on line %(line)d.")
            self.account.doubt(line.number, said % {"line": self._open.line})
        else:
            self.preamble.append(Words(line.number, _marked(text)))


def _marked(text: str) -> str:
    return MARK.sub(r"[\1]", text)
