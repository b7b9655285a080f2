"""Resolutions in the API: the contract's names, who may write, what is never told."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roadmap.actions.board_reports import close_period
from roadmap.actions.reporting import add_line
from roadmap.models import EntryLine, Resolution
from tests.api_client import client_of
from tests.factories import make_user
from tests.roadmap.reports import entry_of, make_period, make_resolution

pytestmark = pytest.mark.django_db

PATH = "/api/v1/resolutions/"
NEW = {
    "session": 2,
    "number": 1,
    "title": {"en": "Smart cities", "fr": "Villes intelligentes"},
    "year": 2023,
    "adopted_on": "2023-06-09",
    "operative_paragraphs": [{"number": "1", "text": "Asks."}, {"number": "1 (a)", "text": "Fairly;"}],
}


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def test_what_the_contract_names_is_enough(staff: Any) -> None:
    api = client_of(staff)
    made = api.post(PATH, NEW, format="json")
    assert made.status_code == 201
    one = f"{PATH}{made.json()['id']}/"
    period = make_period(staff)
    patched = api.patch(one, {"status": "under_way", "version": 1}, format="json").json()
    assert patched["status"] == "under_way" and patched["version"] == 2
    assert client_of().get(one).json()["status"] is None  # the period is open
    close_period(actor=staff, period=period)
    seen = client_of().get(f"{one}?language=fr").json()
    assert (seen["symbol"], seen["title"], seen["language"]) == ("2/1", "Villes intelligentes", "fr")
    assert [row["number"] for row in seen["operative_paragraphs"]] == ["1", "1 (a)"]
    (told,) = seen["periods"]
    assert (told["period"], told["ends"], told["status"]) == ("2024-2", "2024-12-31", "under_way")
    assert seen["status"] == "under_way"
    assert api.patch(one, {"status": "done"}, format="json").status_code == 400  # none is open


def test_a_stale_version_is_a_conflict_and_a_key_repeats_the_first_answer(staff: Any) -> None:
    api = client_of(staff)
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (api.post(PATH, NEW, format="json", headers=key) for _n in range(2))
    assert first.json()["id"] == second.json()["id"] and Resolution.objects.count() == 1
    assert api.post(PATH, NEW, format="json").status_code == 400  # without a key it is another one
    one = f"{PATH}{first.json()['id']}/"
    assert api.patch(one, {"version": 1, "year": 2023}, format="json").status_code == 200
    assert api.patch(one, {"version": 1, "year": 2023}, format="json").status_code == 409


def test_what_was_left_out_and_who_decided_is_never_told(staff: Any) -> None:
    resolution = make_resolution(staff)
    period = make_period(staff)
    entry = entry_of(period, resolution)
    add_line(actor=staff, entry=entry, kind="done", words={"en": "Told."}, operative=["2"])
    EntryLine.objects.create(
        entry=entry,
        kind="done",
        position=9,
        source="meeting:1",
        text_en="Secret.",
        left_out=True,
        reason="No.",
    )
    for user, periods in ((None, 0), (make_user("drafter"), 0), (staff, 1)):
        shown = client_of(user).get(f"{PATH}{resolution.uuid}/").json()
        assert len(shown["periods"]) == periods and "Secret" not in str(shown)
    close_period(actor=staff, period=period)
    (told,) = client_of().get(f"{PATH}{resolution.uuid}/").json()["periods"]
    (line,) = told["entries"]
    assert line["operative_paragraphs"] == ["2"] and set(line) == {
        *("id", "kind", "text", "language", "operative_paragraphs", "corrects")
    }


@pytest.mark.parametrize(
    "body",
    [
        {**NEW, "year": 23},
        {**NEW, "adopted_on": "2024-01-01"},
        {**NEW, "session": 0},
        {**NEW, "title": {"xx": "x"}},
        {**NEW, "title": {"en": " "}},
        {**NEW, "title": "x" * 301},
        {**NEW, "operative_paragraphs": [{"number": "one", "text": "x"}]},
        {**NEW, "operative_paragraphs": [{"number": "1", "text": "x"}, {"number": "1", "text": "y"}]},
        {**NEW, "operative_paragraphs": "all"},
        [],
    ],
)
def test_bad_input_is_told_by_field(staff: Any, body: Any) -> None:
    answer = client_of(staff).post(PATH, body, format="json")
    assert answer.status_code == 400 and not Resolution.objects.exists()


def test_a_longer_list_asks_no_more_queries(staff: Any) -> None:
    counts = []
    for numbers in ((1,), (2, 3, 4)):
        for number in numbers:
            make_resolution(staff, number=number)
        with CaptureQueriesContext(connection) as queries:
            client_of().get(PATH)
        counts.append(len(queries))
    assert counts[0] == counts[1]
