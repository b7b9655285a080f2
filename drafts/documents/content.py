"""What a draft's documents say, in one language: rows in reading order, ready to be set as PDF or HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from drafts.marks import MARK
from drafts.models import Draft, Provision, ProvisionText
from drafts.queries import ReadProvision, read_provisions

Kind = Provision.Kind
TITLES = {Kind.CHAPTER, Kind.SECTION, Kind.PILLAR, Kind.HEADING, Kind.STEP}
BOXES = {Kind.FIGURE, Kind.TABLE}
LETTERED = {Kind.ITEM, Kind.ACTION}
DEEPEST = 6
BULLET = "• "
COLONS = {"fr": "\u00a0: ", "zh-hans": "："}


@dataclass(frozen=True)
class Run:
    """Words, or the mark of a footnote (its key): ``first`` where it is printed for the first time."""

    text: str = ""
    note: str = ""
    first: bool = False


@dataclass(frozen=True)
class Line:
    runs: tuple[Run, ...]
    bullet: bool = False


@dataclass(frozen=True)
class Note:
    """A footnote with its printed number."""

    key: str
    number: str
    language: str
    lines: tuple[Line, ...]
    notice: str = ""


@dataclass(frozen=True)
class Row:
    """One provision. ``set``: how it is set (title, box, entry, act, plain). ``level``: of a title, from 1.

    ``indent`` counts steps from the margin; ``notice`` says that the words are not those one would expect.
    """

    key: str
    set: str
    kind: str
    number: str
    language: str
    heading: tuple[Run, ...]
    lines: tuple[Line, ...]
    level: int = 1
    indent: int = 0
    foreign: bool = False
    notice: str = ""


@dataclass
class Content:
    rows: list[Row] = field(default_factory=list)
    notes: dict[str, Note] = field(default_factory=dict)
    missing: int = 0  # provisions shown in the source language
    outdated: int = 0
    provisions: int = 0


def content_of(draft: Draft, language: str) -> Content:
    """Everything that stands in ``draft`` in ``language``, else in the source language (two queries).

    Footnotes hang on the first mark that names them; one that no mark names stands as a row of its own, for
    nothing disappears.
    """
    provisions = list(Provision.objects.filter(draft=draft).order_by("position"))
    reads = [read for read in read_provisions(draft, provisions, language) if read.text]
    return _Reading(draft, language, reads).content


class _Reading:
    """One passage through the draft, in which footnotes are met and levels counted."""

    def __init__(self, draft: Draft, language: str, reads: list[ReadProvision]) -> None:
        self.language = language
        self.source = draft.source_language
        self.content = Content()
        self._footnotes = {r.key: r for r in reads if r.provision.kind == Kind.FOOTNOTE}
        self._kinds = {r.provision.pk: r.provision.kind for r in reads}
        self._levels: dict[int, int] = {}
        self._said_missing = False
        self._marked = {
            note["key"] for r in reads if r.text for note in r.text.footnotes if _stands(r.text, note)
        }
        for read in reads:
            self._count(read)
            if read.provision.kind != Kind.FOOTNOTE or read.key not in self._marked:
                self.content.rows.append(self._row(read))

    def _count(self, read: ReadProvision) -> None:
        self.content.provisions += 1
        self.content.missing += read.is_fallback
        self.content.outdated += read.is_outdated

    def _row(self, read: ReadProvision) -> Row:
        provision, text = read.provision, _text_of(read)
        way = _way_of(provision.kind, bool(text.heading))
        return Row(
            key=read.key,
            set=way,
            kind=provision.kind,
            number=_printed_number(provision, read.language),
            language=read.language,
            heading=tuple(self._runs(text.heading, text)),
            lines=tuple(self._lines(text.text, text)),
            level=self._level(provision, is_title=way == "title"),
            indent=self._indent(provision),
            foreign=read.is_fallback,
            notice=self._notice(read),
        )

    def _level(self, provision: Provision, *, is_title: bool) -> int:
        """One below the title it stands under: no level is skipped, whatever kinds are there."""
        above = self._levels.get(provision.parent_id or 0, 0)
        level = min(above + 1, DEEPEST)
        self._levels[provision.pk] = level if is_title else above
        return level

    def _indent(self, provision: Provision) -> int:
        lettered_below = (
            provision.kind in LETTERED and self._kinds.get(provision.parent_id or 0) not in TITLES
        )
        return int(lettered_below or provision.kind == Kind.STEP_ACTION)

    def _notice(self, read: ReadProvision) -> str:
        """The first of a stretch that isn't translated says so; each outdated one for itself."""
        if read.is_fallback:
            first, self._said_missing = not self._said_missing, True
            return missing_notice() if first else ""
        self._said_missing = False
        return outdated_notice() if read.is_outdated else ""

    def _lines(self, words: str, text: ProvisionText) -> Iterator[Line]:
        for line in words.split("\n") if words else []:
            bullet = line.startswith(BULLET)
            yield Line(tuple(self._runs(line.removeprefix(BULLET) if bullet else line, text)), bullet)

    def _runs(self, words: str, text: ProvisionText) -> Iterator[Run]:
        keys = {note["label"]: note["key"] for note in text.footnotes}
        at = 0
        for mark in MARK.finditer(words):
            key = keys.get(mark[1], "")
            if key not in self._footnotes:
                continue  # a mark without its note stays as it is written
            if mark.start() > at:
                yield Run(words[at : mark.start()])
            yield Run(note=key, first=self._print(key))
            at = mark.end()
        if words[at:]:
            yield Run(words[at:])

    def _print(self, key: str) -> bool:
        """Note that a footnote was marked; whether this is the first time."""
        if key in self.content.notes:
            return False
        read = self._footnotes[key]
        words = " ".join(filter(None, (_text_of(read).heading, _text_of(read).text)))
        lines = tuple(Line((Run(line),)) for line in words.split("\n"))
        unread = _("Not translated yet")
        notice = f"[{unread}]" if read.is_fallback else ""
        self.content.notes[key] = Note(key, read.provision.number, read.language, lines, notice)
        return True


