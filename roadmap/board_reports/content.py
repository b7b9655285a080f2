"""What the report to the Board says in one language: plain structures of final words, which are frozen as they are.

Everything that a document needs stands in it, so that the same content always gives the same document, whatever
happened since.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.six_languages import reader_text
from roadmap.board_reports.tables import annexes
from roadmap.milestone_words import day_words
from roadmap.models import EntryLine, ReportingPeriod, ResolutionEntry
from roadmap.report_words import as_of_words, language_words, money_words, operative_words, session_words

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
ARABIC_ORDINALS = ("أولا", "ثانيا", "ثالثا", "رابعا", "خامسا", "سادسا", "سابعا", "ثامنا", "تاسعا", "عاشرا")
ARABIC_LETTERS = ("ألف", "باء", "جيم", "دال", "هاء", "واو", "زاي", "حاء", "طاء", "ياء", "كاف", "لام", "ميم")
ARABIC_ANNEXES = (
    "الأول",
    "الثاني",
    "الثالث",
    "الرابع",
    "الخامس",
    "السادس",
    "السابع",
    "الثامن",
    "التاسع",
    "العاشر",
)
CHINESE_NUMERALS = "一二三四五六七八九十"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Content = dict[str, Any]


def section_number(place: int, language: str) -> str:
    """The number of a section as the United Nations print it: ``II.``, ``二、``, ``ثانيا -``."""
    if place >= len(ROMAN):
        return f"{place + 1}."
    if language == "ar":
        return f"{ARABIC_ORDINALS[place]} -"
    if language == "zh-hans":
        return f"{CHINESE_NUMERALS[place]}、"
    return f"{ROMAN[place]}."


def annex_number(place: int, language: str) -> str:
    """What an annex is called, as the United Nations print it: ``Annex II``, ``附件二``, ``المرفق الثاني``."""
    annex = _("Annex")
    if language == "zh-hans":
        return f"{annex}{CHINESE_NUMERALS[place]}"
    return f"{annex} {ARABIC_ANNEXES[place] if language == 'ar' else ROMAN[place]}"


def letter_of(place: int, language: str) -> str:
    """The letter of a resolution within its section: ``B.``, ``باء -``."""
    letters: Any = ARABIC_LETTERS if language == "ar" else LETTERS
    letter = letters[place] if place < len(letters) else str(place + 1)
    return f"{letter} -" if language == "ar" else f"{letter}."


def canonical(content: Content) -> str:
    """Sorted keys, no blanks: the text that is frozen and hashed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class _Numbers:
    """Paragraphs are numbered through the whole report."""

    last: int = 0

    def next(self) -> int:
        self.last += 1
        return self.last


def content_of(period: ReportingPeriod, language: str, *, as_of: date) -> Content:
    """The report on ``period`` as of ``as_of``, in the language that is active, which must be ``language``."""
    entries = list(
        period.entries.select_related("period", "resolution__guidelines").prefetch_related(
            "lines__corrects__entry"
        )
    )
    numbers = _Numbers()
    sections: list[Content] = [
        {
            "number": section_number(0, language),
            "title": _("Introduction"),
            "paragraphs": [_paragraph(numbers, *reader_text(period, "introduction"), language=language)]
            if reader_text(period, "introduction")[1]
            else [],
            "resolutions": [],
        }
    ]
    sessions = sorted({(e.resolution.session, e.resolution.year) for e in entries})
    for place, (session, year) in enumerate(sessions, start=1):
        own = [e for e in entries if (e.resolution.session, e.resolution.year) == (session, year)]
        sections.append(
            {
                "number": section_number(place, language),
                "title": session_words(session, year),
                "paragraphs": [],
                "resolutions": [_resolution(e, n, numbers, language) for n, e in enumerate(own)],
            }
        )
    return {
        "language": language,
        "period": period.code,
        "as_of": as_of.isoformat(),
        "masthead": _masthead(period, as_of),
        "title": _("Implementation of the resolutions adopted by the United Nations Habitat Assembly"),
        "author": _("Report of the Executive Director"),
        "marking": _marking(),
        "notices": _notices(sections),
        "sections": sections,
        "annexes": [
            {"number": annex_number(n, language), **annex}
            for n, annex in enumerate(annexes(period, entries, as_of))
        ],
        "words": {
            "contents": _("Contents"),
            "hash": _("SHA-256 of the text in this language:"),
        },
    }


