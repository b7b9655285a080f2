"""``calls/{id}/selections/``: posing a problem and reading its answer."""

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import User
from experts.models import ConflictOfInterest, DuplicateVerdict, Nomination, Selection
from experts.panel import SolverError
from tests.experts.panel_people import ids, make_pool
from tests.factories import make_call, make_user

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, call: Any, body: dict[str, Any], **headers: str) -> Any:
    path = f"/api/v1/calls/{call.pk}/selections/"
    return client.post(path, body, content_type="application/json", headers=headers)


def test_the_best_that_keep_the_quotas_with_proof_prices_and_alternates() -> None:
    call, people = make_pool(10)
    quotas = [{"attribute": "gender", "value": "woman", "min": 2, "max": 2}]
    answer = post(signed_in(make_user("staff")), call, {"seats": 3, "quotas": quotas, "seed": 7})
    assert answer.status_code == 201, answer.content
    found = answer.json()
    # 90 and 87 are women, 89 the best man.
    assert found["selected"] == ids([people[0], people[1], people[3]])
    assert (found["status"], found["merit"], found["bound"]) == ("optimal", 266.0, 266.0)
    price = next(p for p in found["quota_prices"] if p["of"] == "quota")
    assert (price["attribute"], price["value"], price["price"]) == ("gender", "woman", 1.0)
    # A man may only be followed by a man.
    assert found["alternates"][str(people[1].uuid)][0] == str(people[2].uuid)
    assert found["ties"] == 0
    assert found["attainable"][0]["alone"] == {"min": 0, "max": 3}
    assert found["pool"] == 10
    assert found["relaxation"] == []


def test_what_cannot_be_met_says_the_least_change() -> None:
    call, _people = make_pool(10)  # four women
    quotas = [{"attribute": "gender", "value": "woman", "min": 5}]
    found = post(signed_in(make_user("staff")), call, {"seats": 6, "quotas": quotas}).json()
    assert found["status"] == "infeasible"
    assert found["selected"] == []
    assert found["merit"] is None
    change = found["relaxation"][0]
    assert (change["kind"], change["before"], change["after"]) == ("min", 5, 4)
    assert found["attainable"][0]["alone"]["max"] == 4
    (alone,) = found["unattainable"]
    assert (alone["kind"], alone["value"], alone["asked"], alone["reached"]) == ("min", "woman", 5, 4)
    assert [demand["kind"] for demand in found["conflict"]] == ["min"]


def test_decisions_on_people_and_the_limit_per_country_are_kept() -> None:
    call, people = make_pool(12)  # the eleventh is of the first's country
    body = {
        "seats": 2,
        "per_country": 1,
        "include": [str(people[10].uuid)],
        "exclude": [str(people[1].uuid)],
    }
    found = post(signed_in(make_user("staff")), call, body).json()
    assert found["selected"] == ids([people[2], people[10]])


def test_a_person_nominated_twice_holds_one_place() -> None:
    call, people = make_pool(4)
    staff = make_user("staff")
    DuplicateVerdict.objects.create(first=people[0], second=people[1], same=True, decided_by=staff)
    found = post(signed_in(staff), call, {"seats": 3}).json()
    assert found["selected"] == ids([people[0], people[2], people[3]])
    body = {"seats": 3, "include": ids(people[:2])}
    assert "include" in post(signed_in(staff), call, body).json()
    # Their one place never gives way, not even where no panel is left: there is a seat fewer.
    found = post(signed_in(staff), call, {"seats": 4}).json()
    assert found["status"] == "infeasible"
    assert [demand["attribute"] for demand in found["conflict"]] == ["person"]
    (change,) = found["relaxation"]
    assert (change["kind"], change["before"], change["after"]) == ("seats", 4, 3)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "seats"),
        ({"seats": 0}, "seats"),
        ({"seats": "x"}, "seats"),
        ({"seats": 2, "per_country": -1}, "per_country"),
        ({"seats": 2, "quotas": [{"attribute": "gender", "value": "woman"}]}, "quotas"),
        ({"seats": 2, "quotas": [{"attribute": "gender", "value": "woman", "min": 3, "max": 1}]}, "quotas"),
        ({"seats": 2, "quotas": [{"attribute": "g", "value": "w", "min": 1}] * 2}, "quotas"),
        ({"seats": 2, "quotas": [{"attribute": "person", "value": "1", "max": 2}]}, "quotas"),
        ({"seats": 2, "quotas": "gender"}, "quotas"),
        ({"seats": 2, "include": ["nobody"]}, "include"),
        ({"seats": 2, "include": [str(uuid4())]}, "include"),
        ({"seats": 2, "seed": [1]}, "seed"),
        ({"seats": 2, "seed": True}, "seed"),
        ({"seats": 2, "seed": "a\u0000b"}, "seed"),
        ({"seats": 2, "seed": "a\ud800"}, "seed"),
        ({"seats": 2, "quotas": [{"attribute": "gender", "value": "woman", "min": 1_000_000}]}, "quotas"),
    ],
)
def test_bad_input_is_told_by_field(body: dict[str, Any], field: str) -> None:
    call, _people = make_pool(4)
    answer = post(signed_in(make_user("staff")), call, body)
    assert answer.status_code == 400
    assert field in answer.json()
    assert not Selection.objects.exists()


