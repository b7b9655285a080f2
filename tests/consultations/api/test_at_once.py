"""Many submissions at once: each counts once, numbers follow without gaps, and nothing fails."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from knox.models import AuthToken

from consultations.actions.tallying import recount_round
from consultations.models import Answer, Comment, Disposition, Round, Tally
from core import outbox
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]

AT_ONCE = 20


def post(address: str, token: str, key: str, body: str) -> tuple[int, str]:
    """One request in a thread, and so on a connection, of its own."""
    try:
        answer = Client().post(
            address,
            json.dumps({"provision": "para_1", "body": body, "status": "submitted"}),
            content_type="application/json",
            headers={"Authorization": f"Token {token}", "Idempotency-Key": key},
        )
        return answer.status_code, answer.json().get("id", "")
    finally:
        connections.close_all()


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=1))


def token_of(user: Any) -> str:
    return str(AuthToken.objects.create(user)[1])


def all_at_once(work: Any, jobs: list[Any]) -> list[Any]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, jobs))


def test_twenty_times_the_same_is_once(round_: Round) -> None:
    address, token, key = f"/api/v1/rounds/{round_.pk}/comments/", token_of(make_user()), str(uuid4())
    answers = all_at_once(lambda _: post(address, token, key, "The same."), list(range(AT_ONCE)))
    assert set(answers) == {(201, str(Comment.objects.get().uuid))}


def test_twenty_different_ones_are_twenty(round_: Round) -> None:
    address = f"/api/v1/rounds/{round_.pk}/comments/"
    jobs = [(token_of(make_user()), f"No. {n}.") for n in range(AT_ONCE)]
    answers = all_at_once(lambda job: post(address, job[0], str(uuid4()), job[1]), jobs)
    assert [status for status, _id in answers] == [201] * AT_ONCE
    assert sorted(Comment.objects.values_list("number", flat=True)) == list(range(1, AT_ONCE + 1))
    outbox.drain(limit=100)
    assert recount_round(round_id=round_.pk) == 0
    total = Tally.objects.get(round=round_, audience="readers", dimension="total")
    assert (total.comments, total.participants) == (AT_ONCE, AT_ONCE)


def put_answer(address: str, token: str, body: dict[str, Any]) -> int:
    try:
        headers = {"Authorization": f"Token {token}"}
        return (
            Client()
            .put(address, json.dumps(body), content_type="application/json", headers=headers)
            .status_code
        )
    finally:
        connections.close_all()


def test_of_twenty_answers_at_once_one_stands_and_the_others_are_told(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    address, token = f"/api/v1/comments/{comment.uuid}/disposition/", token_of(make_user("staff"))
    first = all_at_once(lambda n: put_answer(address, token, answer_of(n)), list(range(AT_ONCE)))
    assert sorted(first) == [200] + [409] * (AT_ONCE - 1)
    again = all_at_once(
        # Other words than the first time: saying the same again changes nothing.
        lambda n: put_answer(address, token, {**answer_of(AT_ONCE + n), "version": 1}),
        list(range(AT_ONCE)),
    )
    assert sorted(again) == [200] + [409] * (AT_ONCE - 1)
    disposition = Disposition.objects.get()
    assert disposition.version == 2 and Answer.objects.count() == 2


def answer_of(n: int) -> dict[str, Any]:
    return {"outcome": "noted", "response": f"Noted, says no. {n}."}


def test_a_draft_that_is_deleted_and_sent_at_once_ends_one_way_or_the_other(round_: Round) -> None:
    author = make_user()
    token = token_of(author)
    for _ in range(5):
        comment = make_comment(round_, author, submit=False)
        answers = all_at_once(lambda act, c=comment: act_on(c, token, act), ["delete", "submit"] * 3)
        assert set(answers) <= {200, 204, 404, 409}


def act_on(comment: Comment, token: str, act: str) -> int:
    try:
        address, headers = f"/api/v1/comments/{comment.uuid}/", {"Authorization": f"Token {token}"}
        if act == "delete":
            return Client().delete(address, headers=headers).status_code
        sent = json.dumps({"version": 1, "status": "submitted"})
        return Client().patch(address, sent, content_type="application/json", headers=headers).status_code
    finally:
        connections.close_all()


def send_through_the_api(comment: Comment, token: str, version: int) -> tuple[int, Any]:
    try:
        sent = {"version": version, "status": "submitted", "body": "The whole thought."}
        answer = Client().patch(
            f"/api/v1/comments/{comment.uuid}/",
            json.dumps(sent),
            content_type="application/json",
            headers={"Authorization": f"Token {token}", "Idempotency-Key": str(uuid4())},
        )
        return answer.status_code, answer.json().get("number")
    finally:
        connections.close_all()


def send_by_form(comment: Comment, client: Client, version: int) -> tuple[int, Any]:
    try:
        form = {
            "provision": "para_1",
            "kind": comment.kind,
            "body": "The whole thought.",
            "language": comment.language,
            "attribution": comment.attribution,
            "saved_as": str(comment.uuid),
            "version": str(version),
            "idempotency_key": str(uuid4()),
        }
        answer = client.post(f"/en/rounds/{comment.round_id}/comments/new/", form)
        return answer.status_code, answer.headers.get("Location")
    finally:
        connections.close_all()


def test_one_draft_sent_twenty_times_at_once_is_one_comment_and_everybody_gets_it(round_: Round) -> None:
    author = make_user()
    token = token_of(author)
    for number in range(1, 4):
        draft = make_comment(round_, author, provision_key="para_1", submit=False)
        answers = all_at_once(lambda _, d=draft: send_through_the_api(d, token, 1), list(range(AT_ONCE)))
        assert set(answers) == {(200, number)}
    assert Comment.objects.filter(status="submitted").count() == Comment.objects.count() == 3


def test_one_draft_sent_from_twenty_windows_at_once_is_one_comment(round_: Round) -> None:
    author = make_user()
    draft = make_comment(round_, author, provision_key="para_1", submit=False)
    clients = [Client() for _ in range(AT_ONCE)]
    for client in clients:
        client.force_login(author)
    answers = all_at_once(lambda client: send_by_form(draft, client, 1), clients)
    assert set(answers) == {(302, f"/en/rounds/{round_.pk}/comments/{draft.uuid}/?sent")}
    sent = Comment.objects.get()
    assert (sent.status, sent.number, sent.body) == ("submitted", 1, "The whole thought.")


def test_a_draft_sent_as_it_stands_twenty_times_at_once_is_sent_once(round_: Round) -> None:
    author = make_user()
    token = token_of(author)
    draft = make_comment(round_, author, provision_key="para_1", submit=False)
    answers = all_at_once(lambda _: act_on(draft, token, "submit"), list(range(AT_ONCE)))
    assert set(answers) == {200} and Comment.objects.get().number == 1
