"""The schedule: each tick once per interval, however many processes ask and whatever fails."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import schedule
from core.models import ScheduledTick

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_ticks", {})


def counted(name: str, seconds: float = 60) -> list[datetime]:
    ran: list[datetime] = []
    schedule.every(seconds, name)(ran.append)
    return ran


@pytest.mark.django_db
def test_a_tick_runs_once_per_interval_and_knows_as_of_when() -> None:
    ran = counted("remind")
    for seconds in (0, 0, 30, 59, 60, 61, 130):
        schedule.tick(NOON + timedelta(seconds=seconds))
    assert ran == [NOON, NOON + timedelta(seconds=60), NOON + timedelta(seconds=130)]


@pytest.mark.django_db
def test_a_failing_tick_does_not_stop_the_others_and_is_tried_again_within_a_minute() -> None:
    @schedule.every(3600, "broken")
    def broken(now: datetime) -> None:
        raise ConnectionError

    ran = counted("whole", 3600)
    assert schedule.tick(NOON) == ["whole"]
    assert ran == [NOON]
    again = counted("broken-mended", 3600)
    schedule._ticks["broken"] = schedule.Tick("broken", timedelta(hours=1), again.append)
    assert "broken" in schedule.tick(NOON + timedelta(seconds=60))


@pytest.mark.django_db
def test_a_tick_killed_halfway_runs_again_when_its_lease_is_over() -> None:
    ran = counted("remind")

    class Killed(BaseException):
        pass

    def killed(now: datetime) -> None:
        raise Killed

    whole = schedule._ticks["remind"]
    schedule._ticks["remind"] = schedule.Tick("remind", whole.interval, killed)
    with pytest.raises(Killed):
        schedule.tick(NOON)
    schedule._ticks["remind"] = whole
    assert schedule.tick(NOON + timedelta(minutes=1)) == [], "it may still be running"
    assert schedule.tick(NOON + schedule.LEASE) == ["remind"]
    assert len(ran) == 1


@pytest.mark.django_db(transaction=True)
def test_many_processes_at_once_run_it_once(together: Callable[..., list[Any]]) -> None:
    ran = counted("remind")
    results = together(lambda: schedule.tick(NOON), 6)
    assert sorted(results) == [[]] * 5 + [["remind"]]
    assert ran == [NOON]
    assert ScheduledTick.objects.get().due_at == NOON + timedelta(seconds=60)


def test_two_ticks_cannot_share_a_name() -> None:
    counted("remind")
    with pytest.raises(ValueError, match="remind"):
        schedule.every(5, "remind")(lambda now: None)
