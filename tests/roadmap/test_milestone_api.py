"""Milestones in the API: the contract's names, who may write, what is never told."""

from typing import Any
from uuid import uuid4

import pytest

from roadmap.actions.milestones import change_milestone
from roadmap.models import DateChange, Milestone
from tests.api_client import client_of
from tests.factories import make_call, make_draft, make_user
from tests.roadmap.milestones_made import make_milestone, on

pytestmark = pytest.mark.django_db

PATH = "/api/v1/milestones/"
NEW = {"title": "Zero draft", "tentative_start": "2024-08-01", "tentative_end": "2024-08-31"}


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def test_what_the_contract_names_is_enough(staff: Any) -> None:
    api = client_of(staff)
    made = api.post(PATH, {**NEW, "owner": staff.pk}, format="json")
    assert made.status_code == 201
    one = f"{PATH}{made.json()['id']}/"
    assert made.json()["state"] == "planned" and made.json()["tentative_precision"] == "month"
    change = {"forecast_start": "2024-09-10", "reason": "More comments than thought.", "version": 1}
    assert api.patch(one, change, format="json").json()["forecast_end"] == "2024-09-10"
    begun = api.patch(one, {"actual_start": "2024-09-11"}, format="json").json()
    assert begun["state"] == "under_way" and begun["actual_end"] is None
    done = api.patch(one, {"actual_end": "2024-09-14", "state": "done"}, format="json").json()
    assert (done["state"], done["slippage"], done["overruled"]) == ("done", 14, False)
    seen = client_of().get(one).json()
    assert seen["owner"] is None and seen["title"] == "Zero draft" and seen["language"] == "en"
    history = client_of().get(f"{one}history/").json()["results"]
    assert [(row["kind"], row["start"], row["by"]) for row in history] == [
        ("actual", "2024-09-11", None),
        ("actual", "2024-09-11", None),
        ("forecast", "2024-09-10", None),
        ("tentative", "2024-08-01", None),
    ]
    assert history[2]["reason"] == "More comments than thought."
    assert api.get(f"{one}history/").json()["results"][0]["by"] == staff.pk


def test_a_stale_version_is_a_conflict_and_a_key_repeats_the_first_answer(staff: Any) -> None:
    api = client_of(staff)
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (api.post(PATH, NEW, format="json", headers=key) for _n in range(2))
    assert first.json()["id"] == second.json()["id"] and Milestone.objects.count() == 1
    one = f"{PATH}{first.json()['id']}/"
    assert api.patch(one, {"version": 1, "forecast_start": "2024-09-01"}, format="json").status_code == 200
    stale = api.patch(one, {"version": 1, "forecast_start": "2024-10-01"}, format="json")
    assert stale.status_code == 409 and stale.json()["current"] == {"version": 2, "state": "planned"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": {"xx": "?"}}, "title"),
        ({"tentative_start": "2024-02-30"}, "tentative_start"),
        ({"forecast_end": "2024-02-01"}, "forecast_start"),
        ({"forecast_start": "2024-02-02", "forecast_end": "2024-02-01"}, "forecast_end"),
        ({"forecast_start": "1024-02-02"}, "forecast_start"),
        (
            {"forecast_start": "2024-02-02", "forecast_end": "2024-02-03", "forecast_precision": "day"},
            "forecast_end",
        ),
        ({"actual_start": "2099-01-01"}, "actual_start"),
        ({"owner": 999_999}, "owner"),
        ({"depends_on": [str(uuid4())]}, "depends_on"),
        ({"about": {"kind": "draft", "id": "999999"}}, "about"),
        ({"about": {"kind": "meeting", "id": "x"}}, "about"),
        ({"about": {"kind": "planet", "id": "1"}}, "about"),
        ({"state": "late"}, "state"),
    ],
)
def test_what_cant_be_is_told_by_field(body: dict[str, Any], field: str, staff: Any) -> None:
    answer = client_of(staff).post(PATH, {**NEW, **body}, format="json")
    assert answer.status_code == 400 and list(answer.json()) == [field]
    assert not Milestone.objects.exists()


def test_who_may_write_and_what_is_hidden(staff: Any) -> None:
    hidden = make_milestone(staff, "Canary", public=False)
    shown = make_milestone(staff, "Shown", depends_on=[hidden])
    for person, status in ((None, 401), (make_user("drafter"), 403), (make_user("participant"), 403)):
        api = client_of(person)
        assert api.post(PATH, NEW, format="json").status_code == status
        assert api.patch(f"{PATH}{shown.uuid}/", {"public": False}, format="json").status_code == status
        assert api.get(f"{PATH}{hidden.uuid}/").status_code == 404
        assert api.get(f"{PATH}{hidden.uuid}/history/").status_code == 404
        listed = api.get(PATH)
        assert "Canary" not in listed.content.decode() and str(hidden.uuid) not in listed.content.decode()
    assert client_of(staff).get(PATH).json()["count"] == 2


def test_what_it_is_about_is_told_to_whom_may_see_that(staff: Any) -> None:
    working, call = make_draft(), make_call()
    about_draft = make_milestone(staff, about=working)
    about_call = make_milestone(staff, about=call)
    for api, expected in ((client_of(staff), {"kind": "draft", "id": str(working.pk)}), (client_of(), None)):
        assert api.get(f"{PATH}{about_draft.uuid}/").json()["about"] == expected
        assert api.get(f"{PATH}{about_call.uuid}/").json()["about"] == {"kind": "call", "id": str(call.pk)}
    body = {"about": {"kind": "call", "id": str(call.pk)}, "depends_on": [str(about_call.uuid)]}
    made = client_of(staff).post(PATH, {"title": "New", **body}, format="json").json()
    assert made["state"] == "under_way" and made["depends_on"] == [str(about_call.uuid)]


def test_as_of_an_earlier_day(staff: Any) -> None:
    milestone = make_milestone(staff)
    DateChange.objects.update(at="2024-01-10T09:00:00Z")
    Milestone.objects.update(created_at="2024-01-10T09:00:00Z")
    change_milestone(actor=staff, milestone=milestone, state="done", forecast=on("2031-09"))
    then = client_of().get(f"{PATH}?asof=2024-01-10").json()["results"][0]
    assert (then["state"], then["forecast_start"], then["tentative_start"]) == ("planned", None, "2031-06-01")
    before = client_of().get(f"{PATH}?asof=2024-01-09").json()["results"][0]
    assert before["tentative_start"] is None
    for day in ("soon", "9999-12-31", "2024-02-30"):
        assert client_of().get(f"{PATH}?asof={day}").status_code == 400
    assert client_of().get(f"{PATH}?language=ar").json()["results"][0]["language"] == "en"
