"""Reading a draft: its contents, its pages, its provisions in a language."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from drafts.marks import printed_marks
from drafts.models import Draft, Guidelines, Provision, ProvisionText
from drafts.terms import Occurrence
from drafts.translating import TranslationState, state_of

UNIT_KINDS = (Provision.Kind.CHAPTER, Provision.Kind.SECTION, Provision.Kind.PILLAR)
PAGE_KINDS = (Provision.Kind.CHAPTER, Provision.Kind.PILLAR)


@dataclass
class ReadProvision:
    """One provision as it is read: its row, its words in the language asked for or the one fallen back to."""

    provision: Provision
    text: ProvisionText | None
    asked_language: str
    source: ProvisionText | None = None  # the words in the draft's source language
    footnotes: list["ReadProvision"] = field(default_factory=list)
    terms: list[Occurrence] = field(default_factory=list)  # glossary terms to be explained in the text
    # What was fetched: in the language asked for and in the source language, or in every language.
    translations: list[ProvisionText] = field(default_factory=list)
    heading_level: int = 2  # of its page's outline; 1 is the page's own

    @property
    def key(self) -> str:
        return self.provision.key

    @property
    def language(self) -> str:
        return self.text.language if self.text else self.asked_language

    @property
    def printed_text(self) -> str:
        """The plain words with footnote marks as they are printed: what a proposal of other words begins with."""
        return printed_marks(self.text.text, self.text.footnotes) if self.text else ""

    @property
    def is_fallback(self) -> bool:
        """Not yet translated: shown in the draft's source language."""
        return self.text is not None and self.text.language != self.asked_language

    @property
    def is_outdated(self) -> bool:
        """Translated from an earlier version of the source than today's."""
        return self.translation_state == TranslationState.OUTDATED

    @property
    def translation_state(self) -> str:
        """Of the language asked for; ``original`` where that is the source's own, empty where there are no words."""
        source, text = self.source, self.text
        if source is None or source.language == self.asked_language:
            return "original" if source else ""
        return state_of(None if self.is_fallback else text, source)


@dataclass
class Unit:
    """A chapter, section or pillar in the contents; ``page_key`` names the page it stands on."""

    read: ReadProvision
    page_key: str

    @property
    def provision(self) -> Provision:
        return self.read.provision

    @property
    def has_page(self) -> bool:
        return self.page_key == self.provision.key


@dataclass
class UnitPage:
    unit: Unit
    rows: list[ReadProvision]
    previous: Unit | None
    next: Unit | None
    contents: list[Unit]


@dataclass
class PageLanguages:
    """Of one page: its pillar, the language each provision is read in, the first and last position with words."""

    pillar: int | None
    languages: dict[str, str]
    positions: tuple[int, int]


def current_draft(guidelines: Guidelines, user: Any) -> Draft | None:
    """The draft to read first: the latest one open to all, else the latest the caller may read."""
    visible = Draft.objects.filter(guidelines=guidelines).visible_to(user)
    return (
        visible.filter(status__in=Draft.OPEN_TO_ALL).order_by("-number").first()
        or visible.order_by("-number").first()
    )


def labels_of(guidelines: Guidelines, *, but: Draft | None = None) -> set[str]:
    """The labels of the guidelines' drafts, in every language; those of ``but`` left out."""
    columns = ["label_" + code.replace("-", "_") for code, _name in settings.LANGUAGES]
    drafts = guidelines.drafts.exclude(pk=but.pk) if but else guidelines.drafts.all()
    return {label for row in drafts.values_list(*columns) for label in row if label}


def read_provisions(
    draft: Draft,
    provisions: Iterable[Provision],
    language: str,
    *,
    every_language: bool = False,
    unreleased: bool = False,
) -> list[ReadProvision]:
    """Words for ``provisions`` (one query): in ``language``, else in the source language.

    With ``every_language`` each row's ``translations`` are all there are. ``unreleased`` is for those who translate.
    """
    rows = list(provisions)
    wanted = {language, draft.source_language}
    if not rows:
        return []
    texts: dict[tuple[int, str], ProvisionText] = {}
    found = (ProvisionText.with_unreleased if unreleased else ProvisionText.objects).of_draft(draft)
    if not every_language:
        found = found.filter(language__in=wanted)
    # A page is one stretch of positions: the range is cheaper than a list of ids.
    low, high = min(r.position for r in rows), max(r.position for r in rows)
    for text in found.filter(provision__position__range=(low, high)):
        texts[(text.provision_id, text.language)] = text
    result = []
    for row in rows:
        source = texts.get((row.pk, draft.source_language))
        asked = texts.get((row.pk, language))
        read = ReadProvision(row, asked or source, language, source)
        if every_language:
            read.translations = [text for (pk, _language), text in texts.items() if pk == row.pk]
        else:
            read.translations = [
                text for text in {language: asked, draft.source_language: source}.values() if text
            ]
        result.append(read)
    return result


