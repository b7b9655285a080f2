"""Questions over the API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from consultations.models import Question, QuestionAnswer, Round
from tests.api_client import client_of
from tests.factories import make_comment, make_draft, make_group, make_question, make_round, make_user

pytestmark = pytest.mark.django_db


def asked(round: Round) -> str:
    return f"/api/v1/rounds/{round.pk}/questions/"


def at(question: Question) -> str:
    return f"/api/v1/questions/{question.pk}/answer/"


def body(**fields: Any) -> dict[str, Any]:
    options = [{"en": "Yes", "fr": "Oui"}, "No"]
    return {
        "kind": "choice",
        "wording": {"en": "May it?", "fr": "Le peut-il ?"},
        "options": options,
        **fields,
    }


@pytest.fixture
def planned() -> Round:
    now = timezone.now()
    return make_round(
        make_draft(status="published", paragraphs=2),
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=2),
    )


def test_staff_ask_until_the_round_opens(planned: Round) -> None:
    for caller, status in ((None, 401), (make_user(), 403), (make_user("drafter"), 403)):
        assert client_of(caller).post(asked(planned), body(), format="json").status_code == status
    staff, key = client_of(make_user("staff")), {"Idempotency-Key": str(uuid4())}
    first, again = (
        staff.post(asked(planned), body(provision="para_1"), format="json", headers=key) for _ in range(2)
    )
    assert first.status_code == 201 and first.json() == again.json() and Question.objects.count() == 1
    made = first.json()
    assert (made["kind"], made["wording"], made["provision"]) == ("choice", "May it?", "para_1")
    assert made["options"][1] == {"key": "2", "words": {"en": "No"}}
    assert made["answer"] is None and made["results"] == {"people": 0, "counts": {}, "median": None}
    for wrong, field in (
        (body(kind="guess"), "kind"),
        (body(options=[]), "options"),
        (body(options="no"), "options"),
        (body(wording={"xx": "?"}), "wording"),
        (body(provision="para_9"), "provision"),
        (body(required="perhaps"), "required"),
    ):
        refused = staff.post(asked(planned), wrong, format="json")
        assert (refused.status_code, list(refused.json())) == (400, [field])
    Round.objects.update(opens_at=timezone.now() - timedelta(hours=1))
    late = staff.post(asked(planned), body(), format="json")
    assert (late.status_code, late.json()["code"]) == (403, "opened")


def test_an_answer_is_put_changed_and_taken_back(round_: Round) -> None:
    me, question = make_user(), make_question(round_)
    assert client_of().put(at(question), {"value": "1"}, format="json").status_code == 401
    client = client_of(me)
    first = client.put(at(question), {"value": "1", "version": 0}, format="json")
    assert first.status_code == 200
    assert (first.json()["value"], first.json()["late"], first.json()["version"]) == ("1", False, 1)
    assert client.put(at(question), {"value": "1", "version": 0}, format="json").json() == first.json()
    stale = client.put(at(question), {"value": "2", "version": 0}, format="json")
    assert (stale.status_code, stale.json()["current"]) == (409, {"version": 1, "value": "1"})
    assert client.put(at(question), {"value": "2"}, format="json").json()["version"] == 2
    assert client.get(asked(round_)).json()[0]["answer"]["value"] == "2"
    assert client.put(at(question), {"value": None}, format="json").json()["value"] is None


@pytest.mark.parametrize("value", ["9", 1, ["1"], {}, {"a": 1}, True, "a\x00", 10**30, ""])
def test_what_is_no_answer_is_a_400_under_value(round_: Round, value: Any) -> None:
    refused = client_of(make_user()).put(at(make_question(round_)), {"value": value}, format="json")
    assert (refused.status_code, list(refused.json())) == (400, ["value"])
    assert not QuestionAnswer.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, [], "text", {"value": "1", "version": "x"}, {"value": "1", "language": "xx"}]
)
def test_a_malformed_answer_is_a_400(round_: Round, sent: Any) -> None:
    refused = client_of(make_user()).put(at(make_question(round_)), sent, format="json")
    assert refused.status_code == 400


def test_a_late_answer_is_kept_and_not_counted(round_: Round) -> None:
    question = make_question(round_)
    Round.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    late = client_of(make_user()).put(at(question), {"value": "1"}, format="json")
    assert late.status_code == 200
    assert (late.json()["value"], late.json()["draft"], late.json()["late"]) == (None, "1", True)
    assert client_of().get(asked(round_)).json()[0]["results"]["people"] == 0


def test_results_are_for_those_who_may_read_the_comments() -> None:
    group = make_group()
    round = make_round(make_draft(status="published"), groups=(group,), visibility="secretariat")
    question, member = make_question(round, "scale"), make_user(groups=(group,))
    client_of(member).put(at(question), {"value": 4}, format="json")
    assert client_of().get(asked(round)).status_code == 404
    assert client_of(make_user()).put(at(question), {"value": 4}, format="json").status_code == 404
    shown = client_of(member).get(asked(round)).json()[0]
    assert shown["results"] is None and shown["answer"]["value"] == 4
    results = client_of(make_user("staff")).get(asked(round)).json()[0]["results"]
    assert results == {"people": 1, "counts": {"4": 1}, "median": 4.0}


def test_words_and_drafts_of_others_are_nowhere_in_the_list(round_: Round) -> None:
    question = make_question(round_, "open")
    client_of(make_user()).put(at(question), {"value": "Canary words."}, format="json")
    assert "Canary" not in client_of(make_user()).get(asked(round_)).content.decode()


def test_tallies_are_given_by_language_and_by_day(round_: Round) -> None:
    from consultations.actions.tallying import day_of, recount_round

    for language in ("en", "ar", "ar"):
        make_comment(round_, make_user(), language=language)
    recount_round(round_id=round_.pk)
    address = f"/api/v1/rounds/{round_.pk}/tallies/"
    languages = client_of().get(address, {"by": "language"}).json()
    assert {row["key"]: row["comments"] for row in languages} == {"ar": 2, "en": 1}
    days = client_of().get(address, {"by": "day"}).json()
    assert [(row["key"], row["participants"]) for row in days] == [(day_of(timezone.now()), 3)]