def test_a_repeated_key_gives_the_first_answer() -> None:
    call, _people = make_pool(4)
    client, key = signed_in(make_user("staff")), str(uuid4())
    first = post(client, call, {"seats": 2}, **{"Idempotency-Key": key})
    again = post(client, call, {"seats": 2}, **{"Idempotency-Key": key})
    assert first.json() == again.json()
    assert Selection.objects.count() == 1
    assert post(client, call, {"seats": 3}, **{"Idempotency-Key": key}).status_code == 409


def test_the_seed_is_the_day_of_closing_unless_given() -> None:
    call, _people = make_pool(4, zone="Africa/Nairobi")
    found = post(signed_in(make_user("staff")), call, {"seats": 2}).json()
    assert found["seed"] == call.closes_at.astimezone(ZoneInfo("Africa/Nairobi")).date().isoformat()


def test_nobody_else_learns_of_selections() -> None:
    call, people = make_pool(4)
    staff = make_user("staff")
    post(signed_in(staff), call, {"seats": 2})
    path = f"/api/v1/calls/{call.pk}/selections/"
    for role in ("expert", "drafter", "coordinator", "focal_point", "admin"):
        assert signed_in(make_user(role)).get(path).status_code == 403
    assert Client().get(path).status_code == 401
    hidden = make_call(announced=False)
    assert signed_in(make_user("expert")).get(f"/api/v1/calls/{hidden.pk}/selections/").status_code == 404
    partial = make_user("staff")
    ConflictOfInterest.objects.create(user=partial, nomination=people[3], kind="family", declared_by=partial)
    refused = signed_in(partial).get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "conflict")
    assert post(signed_in(partial), call, {"seats": 2}).status_code == 403
    assert signed_in(staff).get(path).json()["count"] == 1


def test_a_nominee_of_the_call_does_not_choose_its_panel() -> None:
    """Neither by account nor by address; what isn't handed in, or was withdrawn, keeps nobody out."""
    for named in ("nominee", "email"):
        call, people = make_pool(4)
        staff = make_user("staff")
        value = staff if named == "nominee" else staff.email
        Nomination.objects.filter(pk=people[2].pk).update(**{named: value})
        client, path = signed_in(staff), f"/api/v1/calls/{call.pk}/selections/"
        refused = client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "nominee")
        assert post(client, call, {"seats": 2}).status_code == 403
        assert client.get(f"/en/calls/{call.pk}/panel/new/").status_code == 403
        for state in ("draft", "awaiting_nominee", "withdrawn"):
            Nomination.objects.filter(pk=people[2].pk).update(state=state)
            assert client.get(path).status_code == 200


def test_a_repeated_key_is_answered_though_the_pool_is_another_by_now() -> None:
    call, people = make_pool(4)
    client, key = signed_in(make_user("staff")), {"Idempotency-Key": str(uuid4())}
    body = {"seats": 2, "include": [str(people[3].uuid)]}
    first = post(client, call, body, **key)
    Nomination.objects.filter(pk=people[3].pk).update(state="withdrawn")
    again = post(client, call, body, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


def test_a_failure_of_the_solver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    call, _people = make_pool(4)

    def fail(*args: Any, **options: Any) -> Any:
        raise SolverError("no proof")

    monkeypatch.setattr("experts.actions.selecting.analyse", fail)
    answer = post(signed_in(make_user("staff")), call, {"seats": 2})
    assert (answer.status_code, Selection.objects.count()) == (400, 0)


def test_the_list_asks_as_much_for_many_as_for_one(django_assert_num_queries: Any) -> None:
    call, _people = make_pool(6)
    client = signed_in(make_user("staff"))
    path = f"/api/v1/calls/{call.pk}/selections/"
    for rows in (1, 3):
        while Selection.objects.count() < rows:
            post(client, call, {"seats": 2})
        with django_assert_num_queries(7):
            assert client.get(path).json()["count"] == rows
