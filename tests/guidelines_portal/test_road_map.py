"""The line of time on the front page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from consultations.models import Round
from guidelines_portal.road_map import MOST_STEPS, MOST_TICKS, road_map
from tests.factories import make_draft, make_round

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def planned(opens: int, closes: int, **fields: object) -> Round:
    """A round from ``opens`` to ``closes``, in days from today; not saved."""
    days = timedelta(days=1)
    return Round(title="Round", opens_at=NOW + opens * days, closes_at=NOW + closes * days, **fields)


def test_without_rounds_there_is_nothing_to_draw() -> None:
    assert road_map([], NOW) is None


def test_time_runs_from_the_left_and_today_is_on_it() -> None:
    drawn = road_map([planned(-60, -30), planned(-10, 20), planned(30, 60)], NOW)
    assert drawn
    past, running, ahead = drawn.stretches
    assert 0 < past.left < past.right < running.left < drawn.today < running.right < ahead.left
    assert ahead.right < 100
    assert [tick.x for tick in drawn.ticks] == sorted(tick.x for tick in drawn.ticks)


def test_in_arabic_time_runs_from_the_right() -> None:
    rounds = [planned(-60, -30), planned(30, 60)]
    english = road_map(rounds, NOW)
    with translation.override("ar"):
        arabic = road_map(rounds, NOW)
    assert english and arabic
    assert arabic.today == pytest.approx(100 - english.today, abs=0.02)
    assert arabic.stretches[0].left > arabic.today > arabic.stretches[1].right
    assert all(stretch.left < stretch.right for stretch in arabic.stretches)


def test_where_each_stands_is_said_in_words() -> None:
    at = NOW - timedelta(days=3)
    drawn = road_map(
        [
            planned(-90, -70, answered_at=at, published_at=at),
            planned(-60, -50, answered_at=at),
            planned(-40, -30),
            planned(-10, 20),
            planned(30, 60),
        ],
        NOW,
    )
    assert drawn
    assert [stretch.words for stretch in drawn.stretches] == [
        "every comment answered, 3 days ago",
        "answers written, about to be published",
        "answers being written",
        "closes in 20 days",
        "opens in 30 days",
    ]


def test_a_round_closed_early_ends_where_it_was_closed() -> None:
    whole, early = planned(-40, -10), planned(-40, -10, closed_at=NOW - timedelta(days=30))
    drawn = road_map([whole, early], NOW)
    assert drawn and drawn.stretches[1].right < drawn.stretches[0].right


def test_a_long_history_leaves_room_for_what_is_to_come() -> None:
    past = [planned(-1000 + 10 * n, -995 + 10 * n) for n in range(40)]
    drawn = road_map([*past, planned(-1, 5), planned(10, 20)], NOW)
    assert drawn
    assert len(drawn.stretches) == MOST_STEPS and len(drawn.ticks) <= MOST_TICKS
    assert drawn.stretches[0].step is past[-4], "the latest of the past"


@pytest.mark.django_db
def test_the_drawing_is_for_the_eye_and_the_words_are_for_all() -> None:
    now = timezone.now()
    make_round(make_draft(status="published"), title="Running", closes_at=now + timedelta(days=9))
    page = Client().get("/fr/").content.decode().partition('class="road-map"')[2].partition("</ol>")[0]
    assert "Running" in page and "<time" in page
    assert page.count("<svg") == page.count('aria-hidden="true"') == 2
    assert '%"' in page and ",5%" not in page, "numbers of a drawing have points in every language"
