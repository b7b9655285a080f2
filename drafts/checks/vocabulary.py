"""The glossary and the text: terms that are used and not defined, and defined and not used."""

import re
from collections.abc import Iterator
from functools import cache

from django.utils.translation import gettext_lazy as _

from drafts.checks.read import ReadDraft
from drafts.checks.registry import Found, check
from drafts.marks import MARK
from drafts.models import Finding, Provision

OFTEN = 4  # uses from which a term that isn't in the glossary, but close to one, belongs there
_OPEN, _CLOSE = '[“”„«"《]', '[”“»"》]'
_QUOTED = rf"{_OPEN}\s?(?P<term>[^“”„«»\"\n]{{2,40}}?)\s?{_CLOSE}"
_QUOTED_TOO = _QUOTED.replace("term", "other")
# Words by which a text says what it means by a term.
_DEFINING = {
    "en": rf"{_QUOTED},? (?:means|refers to|denotes|(?:is|are|shall be) (?:understood|defined))"
    rf"|(?:referred to as|known as|hereinafter|the term) {_QUOTED_TOO}",
    "fr": rf"{_QUOTED},? (?:désigne|signifie|s['’]entend|renvoie à)"
    rf"|(?:ci-après|(?:dé)?nommée?s?|appelée?s?|le terme) {_QUOTED_TOO}",
    "es": rf"{_QUOTED},? (?:designa|significa|se entiende|se refiere a)"
    rf"|(?:en adelante|denominad[oa]s?|el término) {_QUOTED_TOO}",
    "ru": rf"{_QUOTED},? (?:означает|обозначает|понимается|следует понимать)"
    rf"|(?:далее\s*[—–-]|именуем\w+|термин) {_QUOTED_TOO}",
    "ar": rf"{_QUOTED}،? (?:يعني|تعني|[يُ]?قصد به|يشير إلى|تشير إلى)"
    rf"|(?:يشار إليها? بـ?|المسماة?|مصطلح) ?{_QUOTED_TOO}",
    "zh-hans": rf"{_QUOTED}(?:一词|这一术语)?(?:应)?(?:理解为|系指|是指|指的是|指)"
    rf"|(?:称为|称作|简称|下称){_QUOTED_TOO}",
}
_CONJUNCTIONS = {
    **{"en": ("and", "&"), "fr": ("et", "&"), "es": ("y", "e", "&"), "ru": ("и", "&"), "ar": ("و",)},
    "zh-hans": ("和", "与", "及", "以及"),
}
_HAN = "\u3400-\u9fff"


@check(
    "term_not_in_glossary",
    Finding.Severity.NOTE,
    title=_("A term is not in the glossary"),
    looks_for=_(
        "Terms that the text itself explains (“…” means …) though the glossary has not got them, and words close "
        "to a term of the glossary: with another “and”, or with a word in its midst where it is often used or "
        "stands in a heading."
    ),
    why=_(
        "Readers take what isn't explained for something else, or what is worded otherwise for another thing."
    ),
    messages={
        "defined": _("“%(term)s” is explained here, but isn't in the glossary."),
        "worded": _("“%(term)s” stands here; the glossary has “%(known)s”."),
        "qualified": _("“%(term)s” (uses: %(uses)s) isn't in the glossary, which has “%(known)s”."),
    },
)
def terms_not_in_glossary(read: ReadDraft) -> Iterator[Found]:
    terms = _glossary(read)
    if not terms:
        return
    known = {_folded(heading) for _row, heading in terms}
    for row, text in read.rows(read.source):
        if row.kind == Provision.Kind.TERM:
            continue
        for match in re.finditer(_DEFINING[read.source], MARK.sub("", text.text), re.IGNORECASE):
            term = (match["term"] or match["other"]).strip()
            if _folded(term) not in known:
                yield Found(row.key, read.source, {"term": term}, words=(term,), variant="defined")
    for row, heading in terms:
        yield from _worded_otherwise(read, row, heading)
        yield from _qualified(read, row, heading, known)


def _glossary(read: ReadDraft) -> list[tuple[Provision, str]]:
    rows = read.rows(read.source, (Provision.Kind.TERM,))
    # "(DPI)" after a term is its abbreviation.
    return [
        (row, heading)
        for row, text in rows
        if (heading := re.sub(r"\s*[(（][^)）]*[)）]", "", text.heading).strip())
    ]


def _running(read: ReadDraft) -> list[tuple[Provision, str]]:
    """Every text but the glossary's, without its marks."""
    if "running" not in read.memo:
        read.memo["running"] = [
            (row, MARK.sub("", f"{text.heading}\n{text.text}"))
            for row, text in read.rows(read.source)
            if row.kind != Provision.Kind.TERM
        ]
    rows: list[tuple[Provision, str]] = read.memo["running"]
    return rows


