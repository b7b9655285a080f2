"""Times as people read them, in six languages and two zones."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation

from accounts.templatetags.moments import day_in_words, from_now

DEADLINE = datetime(2026, 11, 20, 20, 59, tzinfo=UTC)
NOW = datetime(2026, 11, 17, 20, 59, tzinfo=UTC)


def shown(language: str, time_zone: str = "") -> str:
    template = Template("{% load moments %}{% moment at %}")
    with translation.override(language), time_machine.travel(NOW, tick=False):
        user = SimpleNamespace(time_zone=time_zone)
        return template.render(Context({"at": DEADLINE, "user": user}))


@pytest.fixture(autouse=True)
def _nairobi(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SECRETARIAT_TIME_ZONE = "Africa/Nairobi"


def test_a_deadline_names_day_zone_and_distance_and_the_readers_own_time() -> None:
    text = shown("en", "Europe/Paris")
    assert "Friday 20 November 2026, 23:59 Nairobi time" in text
    assert "in 3 days" in text
    assert "21:59 Paris" in text
    assert 'datetime="2026-11-20T20:59:00+00:00"' in text


@pytest.mark.parametrize(("number", "words"), [(1, "1er mai 2024"), (2, "2 mai 2024"), (21, "21 mai 2024")])
def test_the_first_of_a_month_is_an_ordinal_in_french(number: int, words: str) -> None:
    with translation.override("fr"):
        assert day_in_words(datetime(2024, 5, number, tzinfo=UTC)) == words


def test_without_a_known_zone_utc_stands_beside_it() -> None:
    assert "20:59 UTC" in shown("en")
    assert "20:59 UTC" in shown("en", "Mars/Olympus")


def test_another_day_in_the_readers_zone_is_said() -> None:
    assert "21 November 2026 05:59 Tokyo" in shown("en", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("language", "day", "city"),
    [
        ("fr", "vendredi 20 novembre 2026", "Nairobi"),
        ("es", "viernes, 20 de noviembre de 2026", "Nairobi"),
        ("ru", "пятница, 20 ноября 2026 г.", "Найроби"),
        ("zh-hans", "2026年11月20日星期五", "内罗毕"),
        ("ar", "الجمعة، 20 نوفمبر 2026", "نيروبي"),
    ],
)
def test_day_and_city_are_in_the_readers_language(language: str, day: str, city: str) -> None:
    text = shown(language)
    assert day in text
    assert city in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "in 1 minute"),
        (-5, "1 minute ago"),
        (-1500, "25 minutes ago"),
        (-4000, "1 hour ago"),
        (7000, "in 2 hours"),
    ],
)
def test_what_is_near_is_told_in_minutes(seconds: int, words: str) -> None:
    now = timezone.now()
    assert from_now(now + timedelta(seconds=seconds), now) == words
