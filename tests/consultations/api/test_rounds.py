"""Rounds and their tallies over the API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from consultations.actions.tallying import recount_round
from consultations.models import Round
from tests.api_client import client_of
from tests.factories import make_comment, make_draft, make_group, make_round, make_user

pytestmark = pytest.mark.django_db

ROUNDS = "/api/v1/rounds/"


def at(**delta: float) -> str:
    return (timezone.now() + timedelta(**delta)).isoformat()


def body_of(draft: Any, **fields: Any) -> dict[str, Any]:
    dates = {"opens_at": at(days=-1), "closes_at": at(days=1)}
    return {"draft": draft.pk, "kind": "open", "title": "First round", **dates, **fields}


def url(round: Round, part: str = "") -> str:
    return f"{ROUNDS}{round.pk}/{part}"


def test_staff_open_rounds() -> None:
    draft = make_draft(paragraphs=2)
    for caller, status in ((None, 401), (make_user(), 403), (make_user("drafter"), 403)):
        assert client_of(caller).post(ROUNDS, body_of(draft)).status_code == status
    made = client_of(make_user("staff")).post(ROUNDS, body_of(draft, visibility="participants"))
    assert made.status_code == 201
    shown = made.json()
    assert (shown["kind"], shown["draft"], shown["title"]) == ("open", draft.pk, "First round")
    assert (shown["state"], shown["visibility"]) == ("open", "participants")
    assert shown["opens_at"].endswith("Z") and shown["closes_at"].endswith("Z")
    staff = client_of(make_user("staff"))
    later = staff.post(ROUNDS, body_of(draft, opens_at=at(hours=1))).json()
    past = staff.post(ROUNDS, body_of(draft, opens_at=at(days=-2), closes_at=at(days=-1))).json()
    assert (later["state"], past["state"]) == ("planned", "closed")


def test_all_but_open_rounds_name_their_audience() -> None:
    draft, group, staff = make_draft(paragraphs=2), make_group(), client_of(make_user("staff"))
    missing = staff.post(ROUNDS, body_of(draft, kind="regional"))
    assert missing.status_code == 400 and list(missing.json()) == ["groups"]
    sent = body_of(draft, kind="regional", groups=[group.slug], scope=["para_2"])
    made = staff.post(ROUNDS, sent).json()
    assert (made["groups"], made["scope"]) == ([group.slug], ["para_2"])


def test_a_repeat_returns_the_first_round() -> None:
    staff, key = client_of(make_user("staff")), {"Idempotency-Key": str(uuid4())}
    sent = body_of(make_draft())
    first, again = (staff.post(ROUNDS, sent, headers=key) for _ in range(2))
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert Round.objects.count() == 1
    assert staff.post(ROUNDS, {**sent, "title": "Else"}, headers=key).status_code == 409


def test_states_follow_each_other_and_a_409_names_the_present_one() -> None:
    round, staff = make_round(make_draft()), client_of(make_user("staff"))
    for other in (make_user(), make_user("expert")):
        round_ = make_round(make_draft(status="published"))
        assert client_of(other).patch(url(round_), {"state": "closed"}).status_code == 403
    for state in ("planned", "open", "answered", "published"):
        refused = staff.patch(url(round), {"state": state})
        assert refused.status_code == 409 and refused.json()["current"] == {"state": "open"}
    for state in ("closed", "answered", "published"):
        assert staff.patch(url(round), {"state": state}).json()["state"] == state
        assert staff.patch(url(round), {"state": "open"}).json()["current"] == {"state": state}


def test_a_refused_state_takes_the_other_changes_with_it() -> None:
    round, staff = make_round(make_draft()), client_of(make_user("staff"))
    refused = staff.patch(url(round), {"title": "Renamed", "state": "published"})
    assert refused.status_code == 409
    assert staff.get(url(round)).json()["title"] == "A round"
    assert staff.patch(url(round), {"title": "Renamed", "state": "closed"}).json()["title"] == "Renamed"


def test_closing_early_ends_what_counts() -> None:
    round, author = make_round(make_draft(paragraphs=1), visibility="public"), make_user("staff")
    client_of(author).patch(url(round), {"state": "closed"})
    made = client_of(author).post(url(round, "comments/"), {"body": "Late.", "provision": "para_1"})
    assert (made.status_code, made.json()["status"], made.json()["late"]) == (201, "draft", True)


def test_publishing_a_round_publishes_its_answers() -> None:
    round, staff = make_round(make_draft(status="published")), client_of(make_user("staff"))
    comment = make_comment(round, make_user())
    address = f"/api/v1/comments/{comment.uuid}/disposition/"
    staff.put(address, {"outcome": "noted", "response": "Thanks."})
    for state in ("closed", "answered", "published"):
        assert client_of(comment.author).get(address).status_code == 404
        staff.patch(url(round), {"state": state})
    assert client_of(comment.author).get(address).json()["published"] is True


def test_titles_speak_the_readers_language() -> None:
    draft = make_draft(status="published")
    sent = body_of(draft, title={"en": "Round", "fr": "Tour"}, visibility="public")
    made = client_of(make_user("staff")).post(ROUNDS, sent).json()
    for language, title in (("fr", "Tour"), ("es", "Round")):
        shown = client_of().get(f"{ROUNDS}{made['id']}/", headers={"Accept-Language": language}).json()
        assert (shown["title"], shown["titles"]) == (title, {"en": "Round", "fr": "Tour"})


def test_promises_of_an_open_round_stand() -> None:
    round, staff = make_round(make_draft(), visibility="secretariat"), client_of(make_user("staff"))
    widened = staff.patch(url(round), {"visibility": "public"})
    assert widened.status_code == 400 and list(widened.json()) == ["visibility"]


def test_a_round_that_has_opened_is_not_put_back_to_planned_nor_shown_to_more_groups() -> None:
    group, other, staff = make_group(), make_group(), client_of(make_user("staff"))
    round = make_round(make_draft(), groups=(group,), visibility="participants")
    back = staff.patch(url(round), {"opens_at": at(days=0.5)})
    assert back.status_code == 400 and list(back.json()) == ["opens_at"]
    more = staff.patch(url(round), {"groups": [group.slug, other.slug]})
    assert more.status_code == 400 and list(more.json()) == ["groups"]
    both = {"groups": [group.slug, other.slug], "visibility": "secretariat"}
    assert staff.patch(url(round), both).status_code == 200, "invited to speak, not to read"
    assert staff.patch(url(round), {"closes_at": at(days=9)}).status_code == 200


def test_a_hidden_draft_filters_as_one_that_does_not_exist() -> None:
    hidden = make_draft().pk
    answers = [client_of().get(ROUNDS, {"draft": pk}) for pk in (hidden, hidden + 1)]
    assert [answer.status_code for answer in answers] == [400, 400]
    told = [answer.content.decode().replace(str(hidden + n), "") for n, answer in enumerate(answers)]
    assert told[0] == told[1]


def test_rounds_are_listed_for_those_who_may_see_them() -> None:
    draft, group = make_draft(status="published"), make_group()
    shown = make_round(draft)
    hidden = make_round(draft, groups=(group,), visibility="participants")
    secret = make_round(make_draft())
    member = make_user("expert", groups=(group,))
    for caller, rounds in (
        (None, {shown}),
        (make_user(), {shown}),
        (member, {shown, hidden}),
        (make_user("staff"), {shown, hidden, secret}),
    ):
        page = client_of(caller).get(ROUNDS).json()
        assert {row["id"] for row in page["results"]} == {round.pk for round in rounds}
        for round in {shown, hidden, secret} - rounds:
            assert client_of(caller).get(url(round)).status_code == 404
    assert client_of(member).get(ROUNDS, {"kind": "expert_group"}).json()["count"] == 1
    assert client_of(member).get(ROUNDS, {"draft": draft.pk}).json()["count"] == 2


class TestTallies:
    def test_they_count_comments_people_proposals_and_voices(self) -> None:
        round, author = make_round(make_draft(status="published", paragraphs=2)), make_user()
        Round.objects.update(visibility="public")
        first = make_comment(round, author, provision_key="para_1", proposed_text="Other.")
        make_comment(round, author, provision_key="para_1", kind="general")
        make_comment(round, author, provision_key="para_2", submit=False)
        for position in ("support", "support", "oppose"):
            address = f"/api/v1/comments/{first.uuid}/support/"
            assert client_of(make_user()).post(address, {"position": position}).status_code == 200
        recount_round(round_id=round.pk)
        cell = {"comments": 2, "participants": 1, "proposals": 1, "support": 2, "oppose": 1}
        found = client_of().get(url(round, "tallies/"), {"by": "provision"}).json()
        assert found == [{"key": "para_1", **cell}]
        kinds = client_of().get(url(round, "tallies/"), {"by": "kind"}).json()
        assert {row["key"]: row["comments"] for row in kinds} == {"general": 1, "substantive": 1}
        for by in ("pillar", "region", "stakeholder", "disposition"):
            rows = client_of().get(url(round, "tallies/"), {"by": by}).json()
            assert sum(row["comments"] for row in rows) == 2

    def test_only_what_the_caller_may_see_counts(self) -> None:
        round, staff = make_round(make_draft(status="published")), client_of(make_user("staff"))
        Round.objects.update(visibility="secretariat")
        comment = make_comment(round, make_user())
        staff.put(f"/api/v1/comments/{comment.uuid}/disposition/", {"outcome": "noted", "response": "Hm."})
        recount_round(round_id=round.pk)
        tallies = url(round, "tallies/")
        assert client_of(make_user()).get(tallies, {"by": "kind"}).json() == []
        assert staff.get(tallies, {"by": "kind"}).json()[0]["comments"] == 1
        Round.objects.update(visibility="public")
        outside = client_of().get(tallies, {"by": "disposition"}).json()
        assert [row["key"] for row in outside] == [""]
        assert [row["key"] for row in staff.get(tallies, {"by": "disposition"}).json()] == ["noted"]

    def test_hidden_comments_count_for_the_secretariat_alone(self) -> None:
        round, staff = make_round(make_draft(status="published")), client_of(make_user("staff"))
        Round.objects.update(visibility="public")
        comment = make_comment(round, make_user())
        hide = {"version": 1, "status": "hidden", "hidden_reason": "Abusive."}
        staff.patch(f"/api/v1/comments/{comment.uuid}/", hide)
        recount_round(round_id=round.pk)
        assert client_of().get(url(round, "tallies/"), {"by": "kind"}).json() == []
        assert staff.get(url(round, "tallies/"), {"by": "kind"}).json()[0]["comments"] == 1

    def test_an_unknown_dimension_is_told(self) -> None:
        round = make_round(make_draft(status="published"))
        answer = client_of().get(url(round, "tallies/"), {"by": "author"})
        assert answer.status_code == 400 and list(answer.json()) == ["by"]


WRONG: list[tuple[str, Any]] = [
    ("draft", 10**30),
    ("draft", "x"),
    ("draft", 999_999),
    ("kind", "secret"),
    ("kind", {}),
    ("title", ""),
    ("title", "x" * 201),
    ("title", {"en": 5}),
    ("title", {"xx": "y"}),
    ("title", "a\x00"),
    ("title", "\u202e\u200b\u2066"),
    ("title", []),
    ("opens_at", "yesterday"),
    ("opens_at", 5),
    ("opens_at", "0001-01-01T00:00:00+14:00"),
    ("closes_at", "9999-12-31T23:59:59-14:00"),
    ("closes_at", "9999-12-31T23:59:59Z"),
    ("opens_at", "0900-01-01T00:00:00Z"),
    ("closes_at", "2020-01-01T00:00:00Z"),
    ("visibility", "all"),
    ("groups", "x"),
    ("groups", ["nobody"]),
    ("groups", [{}]),
    ("groups", ["a\x00"]),
    ("scope", "para_1"),
    ("scope", ["nowhere"]),
    ("scope", [[]]),
    ("grace", -1),
    ("grace", 10**30),
    ("anonymous", "perhaps"),
    ("guidance", 5),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_malformed_round_is_told_by_field(field: str, value: Any) -> None:
    sent = {**body_of(make_draft()), field: value}
    answer = client_of(make_user("staff")).post(ROUNDS, sent)
    assert answer.status_code == 400 and list(answer.json()) == [field]
    assert not Round.objects.exists()


@pytest.mark.parametrize("sent", [b"{", b"[]", b"5", b"null", b'{"title": "\\ud800"}', b'{"state": "gone"}'])
def test_a_malformed_change_is_the_callers_fault(sent: bytes) -> None:
    round = make_round(make_draft())
    answer = client_of(make_user("staff")).patch(url(round), sent, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("query", [{"draft": "9" * 30}, {"draft": "x"}, {"draft": "\x00"}, {"kind": "x"}])
def test_wrong_filters_of_rounds_are_told(query: dict[str, str]) -> None:
    assert client_of().get(ROUNDS, query).status_code == 400