def _worded_otherwise(read: ReadDraft, term: Provision, heading: str) -> Iterator[Found]:
    """ "Media and information literacy" for "media & information literacy"."""
    conjunctions = _CONJUNCTIONS[read.source]
    tight = read.source == "zh-hans"
    parts = re.split("|".join(sorted(conjunctions, key=len, reverse=True)), heading) if tight else None
    if parts is None:
        words = heading.split()
        at = next((i for i, word in enumerate(words) if word.lower() in conjunctions), None)
        parts = [" ".join(words[:at]), " ".join(words[at + 1 :])] if at is not None else [heading]
    if len(parts) != 2 or min(map(len, parts)) < 2:
        return
    space = "" if tight else r"\s+"
    pattern = rf"{re.escape(parts[0])}{space}(?:{'|'.join(map(re.escape, conjunctions))}){space}{re.escape(parts[1])}"
    for row, text in _running(read):
        for match in re.finditer(pattern, text, re.IGNORECASE):
            if _folded(match[0]) != _folded(heading):
                yield Found(
                    row.key,
                    read.source,
                    params={"term": match[0], "known": heading},
                    others=(term.key,),
                    words=(match[0], heading),
                    variant="worded",
                )


def _qualified(read: ReadDraft, term: Provision, heading: str, known: set[str]) -> Iterator[Found]:
    """ "Digital public infrastructure", where the glossary has "digital infrastructure" alone: once, where it
    stands first."""
    pattern = _with_one_word_more(heading, read.source)
    if pattern is None:
        return
    uses: dict[str, list[Provision]] = {}
    printed: dict[str, str] = {}
    headed: set[str] = set()
    for row, text in _running(read):
        for match in pattern.finditer(text):
            folded = _folded(match[0])
            if folded not in known:
                uses.setdefault(folded, []).append(row)
                printed.setdefault(folded, match[0])
                if row.kind in (Provision.Kind.PILLAR, Provision.Kind.CHAPTER):
                    headed.add(folded)
    for folded, rows in uses.items():
        if len(rows) >= OFTEN or folded in headed:
            yield Found(
                rows[0].key,
                read.source,
                params={"term": printed[folded], "known": heading, "uses": str(len(rows))},
                others=(term.key,),
                words=(folded, heading),
                variant="qualified",
            )


def _with_one_word_more(heading: str, language: str) -> re.Pattern[str] | None:
    if language == "zh-hans":
        if len(heading) < 4:
            return None
        ways = [
            f"{heading[:i]}(?!和|与|及|的)[{_HAN}]{{2}}(?<![和与及的]){heading[i:]}"
            for i in range(2, len(heading) - 1)
        ]
        return re.compile("|".join(ways))
    words = [re.escape(word) for word in heading.split()]
    if len(words) < 2:
        return None
    ways = [
        rf"\b{' '.join(words[:i])} (?!and\b|or\b|et\b|ou\b|y\b|o\b|и\b|или\b|و)[^\W\d_]{{3,}} {' '.join(words[i:])}\b"
        for i in range(1, len(words))
    ]
    return re.compile("|".join(ways), re.IGNORECASE)


@check(
    "term_never_used",
    Finding.Severity.NOTE,
    title=_("A term of the glossary is never used"),
    looks_for=_(
        "Terms that stand in no paragraph, principle, action, heading or footnote; a longer term that contains "
        "them doesn't count as a use."
    ),
    why=_("What nobody reads in the text need not be explained; or the text words it otherwise."),
    messages={
        "": _("“%(term)s” is explained in the glossary, but stands nowhere in the text."),
        "glossary": _("“%(term)s” stands in the glossary alone, in the explanation of another term."),
    },
)
def terms_never_used(read: ReadDraft) -> Iterator[Found]:
    terms = _glossary(read)
    # The longest first: "open data platform" is no use of "open data".
    ordered = sorted(terms, key=lambda term: -len(term[1]))
    if not ordered:
        return
    ways = [f"(?P<t{term.pk}>{_written(heading, read.source)})" for term, heading in ordered]
    pattern = re.compile("|".join(ways), re.IGNORECASE)
    used, explained = set(), set()
    for row, text in read.rows(read.source):
        for match in pattern.finditer(MARK.sub("", f"{text.heading}\n{text.text}")):
            if row.kind != Provision.Kind.TERM:
                used.add(match.lastgroup)
            elif match.lastgroup != f"t{row.pk}":
                explained.add(match.lastgroup)
    for row, heading in terms:
        name = f"t{row.pk}"
        if name not in used:
            variant = "glossary" if name in explained else ""
            yield Found(row.key, read.source, {"term": heading}, words=(heading,), variant=variant)


@cache
def _written(heading: str, language: str) -> str:
    """How a term may be written in running text: its plural, its cases, an article before it."""
    if language == "zh-hans":
        return re.escape(heading)
    words = heading.replace("-", " ").split()
    if language == "ru":
        words = [rf"{re.escape(word[:-2])}\w{{0,5}}" if len(word) > 4 else re.escape(word) for word in words]
    elif language == "ar":
        words = [rf"[وفبك]?(?:ال|لل|ل)?{re.escape(word.removeprefix('ال'))}" for word in words]
    else:
        words = [rf"{re.escape(word)}(?:s|es|x)?" for word in words]
    return r"\b" + r"[\s\u00a0-]+".join(words) + (r"\b" if language != "ru" else "")


def _folded(term: str) -> str:
    return " ".join(term.casefold().replace("-", " ").split())
