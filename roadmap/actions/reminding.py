"""Finding the reminders that are due and queueing each once. Nothing is planned ahead: the database is asked each time.

Rows come in pages by key and are claimed page by page, each in a transaction of its own: memory stays the same
however many there are, and a process that dies leaves whole pages done and the rest to find again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.models import Consent, User
from accounts.templatetags.moments import readers_zone
from core.many_notices import Telling, notify_many, told_before
from roadmap.models import ReminderHold, ReminderRule
from roadmap.occasions.dates import Step, next_daily, occurrence_of, read_occurrence, steps_of
from roadmap.occasions.registry import DefaultRule, Occasion, Span, occasions

# Rows are read so many at a time, and claimed in smaller transactions.
READ, PAGE = 5000, 1000
COLUMNS = ("pk", "reminded_who", "reminded_about", "reminded_date", "reminded_language")


@dataclass
class Counted:
    """How many reminders are due, how many of them were queued just now, and how many before."""

    due: int = 0
    sent: int = 0
    already_sent: int = 0

    def __iadd__(self, other: "Counted") -> "Counted":
        self.due += other.due
        self.sent += other.sent
        self.already_sent += other.already_sent
        return self


@dataclass(frozen=True)
class Candidate:
    who: int | None
    about: int
    date: datetime
    language: str


@dataclass(frozen=True)
class Recipient:
    """What sending to a person takes into account."""

    language: str
    zone: ZoneInfo
    gathered: bool
    hour: int
    muted: frozenset[str]


def send_due(at: datetime, *, dry_run: bool = False) -> Counted:
    """Queue what is due at ``at`` and wasn't queued before; with ``dry_run`` nothing is, and ``sent`` stays 0."""
    counted = Counted()
    rules = rules_in_force()
    for occasion in occasions():
        held = Held(occasion)
        for step in steps_of(rules.get(occasion.code, [])):
            for page in pages(occasion, step.span(at)):
                counted += _settle(occasion, step, page, held, dry_run)
    return counted


def rules_in_force() -> dict[str, list[ReminderRule]]:
    """The active rules by occasion. An occasion that has none, active or not, begins with its own."""
    known = set(ReminderRule.objects.values_list("occasion", flat=True))
    new = [
        begin_rule(occasion, rule)
        for occasion in occasions()
        if occasion.code not in known
        for rule in occasion.rules
    ]
    ReminderRule.objects.bulk_create(new, ignore_conflicts=True)
    found: dict[str, list[ReminderRule]] = {}
    for rule in ReminderRule.objects.filter(active=True):
        found.setdefault(rule.occasion, []).append(rule)
    return found


def begin_rule(occasion: Occasion, rule: DefaultRule) -> ReminderRule:
    return ReminderRule(
        occasion=occasion.code,
        side=rule.side,
        days=rule.days,
        repeat_days=rule.repeat_days,
        times=rule.times,
        mandatory=rule.mandatory,
    )


def pages(
    occasion: Occasion, span: Span, *, about: int | None = None, who: int | None = None
) -> Iterator[list[Candidate]]:
    """What an occasion finds in the span, a page at a time, each row once."""
    for found in occasion.find(span, about):
        rows = found.filter(reminded_date__gt=span.after, reminded_date__lte=span.until)
        if who is not None:
            rows = rows.filter(reminded_who=who)
        yield from _by_key(rows)


def still_due(occasion: Occasion, occurrence: str, about: int, *, who: int | None = None) -> set[int | None]:
    """Whom that reminder of the subject still concerns, as of now or the time at which it is due; of ``who`` alone,
    where given. Nobody once its date has come, where it goes before that."""
    offset, date = read_occurrence(occurrence)
    # As of the time at which it was due, where it is sent before that by hand.
    now = max(timezone.now(), date + offset)
    if offset < timedelta(0) and now >= date:
        return set()
    span = Span(now, date - timedelta(microseconds=1), date, again=True)
    found = pages(occasion, span, about=about, who=who)
    return {row.who for page in found for row in page if row.about == about}


def _by_key(rows: "models.QuerySet[Any]") -> Iterator[list[Candidate]]:
    last: int | None = None
    while True:
        further = rows if last is None else rows.filter(pk__gt=last)
        read = list(further.order_by("pk").values_list(*COLUMNS)[:READ])
        for start in range(0, len(read), PAGE):
            yield [Candidate(*row[1:]) for row in read[start : start + PAGE]]
        if len(read) < READ:
            return
        last = read[-1][0]