def contents(draft: Draft, language: str) -> list[Unit]:
    """Chapters, sections and pillars in document order (two queries)."""
    rows = list(Provision.objects.filter(draft=draft, kind__in=UNIT_KINDS).order_by("position"))
    keys = [row.pk for row in rows]
    wanted = {language, draft.source_language}
    texts = {
        (t.provision_id, t.language): t
        for t in ProvisionText.objects.filter(provision__in=keys, language__in=wanted).only(
            "provision_id", "language", "heading", "version", "translated_from_version"
        )
    }
    units, page = [], ""
    for row in rows:
        if row.kind == Provision.Kind.CHAPTER:
            page = row.key
        text = texts.get((row.pk, language)) or texts.get((row.pk, draft.source_language))
        own = row.kind in PAGE_KINDS
        units.append(Unit(ReadProvision(row, text, language), row.key if own else page))
    return units


def unit_page(draft: Draft, key: str, language: str) -> UnitPage | None:
    """The page of a chapter or pillar: a constant number of queries. None where there is no such page.

    A chapter's page leaves out its pillars, which have pages of their own.
    """
    units = contents(draft, language)
    pages = [unit for unit in units if unit.has_page]
    at = next((i for i, unit in enumerate(pages) if unit.provision.key == key), None)
    if at is None:
        return None
    unit = pages[at]
    after = next((u for u in pages[at + 1 :] if u.provision.kind == Provision.Kind.CHAPTER), None)
    rows = _standing_on(unit.provision, until=after.provision.position if after else None)
    return UnitPage(
        unit=unit,
        rows=_with_levels(_with_footnotes(read_provisions(draft, rows, language))),
        previous=pages[at - 1] if at else None,
        next=pages[at + 1] if at + 1 < len(pages) else None,
        contents=units,
    )


def page_languages(draft: Draft, key: str, language: str) -> PageLanguages | None:
    """Which language each provision of a page is read in, without reading a word (at most three queries).

    None where there is no such page.
    """
    page = Provision.objects.filter(draft=draft, key=key, kind__in=PAGE_KINDS).first()
    if page is None:
        return None
    until = None
    if page.kind == Provision.Kind.CHAPTER:
        chapters = Provision.objects.filter(draft=draft, kind=Provision.Kind.CHAPTER)
        after = chapters.filter(position__gt=page.position).order_by("position")
        until = after.values_list("position", flat=True).first()
    texts = ProvisionText.objects.filter(
        provision__in=_standing_on(page, until=until).order_by().values("pk"),
        language__in={language, draft.source_language},
    )
    rows = list(texts.values_list("provision__key", "provision__position", "language"))
    read: dict[str, str] = {}
    for row, _position, written in rows:
        if written == language or row not in read:
            read[row] = written
    positions = [position for _row, position, _written in rows] or [0]
    return PageLanguages(page.pillar, read, (min(positions), max(positions)))


def whole_draft(draft: Draft, language: str) -> list[ReadProvision]:
    """Every provision in document order, with its footnotes (two queries); the title stands above them."""
    rows = Provision.objects.filter(draft=draft).order_by("position")
    return _with_levels(_with_footnotes(read_provisions(draft, rows, language)), first=2)


def page_key_of(provision: Provision) -> str:
    """The key of the page on which ``provision`` stands."""
    if provision.pillar:
        pillar = Provision.objects.filter(
            draft=provision.draft_id, kind=Provision.Kind.PILLAR, pillar=provision.pillar
        ).first()
        if pillar:
            return pillar.key
    chapter = (
        Provision.objects.filter(
            draft=provision.draft_id, kind=Provision.Kind.CHAPTER, position__lte=provision.position
        )
        .order_by("-position")
        .first()
    )
    return chapter.key if chapter else provision.key


def text_to_read(provision: Provision, language: str) -> ProvisionText | None:
    """The words in ``language``, else in the source language (one query); None where there are none."""
    texts = {text.language: text for text in ProvisionText.objects.filter(provision=provision)}
    return texts.get(language) or texts.get(provision.draft.source_language)


