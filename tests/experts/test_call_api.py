"""Calls in the API: the contract, who may write, and what is never told."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Country, Group
from drafts.models import Guidelines
from experts.actions.announcing import reopen_for_country
from experts.models import Call
from tests.api_client import client_of
from tests.factories import make_call, make_group, make_user

pytestmark = pytest.mark.django_db

CALLS = "/api/v1/calls/"
NEW: dict[str, Any] = {
    "kind": "experts",
    "title": "Experts wanted",
    "opens_at": "2023-09-12T00:00:00Z",
    "closes_at": "2033-07-12T21:59:00Z",
    "seats": 30,
    "per_country_limit": 2,
}


@pytest.fixture
def api() -> Any:
    Guidelines.objects.create(slug="cities", title="Cities")
    return client_of(make_user("staff"))


def test_what_the_contract_names_is_enough_and_the_call_is_open_at_once(api: Any) -> None:
    made = api.post(CALLS, NEW, format="json")
    assert made.status_code == 201
    seen = client_of().get(f"{CALLS}{made.json()['id']}/").json()
    assert seen["state"] == "open" and seen["guidelines"] == "cities"
    assert {name: seen[name] for name in ("kind", "closes_at", "seats", "per_country_limit")} == {
        name: NEW[name] for name in ("kind", "closes_at", "seats", "per_country_limit")
    }


def test_whose_members_are_chosen(api: Any) -> None:
    make_group(slug="digital-rights", kind=Group.Kind.THEMATIC)
    made = api.post(CALLS, {**NEW, "group": "digital-rights"}, format="json").json()
    assert (made["group"], made["by_region"]) == ("digital-rights", False)
    call = f"{CALLS}{made['id']}/"
    both = api.patch(call, {"by_region": True, "version": made["version"]}, format="json")
    assert both.status_code == 400 and "group" in both.json()
    by_region = {"by_region": True, "group": None, "version": made["version"], "reason": "As agreed."}
    seen = api.patch(call, by_region, format="json").json()
    assert (seen["group"], seen["by_region"]) == (None, True)
    make_group(slug="donors", kind=Group.Kind.STAKEHOLDER)
    for slug in ("donors", "nowhere"):
        refused = api.post(CALLS, {**NEW, "group": slug}, format="json")
        assert refused.status_code == 400 and "group" in refused.json()
    hosting = api.post(CALLS, {**NEW, "kind": "hosting", "group": "digital-rights"}, format="json")
    assert hosting.status_code == 400 and "group" in hosting.json()


def test_lists_zone_and_languages(api: Any) -> None:
    body = {
        **NEW,
        "announced": False,
        "zone": "Europe/Paris",
        "title": {"en": "Experts wanted", "fr": "Appel"},
        "endorsement_closes_at": "2033-07-19T23:59:00+02:00",
        "criteria": [{"name": {"en": "Fit"}, "weight": 2}, {"name": "Time"}],
        "papers": [{"kind": "cv", "max_pages": 4}],
        "questions": [{"wording": "Why?", "required": True}],
    }
    made = api.post(CALLS, body, format="json").json()
    assert made["closes_at_local"] == "2033-07-12T23:59:00+02:00" and made["zone"] == "Europe/Paris"
    assert made["endorsement_closes_at"] == "2033-07-19T21:59:00Z" and made["state"] == "prepared"
    assert [(c["code"], c["weight"]) for c in made["criteria"]] == [("fit", 2), ("time", 1)]
    assert made["papers"] == [{"kind": "cv", "required": True, "max_pages": 4}]
    assert made["questions"][0]["wording"] == "Why?" and made["questions"][0]["required"] is True
    assert made["titles"] == {"en": "Experts wanted", "fr": "Appel"} and "grace" not in made
    assert api.get(f"{CALLS}{made['id']}/?language=fr").json()["title"] == "Appel"
    assert client_of().get(f"{CALLS}{made['id']}/").status_code == 404
    assert client_of().get(CALLS).json()["count"] == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "CET"}, "zone"),
        ({"closes_at": "2033-07-12T23:59:00"}, "closes_at"),
        ({"closes_at": "2033-07-12"}, "closes_at"),
        ({"closes_at": "2001-07-12T23:59:00Z"}, "closes_at"),
        ({"title": {"xx": "?"}}, "title"),
        ({"title": ""}, "title"),
        ({"seats": 0}, "seats"),
        ({"guidelines": "none-such"}, "guidelines"),
        ({"criteria": [{"weight": 1}]}, "criteria"),
        ({"papers": [{"kind": "cv"}, {"kind": "cv"}]}, "papers"),
        ({"kind": "party"}, "kind"),
    ],
)
def test_what_is_wrong_is_told_by_field(api: Any, change: dict[str, Any], field: str) -> None:
    answer = api.post(CALLS, {**NEW, **change}, format="json")
    assert answer.status_code == 400 and list(answer.json()) == [field]
    assert not Call.objects.exists()


def test_a_repeated_key_makes_one_call(api: Any) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    first, second = (api.post(CALLS, NEW, format="json", headers=headers) for _ in range(2))
    assert first.json()["id"] == second.json()["id"] and Call.objects.count() == 1
    assert api.post(CALLS, {**NEW, "seats": 1}, format="json", headers=headers).status_code == 409


def test_a_change_names_what_changes_and_a_stale_version_is_refused(api: Any) -> None:
    call = make_call()
    path = f"{CALLS}{call.pk}/"
    changed = api.patch(path, {"version": 1, "seats": 31}, format="json").json()
    assert (changed["seats"], changed["version"]) == (31, 2)
    stale = api.patch(path, {"version": 1, "seats": 32}, format="json")
    assert stale.status_code == 409 and stale.json()["current"] == {"version": 2, "state": "open"}
    refused = api.patch(path, {"seats": 5}, format="json")
    assert refused.status_code == 400 and list(refused.json()) == ["reason"]


def test_announcing_and_closing(api: Any) -> None:
    call = make_call(announced=False)
    path = f"{CALLS}{call.pk}/"
    assert api.patch(path, {"announced": True}, format="json").json()["state"] == "open"
    assert api.patch(path, {"announced": False}, format="json").status_code == 409
    assert list(api.patch(path, {"state": "closed"}, format="json").json()) == ["reason"]
    assert api.patch(path, {"state": "closed", "reason": "Done."}, format="json").json()["state"] == "closed"
    again = api.patch(path, {"state": "open"}, format="json")
    assert again.status_code == 409 and again.json()["current"]["state"] == "closed"


@pytest.mark.parametrize(
    ("role", "status"), [("", 401), ("focal_point", 403), ("expert", 403), ("drafter", 403)]
)
def test_only_the_secretariat_writes(role: str, status: int) -> None:
    call, hidden = make_call(), make_call(announced=False)
    api = client_of(make_user(role) if role else None)
    assert api.post(CALLS, NEW, format="json").status_code == status
    assert api.patch(f"{CALLS}{call.pk}/", {"seats": 1}, format="json").status_code == status
    if role:
        assert api.patch(f"{CALLS}{hidden.pk}/", {"seats": 1}, format="json").status_code == 404


def test_more_time_is_told_to_the_country_and_the_secretariat_alone(api: Any) -> None:
    now = timezone.now()
    call = make_call(scoring_opens_at=now + timedelta(days=30))
    reopen_for_country(
        actor=make_user("staff"),
        call=call,
        country=Country.objects.get(pk="KEN"),
        closes_at=call.closes_at + timedelta(days=3),
        reason="Their mail server was away.",
    )
    path = f"{CALLS}{call.pk}/"
    own = client_of(make_user("expert", country_id="KEN")).get(path).json()
    other = client_of(make_user("expert", country_id="FRA")).get(path).json()
    assert own["own_deadlines"]["closes_at"] > own["closes_at"] and other["own_deadlines"] is None
    for seen in (own, other, client_of().get(path).json()):
        assert seen["reopenings"] is None and seen["scoring_opens_at"] is None
    assert api.get(path).json()["reopenings"][0]["country"] == "KEN"


def test_the_list_costs_the_same_however_many_calls(django_assert_num_queries: Any) -> None:
    for n in (1, 4):
        for _ in range(n):
            call = make_call()
            call.criteria.create(code="a", name="A", name_en="A")
            call.papers.create(kind="cv")
        with django_assert_num_queries(7):
            assert client_of().get(CALLS).json()["count"] in (1, 5)
