"""Comments over time: how many came in each day or week, and how many there were by then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_skeleton
from django.conf import settings
from django.utils.translation import get_language, get_language_bidi, ngettext, to_locale
from django.utils.translation import gettext as _

from accounts.models import day_of
from accounts.templatetags.moments import day_in_words
from consultations.models import Round, Tally

MOST_DAYS = 45  # bars of a day each, more would be hairs
MOST_BARS = 60
# Heights of the picture's view box; its width is 100.
LINE_HEIGHT, BAR_HEIGHT = 100, 60


@dataclass(frozen=True)
class Span:
    """One bar: ``first`` to ``last`` day, the comments of these days, and all until then. Numbers of the
    picture are texts: a language with decimal commas is not to break it."""

    first: date
    last: date
    comments: int
    total: int
    x: str
    width: str
    y: str
    height: str

    @property
    def label(self) -> str:
        if self.first == self.last:
            return day_words(self.first)
        return _("%(first)s to %(last)s") % {"first": day_words(self.first), "last": day_words(self.last)}


@dataclass(frozen=True)
class Mark:
    """A moment of the round: a line at ``x`` of the plot, a name at ``place`` below it (mirrored where the page
    is), read from there to the side that ``anchor`` says, in row ``row`` of the names."""

    name: str
    label: str
    x: str
    place: str
    anchor: str
    row: int


@dataclass(frozen=True)
class Timeline:
    spans: list[Span]
    marks: list[Mark]
    points: str  # of the line of all comments so far
    area: str
    days: int  # in one bar
    most: int
    total: int
    left_out: int
    sentence: str

    @property
    def filled(self) -> list[Span]:
        """What the table lists: days without a comment say nothing."""
        return [span for span in self.spans if span.comments]


def timeline_of(round: Round, cells: Iterable[Tally], *, total: int, at: datetime) -> Timeline | None:
    """The chart over time as of ``at``; None where no day may be shown. ``cells`` are of the dimension "day"."""
    counts = {date.fromisoformat(cell.key): cell.comments for cell in cells if cell.key}
    if not counts:
        return None
    opens, closes = day_of(round.opens_at), day_of(round.closed_at or round.closes_at)
    today = day_of(at)
    first = min(opens, *counts)
    last = max(closes, *counts)
    days = (last - first).days + 1
    step = 1 if days <= MOST_DAYS else 7 * -(-days // (7 * MOST_BARS))
    spans = _spans(counts, first, last, step)
    shown = spans[-1].total
    known_until = max(today, *counts) if today < last else last
    return Timeline(
        spans=spans,
        marks=_marks(first, last, opens, closes, today, closed=at >= (round.closed_at or round.closes_at)),
        points=(points := _line(counts, first, last, known_until, shown)),
        area=f"{points} {_at(known_until, first, last, end=True)},{LINE_HEIGHT} 0,{LINE_HEIGHT}",
        days=step,
        most=max(span.comments for span in spans),
        total=shown,
        left_out=max(total - shown, 0),
        sentence=_sentence(spans, shown),
    )


def day_words(day: date) -> str:
    """``17 November 2026`` in the reader's language."""
    return day_in_words(datetime.combine(day, datetime.min.time()))


def shortday_of(day: date) -> str:
    """``17 Nov`` in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    # Babel's English puts the month first, as the United Nations don't.
    return format_skeleton("MMMd", day, locale="en_GB" if language == "en" else to_locale(language))


def _at(day: date, first: date, last: date, *, end: bool = False) -> str:
    """Where a day begins (or ends) between the plot's first and last, of 100."""
    return f"{100 * ((day - first).days + end) / ((last - first).days + 1):.2f}"


def _spans(counts: dict[date, int], first: date, last: date, step: int) -> list[Span]:
    sums = []
    day = first
    while day <= last:
        until = min(day + timedelta(days=step - 1), last)
        days = range((until - day).days + 1)
        sums.append((day, until, sum(counts.get(day + timedelta(days=n), 0) for n in days)))
        day = until + timedelta(days=1)
    most = max(n for _first, _last, n in sums)
    spans, total = [], 0
    for begins, ends, n in sums:
        total += n
        x, height = float(_at(begins, first, last)), BAR_HEIGHT * n / most
        width = float(_at(ends, first, last, end=True)) - x
        # A sliver of ground between two bars, so that days can be told apart.
        gap = min(width * 0.1, 0.25)
        box = (f"{x + gap:.2f}", f"{width - 2 * gap:.2f}", f"{BAR_HEIGHT - height:.2f}", f"{height:.2f}")
        spans.append(Span(begins, ends, n, total, *box))
    return spans


def _line(counts: dict[date, int], first: date, last: date, until: date, total: int) -> str:
    """The growing number as points of a polyline: a step up at the end of each day that has comments."""
    points, so_far = [f"0,{LINE_HEIGHT}"], 0
    for day in sorted(counts):
        points.append(f"{_at(day, first, last)},{LINE_HEIGHT * (1 - so_far / total):.2f}")
        so_far += counts[day]
        points.append(f"{_at(day, first, last, end=True)},{LINE_HEIGHT * (1 - so_far / total):.2f}")
    points.append(f"{_at(until, first, last, end=True)},0.00")
    return " ".join(points)


def _marks(first: date, last: date, opens: date, closes: date, today: date, *, closed: bool) -> list[Mark]:
    """Opening and closing, and today while it lies between them; today's name stands in a row of its own."""
    found = [
        ("opens", _("opened %(day)s") % {"day": shortday_of(opens)}, _at(opens, first, last), 1),
        (
            "closes",
            (_("closed %(day)s") if closed else _("closes %(day)s")) % {"day": shortday_of(closes)},
            _at(closes, first, last, end=True),
            1,
        ),
    ]
    if opens < today < closes and not closed:
        found.append(("today", _("today"), _at(today, first, last, end=True), 2))
    marks = []
    for name, label, x, row in found:
        position = float(x)
        anchor = "start" if position < 25 else "end" if position > 75 else "middle"
        place = 100 - position if get_language_bidi() else position
        marks.append(Mark(name, label, x, f"{place:.2f}%", anchor, row))
    return marks


def _sentence(spans: list[Span], total: int) -> str:
    busiest = max(spans, key=lambda span: span.comments)
    if total == 1:
        return _("One comment so far: %(days)s.") % {"days": busiest.label}
    words = {"days": busiest.label, "n": busiest.comments, "total": total}
    if busiest.first == busiest.last:
        return (
            ngettext(
                "The busiest day was %(days)s, with %(n)d of %(total)d comment.",
                "The busiest day was %(days)s, with %(n)d of %(total)d comments.",
                total,
            )
            % words
        )
    return (
        ngettext(
            "The busiest days were %(days)s, with %(n)d of %(total)d comment.",
            "The busiest days were %(days)s, with %(n)d of %(total)d comments.",
            total,
        )
        % words
    )
