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
