"""What reading gives: resolutions, what is reported on them, doubts, and an account of every character."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from drafts.formats.document import DraftUnreadable
from drafts.formats.source import Line, Source
from roadmap.formats.wording import glue

REPORT, TEXT = "report", "text"

__all__ = ["DraftUnreadable"]


@dataclass(frozen=True)
class Doubt:
    """Something for a person to look at; ``line`` is the line of the source."""

    line: int
    message: str


@dataclass
class Words:
    """Running text under construction, with the lines it comes from."""

    line: int
    text: str = ""

    def add(self, more: str) -> None:
        self.text += glue(self.text, more) + more


@dataclass
class FoundParagraph:
    """A paragraph of a report, or an operative one: ``number`` as printed (``16``, ``1 (a)``)."""

    number: str
    words: Words
    notes: list[str] = field(default_factory=list)
    operative: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.words.text

    @property
    def line(self) -> int:
        return self.words.line


@dataclass
class FoundResolution:
    """A resolution as the document names it. ``paragraphs``: those that report on it, or its operative ones."""

    session: int
    number: int
    words: Words
    year: int
    adopted_on: date | None = None
    preamble: str = ""
    paragraphs: list[FoundParagraph] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.words.text

    @property
    def symbol(self) -> str:
        return f"{self.session}/{self.number}"


@dataclass
class FoundDocument:
    """A report on resolutions (``REPORT``) or the text of one (``TEXT``). ``characters``: non-blank ones, of which
    ``read == placed + furniture``."""

    kind: str
    symbol: str
    title: str
    dated: date | None
    resolutions: list[FoundResolution]
    introduction: list[FoundParagraph]
    doubts: list[Doubt]
    characters: dict[str, int]
    set_aside: list[tuple[int, str]]


class Account:
    """Lines of a source that are placed or set aside, each as a whole."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.doubts: list[Doubt] = []

    @property
    def lines(self) -> Iterable[Line]:
        return (line for line in self.source.lines if not line.blank)

    def place(self, line: Line) -> str:
        """The line's text, which is now accounted for."""
        self.source.place(range(line.start, line.start + len(line.raw)))
        return line.text

    def set_aside(self, line: Line) -> None:
        self.source.set_aside(range(line.start, line.start + len(line.raw)))

    def doubt(self, line: int, message: str) -> None:
        self.doubts.append(Doubt(line, message))

    def closed(self, unread: Callable[[str], str]) -> dict[str, int]:
        """Set aside whatever is left, with a doubt for each line; the figures."""
        for line, text in self.source.claim_rest():
            self.doubt(line.number, unread(text))
        return self.source.characters()
