"""Who sees a nomination, and how much of it: persona by state, on pages and through the API alike."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Affiliation, User
from experts.actions.submitting import withdraw
from experts.models import (
    ConflictOfInterest,
    Nomination,
    NominationMove,
    NominationTrait,
    Referee,
    Review,
    Reviewer,
)
from experts.rules import may_see_nomination
from tests.api_client import client_of
from tests.experts.nominees import make_focal_point, make_paper_call, make_person
from tests.factories import make_nomination

pytestmark = pytest.mark.django_db
CANARY = "Zqcanary"
BEGUN = ("draft", "awaiting_nominee", "awaiting_endorsement")
STATES = (*BEGUN, "submitted", "eligible", "ineligible", "scored", "proposed", "not_selected", "withdrawn")
# Who sees what the country nominated, by state.
ALWAYS = {"nominee", "focal", "deputy"}
SEEN = {
    "draft": ALWAYS,
    "awaiting_nominee": {*ALWAYS, "staff"},
    "awaiting_endorsement": {*ALWAYS, "staff"},
    **{state: {*ALWAYS, "staff", "coordinator", "reviewer"} for state in STATES[3:]},
}


@pytest.fixture
def people() -> dict[str, Any]:
    former = make_focal_point("KEN")
    Affiliation.objects.filter(user=former).update(role="member")
    return {
        "anonymous": None,
        "expert": make_person("expert"),
        "nominee": make_person("expert"),
        "focal": make_focal_point("KEN"),
        "deputy": make_focal_point("KEN", role="deputy"),
        "former": User.objects.get(pk=former.pk),
        "other_country": make_focal_point("FRA"),
        "coordinator": make_person("coordinator", country_id="UGA"),
        "other_region": make_person("coordinator", country_id="PER"),
        "reviewer": make_person("expert"),
        "barred_reviewer": make_person("expert"),
        "staff": make_person("staff"),
        "barred_staff": make_person("staff"),
        "admin": make_person("admin"),
    }


@pytest.fixture
def call() -> Any:
    now, day = timezone.now(), timedelta(days=1)
    return make_paper_call(scoring_opens_at=now - day, scoring_closes_at=now + day)


def nominated(call: Any, people: dict[str, Any], state: str, **fields: Any) -> Nomination:
    nomination = make_nomination(
        call,
        state=state,
        nominee=people["nominee"],
        email=people["nominee"].email,
        name=f"{CANARY} Ruiz",
        workplace=f"{CANARY} town",
        gender="woman",
        level_of_government="local",
        expertise=["3"],
        merit=77 if state == "scored" else None,
        **fields,
    )
    for who in ("reviewer", "barred_reviewer"):
        row, _new = Reviewer.objects.get_or_create(
            call=call, user=people[who], defaults={"added_by": people["staff"]}
        )
        # Reviews come once it is eligible.
        if state not in BEGUN:
            Review.objects.create(reviewer=row, nomination=nomination)
    for who in ("barred_reviewer", "barred_staff"):
        ConflictOfInterest.objects.create(user=people[who], nomination=nomination, kind="family")
    return nomination


def page_of(person: Any, path: str) -> Any:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client.get(path)


@pytest.mark.parametrize("state", STATES)
def test_persona_by_state(state: str, people: dict[str, Any], call: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    nomination = nominated(call, people, state)
    seen = set()
    for name, person in people.items():
        person = User.objects.get(pk=person.pk) if person else None
        visible = Nomination.objects.visible_to(person or AnonymousUser()).filter(pk=nomination.pk).exists()
        assert bool(may_see_nomination(person or AnonymousUser(), nomination)) is visible
        client = client_of(person)
        listed = client.get(f"/api/v1/calls/{call.pk}/nominations/").json()
        one = client.get(f"/api/v1/nominations/{nomination.uuid}/")
        page = page_of(person, f"/en/nominations/{nomination.uuid}/")
        assert (listed["count"], one.status_code) == ((1, 200) if visible else (0, 404)), name
        assert page.status_code == (200 if visible else 302 if person is None else 404), name
        if visible:
            seen.add(name)
            told = one.json()
            hidden = state in ("eligible", "ineligible", "scored", "proposed", "not_selected")
            assert told["state"] == listed["results"][0]["state"], name
            assert told["state"] == ("submitted" if hidden and name != "staff" else state), name
            assert (told["merit"] is not None) is (state == "scored" and name == "staff")
            assert (told["motivation"] is None) is (name == "coordinator")
            assert (told["email"] is None) is (name in ("coordinator", "reviewer"))
            assert (told["interests"] is None) is (name not in ("nominee", "staff"))
        else:
            assert CANARY not in page.content.decode() + str(listed) + one.content.decode()
    wanted = SEEN[state]
    assert seen >= wanted - {"reviewer"} and seen <= wanted, seen


def test_an_applicants_draft_is_the_applicants_alone(people: dict[str, Any], call: Any) -> None:
    nominated(call, people, "draft", way="applied")
    for name, person in people.items():
        count = client_of(person).get(f"/api/v1/calls/{call.pk}/nominations/").json()["count"]
        assert count == (1 if name == "nominee" else 0), name


@pytest.mark.parametrize("way", ["applied", "nominated"])
def test_who_gives_a_draft_up_shows_it_to_nobody_new(way: str, people: dict[str, Any], call: Any) -> None:
    """Before it was handed in (or its nominee told) it was known to few; being withdrawn tells no one else."""
    nomination = nominated(call, people, "draft", way=way)
    actor = people["nominee" if way == "applied" else "focal"]
    withdraw(actor=actor, nomination=nomination)
    known = {"nominee"} if way == "applied" else ALWAYS
    for name, person in people.items():
        client = client_of(person)
        count = client.get(f"/api/v1/calls/{call.pk}/nominations/").json()["count"]
        assert count == (1 if name in known else 0), name
        found = client.get(f"/api/v1/nominations/{nomination.uuid}/")
        assert found.status_code == (200 if name in known else 404), name
    desk = page_of(people["staff"], f"/en/calls/{call.pk}/nominations/").content.decode()
    trail = page_of(people["staff"], "/en/people/audit/").content.decode()
    assert CANARY not in desk and f"experts.nomination:{nomination.pk}" not in trail


def test_whom_its_nominee_refused_the_region_never_learns_of(people: dict[str, Any], call: Any) -> None:
    nomination = nominated(call, people, "awaiting_nominee", attested_at=timezone.now())
    withdraw(actor=people["nominee"], nomination=nomination)
    for name, person in people.items():
        count = client_of(person).get(f"/api/v1/calls/{call.pk}/nominations/").json()["count"]
        assert count == (1 if name in {*ALWAYS, "staff"} else 0), name


def test_the_secretariats_nominee_by_address_alone_is_none_of_its_eyes(
    people: dict[str, Any], call: Any
) -> None:
    """Brought in by a spreadsheet, before an account is linked: its merit and state are told to the others."""
    nomination = nominated(call, people, "scored")
    for name in ("staff", "coordinator", "reviewer"):
        Nomination.objects.filter(pk=nomination.pk).update(nominee=None, email=people[name].email)
        client = client_of(User.objects.get(pk=people[name].pk))
        assert client.get(f"/api/v1/calls/{call.pk}/nominations/").json()["count"] == 0, name
        assert client.get(f"/api/v1/nominations/{nomination.uuid}/").status_code == 404, name
        assert page_of(people[name], f"/en/nominations/{nomination.uuid}/").status_code == 404, name


def test_the_blind_reviewer_finds_nobody_here(people: dict[str, Any], call: Any) -> None:
    nomination = nominated(call, people, "eligible")
    call.blind = True
    call.save()
    client = client_of(people["reviewer"])
    for query in ("", "?country=KEN", "?search=Zqcanary", "?region=african", "?gender=woman"):
        assert client.get(f"/api/v1/calls/{call.pk}/nominations/{query}").json()["count"] == 0
    assert client.get(f"/api/v1/nominations/{nomination.uuid}/").status_code == 404


@pytest.mark.parametrize("announced", [False, True])
def test_filters_tell_no_more_than_the_list(announced: bool, people: dict[str, Any], call: Any) -> None:
    if announced:
        call.decided_at = timezone.now()
        call.save()
    nominated(call, people, "ineligible")
    shown = "ineligible" if announced else "submitted"
    for name in ("nominee", "focal", "coordinator"):
        client = client_of(people[name])
        for state in Nomination.State.values:
            found = client.get(f"/api/v1/calls/{call.pk}/nominations/?state={state}").json()["count"]
            assert found == (1 if state == shown else 0), (name, state)
    address = f"/api/v1/calls/{call.pk}/nominations/"
    assert client_of(people["staff"]).get(f"{address}?state=ineligible").json()["count"] == 1
    found = {
        query: client_of(people["staff"]).get(f"{address}?{query}").json()["count"]
        for query in (
            "country=KEN",
            "country=FRA",
            "gender=woman",
            "expertise=3",
            "expertise=4",
            "search=zqcan",
        )
    }
    assert found == {
        "country=KEN": 1,
        "country=FRA": 0,
        "gender=woman": 1,
        "expertise=3": 1,
        "expertise=4": 0,
        "search=zqcan": 1,
    }
    assert client_of(people["staff"]).get(f"{address}?state=none").status_code == 400


def test_no_page_count_or_error_tells_an_outsider(people: dict[str, Any], call: Any) -> None:
    nomination = nominated(call, people, "submitted")
    there, nowhere = f"nominations/{nomination.uuid}/", "nominations/00000000-0000-4000-8000-000000000000/"
    for name in ("expert", "former", "other_country", "other_region", "admin", "barred_staff"):
        client = Client(raise_request_exception=False)
        client.force_login(people[name])
        for part in ("", "edit/", "hand-in/"):
            answers = [client.get(f"/en/{path}{part}") for path in (there, nowhere)]
            assert [a.status_code for a in answers] == [404, 404], (name, part)
        for part in ("keep/", "endorse/", "return/", "withdraw/", "tell/"):
            assert client.post(f"/en/{there}{part}").status_code == 404, (name, part)
        for path in ("my/nominations/", f"calls/{call.pk}/country/", ""):
            assert CANARY not in client.get(f"/en/{path}").content.decode()
        api = client_of(people[name])
        for method, part in (("patch", ""), ("post", "submit/"), ("post", "endorse/"), ("post", "withdraw/")):
            answers = [
                getattr(api, method)(f"/api/v1/{path}{part}", {}, format="json") for path in (there, nowhere)
            ]
            assert answers[0].status_code == answers[1].status_code == 404
            assert answers[0].content == answers[1].content


def test_history_leaves_no_trace_of_what_is_not_announced(people: dict[str, Any], call: Any) -> None:
    from experts.actions.moving import lock_nomination, move

    nomination = nominated(call, people, "submitted")
    for state in ("eligible", "scored", "proposed", "scored"):
        from django.db import transaction

        with transaction.atomic():
            move(lock_nomination(nomination.pk), to=state, by=people["staff"], reason=f"{state} because")
    for name in ("nominee", "focal"):
        page = page_of(people[name], f"/en/nominations/{nomination.uuid}/").content.decode()
        assert "because" not in page and "Eligible" not in page and "Scored" not in page
    page = page_of(people["staff"], f"/en/nominations/{nomination.uuid}/").content.decode()
    assert "proposed because" in page and "Scored" in page


def test_what_a_country_says_to_its_nominee_no_reviewer_reads(people: dict[str, Any], call: Any) -> None:
    nomination = nominated(call, people, "eligible")
    for before, after in (("awaiting_endorsement", "draft"), ("draft", "submitted")):
        nomination.moves.create(before=before, after=after, by=people["focal"], reason=f"{CANARY} reason")
    path = f"/en/nominations/{nomination.uuid}/"
    for name, told in (("nominee", True), ("focal", True), ("staff", True), ("reviewer", False)):
        page = page_of(people[name], path)
        assert page.status_code == 200 and (f"{CANARY} reason" in page.content.decode()) is told, name


def test_lists_cost_the_same_for_few_and_many(
    people: dict[str, Any], call: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(person: Any) -> int:
        client = client_of(User.objects.get(pk=person.pk))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"/api/v1/calls/{call.pk}/nominations/").status_code == 200
        return len(captured)

    nominated(call, people, "scored")
    few = {name: queries(people[name]) for name in ("staff", "focal", "coordinator")}
    for _n in range(5):
        make_nomination(call, state="scored", expertise=["1", "2"], languages=["en"])
    assert {name: queries(people[name]) for name in few} == few
    assert max(few.values()) <= 15, few


def test_waiting_on_the_front_page(people: dict[str, Any], call: Any) -> None:
    nominated(call, people, "awaiting_endorsement", way="applied")
    make_nomination(call, state="awaiting_nominee", nominee=people["expert"], country="FRA")
    for name, words in (
        ("focal", "nomination to endorse"),
        ("deputy", "nomination to endorse"),
        ("expert", "nomination to complete"),
    ):
        assert words in page_of(people[name], "/en/").content.decode(), name
    for name in ("nominee", "former", "other_country", "staff"):
        page = page_of(people[name], "/en/").content.decode()
        assert "nomination to" not in page, name


def test_a_page_costs_the_same_for_few_parts_and_many(
    people: dict[str, Any], call: Any, django_assert_num_queries: Any
) -> None:
    """Sixteen (papers and answers, where there are any, one each): whatever stands on the record."""
    nomination = nominated(call, people, "scored")
    path = f"/en/nominations/{nomination.uuid}/"
    client = Client()
    client.force_login(people["staff"])
    for many in (1, 6):
        for n in range(many):
            NominationTrait.objects.create(nomination=nomination, kind="expertise", value=f"x{many}{n}")
            Referee.objects.create(nomination=nomination, name=f"Referee {n}")
            move_of = {"before": "submitted", "after": "eligible", "by": people["staff"]}
            NominationMove.objects.create(nomination=nomination, **move_of)
        client.get(path)
        with django_assert_num_queries(16):
            assert client.get(path).status_code == 200
