"""Reading the secretariat's report on all resolutions (the form of HSP/EB.2024/20) from its Chinese text.

Sections are by session of the Assembly (“二、 2019 年…第一届会议…”), in them a lettered heading for each resolution,
whose title stands behind it or on the lines that follow, then numbered paragraphs. Footnotes stand where their page
ended, often under another resolution.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from drafts.formats.source import Line, Source
from roadmap.formats.document import (
    REPORT,
    Account,
    DraftUnreadable,
    FoundDocument,
    FoundParagraph,
    FoundResolution,
    Words,
)
from roadmap.formats.wording import (
    STILL_TO_COME,
    constraints_in,
    documents_in,
    operative_in,
)

SYMBOL = re.compile(r"HSP/EB\.\d{4}/\d+$")
SECTION = re.compile(r"[一二三四五六七八九十]、\s*(.+)$")
SESSION = re.compile(r"(\d{4})\s*年.*?第([一二三四五六七八九十])届会议")
HEADING = re.compile(r"([A-Z])\.\s*第\s*(\d)/(\d{1,2})\s*号决议\s*(.*)$")
PARAGRAPH = re.compile(r"(\d{1,3})\.\s+(\S.*)$")
FOOTNOTE = re.compile(r"([¹²³⁴⁵⁶⁷⁸⁹])\s*(\S.*)$")
DISTRIBUTED = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}$")
TOTAL = re.compile(r"通过的\s*(\d+)\s*项决议")
# A blank behind a Chinese sign is an end of line that became one.
STRAY = re.compile("(?<=[、，；：])\\s+")
NUMERALS = "一二三四五六七八九十"


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _day(text: str) -> date | None:
    """``22 September 2024``, as the head of every language's document has it."""
    day, month, year = text.split()
    return date(int(year), MONTHS.index(month) + 1, int(day)) if month in MONTHS else None


def is_report(source: Source) -> bool:
    """Whether the text has headings of several resolutions."""
    return sum(bool(HEADING.match(line.text)) for line in source.lines) > 1


def read_report(source: Source) -> FoundDocument:
    """Every resolution with the paragraphs that report on it. ``DraftUnreadable`` without a symbol."""
    return _Reading(source).found()


