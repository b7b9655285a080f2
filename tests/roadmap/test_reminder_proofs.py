"""None missing, none twice: whatever is started again, dies, comes at once, or puts the clock elsewhere.

The one window: a process that dies after the mail server took a mail and before that is noted sends it again, under
the same Message-ID. The tests that open it count what came through it.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from consultations.models import Round
from core import many_notices, notices, outbox, schedule
from core.models import Message, Notice, ScheduledTick
from roadmap.actions import reminding
from roadmap.actions.reminding import send_due
from roadmap.models import ReminderPreference
from roadmap.occasions import registry
from tests.core.conftest import together  # noqa: F401 a fixture
from tests.factories import make_draft, make_group, make_round, make_user
from tests.roadmap.clocks import Clock, Killed, MailServer
from tests.roadmap.dying import dies_after, dies_before, dies_doing, let_time_pass, post  # noqa: F401 a fixture

DAY = timedelta(days=1)
TICK = "roadmap.send_reminders"


@pytest.fixture(autouse=True)
def _only_this_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_ticks", {TICK: schedule._ticks[TICK]})


def invited(count: int, days: float = 6, **fields: Any) -> tuple[Round, list[Any]]:
    """A round that closes in so many days, and the people asked who have said nothing."""
    group, now = make_group(), timezone.now()
    people = [make_user("expert", groups=(group,), **fields) for _ in range(count)]
    round = make_round(
        make_draft(status="published"), groups=(group,), opens_at=now - 20 * DAY, closes_at=now + days * DAY
    )
    # Memberships begin now by default, which a clock put back would undo.
    group.memberships.update(since=now - 900 * DAY)
    return round, people


def addresses(people: list[Any]) -> list[str]:
    return sorted(person.email for person in people)


@pytest.mark.django_db
def test_the_scheduler_started_ten_times_over_reminds_once() -> None:
    _round, people = invited(3)
    for _ in range(10):
        ScheduledTick.objects.all().delete()
        assert schedule.tick() == [TICK]
        outbox.drain()
    assert sorted(m.to[0] for m in mail.outbox) == addresses(people)


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_and_four_workers_at_once(
    together: Callable[..., list[Any]],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reminding, "PAGE", 5)
    _round, people = invited(23)
    gathered = people[::3]
    ReminderPreference.objects.bulk_create(ReminderPreference(user=p, gathered=True) for p in gathered)
    reminding.rules_in_force()
    turns = iter(["schedule", "schedule", "work", "work", "work", "work"])

    def one() -> Any:
        if next(turns) == "schedule":
            return send_due(timezone.now())
        for _ in range(15):
            outbox.drain()
        return None

    results = together(one, 6)
    assert not [result for result in results if isinstance(result, Exception)], results
    counted = [result for result in results if result is not None]
    assert sum(result.sent for result in counted) == 23
    assert all(result.due == 23 for result in counted)
    let_time_pass()
    outbox.drain()
    assert sorted(m.to[0] for m in mail.outbox) == addresses(people)
    assert Notice.objects.count() == Message.objects.count() == 23, "no message is left without its notice"


# --- Killed -9 --------------------------------------------------------------------------------------------


STEPS = {
    "before anything is found": dies_before(reminding, "_to_tell"),
    "found, not claimed": dies_before(reminding, "notify_many"),
    "messages made, no notices": dies_after(many_notices, "_messages_for"),
    "notices made, not in the outbox": dies_before(many_notices, "_send"),
    "in the outbox, not committed": dies_after(many_notices, "_send"),
    "the first page committed": dies_before(reminding, "_to_tell", 2),
    "all queued": dies_before(outbox, "deliver"),
    "taken from the outbox": dies_before(notices, "_claim"),
    "claimed": dies_after(notices, "_claim"),
    "worded": dies_before(EmailBackend, "send_messages"),
    "handed over, not noted": dies_after(EmailBackend, "send_messages"),
    "noted": dies_after(notices, "_note_outcome"),
    "the second mail handed over": dies_after(EmailBackend, "send_messages", 2),
}
IN_THE_WINDOW = {"handed over, not noted", "the second mail handed over"}


def work() -> None:
    send_due(timezone.now())
    outbox.drain()


@pytest.mark.django_db(transaction=True)
def test_killed_between_any_two_steps(
    post: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A real process, really killed; another then does the rest."""
    monkeypatch.setattr(reminding, "PAGE", 2)
    monkeypatch.setattr(registry, "_occasions", {"round_input": registry._occasions["round_input"]})
    reminding.rules_in_force()
    for step, dies in STEPS.items():
        round, people = invited(3)
        dies_doing(dies, work)
        for _ in range(2):
            let_time_pass()
            work()
        got = [path.read_text().split() for path in post.iterdir()]
        assert sorted({to for to, _id in got}) == addresses(people), f"{step}: none is missing"
        doubled = len(got) - len(people)
        assert doubled == (1 if step in IN_THE_WINDOW else 0), step
        assert len({message_id for _to, message_id in got}) == len(people), f"{step}: known for the same mail"
        Round.objects.filter(pk=round.pk).update(closed_at=timezone.now())
        for path in post.iterdir():
            path.unlink()