def read_provision(provision: Provision, language: str, *, unreleased: bool = False) -> ReadProvision:
    """One provision with its footnotes (two queries); ``unreleased`` as ``read_provisions`` takes it."""
    notes = list(
        Provision.objects.filter(parent=provision, kind=Provision.Kind.FOOTNOTE).order_by("position")
    )
    read = read_provisions(provision.draft, [provision, *notes], language, unreleased=unreleased)
    return _with_footnotes(read)[0]


def find_provision(draft: Draft, key: str, language: str) -> ReadProvision | None:
    """The provision of that key with its footnotes, in every language (two queries); None where the draft has
    none."""
    notes = Q(parent__key=key, kind=Provision.Kind.FOOTNOTE)
    found = list(Provision.objects.filter(Q(key=key) | notes, draft=draft).order_by("position"))
    rows = _with_footnotes(read_provisions(draft, found, language, every_language=True))
    return next((row for row in rows if row.key == key), None)


def glossary(draft: Draft, language: str) -> list[ReadProvision]:
    terms = Provision.objects.filter(draft=draft, kind=Provision.Kind.TERM).order_by("position")
    return read_provisions(draft, terms, language)


def coverage(draft: Draft) -> dict[str, int]:
    """How many provisions have words in each language."""
    rows = ProvisionText.objects.of_draft(draft).values("language").annotate(n=Count("pk"))
    return {row["language"]: row["n"] for row in rows}


def coverage_to_come(draft: Draft) -> tuple[dict[str, int], set[str]]:
    """``coverage``, and the languages of a published draft that are translated now and come out later (one query)."""
    rows = ProvisionText.with_unreleased.of_draft(draft).values("language", "unreleased").order_by()
    found = list(rows.annotate(n=Count("pk")).values_list("language", "unreleased", "n"))
    counts = {language: n for language, unreleased, n in found if not unreleased}
    return counts, {language for language, unreleased, _n in found if unreleased}


def pillar_counts(draft: Draft) -> dict[int, dict[str, int]]:
    """pillar → how many principles and actions it has (one query)."""
    kinds = (Provision.Kind.PRINCIPLE, Provision.Kind.ACTION)
    rows = Provision.objects.filter(draft=draft, kind__in=kinds, pillar__isnull=False).order_by()
    counts: dict[int, dict[str, int]] = {}
    for pillar, kind, n in rows.values_list("pillar", "kind").annotate(n=Count("pk")):
        counts.setdefault(pillar, {})[kind] = n
    return counts


def _standing_on(page: Provision, *, until: int | None) -> "QuerySet[Provision]":
    """What stands on the page of a pillar or chapter; ``until`` is where the next chapter begins."""
    rows = Provision.objects.filter(draft=page.draft_id, position__gte=page.position).order_by("position")
    if page.kind == Provision.Kind.PILLAR:
        return rows.filter(pillar=page.pillar)
    rows = rows.filter(pillar__isnull=True)
    return rows if until is None else rows.filter(position__lt=until)


def _with_footnotes(rows: list[ReadProvision]) -> list[ReadProvision]:
    """Hang footnotes on the provisions whose words carry their marks; they leave the list."""
    by_id = {row.provision.pk: row for row in rows}
    kept = []
    for row in rows:
        parent = by_id.get(row.provision.parent_id) if row.provision.parent_id else None
        if row.provision.kind == Provision.Kind.FOOTNOTE and parent is not None:
            parent.footnotes.append(row)
        else:
            kept.append(row)
    return kept


def _with_levels(rows: list[ReadProvision], *, first: int = 1) -> list[ReadProvision]:
    outline = [
        (row.provision.pk, row.provision.parent_id, bool(row.text and row.text.heading)) for row in rows
    ]
    for row, level in zip(rows, heading_levels(outline, first=first), strict=True):
        row.heading_level = level
    return rows


def heading_levels(rows: Iterable[tuple[Hashable, Hashable, bool]], *, first: int = 1) -> Iterator[int]:
    """Levels for the headings of a page, whose rows are given by their id, that of what they stand under, and whether
    they have a heading: the page's own is ``first``, each other stands one below the heading it is under.

    Levels follow the outline and not the kind, so that none is skipped where, say, a term has no section.
    """
    above: dict[Hashable, int] = {}
    for i, (row, parent, has_heading) in enumerate(rows):
        over = above.get(parent, 1)
        level = min(over + 1, 6) if i else first
        above[row] = level if has_heading else over
        yield level
