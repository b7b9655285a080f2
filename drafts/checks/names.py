"""Pillars and chapters that the text calls otherwise than their headings do."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from drafts.checks.read import ReadDraft, lexicon_of
from drafts.checks.registry import Found, check
from drafts.formats.labels import roman_of
from drafts.marks import MARK
from drafts.models import Finding, Provision, ProvisionText
from drafts.references import Reference, find_references

_ENUMERATED = re.compile(
    r"[(（]\s*(?:[一二三四五六七八]|i{1,3}|iv|v|vi{1,3}|[1-8]|[a-h]|[а-з]|[أبجدهوزح])\s*[)）]", re.IGNORECASE
)
_NAME_BEFORE = re.compile(r"(?P<name>[^(（,，。.;；]{2,80}?)\s*[(（](?P<reference>[^)）]{2,40})[)）]")
ALIKE = 0.4  # share of a heading's pairs of letters from which a name may mean it


def plain(text: str) -> str:
    """``text`` without marks, blanks and signs, for comparison."""
    return re.sub(r"[\W_]", "", MARK.sub("", text)).casefold()


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


@check(
    "pillar_named_differently",
    Finding.Severity.WARNING,
    title=_("A pillar is named in two ways"),
    looks_for=_(
        "Lists of all pillars and figures of them, where a name isn't that of the pillar's heading. Pillars are "
        "told apart by their order."
    ),
    why=_("Two names make readers look for two things, and translators write a third."),
    messages={
        "": _("Pillar %(number)s is headed “%(heading)s”; here it is called “%(said)s”."),
        "figure": _("Pillar %(number)s is headed “%(heading)s”; the words of this figure are others."),
    },
)
def pillars_named_differently(read: ReadDraft) -> Iterator[Found]:
    rows = [row for row in read.provisions if row.kind == Provision.Kind.PILLAR]
    for language in read.languages:
        pillars = [(row, read.heading(row, language)) for row in rows]
        if not pillars or not all(heading for _row, heading in pillars):
            continue
        for row, text in read.rows(language):
            if row.kind in (Provision.Kind.PARAGRAPH, Provision.Kind.ITEM):
                yield from _in_list(row, text, pillars)
            elif row.kind == Provision.Kind.FIGURE and lexicon_of(language).mentions("pillar", text.heading):
                yield from _in_figure(row, text, pillars)


Pillars = list[tuple[Provision, str]]


def _in_list(row: Provision, text: ProvisionText, pillars: Pillars) -> Iterator[Found]:
    marks = list(_ENUMERATED.finditer(text.text))
    if len(marks) != len(pillars):
        return
    ends = [*(mark.start() for mark in marks), len(text.text)][1:]
    names = [
        text.text[mark.end() : end].strip(" ,，、;；.。:：") for mark, end in zip(marks, ends, strict=True)
    ]
    named = list(zip(names, pillars, strict=True))
    own = [(_pairs(plain(heading)), _pairs(plain(name))) for name, (_pillar, heading) in named]
    if 2 * sum(len(a & b) >= ALIKE * len(a) for a, b in own) <= len(own):
        return  # a list of something else
    for name, (pillar, heading) in named:
        if not plain(name).startswith(plain(heading)):
            yield _named(row, text, pillar, heading, _cut(name, heading))


def _cut(name: str, heading: str) -> str:
    """The name without the sentence that goes on after the last one of a list."""
    said = re.split(r"[.。;；]", name)[0]
    if len(said) <= len(heading) + 10:
        return said
    # As far as the letters are the heading's.
    last = max((i for i, sign in enumerate(said[: len(heading) + 4]) if sign in heading), default=0)
    return f"{said[: last + 1]}…"


def _named(row: Provision, text: ProvisionText, pillar: Provision, heading: str, said: str) -> Found:
    return Found(
        row.key,
        text.language,
        params={"number": pillar.number, "heading": heading, "said": said},
        others=(pillar.key,),
        words=(heading, said),
    )


def _in_figure(row: Provision, text: ProvisionText, pillars: Pillars) -> Iterator[Found]:
    words = plain(text.text)
    for pillar, heading in pillars:
        own = _pairs(plain(heading))
        if own and plain(heading) not in words and len(own & _pairs(words)) >= 0.6 * len(own):
            yield Found(
                row.key,
                text.language,
                params={"number": pillar.number, "heading": heading},
                others=(pillar.key,),
                words=(heading, text.text),
                variant="figure",
            )


@check(
    "chapter_named_differently",
    Finding.Severity.WARNING,
    title=_("A chapter is called by another name"),
    looks_for=_(
        "A name with a number in brackets after it, where the chapter of that number is headed otherwise."
    ),
    why=_("Readers can't tell whether the name or the number is meant."),
    messages=_("Chapter %(number)s is headed “%(heading)s”; here it is called “%(said)s”."),
)
def chapters_named_differently(read: ReadDraft) -> Iterator[Found]:
    kinds = (Provision.Kind.PARAGRAPH, Provision.Kind.ITEM)
    chapters = {row.number: row for row in read.provisions if row.kind == Provision.Kind.CHAPTER}
    for language in read.languages:
        outlines = _lists_of_chapters(read, language)
        for row, text in read.rows(language, kinds):
            named = _NAME_BEFORE.match(text.text)
            found = find_references(text.text, language) if named else []
            if named is None or not found or not named.start("reference") <= found[0].start < named.end():
                continue
            number = _chapter_number(found[0], in_outline=row.parent_id in outlines)
            chapter = chapters.get(number) if number else None
            heading = read.heading(chapter, language) if chapter else ""
            said = named["name"].strip()
            if chapter and heading and not _same(said, heading):
                yield Found(
                    row.key,
                    language,
                    params={"number": chapter.number, "heading": heading, "said": said},
                    others=(chapter.key,),
                    words=(heading, said),
                )


def _lists_of_chapters(read: ReadDraft, language: str) -> set[int | None]:
    """Lists that count chapters and sections ("1.1", "1.2", "3") whatever they call them."""
    return {
        row.parent_id
        for row, text in read.rows(language, (Provision.Kind.ITEM,))
        if any("." in one.number and not one.outside for one in find_references(text.text, language))
    }


def _chapter_number(reference: Reference, *, in_outline: bool) -> str:
    if reference.kind not in ("chapter", "section") and not in_outline:
        return ""
    return roman_of(int(reference.number)) if reference.number.isdecimal() else reference.number


def _same(said: str, heading: str) -> bool:
    return plain(said) in plain(heading) or plain(heading) in plain(said)