# --- Clocks -----------------------------------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> MailServer:
    return MailServer(monkeypatch)


@pytest.mark.django_db
def test_a_clock_that_jumps_back_and_forth(monkeypatch: pytest.MonkeyPatch, server: MailServer) -> None:
    """Reminders of seven and of two days; the clock is wrong by hours, days and years, and right again."""
    clock = Clock(monkeypatch, datetime(2026, 5, 1, 12, tzinfo=UTC))
    round, people = invited(2, days=10)

    def at(before: timedelta) -> None:
        clock.at = round.closes_at - before
        schedule.tick()
        outbox.drain()

    for hours in (241, 7 * 24 - 1, 7 * 24 + 5, 7 * 24 - 2):
        at(timedelta(hours=hours))
    assert server.once() == addresses(people)
    for days in (-400, 3, 8000, 2.5):
        at(timedelta(days=days))
    assert len(server.received) == 2, (
        "nothing is due at these times, and what a wrong clock noted holds nobody up"
    )
    for days in (1.9, 6.5, 1.8, 1.7):
        at(timedelta(days=days))
    assert server.once() == sorted(addresses(people) * 2)
    assert server.doubled == 0


@pytest.mark.django_db
def test_what_a_wrong_clock_left_half_done_is_done_when_it_is_right(
    monkeypatch: pytest.MonkeyPatch, server: MailServer
) -> None:
    clock = Clock(monkeypatch, datetime(2026, 5, 1, 12, tzinfo=UTC))
    round, people = invited(2, days=6)
    right = clock.at
    clock.at = right + 4 * DAY
    server.refuse = lambda: True
    schedule.tick()
    outbox.drain()
    Message.objects.filter(pk=Message.objects.order_by("pk").first().pk).update(  # type: ignore[union-attr]
        state="sending", claimed_at=clock.at
    )
    clock.at = right
    server.refuse = lambda: False
    schedule.tick()
    outbox.drain()
    assert server.once() == addresses(people)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "start", [datetime(2026, 3, 28, 6, tzinfo=UTC), datetime(2026, 10, 24, 6, tzinfo=UTC)]
)
def test_one_mail_a_day_across_a_change_of_clocks(
    monkeypatch: pytest.MonkeyPatch, server: MailServer, start: datetime
) -> None:
    """At two o'clock in Paris, which one of these nights doesn't have and the other has twice."""
    clock = Clock(monkeypatch, start)
    (person,) = invited(1, days=6.5)[1]
    group = person.memberships.get().group
    monkeypatch.setattr(registry, "_occasions", {"round_input": registry._occasions["round_input"]})
    for days in (7.0, 7.2, 7.9, 8.1, 9.5):
        round = make_round(
            make_draft(status="published"),
            groups=(group,),
            opens_at=start - 20 * DAY,
            closes_at=start + timedelta(days=days),
        )
    person.time_zone, person.language = "Europe/Paris", "en"
    person.save()
    ReminderPreference.objects.create(user=person, gathered=True, hour=2)
    got: list[datetime] = []
    server.afterwards = lambda: got.append(clock.at)
    while clock.at < start + timedelta(days=3):
        # Mail may go at any hour; what falls due is looked for hourly by night, by day every fourth hour.
        if clock.at.hour >= 22 or clock.at.hour <= 4 or clock.at.hour % 4 == 0:
            schedule.tick()
        outbox.drain()
        clock.advance(hours=1)
    zone = ZoneInfo("Europe/Paris")
    days = [at.astimezone(zone).date() for at in got]
    assert len(days) == len(set(days)) == 3, "one mail on each of the days that had reminders"
    assert all(at.astimezone(zone).hour in (2, 3) for at in got)
    assert Notice.objects.filter(message__state="sent").count() == 6, round
    assert server.doubled == 0


