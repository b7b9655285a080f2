"""None missing, none twice, of what only milestones and tasks have: dates without a time, and queued reminders that are
taken back when a date moves."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from core import notices, outbox, schedule
from core.models import Message, Notice
from roadmap.actions import reminding, telling
from roadmap.actions.meeting_records import set_task
from roadmap.actions.milestones import change_milestone
from roadmap.actions.reminding import send_due
from roadmap.models import MeetingTask, Milestone, ReminderPreference
from roadmap.occasions import registry
from roadmap.plan import Dates
from tests.core.conftest import together  # noqa: F401 a fixture
from tests.factories import make_user
from tests.roadmap.clocks import Clock, MailServer
from tests.roadmap.dying import dies_after, dies_before, dies_doing, let_time_pass, post  # noqa: F401 a fixture
from tests.roadmap.meetings import make_meeting
from tests.roadmap.milestones_made import make_milestone

DAY = timedelta(days=1)
OURS = ("milestone_coming", "milestone_ending", "meeting_task")


@pytest.fixture(autouse=True)
def _only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_occasions", {code: registry._occasions[code] for code in OURS})
    tick = "roadmap.send_reminders"
    monkeypatch.setattr(schedule, "_ticks", {tick: schedule._ticks[tick]})


def day_in(days: int) -> Dates:
    day = timezone.now().date() + days * DAY
    return Dates(day, day, "day")


def gathering(count: int) -> list[Any]:
    """People whose reminders wait for the mail of the day."""
    people = [make_user("expert", time_zone="UTC") for _ in range(count)]
    hour = (timezone.now() - timedelta(hours=1)).hour
    ReminderPreference.objects.bulk_create(
        ReminderPreference(user=person, gathered=True, hour=hour) for person in people
    )
    return people


STEPS = {
    "before anything is looked for": dies_before(telling, "still_due"),
    "found, not taken back": dies_before(telling, "take_back"),
    "taken back, not committed": dies_after(telling, "take_back"),
    "queued anew, not committed": dies_after(reminding, "notify_many"),
    "handed over, not noted": dies_after(EmailBackend, "send_messages"),
}


@pytest.mark.django_db(transaction=True)
def test_killed_while_a_moved_date_is_taken_back(post: Path) -> None:  # noqa: F811
    """Whoever waited for the old date hears of it no more, and of the new one once."""
    staff = make_user("staff")
    reminding.rules_in_force()

    def work() -> None:
        for _ in range(2):
            outbox.drain()
            send_due(timezone.now())
            let_time_pass()
        outbox.drain()

    for step, dies in STEPS.items():
        (person,) = gathering(1)
        moved = make_milestone(staff, "Moved", owner=person, forecast=day_in(20))
        outbox.drain()
        at = moved.forecast_start
        assert at is not None
        Milestone.objects.filter(pk=moved.pk).update(forecast_start=at - 15 * DAY, forecast_end=at - 15 * DAY)
        assert send_due(timezone.now()).sent == 1
        Milestone.objects.filter(pk=moved.pk).update(forecast_start=at, forecast_end=at)
        ReminderPreference.objects.all().delete()
        change_milestone(actor=staff, milestone=moved, forecast=day_in(6))
        second = make_milestone(staff, "Second", owner=person, forecast=day_in(-3))
        dies_doing(dies, work)
        let_time_pass()
        work()
        got = [path.read_text().split() for path in post.iterdir()]
        told = {message_id for to, message_id in got if to == person.email}
        assert len(told) == 2, f"{step}: of the new date, and of the other milestone"
        assert len(got) - len(told) == (1 if step == "handed over, not noted" else 0), step
        notices_of = Notice.objects.filter(recipient=person, message__state=Message.State.SENT)
        assert notices_of.count() == 2, step
        for path in post.iterdir():
            path.unlink()
        Milestone.objects.filter(pk__in=[moved.pk, second.pk]).update(
            stated="dropped", overruled_at=timezone.now()
        )


@pytest.mark.django_db(transaction=True)
def test_taken_back_while_schedulers_and_workers_are_at_it(
    together: Callable[..., list[Any]],  # noqa: F811
) -> None:
    staff, people = make_user("staff"), gathering(8)
    reminding.rules_in_force()
    for person in people:
        make_milestone(staff, owner=person, forecast=day_in(6))
    outbox.drain()
    assert send_due(timezone.now()).sent == 8
    moved, kept = list(Milestone.objects.order_by("pk")[:4]), list(Milestone.objects.order_by("pk")[4:])
    for milestone in moved:
        change_milestone(actor=staff, milestone=milestone, forecast=day_in(60))
    let_time_pass()  # the hour of the daily mail has come, too
    turns = iter(["schedule", "schedule", "work", "work", "work", "work"])

    def one() -> Any:
        if next(turns) == "schedule":
            return send_due(timezone.now())
        for _ in range(10):
            outbox.drain()
        return None

    results = together(one, 6)
    assert not [result for result in results if isinstance(result, Exception)], results
    let_time_pass()
    outbox.drain()
    owners = sorted(milestone.owner.email for milestone in kept if milestone.owner)
    assert sorted(m.to[0] for m in mail.outbox) == owners, "what moved is told to nobody, the rest once"
    assert not Message.objects.filter(state__in=["waiting", "sending"]).exists()
    assert Notice.objects.filter(subject__in=[f"roadmap.milestone:{row.pk}" for row in moved]).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Paris", date(2026, 3, 29)),
        ("America/Santiago", date(2026, 4, 5)),
        ("America/Santiago", date(2026, 9, 6)),
        ("Europe/Paris", date(2026, 10, 25)),
    ],
)
def test_days_without_a_time_across_a_change_of_clocks(
    monkeypatch: pytest.MonkeyPatch, settings: Any, zone: str, night: date
) -> None:
    """A day is a morning by the secretariat's clocks: before and after it one reminder each, in every such night."""
    settings.SECRETARIAT_TIME_ZONE = zone
    clock, server = Clock(monkeypatch, datetime(2026, 1, 1, tzinfo=UTC)), MailServer(monkeypatch)
    staff, owner = make_user("staff"), make_user("expert")
    meeting = make_meeting(staff)
    outbox.drain()
    server.received.clear()
    for n in range(-1, 2):
        set_task(actor=staff, meeting=meeting, title=f"Task {n}", owner=owner, due_on=night + n * DAY)
    MeetingTask.objects.update(given_at=clock.at - DAY)
    outbox.drain()
    server.received.clear()
    clock.at = datetime(night.year, night.month, night.day, tzinfo=UTC) - 5 * DAY
    while clock.at.date() <= night + 4 * DAY:
        schedule.tick()
        outbox.drain()
        clock.advance(hours=6)
    told = [subject for _to, _id, subject in server.received]
    assert sorted(told) == sorted(
        f"{words}: Task {n}" for n in range(-1, 2) for words in ("To do soon", "Overdue")
    )
    assert server.doubled == 0


