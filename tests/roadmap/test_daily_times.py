"""When a daily mail goes, across changes of clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from roadmap.occasions.dates import next_daily

DAY = timedelta(days=1)
PLACES = [
    ("Europe/Paris", datetime(2026, 3, 28, tzinfo=UTC)),
    ("Europe/Paris", datetime(2026, 10, 24, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 10, 31, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 23, tzinfo=UTC)),  # at midnight: the hour 0 doesn't exist
]


@pytest.mark.once
@pytest.mark.parametrize(("place", "start"), PLACES)
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 8, 23])
def test_a_daily_mail_has_one_time_on_each_day_across_a_change_of_clocks(
    place: str, start: datetime, hour: int
) -> None:
    zone, at = ZoneInfo(place), start
    times = {}
    while at < start + 3 * DAY:
        day, when = next_daily(at, hour, zone)
        assert when > at
        assert times.setdefault(day, when) == when, "asked at any time, the day's mail is at the same"
        at += timedelta(minutes=20)
    ordered = sorted(times.items())
    days = [day for day, _when in ordered]
    assert days == [days[0] + n * DAY for n in range(len(days))], "no day without"
    for (_one, first), (_next, second) in zip(ordered, ordered[1:], strict=False):
        assert timedelta(hours=22.9) < second - first < timedelta(hours=25.1)
    for day, when in ordered:
        local = when.astimezone(zone)
        assert local.date() == day and (local.hour == hour or local.hour == hour + 1)