def _introduction(period: ReportingPeriod, numbers: _Numbers, language: str) -> list[Content]:
    written_in, text = reader_text(period, "introduction")
    return [_paragraph(numbers, written_in, text, language=language)] if text else []


def _marking() -> str:
    if settings.DEMONSTRATION:
        return _("Made for demonstration only: it was not issued by the United Nations.")
    return ""


def _masthead(period: ReportingPeriod, as_of: date) -> Content:
    return {
        "organisation": _("United Nations"),
        "symbol": period.symbol or period.code,
        "distr": _("Distr.: General"),
        "as_of": as_of_words(as_of),
        "original": _("Original: %(language)s") % {"language": language_words("en")},
        "programme": _("United Nations Human Settlements Programme"),
        "body": _("Executive Board of the United Nations Human Settlements Programme"),
        "session": reader_text(period, "session")[1],
        "venue": reader_text(period, "venue")[1],
        "agenda": reader_text(period, "agenda_item")[1],
        "agenda_label": _("Agenda item"),
        "period": _("Period reported on: %(first)s to %(last)s")
        % {"first": day_words(period.starts), "last": day_words(period.ends)},
    }


def _paragraph(
    numbers: _Numbers, written_in: str, text: str, *, language: str, lead: str = "", after: Iterable[str] = ()
) -> Content:
    """A numbered paragraph; where it isn't translated it says which language it is in."""
    foreign = written_in != language
    notice = ""
    if foreign:
        notice = _("Not translated yet: shown in %(language)s.") % {"language": language_words(written_in)}
    return {
        "number": numbers.next(),
        "lead": lead,
        "text": text,
        "language": written_in,
        "foreign": foreign,
        "notice": notice,
        "after": list(after),
    }


def _resolution(entry: ResolutionEntry, place: int, numbers: _Numbers, language: str) -> Content:
    resolution = entry.resolution
    written_in, title = reader_text(resolution, "title")
    told = [line for line in entry.lines.all() if not line.left_out]
    paragraphs = []
    for kind in EntryLine.Kind:
        for n, line in enumerate(each for each in told if each.kind == kind):
            lead = str(kind.label) if n == 0 else ""
            words = reader_text(line, "text")
            paragraphs.append(_paragraph(numbers, *words, language=language, lead=lead, after=_after(line)))
    money = _money(entry)
    if not paragraphs:
        nothing = _("Nothing has been reported on this resolution for the period.")
        paragraphs.append(_paragraph(numbers, language, nothing, language=language))
    return {
        "letter": letter_of(place, language),
        "symbol": resolution.symbol,
        "heading": _("Resolution %(symbol)s") % {"symbol": resolution.symbol},
        "title": title,
        "title_language": written_in,
        "status": _("Status: %(status)s") % {"status": entry.get_status_display()},
        "money": money,
        "paragraphs": paragraphs,
    }


def _after(line: EntryLine) -> list[str]:
    """What is said behind a paragraph: which operative paragraphs it is about, what it puts right."""
    found = []
    if line.operative:
        found.append(_("Operative paragraphs: %(numbers)s") % {"numbers": operative_words(line.operative)})
    if line.corrects:
        code = line.corrects.entry.period.code
        found.append(_("Puts right what was reported for %(period)s.") % {"period": code})
    return found


def _money(entry: ResolutionEntry) -> str:
    if entry.required is None:
        return ""
    return _("Funding required: %(required)s; mobilised: %(mobilised)s; gap: %(gap)s") % {
        "required": money_words(entry.required, entry.currency),
        "mobilised": money_words(entry.mobilised or Decimal(0), entry.currency),
        "gap": money_words(entry.gap, entry.currency),
    }


def _notices(sections: list[Content]) -> list[str]:
    """What a reader must know of the translation as a whole."""
    told = [p for s in sections for p in s["paragraphs"]]
    told += [p for s in sections for r in s["resolutions"] for p in r["paragraphs"]]
    foreign = sum(p["foreign"] for p in told)
    if not foreign:
        return []
    return [
        _("Paragraphs not translated yet and shown in another language: %(count)d of %(total)d.")
        % {"count": foreign, "total": len(told)}
    ]
