"""Times that can't be misread: zones, hours that don't exist or come twice, and how a deadline is said."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from accounts.time_zones import time_zones
from experts.deadlines import in_full, in_zone
from experts.forms.calls import CallForm, ReopeningForm
from experts.models import Call
from experts.zones import instants, is_zone, long_name, offset_name

PARIS = "Europe/Paris"
clock = datetime.fromisoformat  # what clocks show, without a zone
# The deadline of the first call, announced as "23:59 CET" while clocks in Paris showed CEST.
REAL = datetime(2023, 10, 12, 21, 59, tzinfo=UTC)


def test_the_real_deadline_is_said_without_doubt() -> None:
    assert instants(clock("2023-10-12T23:59"), PARIS) == [REAL]
    with (
        translation.override("en"),
        time_machine.travel(datetime(2023, 10, 9, 21, 59, tzinfo=UTC), tick=False),
    ):
        assert in_full(REAL, PARIS) == (
            "Thursday 12 October 2023, 23:59 Paris (Central European Summer Time, UTC+02:00) = 21:59 UTC; in 3 days"
        )


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        # 2026-03-29: 02:00 becomes 03:00. 2026-10-25: 03:00 becomes 02:00.
        (clock("2026-03-29T01:59"), [datetime(2026, 3, 29, 0, 59, tzinfo=UTC)]),
        (clock("2026-03-29T02:00"), []),
        (clock("2026-03-29T02:59"), []),
        (clock("2026-03-29T03:00"), [datetime(2026, 3, 29, 1, 0, tzinfo=UTC)]),
        (clock("2026-10-25T01:59"), [datetime(2026, 10, 24, 23, 59, tzinfo=UTC)]),
        (
            clock("2026-10-25T02:30"),
            [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)],
        ),
        (clock("2026-10-25T03:00"), [datetime(2026, 10, 25, 2, 0, tzinfo=UTC)]),
    ],
)
def test_instants_at_both_changes_of_the_clock(shown: datetime, found: list[datetime]) -> None:
    assert instants(shown, PARIS) == found


def test_zones_are_places_and_no_abbreviation_is_one() -> None:
    assert is_zone(PARIS) and is_zone("UTC")
    for abbreviation in ("CET", "CEST", "EST", "MET", "GMT", "EST5EDT", "Etc/GMT+3", "localtime", ""):
        assert not is_zone(abbreviation)


def test_no_zone_is_named_by_an_abbreviation_in_any_language() -> None:
    winter, summer = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
    for language in ("en", "fr", "ar", "es", "ru", "zh-hans"):
        with translation.override(language):
            names = {long_name(at, zone) for zone in time_zones() for at in (winter, summer)}
        abbreviated = {name for name in names if name and len(name) < 6 and name.isascii() and name.isupper()}
        assert abbreviated == set() and len(names) > 50


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Europe/Kyiv", "Eastern European Summer Time"),
        ("Asia/Kathmandu", "Nepal Time"),
        ("Africa/Casablanca", ""),
    ],
)
def test_newer_names_of_zones_are_known_and_where_there_is_no_name_there_is_none(
    zone: str, name: str
) -> None:
    assert long_name(datetime(2026, 7, 15, tzinfo=UTC), zone) == name


@pytest.mark.parametrize(
    ("zone", "offset"),
    [("Asia/Kathmandu", "UTC+05:45"), ("America/St_Johns", "UTC−03:30"), ("Africa/Abidjan", "UTC")],
)
def test_offsets(zone: str, offset: str) -> None:
    assert offset_name(datetime(2026, 1, 15, tzinfo=UTC), zone) == offset


def test_a_zone_without_a_name_is_told_by_its_offset_alone() -> None:
    assert in_zone(REAL, "Africa/Casablanca").endswith("22:59 Casablanca (UTC+01:00)")


def shown(zone: str, own: str, language: str = "en") -> str:
    call, user = SimpleNamespace(zone=zone), SimpleNamespace(time_zone=own)
    template = Template("{% load calls %}{% deadline call at %}")
    with (
        translation.override(language),
        time_machine.travel(datetime(2023, 10, 9, 21, 59, tzinfo=UTC), tick=False),
    ):
        return template.render(Context({"call": call, "at": REAL, "user": user}))


def test_on_pages_it_stands_in_the_call_s_zone_in_utc_and_in_the_reader_s() -> None:
    page = shown(PARIS, "Asia/Tokyo")
    assert 'datetime="2023-10-12T21:59:00+00:00"' in page
    assert "23:59 Paris (Central European Summer Time, UTC+02:00)" in page
    assert "= <bdi>21:59 UTC</bdi>" in page and "in 3 days" in page
    assert "Friday 13 October 2023, 06:59 Tokyo (Japan Standard Time, UTC+09:00)" in page


@pytest.mark.parametrize(("zone", "own"), [(PARIS, PARIS), (PARIS, ""), (PARIS, "UTC"), (PARIS, "CET ")])
def test_nothing_is_told_twice(zone: str, own: str) -> None:
    assert "your time" not in shown(zone, own) and shown(zone, own).count("21:59") == 2


def test_another_day_in_utc_is_named() -> None:
    assert "= <bdi>12 October 2023, 21:59 UTC</bdi>" in shown("Asia/Tokyo", "")
    assert shown("UTC", "").count("UTC") == 1


# --- What is typed ---------------------------------------------------------------------------------------


def reopening(**typed: str) -> ReopeningForm:
    return ReopeningForm({"country": "KEN", "reason": "Why.", **typed}, zone=PARIS)


pytestmark = pytest.mark.django_db


def test_an_hour_that_does_not_exist_is_refused_with_what_to_do() -> None:
    form = reopening(closes_at="2026-03-29T02:30")
    assert not form.is_valid()
    assert form.errors["closes_at"] == [
        "This hour does not exist in Paris: clocks go forward then. Choose an earlier or a later one."
    ]


def test_an_hour_that_comes_twice_is_asked_about_and_then_taken_as_meant() -> None:
    asked = reopening(closes_at="2026-10-25T02:30")
    assert not asked.is_valid() and list(asked.errors) == ["closes_at_which"]
    labels = [label for _value, label in asked.fields["closes_at_which"].choices]  # type: ignore[attr-defined]
    assert "Central European Summer Time, UTC+02:00) = 00:30 UTC" in labels[0]
    assert "Central European Standard Time, UTC+01:00) = 01:30 UTC" in labels[1]
    for which, hour in (("0", 0), ("1", 1)):
        form = reopening(closes_at="2026-10-25T02:30", closes_at_which=which)
        assert form.is_valid() and form.cleaned_data["closes_at"].hour == hour
    assert not reopening(closes_at="2026-10-25T02:30", closes_at_which="2").is_valid()


def test_the_question_is_not_asked_of_other_hours() -> None:
    form = reopening(closes_at="2026-10-25T03:30", closes_at_which="1")
    assert form.is_valid() and "closes_at_which" not in form.fields


@pytest.mark.parametrize(
    "typed",
    ["tomorrow", "2026-13-40T00:00", "2026-10-12T23:59+02:00", "0001-01-01T00:00", "9999-12-31T23:59"],
)
def test_what_is_no_time_or_brings_an_offset_is_refused(typed: str) -> None:
    form = reopening(closes_at=typed)
    assert not form.is_valid() and list(form.errors) == ["closes_at"]


def standing(closes_at: datetime) -> Call:
    return Call(
        pk=1, kind="experts", zone=PARIS, opens_at=datetime(2026, 1, 1, tzinfo=UTC), closes_at=closes_at
    )


@pytest.mark.parametrize(("hour", "which"), [(0, "0"), (1, "1")])
def test_a_standing_hour_that_comes_twice_keeps_its_instant_in_the_form(hour: int, which: str) -> None:
    form = CallForm(call=standing(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)))
    assert form["closes_at"].value() == "2026-10-25T02:30"
    assert form["closes_at_which"].value() == which
    assert [field.name for field in form.time_fields][2:4] == ["closes_at", "closes_at_which"]


def test_a_clock_that_is_left_alone_keeps_its_seconds() -> None:
    stands = datetime(2026, 10, 12, 21, 59, 59, tzinfo=UTC)
    form = CallForm({"zone": PARIS, "closes_at": "2026-10-12T23:59"}, call=standing(stands))
    form.is_valid()
    assert form.cleaned_data["closes_at"] == stands
    moved = CallForm({"zone": "Africa/Nairobi", "closes_at": "2026-10-12T23:59"}, call=standing(stands))
    moved.is_valid()
    assert moved.cleaned_data["closes_at"] == datetime(2026, 10, 12, 20, 59, tzinfo=UTC)


def test_an_abbreviation_can_t_be_chosen() -> None:
    form = CallForm({"zone": "CET", "closes_at": "2026-10-12T23:59"})
    assert not form.is_valid() and "zone" in form.errors