@pytest.mark.django_db
def test_a_clock_that_jumps_over_a_milestone(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, server = Clock(monkeypatch, datetime(2026, 5, 1, 12, tzinfo=UTC)), MailServer(monkeypatch)
    staff, owner = make_user("staff"), make_user("expert")
    make_milestone(staff, owner=owner, forecast=day_in(40))
    outbox.drain()
    begin = clock.at
    for days in (-400, 11, 10, 800, 10.5, 34, 11, 33.5, 41.5, 34, 41.2, 900, 41.9):
        clock.at = begin + timedelta(days=days)
        schedule.tick()
        outbox.drain()
    assert len(server.once()) == 3 and server.doubled == 0, "thirty and seven days before, and the day after"


@pytest.mark.django_db
def test_what_a_worker_has_claimed_is_not_taken_back() -> None:
    staff, (person,) = make_user("staff"), gathering(1)
    milestone = make_milestone(staff, owner=person, forecast=day_in(6))
    outbox.drain()
    send_due(timezone.now())
    message = Message.objects.get()
    assert notices._claim(message.pk)
    Milestone.objects.filter(pk=milestone.pk).update(
        forecast_start=day_in(60).start, forecast_end=day_in(60).end
    )
    assert telling.take_back_of_milestone(milestone_id=milestone.pk) == 0
    assert Notice.objects.get().message == message
