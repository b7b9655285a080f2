"""Offers to host over the API: the rules of the pages, once, by version, and nothing told before its time."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Country, Organisation, User
from core.models import AuditEntry
from experts.actions.offers import withdraw_offer
from experts.actions.weighing_offers import announce_hosts, decide_offer, score_offer
from experts.models import HostingOffer
from tests.api_client import client_of
from tests.experts.hosts import close, focal_point, fresh, make_hosting_call, make_offer, make_slot, member_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SAID = {
    "host_name": "City of Lyon",
    "starts_on": "2027-05-03",
    "ends_on": "2027-05-05",
    "place": "Lyon",
    "venue": "The town hall",
    "capacity": 60,
    "accessibility": "Step-free",
    "interpretation": ["fr", "en"],
    "visas": "Within ten days",
    "contribution_in_kind": "Venue and meals",
    "contribution_amount": "25000.00",
    "contribution_currency": "EUR",
}


@pytest.fixture
def slot() -> Any:
    return make_slot(make_hosting_call())


def offers_path(slot: Any) -> str:
    return f"/api/v1/calls/{slot.call_id}/offers/"


def path_of(offer: HostingOffer, act: str = "") -> str:
    return f"/api/v1/offers/{offer.uuid}/{act}"


def anew(person: Any) -> Any:
    """The person as their next request reads them."""
    return client_of(User.objects.get(pk=person.pk))


def test_a_focal_point_offers_changes_hands_in_and_withdraws(slot: Any) -> None:
    client = client_of(focal_point("KEN"))
    begun = client.post(
        offers_path(slot), {"slot": slot.pk, "host_kind": "member_state", "place": "Mombasa"}, format="json"
    )
    assert begun.status_code == 201, begun.json()
    made = begun.json()
    assert (made["state"], made["country"], made["host_name"], made["late"]) == (
        "draft",
        "KEN",
        "Kenya",
        False,
    )
    assert "venue" in made["missing"] and made["receipt"] == "" and made["score"] is None
    path = f"/api/v1/offers/{made['id']}/"
    early = client.post(f"{path}submit/", {}, format="json")
    assert early.status_code == 400 and "venue" in early.json()
    changed = client.patch(path, {"version": made["version"], **SAID}, format="json")
    assert changed.status_code == 200 and changed.json()["missing"] == []
    assert changed.json()["host_name"] == "Kenya", "a member state is called what it is called"
    stale = client.patch(path, {"version": made["version"], "place": "Kisumu"}, format="json")
    assert stale.status_code == 409 and stale.json()["current"]["version"] == changed.json()["version"]
    handed = client.post(f"{path}submit/", {"version": changed.json()["version"]}, format="json")
    assert handed.status_code == 200
    assert handed.json()["state"] == "submitted" and len(handed.json()["receipt"]) == 64
    taken = client.post(f"{path}withdraw/", {}, format="json")
    assert taken.status_code == 200 and taken.json()["state"] == "withdrawn"
    assert client.patch(path, {"version": 1, "place": "x"}, format="json").status_code == 403


def test_the_same_key_begins_one_offer(slot: Any) -> None:
    client, key = client_of(focal_point()), str(uuid4())
    sent = {"slot": slot.pk, "host_kind": "member_state"}
    ids = {
        client.post(offers_path(slot), sent, format="json", headers={"Idempotency-Key": key}).json()["id"]
        for _ in range(2)
    }
    assert len(ids) == 1 and HostingOffer.objects.count() == 1
    other = client.post(
        offers_path(slot), {**sent, "place": "Nakuru"}, format="json", headers={"Idempotency-Key": key}
    )
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slot": 999_999}, "slot"),
        ({"host_kind": "king"}, "host_kind"),
        ({"country": "XXX"}, "country"),
        ({"country": None}, "country"),
        ({"organisation": 999_999}, "organisation"),
        ({"contribution_amount": "10", "contribution_currency": ""}, "contribution_currency"),
        ({"contribution_amount": "10", "contribution_currency": "ZZZ"}, "contribution_currency"),
        ({"starts_on": "2027-05-03", "ends_on": "2027-05-01"}, "ends_on"),
        ({"capacity": 0}, "capacity"),
        ({"interpretation": ["tlh"]}, "interpretation"),
        ({"place": "x" * 121}, "place"),
        ({"host_kind": "member_state"}, "host_kind"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(
    slot: Any, wrong: dict[str, Any], field: str
) -> None:
    sent = {"slot": slot.pk, "host_kind": "local_government", "country": "FRA", **wrong}
    answer = client_of(make_user()).post(
        offers_path(slot), {name: value for name, value in sent.items() if value is not None}, format="json"
    )
    assert answer.status_code == 400 and field in answer.json(), answer.json()
    assert not HostingOffer.objects.exists()


def test_an_organization_of_others_looks_like_one_that_does_not_exist(slot: Any) -> None:
    theirs = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
    sent = {"slot": slot.pk, "host_kind": "academia", "country": "FRA"}
    client = client_of(make_user())
    answers = [
        client.post(offers_path(slot), {**sent, "organisation": pk}, format="json").json()
        for pk in (theirs.pk, 999_999)
    ]
    assert answers[0] == answers[1] and "organisation" in answers[0]


def test_after_the_deadline_it_stays_a_draft_and_says_so(slot: Any) -> None:
    person = focal_point()
    offer = make_offer(slot, person, kind="member_state", country="KEN", submit=False)
    close(slot.call)
    answer = anew(person).post(path_of(offer, "submit/"), {}, format="json")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["late"]) == ("draft", True)
    assert AuditEntry.objects.filter(action="offer.hand_in_late").count() == 1


def test_each_sees_what_the_pages_show_them(slot: Any) -> None:
    lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
    author = member_of(lab)
    offer = make_offer(slot, author, kind="academia", organisation=lab)
    draft = make_offer(slot, author, kind="academia", organisation=lab, submit=False)
    seen = {
        "author": (author, {offer, draft}),
        "contact": (member_of(lab, "contact"), {offer, draft}),
        "colleague": (member_of(lab), set()),
        "staff": (make_user("staff"), {offer}),
        "admin": (make_user("admin"), set()),
        "stranger": (make_user("participant"), set()),
        "nobody": (None, set()),
    }
    for name, (person, theirs) in seen.items():
        client = client_of(person)
        listed = client.get(offers_path(slot)).json()
        assert {row["id"] for row in listed["results"]} == {str(row.uuid) for row in theirs}, name
        assert listed["count"] == len(theirs)
        for one in (offer, draft):
            assert client.get(path_of(one)).status_code == (200 if one in theirs else 404), name
    shown = client_of(make_user("staff")).get(path_of(offer)).json()
    (paper,) = shown["papers"]
    assert (paper["kind"], paper["pages"], shown["missing"]) == ("offer", 1, None)
    assert paper["file"].endswith(f"/files/{offer.papers.get().file.uuid}/")


def test_scores_are_for_staff_and_not_for_their_own_offer(slot: Any) -> None:
    staff, other = make_user("staff"), make_user("staff")
    mine, theirs = make_offer(slot, staff), make_offer(slot, make_user())
    close(slot.call)
    for offer in (mine, theirs):
        score_offer(actor=other, offer=fresh(offer), scores={"fit": (8, ""), "access": (4, "")})

    def scores_for(user: Any) -> dict[str, Any]:
        return {row["id"]: row["score"] for row in anew(user).get(offers_path(slot)).json()["results"]}

    assert scores_for(make_user("staff"))[str(theirs.uuid)] == 7.0
    # A host among the secretariat is one like any other, for this meeting.
    assert scores_for(staff) == {str(mine.uuid): None}
    assert anew(theirs.created_by).get(path_of(theirs)).json()["score"] is None


def test_nothing_tells_a_host_of_a_decision_before_it_is_announced(slot: Any) -> None:
    staff, host = make_user("staff"), focal_point()
    offer = make_offer(slot, host, kind="member_state", country="KEN")
    close(slot.call)
    before = anew(host).get(path_of(offer)).json()
    listed = anew(host).get(offers_path(slot)).json()
    decide_offer(actor=staff, offer=fresh(offer), outcome="chosen", reason="The best.")
    assert anew(host).get(path_of(offer)).json() == before
    assert anew(host).get(offers_path(slot)).json() == listed
    for state, count in (("submitted", 1), ("chosen", 0), ("not_chosen", 0), ("draft", 0)):
        assert anew(host).get(f"{offers_path(slot)}?state={state}").json()["count"] == count, state
    for_staff = anew(staff).get(path_of(offer)).json()
    assert (for_staff["state"], for_staff["decision_reason"]) == ("chosen", "The best.")
    # More time for its country: it may change the offer again, and a stale version doesn't tell the state.
    slot.call.reopenings.create(
        country=Country.objects.get(pk="KEN"),
        closes_at=timezone.now() + timedelta(days=1),
        endorsement_closes_at=timezone.now() + timedelta(days=1),
        reason="A storm.",
        given_by=staff,
    )
    stale = anew(host).patch(path_of(offer), {"version": 1, "place": "Kisumu"}, format="json")
    assert stale.status_code == 409 and stale.json()["current"]["state"] == "submitted"
    slot.call.reopenings.all().delete()
    announce_hosts(actor=staff, call=fresh(offer).slot.call)
    after = anew(host).get(path_of(offer)).json()
    assert (after["state"], after["decision_reason"]) == ("chosen", None)


def test_the_secretariat_withdraws_for_a_host_with_a_reason(slot: Any) -> None:
    staff, offer = client_of(make_user("staff")), make_offer(slot, make_user())
    assert staff.post(path_of(offer, "withdraw/"), {}, format="json").status_code == 400
    done = staff.post(path_of(offer, "withdraw/"), {"reason": "Asked by letter."}, format="json")
    assert done.status_code == 200 and done.json()["state"] == "withdrawn"
    assert staff.post(path_of(offer, "submit/"), {}, format="json").status_code == 403


def test_filters_that_make_no_sense_are_told(slot: Any) -> None:
    staff = client_of(make_user("staff"))
    offer, other = make_offer(slot, make_user()), make_offer(make_slot(slot.call, "Third"), make_user())
    withdraw_offer(actor=other.created_by, offer=fresh(other))
    for query, ids in (
        ("", {offer.uuid, other.uuid}),
        (f"?slot={slot.pk}", {offer.uuid}),
        ("?state=withdrawn", {other.uuid}),
        ("?country=KEN", set()),
        ("?host_kind=local_government&state=submitted", {offer.uuid}),
    ):
        found = staff.get(offers_path(slot) + query).json()["results"]
        assert {row["id"] for row in found} == {str(uuid) for uuid in ids}, query
    for query in ("?state=king", "?host_kind=x", "?slot=x", "?slot=²"):
        assert staff.get(offers_path(slot) + query).status_code == 400, query
    assert staff.get("/api/v1/offers/not-a-uuid-at-all-but-36-characters-x/").status_code == 404


def test_the_list_costs_the_same_however_many_offers(slot: Any) -> None:
    staff, counts = make_user("staff"), []
    for more in (1, 5):
        for _ in range(more):
            make_offer(slot, make_user())
        client = anew(staff)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(offers_path(slot)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12
