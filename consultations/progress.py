"""How far the answering of a round is, how fast it goes, and when it will be done at this pace.

What is assumed: people work from Monday to Friday, holidays are not known; a day is one of the secretariat's zone; an
answer counts on the day on which it was last decided. What is answered at a weekend counts for the Friday before.
"""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, Q, QuerySet, When
from django.db.models.functions import TruncDate

from accounts.models import User, day_of
from consultations.assigned import shares_of
from consultations.models import Comment, Disposition, Round, Tally
from consultations.queries import tally_cells

WINDOW = 14  # days looked back on, today among them
FEWEST_ANSWERS, FEWEST_DAYS = 5, 3  # below these no pace is told
SPREAD = 1.28  # standard errors: the pace lies between them in four of five cases
FARTHEST = 2600  # working days: ten years are no forecast


@dataclass(frozen=True)
class Pace:
    """Answers per working day, and between which figures that lies in four of five cases."""

    answers: int
    days: int
    each_day: float
    least: float
    most: float


@dataclass(frozen=True)
class Finish:
    """When nothing is left at a pace; None where that can't be said. ``latest`` None: it may never end."""

    day: date
    earliest: date
    latest: date | None


@dataclass(frozen=True)
class PartProgress:
    """A pillar (None: outside the pillars), or the round; ``lately`` is of the last 14 days."""

    pillar: int | None
    total: int
    answered: int
    lately: int
    pace: Pace | None
    finish: Finish | None

    @property
    def left(self) -> int:
        return self.total - self.answered

    @property
    def stopped(self) -> bool:
        """Whether something was answered once, and nothing of late."""
        return bool(self.answered and not self.lately)


@dataclass(frozen=True)
class PersonProgress:
    """Who decided how many answers, in all and lately, and how much is theirs to answer; ``finish``: when what is left
    of that is done at their pace."""

    person: User
    answered: int
    lately: int
    last: date | None
    assigned: int = 0
    left: int = 0
    finish: Finish | None = None


@dataclass(frozen=True)
class Progress:
    """The answering of a round as of ``today``. ``decided`` counts answers by day, ``came`` comments."""

    today: date
    whole: PartProgress
    parts: list[PartProgress]
    people: list[PersonProgress]
    decided: Counter[date]
    came: Counter[date]


@dataclass
class _Decided:
    """Answers by day: of all, of each pillar, of each person."""

    whole: Counter[date] = field(default_factory=Counter)
    pillars: dict[int | None, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    people: dict[int, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))


def progress_of(round: Round, user: Any, *, at: datetime) -> Progress:
    """Figures of the page (eight queries)."""
    today = day_of(at)
    decided = _decided(round)
    totals = Counter[int | None]()
    listed = Comment.objects.filter(round=round, status__in=Comment.TO_ANSWER).order_by()
    for pillar, n in listed.values_list("provision__pillar").annotate(n=Count("pk")):
        totals[pillar] += n
    pillars = sorted(totals, key=lambda pillar: (pillar is None, pillar or 0))
    came = Counter(
        {
            date.fromisoformat(cell.key): cell.comments
            for cell in tally_cells(round, user, Tally.Dimension.DAY)
            if cell.key
        }
    )
    return Progress(
        today,
        _part(None, sum(totals.values()), decided.whole, today),
        [_part(pillar, totals[pillar], decided.pillars[pillar], today) for pillar in pillars],
        _people(round, decided.people, today),
        decided.whole,
        came,
    )


@dataclass(frozen=True)
class Tallied:
    """How many comments wait for an answer or have one, how many answers there are, and how many of these aren't
    published; ``lately`` counts the answers of the last 14 days by day."""

    total: int
    answered: int
    unpublished: int
    lately: Counter[date]

    @property
    def left(self) -> int:
        return self.total - self.answered


def tallied(round: Round, *, at: datetime) -> Tallied:
    """Counted from the comments themselves, for tallies follow a little later; in one query that reads the round
    once."""
    since = _midnight(_window_from(day_of(at)))
    zone = ZoneInfo(settings.SECRETARIAT_TIME_ZONE)
    day = Case(
        When(disposition__decided_at__gte=since, then=TruncDate("disposition__decided_at", tzinfo=zone))
    )
    found = Comment.objects.filter(round=round, status__in=Comment.TO_ANSWER).order_by().annotate(day=day)
    rows = list(
        found.values_list("day").annotate(
            total=Count("pk"),
            answered=Count("disposition"),
            unpublished=Count("disposition", filter=Q(disposition__published_at__isnull=True)),
        )
    )
    return Tallied(
        sum(total for _day, total, _answered, _unpublished in rows),
        sum(answered for _day, _total, answered, _unpublished in rows),
        sum(unpublished for _day, _total, _answered, unpublished in rows),
        Counter({day: answered for day, _total, answered, _unpublished in rows if day}),
    )