class _Reading:
    """One passage through the report, line by line."""

    def __init__(self, source: Source) -> None:
        self.account = Account(source)
        self.symbol = ""
        self.title = Words(0)
        self.dated: date | None = None
        self.resolutions: list[FoundResolution] = []
        self.introduction: list[FoundParagraph] = []
        self.session: tuple[int, int] | None = None  # (number, year)
        self.begun = False
        self._open: Words | None = None  # what the next line may continue
        self._marks: dict[str, FoundParagraph] = {}
        self._last = 0

    def found(self) -> FoundDocument:
        for line in self.account.lines:
            if not self._take(line):
                self.account.set_aside(line)
        if not self.symbol:
            raise DraftUnreadable(_("The text names no document symbol such as HSP/EB.2024/20."))
        self._look_again()
        characters = self.account.closed(lambda text: text)
        return FoundDocument(
            REPORT,
            self.symbol,
            self.title.text,
            self.dated,
            self.resolutions,
            self.introduction,
            sorted(self.account.doubts, key=lambda doubt: doubt.line),
            characters,
            self.account.source.furniture(),
        )

    def _take(self, line: Line) -> bool:
        """Place the line, or answer False: it is furniture."""
        text = line.text
        if section := SECTION.match(text):
            self.begun, self._open = True, None
            self.account.place(line)
            return self._section(section[1], line)
        if not self.begun:
            return self._head(line, text)
        if heading := HEADING.match(text):
            self.account.place(line)
            self._heading(heading, line)
        elif text.startswith("*"):
            self._say(line, _("A note to the title page stands among the paragraphs: it was set aside."))
            return False
        elif note := FOOTNOTE.match(text):
            self.account.place(line)
            self._footnote(note[1], note[2], line)
        elif paragraph := PARAGRAPH.match(text):
            self.account.place(line)
            self._paragraph(paragraph[1], paragraph[2], line)
        elif self._open is not None and re.search(r"\w", text):
            self._open.add(self.account.place(line))
        else:
            return False
        return True

    def _head(self, line: Line, text: str) -> bool:
        """Of the title page the symbol, the day of distribution, and the title, which stands before its author."""
        if SYMBOL.match(text) and not self.symbol:
            self.symbol = self.account.place(line)
        elif DISTRIBUTED.match(text) and self.dated is None:
            self.dated = _day(self.account.place(line))
        elif text.endswith("通过的所有决议的执行情况"):
            self.title = Words(line.number, self.account.place(line))
        else:
            return False
        return True

    def _section(self, title: str, line: Line) -> bool:
        found = SESSION.search(title)
        self.session = (NUMERALS.index(found[2]) + 1, int(found[1])) if found else None
        return True

    def _heading(self, heading: re.Match[str], line: Line) -> None:
        session, number = int(heading[2]), int(heading[3])
        if self.session is None or self.session[0] != session:
            self.account.doubt(
                line.number,
                _("Resolution %(symbol)s stands under another session.") % {"symbol": f"{session}/{number}"},
            )
        title = Words(line.number, STRAY.sub("", heading[4].strip()))
        self.resolutions.append(
            FoundResolution(session, number, title, self.session[1] if self.session else 0)
        )
        self._open = title

    def _paragraph(self, number: str, text: str, line: Line) -> None:
        if int(number) != self._last + 1:
            said = _("Paragraph %(number)s follows paragraph %(before)d.")
            self.account.doubt(line.number, said % {"number": number, "before": self._last})
        self._last = int(number)
        paragraph = FoundParagraph(number, Words(line.number, text))
        (self.resolutions[-1].paragraphs if self.resolutions else self.introduction).append(paragraph)
        self._open = paragraph.words
        for mark in re.findall("[¹²³⁴⁵⁶⁷⁸⁹]", text):
            self._marks[mark] = paragraph

    def _footnote(self, mark: str, text: str, line: Line) -> None:
        """A footnote belongs to the paragraph that bears its mark, wherever it stands."""
        here = self.resolutions[-1].paragraphs if self.resolutions else self.introduction
        paragraph = self._marks.get(mark)
        if paragraph is None:
            if here:
                here[-1].notes.append(text)
            self._say(line, _("Footnote %(mark)s has no mark before it."), mark=mark)
            return
        paragraph.notes.append(text)
        if paragraph not in here:
            self._say(
                line,
                _("Footnote %(mark)s of paragraph %(number)s stands under another resolution."),
                mark=mark,
                number=paragraph.number,
            )

    def _say(self, line: Line, words: str, **named: str) -> None:
        self.account.doubt(line.number, words % named)

    def _look_again(self) -> None:
        """What can be said once all is read: what each paragraph names, and what doesn't agree."""
        for resolution in [None, *self.resolutions]:
            for paragraph in resolution.paragraphs if resolution else self.introduction:
                whole = " ".join([paragraph.text, *paragraph.notes])
                paragraph.operative = operative_in(paragraph.text)
                paragraph.documents = documents_in(whole)
                paragraph.constraints = constraints_in(paragraph.text)
                self._time(paragraph)
            if resolution and not resolution.paragraphs:
                said = _("Nothing is reported on resolution %(symbol)s.") % {"symbol": resolution.symbol}
                self.account.doubt(resolution.words.line, said)
        for paragraph in self.introduction:
            if (total := TOTAL.search(paragraph.text)) and int(total[1]) != len(self.resolutions):
                said = _("The report speaks of %(said)s resolutions; %(found)d were found.")
                self.account.doubt(paragraph.line, said % {"said": total[1], "found": len(self.resolutions)})

    def _time(self, paragraph: FoundParagraph) -> None:
        for found in STILL_TO_COME.finditer(paragraph.text):
            day = date(*map(int, found.groups()))
            if self.dated and day < self.dated:
                said = _("Paragraph %(number)s speaks of %(day)s as to come; the document is dated later.")
                self.account.doubt(
                    paragraph.line, said % {"number": paragraph.number, "day": day.isoformat()}
                )