class Held:
    """What staff hold back of one occasion; read once."""

    def __init__(self, occasion: Occasion) -> None:
        standing = ReminderHold.objects.filter(occasion=occasion.code, released_at=None)
        self.pairs = set(standing.values_list("subject", "recipient_id"))

    def __contains__(self, telling: Telling) -> bool:
        if not self.pairs:
            return False
        return (telling.subject, None) in self.pairs or (telling.subject, telling.recipient) in self.pairs


def _settle(occasion: Occasion, step: Step, page: list[Candidate], held: Held, dry_run: bool) -> Counted:
    """Queue what of a page is due and not told; one transaction."""
    if dry_run:
        wanted, already = _to_tell(occasion, step, page, held)
        return Counted(len(wanted) + already, 0, already)
    with transaction.atomic():
        wanted, already = _to_tell(occasion, step, page, held)
        sent = notify_many(kind=occasion.kind, tellings=wanted)
    return Counted(len(wanted) + already, sent, len(wanted) - sent + already)


def _to_tell(occasion: Occasion, step: Step, page: list[Candidate], held: Held) -> tuple[list[Telling], int]:
    """The tellings of a page that are still to be made, and how many were made before."""
    people = recipients_of({row.who for row in page if row.who is not None})
    label = occasion.model._meta.label_lower
    now = timezone.now()
    due: dict[Any, Telling] = {}
    for row in page:
        person = people.get(row.who) if row.who is not None else None
        if row.who is not None and (person is None or (occasion.code in person.muted and not step.mandatory)):
            continue
        telling = _telling(row, f"{label}:{row.about}", step.offset, person, now)
        if telling not in held:
            due[telling.key] = telling
    done = _told(occasion, list(due.values()))
    wanted = [each for each in due.values() if not _is_told(each, done)]
    return wanted, len(due) - len(wanted)


def _telling(
    row: Candidate, subject: str, offset: timedelta, person: Recipient | None, now: datetime
) -> Telling:
    occurrence = occurrence_of(offset, row.date)
    if person is None:
        return Telling(None, subject, occurrence, row.language or settings.LANGUAGE_CODE)
    if person.gathered:
        day, at = next_daily(now, person.hour, person.zone)
        # A mail that comes after the date would be of no use.
        if offset >= timedelta(0) or at < row.date:
            return Telling(row.who, subject, occurrence, person.language, f"reminders {day}", at)
    return Telling(row.who, subject, occurrence, person.language)


def _told(occasion: Occasion, due: list[Telling]) -> dict[tuple[int | None, str], list[str]]:
    """What was told before to the same people of the same subjects."""
    found: dict[tuple[int | None, str], list[str]] = {}
    # Whoever was told without an account may have opened one since.
    told = told_before(occasion.kind, due, without_account=occasion.address is not None)
    for who, subject, occurrence in told:
        found.setdefault((who, subject), []).append(occurrence)
    return found


def _is_told(telling: Telling, done: dict[tuple[int | None, str], list[str]]) -> bool:
    """Whether this reminder was made, or a later one of the same date: a clock put back doesn't go back to it."""
    before = [each for who in {telling.recipient, None} for each in done.get((who, telling.subject), ())]
    if not before:
        return False
    offset, date = read_occurrence(telling.occurrence)
    for occurrence in before:
        other, of = read_occurrence(occurrence)
        if of == date and other >= offset:
            return True
    return False


def recipients_of(ids: Iterable[int]) -> dict[int, Recipient]:
    """Those of these people whom mails reach, in one query. Who took their consent back isn't reached."""
    consents = Consent.objects.filter(user=OuterRef("pk"))
    withdrawn = Exists(consents.filter(withdrawn_at__isnull=False)) & ~Exists(
        consents.filter(withdrawn_at=None)
    )
    rows = (
        User.objects.active()
        .filter(~withdrawn, pk__in=set(ids))
        .values(
            "pk",
            "language",
            "time_zone",
            gathered=F("reminder_preference__gathered"),
            hour=F("reminder_preference__hour"),
            muted=F("reminder_preference__muted"),
        )
    )
    return {row.pop("pk"): _recipient(**row) for row in rows}


_zones: dict[str, ZoneInfo] = {}


def _recipient(
    *, language: str, time_zone: str, gathered: bool | None, hour: int | None, muted: list[str] | None
) -> Recipient:
    if time_zone not in _zones:
        _zones[time_zone] = zone_of(time_zone)
    return Recipient(language, _zones[time_zone], bool(gathered), hour or 0, frozenset(muted or ()))


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; the secretariat's where there is none."""
    return ZoneInfo(readers_zone(User(time_zone=name)) or settings.SECRETARIAT_TIME_ZONE)