def _text_of(read: ReadProvision) -> ProvisionText:
    assert read.text is not None  # those without words were left out
    return read.text


def _stands(text: ProvisionText, note: dict[str, str]) -> bool:
    mark = f"[^{note['label']}]"
    return mark in text.text or mark in text.heading


def _way_of(kind: str, has_heading: bool) -> str:
    if kind in BOXES:
        return "box"
    if not has_heading:
        return "plain"
    return {Kind.TERM: "entry", Kind.STEP_ACTION: "act"}.get(
        Kind(kind), "title" if kind in TITLES else "entry"
    )


def _printed_number(provision: Provision, language: str) -> str:
    """The number as it is printed before the words: ``33.``, ``(a)``, ``II.``, ``Figure 1.``."""
    number = provision.number
    if provision.kind in BOXES:
        label = f"{provision.get_kind_display()}\u00a0{number}".strip("\u00a0")
        return label + COLONS.get(language, ".").strip() if language == "zh-hans" else f"{label}."
    if provision.kind == Kind.STEP_ACTION:
        return number
    if "(" in number:
        return number[number.rfind("(") :]
    return f"{number}." if number and number[-1].isalnum() else number


def missing_notice() -> str:
    return str(_("Not yet translated: shown in the language it was written in."))


def outdated_notice() -> str:
    return str(_("The original has changed since this was translated."))


def notices(content: Content) -> list[str]:
    """What a reader must know of the translation as a whole."""
    found = []
    if content.missing:
        found.append(
            ngettext(
                "%(count)d of %(total)d provisions is not yet translated and shown in the original.",
                "%(count)d of %(total)d provisions are not yet translated and shown in the original.",
                content.missing,
            )
            % {"count": content.missing, "total": content.provisions}
        )
    if content.outdated:
        found.append(
            ngettext(
                "The original of %(count)d provision has changed since it was translated.",
                "The originals of %(count)d provisions have changed since they were translated.",
                content.outdated,
            )
            % {"count": content.outdated}
        )
    return found