# --- Mail servers, deadlines, and all of it at once -------------------------------------------------------


@pytest.mark.django_db
def test_a_deadline_that_moves_after_the_reminder_was_due(
    monkeypatch: pytest.MonkeyPatch, server: MailServer
) -> None:
    clock = Clock(monkeypatch, datetime(2026, 5, 1, 12, tzinfo=UTC))
    round, people = invited(2, days=6)
    first = round.closes_at
    send_due(clock.at)  # queued, not sent
    Round.objects.update(closes_at=first + 20 * DAY)
    outbox.drain()
    assert not server.received, "the old date isn't told any more"
    clock.at = first + 14 * DAY
    send_due(clock.at)
    outbox.drain()
    assert server.once() == addresses(people), "the new one is"
    Round.objects.update(closes_at=first)
    clock.at = first - 3 * DAY
    send_due(clock.at)
    outbox.drain()
    assert server.once() == sorted(addresses(people) * 2), "moved back: of that date nobody had been told"
    send_due(clock.at)
    outbox.drain()
    assert server.doubled == 0 and len(server.received) == 4


@pytest.mark.django_db(transaction=True)
def test_a_week_with_every_fault(monkeypatch: pytest.MonkeyPatch, server: MailServer) -> None:
    """Every four hours: a mail server that fails half of the time, processes that die anywhere, a deadline that moves,
    a clock that jumps. What each person must have got in the end is known beforehand."""
    start = datetime(2026, 10, 20, 6, tzinfo=UTC)
    clock, chance = Clock(monkeypatch, start), random.Random(6)
    monkeypatch.setattr(registry, "_occasions", {"round_input": registry._occasions["round_input"]})
    rounds = [invited(3, days=days, time_zone="Europe/Paris") for days in (7.4, 8.6, 9.1)]
    people = [person for _round, some in rounds for person in some]
    ReminderPreference.objects.bulk_create(
        ReminderPreference(user=person, gathered=True, hour=2) for person in people[::4]
    )
    expected = sorted(email for person in people for email in [person.email] * 2)
    server.refuse = lambda: chance.random() < 0.5
    killed = doubled = 0
    real_send, real_note = many_notices._send, notices._note_outcome

    def perhaps(real: Any, *args: Any) -> Any:
        nonlocal killed, doubled
        if chance.random() < 0.4:
            killed += 1
            doubled += real is real_note and args[2]["state"] == "sent"
            raise Killed
        return real(*args)

    monkeypatch.setattr(many_notices, "_send", lambda *args: perhaps(real_send, *args))
    monkeypatch.setattr(notices, "_note_outcome", lambda *args: perhaps(real_note, *args))
    for step in range(10 * 6):
        right = start + timedelta(hours=4 * step)
        clock.at = right + (timedelta(hours=chance.choice([-30, -2, 3])) if step % 14 == 13 else timedelta(0))
        if step == 12:  # after the first reminder of seven days went out: one more of the new date
            moved = rounds[0][0]
            Round.objects.filter(pk=moved.pk).update(closes_at=moved.closes_at + 3 * DAY)
            expected += addresses(rounds[0][1])
        hours_later = partial(clock.advance, hours=2)
        for do in (schedule.tick, outbox.drain, schedule.tick, hours_later, outbox.drain):
            try:
                do()
            except Killed:
                continue
    assert killed >= 8, "the faults must have come about"
    assert server.once() == sorted(expected), "none missing, none twice"
    assert server.doubled == doubled, "but for those whose sender died before noting it"
    assert not Message.objects.filter(state__in=["waiting", "sending", "failed"]).exists()


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The faults are logged as they should be; hundreds of them hide what a failing test says."""
    caplog.set_level("CRITICAL", logger="core.outbox")
    yield
