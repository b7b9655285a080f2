"""What is left to answer, day by day, and where the pace leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from consultations.charts.timeline import day_words
from consultations.progress import Finish, Progress

HEIGHT = 100
MOST_ROWS = 31  # days of their own in the table; weeks where there are more


@dataclass(frozen=True)
class BurnRow:
    """A day, or a week by its days: what came in, what was answered, what was left at its end."""

    first: date
    last: date
    came: int
    answered: int
    left: int

    @property
    def label(self) -> str:
        if self.first == self.last:
            return day_words(self.first)
        return f"{day_words(self.first)} – {day_words(self.last)}"


@dataclass(frozen=True)
class BurnDown:
    """Points in a view box of 100 to 100; texts, as a language with decimal commas is not to break them."""

    first: date
    last: date
    most: int
    line: str
    area: str
    ahead: str
    fan: str
    today: str
    due: str
    rows: list[BurnRow]


def burndown_of(progress: Progress, due: date | None = None) -> BurnDown | None:
    """The chart of a round; None while nothing has come in. ``due`` is marked where it lies within the chart."""
    if not progress.came:
        return None
    first, today = min(progress.came), progress.today
    finish = progress.whole.finish
    last = _horizon(today, finish, due)
    left = _left_by_day(progress, first)
    most = max(left.values()) or 1
    scale = _Scale(first, last, most)
    points = [scale.at(first - timedelta(days=1), 0)] + [scale.at(day, n) for day, n in left.items()]
    now = left[max(left)]
    return BurnDown(
        first,
        last,
        most,
        " ".join(points),
        f"{' '.join(points)} {scale.at(max(left), 0)} {scale.at(first - timedelta(days=1), 0)}",
        f"{scale.at(today, now)} {scale.at(finish.day, 0)}" if finish else "",
        _fan(scale, today, now, finish) if finish else "",
        scale.x(today),
        scale.x(due) if due and first <= due <= last else "",
        _rows(progress, left, first),
    )


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    most: int

    def x(self, day: date) -> str:
        return f"{100 * ((day - self.first).days + 1) / ((self.last - self.first).days + 1):.2f}"

    def at(self, day: date, number: float) -> str:
        return f"{self.x(day)},{HEIGHT * (1 - number / self.most):.2f}"


def _horizon(today: date, finish: Finish | None, due: date | None) -> date:
    """The last day drawn: a little beyond the end at this pace, however late it may become."""
    if finish is None:
        return max(today, due) if due and (due - today).days <= 120 else today
    ends = [finish.day + (finish.day - today) // 3, today]
    if finish.latest:
        ends[0] = min(ends[0], finish.latest)
    return max(*ends, finish.day)


def _fan(scale: _Scale, today: date, left: int, finish: Finish) -> str:
    """Between the fast and the slow end of the range, cut off where the chart ends."""
    corner = scale.at(scale.last, left)
    if finish.latest is not None:
        corner = scale.at(finish.latest, 0)
        if finish.latest > scale.last:
            share = (scale.last - today).days / max(1, (finish.latest - today).days)
            corner = f"{scale.at(scale.last, left * (1 - share))} {scale.at(scale.last, 0)}"
    else:
        corner += f" {scale.at(scale.last, 0)}"
    return f"{scale.at(today, left)} {corner} {scale.at(finish.earliest, 0)}"


def _left_by_day(progress: Progress, first: date) -> dict[date, int]:
    left, found = 0, {}
    for n in range((max(progress.today, *progress.came) - first).days + 1):
        day = first + timedelta(days=n)
        left += progress.came[day] - progress.decided[day]
        found[day] = max(0, left)
    return found


def _rows(progress: Progress, left: Mapping[date, int], first: date) -> list[BurnRow]:
    """What the table lists, the latest first: days or weeks in which nothing happened say nothing."""
    days = list(left)
    step = 1 if len(days) <= MOST_ROWS else 7
    rows = []
    for start in range(0, len(days), step):
        span = days[start : start + step]
        came, answered = (sum(counts[day] for day in span) for counts in (progress.came, progress.decided))
        if came or answered:
            rows.append(BurnRow(span[0], span[-1], came, answered, left[span[-1]]))
    return rows[::-1]
