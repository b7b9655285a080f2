"""The funding in the API: the contract's names, who may write, what is never told."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roadmap.actions.snapshots import take_snapshot
from roadmap.models import FundingTransaction
from tests.api_client import client_of
from tests.factories import make_user
from tests.roadmap.funded import ON, make_budget, make_entry, make_line, make_rate, replace
from tests.roadmap.milestones_made import make_milestone

pytestmark = pytest.mark.django_db

PATH = "/api/v1/funding/"
NEW = {"kind": "pledge", "date": "2024-01-10", "amount": "311700", "country": "FRA"}


@pytest.fixture
def staff() -> Any:
    make_budget()
    return make_user("staff")


def test_what_the_contract_names_is_enough(staff: Any) -> None:
    api = client_of(staff)
    milestone = make_milestone(staff)
    line = api.post(
        f"{PATH}lines/",
        {"title": "All of it", "quantity": "2", "unit_cost": "589692", "milestone": str(milestone.uuid)}
        | {"date": "2024-01-01"},
        format="json",
    )
    assert line.status_code == 201 and line.json()["amount_usd"] == "1179384.00"
    pledge = api.post(PATH, {**NEW, "line": line.json()["id"], "note": "By letter."}, format="json")
    assert pledge.status_code == 201
    told = pledge.json()
    assert (told["iati_type"], told["amount_usd"], told["source"], told["note"]) == (
        13,
        "311700.00",
        "France",
        "By letter.",
    )
    assert (told["line"], told["milestone"]) == (line.json()["id"], str(milestone.uuid))
    received = {"kind": "receipt", "date": "2024-02-01", "amount": "100000", "country": "FRA"}
    api.post(PATH, {**received, "fulfils": told["id"]}, format="json")
    assert client_of().get(f"{PATH}position/?at=2024-02-01").json() == {
        "at": "2024-02-01",
        "currency": "USD",
        "required": "1179384.00",
        "pledged": "211700.00",
        "committed": "0.00",
        "received": "100000.00",
        "mobilised": "311700.00",
        "gap": "867684.00",
        "gap_percent": "73.6",
    }
    seen = client_of().get(PATH).json()
    assert [row["kind"] for row in seen["results"]] == ["receipt", "pledge"]
    assert seen["results"][1]["note"] is None and seen["results"][0]["fulfils"] == told["id"]


def test_nothing_changes_in_place(staff: Any) -> None:
    api = client_of(staff)
    entry = make_entry(staff, "100")
    one = f"{PATH}{entry.uuid}/"
    change = {"replacement": "change", "reason": "Less.", "date": "2024-03-01", "amount": "70"}
    assert list(api.patch(one, {**change, "reason": ""}, format="json").json()) == ["reason"]
    made = api.patch(one, change, format="json")
    assert made.status_code == 200 and made.json()["replaces"] == str(entry.uuid)
    old = api.get(one).json()
    assert (old["amount"], old["replaced_by"]) == ("100.00", made.json()["id"])
    again = api.patch(one, change, format="json")
    assert again.status_code == 409 and again.json()["current"] == {"id": made.json()["id"]}
    assert api.delete(one).status_code == 405


def test_a_key_repeats_the_first_answer_and_a_stale_version_is_a_conflict(staff: Any) -> None:
    api = client_of(staff)
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (api.post(PATH, NEW, format="json", headers=key) for _n in range(2))
    assert first.json()["id"] == second.json()["id"] and FundingTransaction.objects.count() == 1
    line = make_line(staff)
    one = f"{PATH}lines/{line.uuid}/"
    change = {"version": 1, "unit_cost": "5", "reason": "Cheaper."}
    assert api.patch(one, change, format="json").json()["version"] == 2
    stale = api.patch(one, {**change, "unit_cost": "6"}, format="json")
    assert stale.status_code == 409 and stale.json()["current"] == {"version": 2}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "gift"}, "kind"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"date": "2024-02-30"}, "date"),
        ({"date": "2199-01-01"}, "date"),
        ({"currency": "EUR"}, "currency"),
        ({"currency": "XXX"}, "currency"),
        ({"country": "XYZ"}, "country"),
        ({"country": None}, "source"),
        ({"organisation": 999_999}, "organisation"),
        ({"line": str(uuid4())}, "line"),
        ({"fulfils": str(uuid4())}, "fulfils"),
    ],
)
def test_what_cant_be_is_told_by_field(body: dict[str, Any], field: str, staff: Any) -> None:
    answer = client_of(staff).post(PATH, {**NEW, **body}, format="json")
    assert answer.status_code == 400 and list(answer.json()) == [field]
    assert not FundingTransaction.objects.exists()


def test_what_isnt_public_is_told_to_the_secretariat_alone(staff: Any) -> None:
    hidden = make_entry(staff, "50", source="Canary", public=False)
    make_entry(staff, "20", "receipt", source="Canary", fulfils=hidden)
    unseen = make_milestone(staff, public=False)
    make_line(staff, "100", milestone=unseen)
    take_snapshot(actor=staff, guidelines=make_budget(), titles={"en": "Then"}, on=ON)
    for person in (None, make_user("participant"), make_user("drafter")):
        api = client_of(person)
        assert api.get(f"{PATH}{hidden.uuid}/").status_code == 404
        (row,) = api.get(PATH).json()["results"]
        assert row["kind"] == "receipt" and row["fulfils"] is None
        assert api.get(f"{PATH}position/").json()["mobilised"] == "50.00"
        for part in ("", "lines/", "snapshots/"):
            told = api.get(f"{PATH}{part}").content.decode()
            assert str(hidden.uuid) not in told and str(unseen.uuid) not in told
    assert client_of(staff).get(PATH).json()["count"] == 2


def test_the_rate_is_told(staff: Any) -> None:
    make_rate(staff, "0.8")
    made = client_of(staff).post(PATH, {**NEW, "amount": "100", "currency": "EUR"}, format="json").json()
    assert made["amount_usd"] == "125.00"
    assert made["rate"] == {
        "currency": "EUR",
        "date": "2024-01-10",
        "per_usd": "0.80000000",
        "source": "UN rates",
    }


def test_snapshots(staff: Any) -> None:
    make_line(staff, "1000")
    entry = make_entry(staff, "100")
    api = client_of(staff)
    made = api.post(f"{PATH}snapshots/", {"title": "Board", "at": "2024-01-31"}, format="json")
    assert made.status_code == 201
    replace(staff, entry, "correction", amount=entry.amount / 2)
    kept = client_of().get(f"{PATH}snapshots/{made.json()['id']}/").json()
    assert (kept["required"], kept["mobilised"], kept["lines"][0]["amount_usd"]) == (
        "1000.00",
        "100.00",
        "1000.00",
    )
    assert api.patch(f"{PATH}snapshots/{kept['id']}/", {"title": "x"}, format="json").status_code == 405
    wrong = api.post(f"{PATH}snapshots/", {"title": "Board", "at": "2199-01-31"}, format="json")
    assert wrong.status_code == 400


def test_of_which_guidelines(staff: Any) -> None:
    make_entry(staff, "100")
    make_entry(staff, "7", guidelines=make_budget("newer"))
    api = client_of()
    assert api.get(f"{PATH}position/").json()["pledged"] == "7.00"
    assert api.get(f"{PATH}position/?guidelines=smart-cities").json()["pledged"] == "100.00"
    for slug in ("nowhere", "%00"):
        assert api.get(f"{PATH}?guidelines={slug}").status_code == 404
    assert api.get(f"{PATH}position/?at=soon").status_code == 400


@pytest.mark.parametrize("part", ["", "lines/", "snapshots/", "position/"])
def test_few_and_many_rows_cost_the_same(part: str, staff: Any) -> None:
    def rows(count: int) -> int:
        for n in range(count):
            line = make_line(staff, milestone=make_milestone(staff))
            entry = make_entry(staff, line=line, source=f"S{n}")
            replace(staff, entry, "correction", amount=entry.amount + 1)
            take_snapshot(actor=staff, guidelines=make_budget(), titles={"en": "T"}, on=ON)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client_of().get(f"{PATH}{part}").status_code == 200
        return len(queries)

    rows(1)
    assert rows(1) == rows(5)
