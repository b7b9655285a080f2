"""What will go out in the next days, and what went: the numbers and rows behind the secretariat's pages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, QuerySet

from accounts.models import User
from accounts.templatetags.moments import day_in_words
from core.models import Message, Notice
from roadmap.actions.reminding import Candidate, pages, recipients_of, rules_in_force
from roadmap.models import ReminderHold, ReminderRule
from roadmap.occasions import Occasion, Span, occasion_of, occasions
from roadmap.occasions.dates import Step, steps_of

DAYS, SHOWN = 14, 100


@dataclass(frozen=True)
class Row:
    """One reminder that is to come. ``person`` None: somebody without an account."""

    occasion: Occasion
    about: int
    person: User | None
    name: str
    due_at: datetime
    days: int
    hold: ReminderHold | None
    muted: bool


@dataclass
class Day:
    """How many reminders fall due on a day of the secretariat's, by occasion."""

    day: date
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def words(self) -> str:
        return day_words(self.day)

    @property
    def parts(self) -> list[tuple[Occasion, int]]:
        return [(each, self.counts[each.code]) for each in occasions() if self.counts[each.code]]


def day_words(day: date) -> str:
    """``Friday 17 November 2026`` in the reader's language."""
    return day_in_words(datetime.combine(day, time()), weekday=True)


def secretariat_zone() -> ZoneInfo:
    return ZoneInfo(settings.SECRETARIAT_TIME_ZONE)


def outlook(at: datetime, *, rules: dict[str, list[ReminderRule]] | None = None) -> list[Day]:
    """Fourteen days from today, as things stand at ``at``; whoever turned them off is counted too."""
    zone = secretariat_zone()
    today = at.astimezone(zone).date()
    days = {today + n * timedelta(days=1): Day(today + n * timedelta(days=1)) for n in range(DAYS)}
    until = _midnight(today + DAYS * timedelta(days=1))
    for occasion, step in _steps(rules if rules is not None else rules_in_force()):
        for date_, number in _counted(occasion, _coming(step, at, at, until)):
            due = (date_ + step.offset).astimezone(zone).date()
            if due in days:
                days[due].counts[occasion.code] += number
    return list(days.values())


def coming(at: datetime, *, reader: Any, day: date | None = None, code: str = "") -> tuple[list[Row], bool]:
    """The first hundred reminders to come, soonest first within each occasion, and whether there are more; without
    those about somebody with whom the reader has a conflict of interest."""
    begin, end = at, _midnight(at.astimezone(secretariat_zone()).date() + DAYS * timedelta(days=1))
    if day is not None:
        begin, end = max(at, _midnight(day)), _midnight(day + timedelta(days=1))
    found: list[tuple[Occasion, Step, Candidate]] = []
    for occasion, step in _steps(rules_in_force()):
        if code in ("", occasion.code):
            for page in pages(occasion, _coming(step, at, begin, end)):
                found += [(occasion, step, row) for row in page[: SHOWN + 1]]
                if len(found) > SHOWN * 5:
                    break
    found.sort(key=lambda each: each[2].date + each[1].offset)
    return _rows(found[:SHOWN], reader), len(found) > SHOWN


def _steps(rules: dict[str, list[ReminderRule]]) -> Iterator[tuple[Occasion, Step]]:
    for occasion in occasions():
        for step in steps_of(rules.get(occasion.code, [])):
            yield occasion, step


def _coming(step: Step, at: datetime, begin: datetime, end: datetime) -> Span:
    """The dates whose reminder falls due after ``begin``, up to ``end``."""
    return Span(at, begin - step.offset, end - step.offset, again=True)


def _counted(occasion: Occasion, span: Span) -> Iterator[tuple[datetime, int]]:
    for found in occasion.find(span, None):
        rows = found.filter(reminded_date__gt=span.after, reminded_date__lte=span.until)
        for at, number in rows.values_list("reminded_date").annotate(n=Count("pk")):
            if number:
                yield at, number


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=secretariat_zone())


def _rows(found: Sequence[tuple[Occasion, Step, Candidate]], reader: Any) -> list[Row]:
    ids = {row.who for _occasion, _step, row in found if row.who is not None}
    people = User.objects.in_bulk(ids)
    reached = recipients_of(ids)
    names = names_of({(each.code, row.about) for each, _step, row in found}, reader)
    holds = {
        (hold.occasion, hold.subject, hold.recipient_id): hold
        for hold in ReminderHold.objects.filter(released_at=None)
    }
    rows = []
    for occasion, step, row in found:
        name = names.get((occasion.code, row.about))
        if name is None or (row.who is not None and row.who not in reached):
            continue
        subject = f"{occasion.model._meta.label_lower}:{row.about}"
        hold = holds.get((occasion.code, subject, row.who)) or holds.get((occasion.code, subject, None))
        muted = row.who is not None and occasion.code in reached[row.who].muted and not step.mandatory
        person = people[row.who] if row.who is not None else None
        due = row.date + step.offset
        rows.append(Row(occasion, row.about, person, name, due, step.offset.days, hold, muted))
    return rows


def names_of(things: Iterable[tuple[str, int]], reader: Any) -> dict[tuple[str, int], str]:
    """What subjects are called for the reader, by occasion and key; one or two queries for each occasion."""
    by_code: dict[str, list[int]] = {}
    for code, pk in things:
        by_code.setdefault(code, []).append(pk)
    names: dict[tuple[str, int], str] = {}
    for code, pks in by_code.items():
        occasion = occasion_of(code)
        if occasion is not None:
            names |= {(code, pk): name for pk, name in occasion.name(sorted(pks), reader).items()}
    return names


# --- What went --------------------------------------------------------------------------------------------

BOUNCED = "bounced"


@dataclass(frozen=True)
class Told:
    """One reminder that was queued, and what became of its mail."""

    notice: Notice
    occasion: Occasion
    name: str


def told(state: str = "") -> "QuerySet[Notice]":
    """Reminders that were queued, newest first; of one state of their mail, or that came back."""
    found = Notice.objects.filter(kind__startswith="reminder.", message__isnull=False)
    found = found.select_related("message", "recipient").order_by("-pk")
    if state == BOUNCED:
        return found.filter(message__bounced_at__isnull=False)
    return found.filter(message__state=state) if state in Message.State.values else found


def named(notices: Sequence[Notice], reader: Any) -> list[Told]:
    """With what they are about; without what the reader may not know of."""
    things = {notice.pk: _thing(notice) for notice in notices}
    names = names_of(set(things.values()), reader)
    rows = []
    for notice in notices:
        code, pk = things[notice.pk]
        occasion = occasion_of(code)
        if occasion is not None and (code, pk) in names:
            rows.append(Told(notice, occasion, names[code, pk]))
    return rows


def _thing(notice: Notice) -> tuple[str, int]:
    return notice.kind.removeprefix("reminder."), int(notice.subject.rpartition(":")[2])