def summary_of(counts: Tallied, *, at: datetime) -> PartProgress:
    """The round in one line."""
    today = day_of(at)
    earlier = counts.answered > counts.lately.total()
    first = _window_from(today) if earlier else min(counts.lately, default=None)
    pace = pace_of(counts.lately, first, today)
    finish = finish_of(counts.left, pace, today)
    return PartProgress(None, counts.total, counts.answered, counts.lately.total(), pace, finish)


def pace_of(counts: Mapping[date, int], first: date | None, today: date) -> Pace | None:
    """The pace of the last 14 days; of those since the ``first`` answer, where that is later.

    None where too little was done to speak of a pace: fewer than five answers, or fewer than three working days.
    """
    if first is None:
        return None
    begins = max(_window_from(today), first)
    days = working_days(begins, today)
    if len(days) < FEWEST_DAYS:
        return None
    each: Counter[date] = Counter()
    for day, n in counts.items():
        if begins <= day <= today:
            each[max(_workday_until(day), days[0])] += n
    answers = sum(each.values())
    if answers < FEWEST_ANSWERS:
        return None
    numbers = [each[day] for day in days]
    mean = answers / len(days)
    error = statistics.stdev(numbers) / math.sqrt(len(days))
    return Pace(answers, len(days), mean, max(0.0, mean - SPREAD * error), mean + SPREAD * error)


def finish_of(left: int, pace: Pace | None, today: date) -> Finish | None:
    """When ``left`` comments are answered, beginning with the next working day; None without a pace, with nothing
    left, or farther off than ten years."""
    if pace is None or left <= 0 or left / pace.each_day > FARTHEST:
        return None
    slow = left / pace.least if pace.least else None
    return Finish(
        add_working_days(today, math.ceil(left / pace.each_day)),
        add_working_days(today, math.ceil(left / pace.most)),
        add_working_days(today, math.ceil(slow)) if slow is not None and slow <= FARTHEST else None,
    )


def working_days(first: date, last: date) -> list[date]:
    """Mondays to Fridays from ``first`` to ``last``, both included."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def add_working_days(day: date, number: int) -> date:
    """The ``number``th working day after ``day``."""
    weeks, rest = divmod(number, 5)
    day = _workday_until(day) + timedelta(weeks=weeks)
    for _ in range(rest):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def _workday_until(day: date) -> date:
    """The day itself, or the Friday before a weekend's."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _window_from(today: date) -> date:
    return today - timedelta(days=WINDOW - 1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.SECRETARIAT_TIME_ZONE))


def _answers(round: Round) -> "QuerySet[Disposition]":
    return Disposition.objects.filter(comment__round=round, comment__status__in=Comment.TO_ANSWER).order_by()


def _days(answers: "QuerySet[Disposition]") -> "QuerySet[Any, Any]":
    return answers.annotate(day=TruncDate("decided_at", tzinfo=ZoneInfo(settings.SECRETARIAT_TIME_ZONE)))


def _decided(round: Round) -> _Decided:
    """One query, whatever the number of answers: as many rows as days, pillars and people meet."""
    found = _Decided()
    rows = _days(_answers(round)).values_list("day", "comment__provision__pillar", "decided_by")
    for day, pillar, person, n in rows.annotate(n=Count("pk")):
        found.whole[day] += n
        found.pillars[pillar][day] += n
        found.people[person][day] += n
    return found


def _part(pillar: int | None, total: int, decided: Counter[date], today: date) -> PartProgress:
    answered = decided.total()
    pace = pace_of(decided, min(decided, default=None), today)
    lately = sum(n for day, n in decided.items() if day >= _window_from(today))
    return PartProgress(pillar, total, answered, lately, pace, finish_of(total - answered, pace, today))


def _people(round: Round, decided: Mapping[int, Counter[date]], today: date) -> list[PersonProgress]:
    """Whoever decided an answer or has comments to answer, the most first."""
    shares = {share.person.pk: share for share in shares_of(round) if share.person and share.assigned}
    people = User.objects.in_bulk({*decided, *shares})
    since = _window_from(today)
    rows = []
    for pk, person in people.items():
        days = decided.get(pk, Counter[date]())
        share = shares.get(pk)
        left = share.left if share else 0
        pace = pace_of(days, min(days, default=None), today)
        rows.append(
            PersonProgress(
                person,
                days.total(),
                sum(n for day, n in days.items() if day >= since),
                max(days, default=None),
                share.assigned if share else 0,
                left,
                finish_of(left, pace, today),
            )
        )
    return sorted(rows, key=lambda row: (-row.answered, -row.assigned, row.person.pk))
