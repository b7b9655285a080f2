"""The road map as a picture: what was planned against what is expected and what happened, on a line of time.

Places are per cent from the left, mirrored in languages that are read from the right, and texts for the template:
a language with decimal commas is not to break the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton
from django.conf import settings
from django.utils.translation import get_language, get_language_bidi, to_locale

from roadmap.milestone_queries import Entry
from roadmap.milestone_words import slippage_figure
from roadmap.plan import Dates, State, add_months

MOST_TICKS = 9
AROUND = 0.03  # of the time shown, kept free before what is first
FIGURES = 0.09  # and behind what is last, for its figure
# Today is drawn while it lies within this share of the time shown, before or behind it.
NEAR = 0.15
THINNEST = 0.7  # per cent; a day would be a hair
NEAR_EDGE = 6.0


@dataclass(frozen=True)
class Stretch:
    """From ``x`` on for ``width`` per cent; ``end`` is where time goes on."""

    x: str
    width: str
    begin: str
    end: str


@dataclass(frozen=True)
class Line:
    """One milestone: what was planned (``baseline``), what is expected (``forecast``, hollow) or what happened
    (``actual``, solid), and the slippage in days with the place where it is written. The height of each line is the
    same; ``number`` counts from 1."""

    entry: Entry
    number: int
    baseline: Stretch | None
    forecast: Stretch | None
    actual: Stretch | None
    figure: str
    figure_x: str
    figure_anchor: str


@dataclass(frozen=True)
class Tie:
    """A dependency, from the end of a line at height ``from_y`` (per cent of all lines) to the beginning of another at
    ``to_y``. ``head`` says to which side its arrow points, ``critical`` whether the chain with the least room runs
    along it."""

    from_x: str
    to_x: str
    from_y: str
    to_y: str
    head: str
    critical: bool


@dataclass(frozen=True)
class Mark:
    """``minor``: of ticks, one that gives way where there is little room."""

    x: str
    label: str
    anchor: str = "middle"
    minor: bool = False


@dataclass(frozen=True)
class Timeline:
    """``today`` and ``compared`` are None where they lie outside what is shown."""

    lines: list[Line]
    ties: list[Tie]
    ticks: list[Mark]
    today: Mark | None
    compared: Mark | None


def timeline_of(entries: Sequence[Entry], today: date, compared: date | None = None) -> Timeline | None:
    """The picture of ``entries`` as of ``today``; None where none of them has dates."""
    dates = [each for entry in entries for each in (entry.baseline, entry.now.expected) if each]
    if not dates:
        return None
    scale = Scale(min(d.start for d in dates), max(d.end or d.start for d in dates), today)
    lines = [_line(entry, number, scale) for number, entry in enumerate(entries, 1)]
    return Timeline(
        lines=lines,
        ties=_ties(lines),
        ticks=scale.ticks(),
        today=scale.mark(today),
        compared=scale.mark(compared) if compared and compared != today else None,
    )


class Scale:
    """Where days stand on a line of time, in per cent, with room around them; mirrored where people read from the
    right."""

    def __init__(self, first: date, last: date, today: date) -> None:
        span = max((last - first).days, 30)
        near = timedelta(days=round(span * NEAR))
        if first - near <= today <= last + near:
            first, last = min(first, today), max(last, today)
            span = max((last - first).days, 30)
        self.start = first - timedelta(days=max(round(span * AROUND), 3))
        self.end = last + timedelta(days=max(round(span * FIGURES), 6))
        self.mirrored = get_language_bidi()

    def at(self, day: date) -> float:
        """Where ``day`` begins, as people read: 0 is where time begins, on the right in Arabic."""
        return 100 * (day - self.start).days / (self.end - self.start).days

    def place(self, along: float) -> str:
        return f"{100 - along if self.mirrored else along:.2f}"

    def stretch(self, dates: Dates | None) -> Stretch | None:
        if dates is None:
            return None
        begin = self.at(dates.start)
        width = max(self.at((dates.end or dates.start) + timedelta(days=1)) - begin, THINNEST)
        left = 100 - begin - width if self.mirrored else begin
        return Stretch(f"{left:.2f}", f"{width:.2f}", self.place(begin), self.place(begin + width))

    def mark(self, day: date) -> Mark | None:
        if not self.start <= day <= self.end:
            return None
        x = float(self.place(self.at(day)))
        anchor = "start" if x < NEAR_EDGE else "end" if x > 100 - NEAR_EDGE else "middle"
        return Mark(f"{x:.2f}", "", anchor)

    def ticks(self) -> list[Mark]:
        """Beginnings of months, as many as there is room for; the year at the first and at each January."""
        months = []
        month = add_months(self.start.replace(day=1), 1)
        while month < self.end:
            months.append(month)
            month = add_months(month, 1)
        every = next(n for n in (1, 2, 3, 6, 12, 24, 60, 600) if len(months) / n <= MOST_TICKS)
        shown = [month for month in months if (month.month - 1) % every == 0 and 2 < self.at(month) < 97]
        language = get_language() or settings.LANGUAGE_CODE
        locale = "en_GB" if language == "en" else to_locale(language)
        years = sum(month.month == 1 for month in shown)
        return [
            Mark(
                self.place(self.at(month)),
                format_skeleton("yMMM" if n == 0 or month.month == 1 else "MMM", month, locale=locale),
                minor=month.month != 1 if years > 1 else n % 3 != 1 and len(shown) > 3,
            )
            for n, month in enumerate(shown)
        ]


def _line(entry: Entry, number: int, scale: Scale) -> Line:
    now = entry.now
    happened = now.actual if now.state in (State.DONE, State.UNDER_WAY) else None
    expected = now.expected if now.state != State.DROPPED else None
    forecast = scale.stretch(expected) if happened is None or happened.end is None else None
    actual = scale.stretch(happened)
    bar = actual if forecast is None else forecast
    figure = slippage_figure(entry.slippage)
    ends = float(bar.end) if bar else 0.0
    room = ends if scale.mirrored else 100 - ends
    begins = float(bar.begin) if bar else 0.0
    # Written behind the bar; before it where there is no room.
    behind = room > FIGURES * 100 / 2
    return Line(
        entry=entry,
        number=number,
        baseline=scale.stretch(entry.baseline),
        forecast=forecast,
        actual=actual,
        figure=figure,
        figure_x=f"{ends if behind else begins:.2f}",
        figure_anchor="start" if behind != scale.mirrored else "end",
    )


def _ties(lines: Sequence[Line]) -> list[Tie]:
    drawn = {line.entry.milestone.pk: line for line in lines if line.forecast or line.actual}
    ties = []
    for line in drawn.values():
        for other in line.entry.depends_on:
            on = drawn.get(other.pk)
            if on is None:
                continue
            to_x, from_x = _begin(line), _end(on)
            critical = line.entry.critical and on.entry.critical
            head = "right" if float(to_x) >= float(from_x) else "left"
            from_y, to_y = (f"{100 * (each.number - 0.5) / len(lines):.3f}" for each in (on, line))
            ties.append(Tie(from_x, to_x, from_y, to_y, head, critical))
    # The critical ones last: they lie on top.
    return sorted(ties, key=lambda tie: tie.critical)


def _begin(line: Line) -> str:
    stretch = line.actual or line.forecast
    assert stretch
    return stretch.begin


def _end(line: Line) -> str:
    stretch = line.forecast or line.actual
    assert stretch
    return stretch.end
