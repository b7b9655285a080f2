"""Compilations to print: volumes of two thousand comments, each set in a process of its own."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from consultations.compilations.about import About
from consultations.compilations.asked import Kind
from consultations.compilations.columns import ISO
from consultations.compilations.delegations import Voice
from consultations.compilations.entries import Entry
from consultations.compilations.tables import Advance, Chunks
from consultations.compilations.words import Words
from consultations.models import Comment
from core.punctuation import colon, listed
from core.words import writable
from drafts.documents.pdf import lang_of, typeset

A_VOLUME = 2_000
DESIGN = Path(__file__).with_name("compilation.typ")


def write_volumes(
    stream: IO[bytes],
    kind: str,
    chunks: Chunks,
    about: About,
    advance: Advance,
    *,
    total: int,
    a_volume: int = A_VOLUME,
) -> bool:
    """The volumes; whether there are several, which stand in a ZIP then. ``total``: how many rows come.

    Raises ``TypesettingFailed``.
    """
    volumes = max(1, -(-total // a_volume))
    rows = chain.from_iterable(chunks)
    if volumes == 1:
        with _volume(list(rows), kind, about, (1, 1)) as made:
            shutil.copyfileobj(made, stream)
        advance(total)
        return False
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for number in range(1, volumes + 1):
            part = list(islice(rows, a_volume))
            with (
                _volume(part, kind, about, (number, volumes)) as made,
                archive.open(_name(number), "w") as entry,
            ):
                shutil.copyfileobj(made, entry)
            advance(len(part))
    return True


def _name(number: int) -> str:
    return f"volume-{number:03}.pdf"


def _volume(rows: Sequence[Any], kind: str, about: About, volume: tuple[int, int]) -> IO[bytes]:
    with tempfile.TemporaryDirectory(prefix="volume-") as name:
        folder = Path(name)
        with (folder / "data.json").open("w", encoding="utf-8") as data:
            json.dump(_document(rows, kind, about, volume), data, ensure_ascii=False)
        typeset(folder, int(about.at.timestamp()), DESIGN)
        # Open, it outlives its folder.
        return (folder / "document.pdf").open("rb")


def _document(rows: Sequence[Any], kind: str, about: About, volume: tuple[int, int]) -> dict[str, Any]:
    language, words = get_language() or "en", Words()
    number, of = volume
    table = kind == Kind.ISO
    return {
        "lang": lang_of(language),
        "langs": {code: lang_of(code) for code, _name in settings.LANGUAGES},
        "language": language,
        "author": _("Guidelines Portal"),
        "title": about.title,
        "round": about.round,
        "draft": about.draft,
        "volume": _("Volume %(number)d of %(of)d") % {"number": number, "of": of} if of > 1 else None,
        "facts": about.facts,
        "marking": about.marking or None,
        "words": _labels(),
        "heads": [str(column.words) for column in ISO] if table else None,
        "empty": None if rows else _("No comment is in this compilation."),
        "sections": list(_sections(rows, table, words)),
    }


def _labels() -> dict[str, str]:
    return {
        "contents": _("Contents"),
        "proposed": _("Proposed words"),
        "reason": _("Reason"),
        "positions": _("Positions"),
        "answer": _("Answer"),
        "change": _("Change made"),
        "colon": colon(),
    }


def _sections(rows: Iterable[Any], table: bool, words: Words) -> Iterator[dict[str, Any]]:
    for title, part in groupby(rows, key=_title):
        if table:
            yield {"title": title, "rows": [_line(row, words) for row in part]}
        else:
            yield {"title": title, "entries": list(_entries(part, words))}


def _title(row: Any) -> str:
    """The delegation; else the chapter or pillar, and what came late by itself."""
    if isinstance(row, Voice):
        return row.delegation.name
    late = row.status == Comment.Status.LATE
    return str(Comment.Status.LATE.label) if late else writable(row.place.page) or row.place.name


def _line(entry: Entry, words: Words) -> list[dict[str, str]]:
    languages = {"comments": entry.language, "proposed_change": entry.proposed_language}
    own = get_language() or "en"
    return [_said(str(column.told(entry, words) or ""), languages.get(column.name) or own) for column in ISO]


def _entries(rows: Iterable[Any], words: Words) -> Iterator[dict[str, Any]]:
    place = None
    for row in rows:
        entry: Entry = row.entry if isinstance(row, Voice) else row
        yield {"place": entry.place.name if entry.place != place else None, **_card(row, entry, words)}
        place = entry.place


def _card(row: Any, entry: Entry, words: Words) -> dict[str, Any]:
    position = row.position if isinstance(row, Voice) else ""
    head = [_("No. %(number)s") % {"number": entry.number}] if entry.number else []
    head += [words.kind(entry.kind)]
    if entry.status != Comment.Status.SUBMITTED:
        head.append(words.status(entry.status))
    if entry.language != get_language() and entry.body and not position:
        head.append(str(get_language_info(entry.language)["name_translated"]))
    body, language = (row.reason, row.language) if position else (entry.body, entry.language)
    return {
        "who": writable(entry.byline if not position else words.position(position)),
        "origin": writable(entry.origin) if entry.author and not position else "",
        "head": head,
        "quote": _said(entry.quote, entry.quote_language),
        "body": _said(body, language),
        "proposed": _said(entry.proposed, entry.proposed_language),
        "reason": _said("" if position else entry.rationale, entry.language),
        "positions": "" if position else _positions(entry, words),
        "outcome": words.outcome(entry.outcome) if entry.outcome else "",
        "answer": _said("" if position else entry.answer, entry.answer_language),
        "changes": [] if position else [writable(change.words) for change in entry.changes],
    }


def _positions(entry: Entry, words: Words) -> str:
    """How many took which position, and which member states did."""
    counts = (("support", entry.support), ("oppose", entry.oppose), ("reserve", entry.reserve))
    told = []
    for value, count in counts:
        if count:
            named = [writable(who) for who, taken in entry.flags if taken == value]
            told.append(f"{words.position(value)} {count}" + (f" ({listed(named)})" if named else ""))
    return listed(told)


def _said(text: str, language: str) -> dict[str, str]:
    return {"text": writable(text), "lang": language or get_language() or "en"}
