"""Answers to comments over the API."""

from typing import Any
from uuid import uuid4

import pytest

from consultations.models import Comment, Disposition, Round
from drafts.models import Revision
from tests.api_client import client_of
from tests.factories import make_comment, make_draft, make_user

pytestmark = pytest.mark.django_db

ANSWER: dict[str, Any] = {"outcome": "partly_accepted", "response": "In part."}


@pytest.fixture
def comment(round_: Round) -> Comment:
    return make_comment(round_, make_user(), provision_key="para_1")


def url(comment: Comment) -> str:
    return f"/api/v1/comments/{comment.uuid}/disposition/"


def test_staff_and_drafters_answer(comment: Comment) -> None:
    assert client_of().put(url(comment), ANSWER).status_code == 401
    for role in ("participant", "expert", "admin"):
        refused = client_of(make_user(role)).put(url(comment), ANSWER)
        assert refused.status_code == 403 and refused.json()["detail"]
    drafter = client_of(make_user("drafter"))
    made = drafter.put(url(comment), ANSWER)
    assert made.status_code == 200
    assert made.json()["outcome"] == "partly_accepted" and made.json()["response"] == "In part."
    assert (made.json()["published"], made.json()["version"]) == (False, 1)
    assert made.json()["applied_revision"] is None and made.json()["comment"] == str(comment.uuid)
    assert drafter.get(url(comment)).json() == made.json()


def test_an_answer_is_the_secretariats_until_published(comment: Comment) -> None:
    staff = client_of(make_user("staff"))
    assert staff.get(url(comment)).status_code == 404
    staff.put(url(comment), ANSWER)
    address = f"/api/v1/comments/{comment.uuid}/"
    for reader in (None, comment.author):
        assert client_of(reader).get(url(comment)).status_code == 404
        assert client_of(reader).get(address).json()["disposition"] is None
    shown = staff.put(url(comment), {**ANSWER, "version": 1, "published": True}).json()
    assert shown["published"] is True and shown["published_at"]
    for reader in (None, comment.author):
        assert client_of(reader).get(url(comment)).json()["response"] == "In part."
        assert client_of(reader).get(address).json()["disposition"]["outcome"] == "partly_accepted"


def test_a_standing_answer_changes_only_with_its_version(comment: Comment) -> None:
    staff = client_of(make_user("staff"))
    staff.put(url(comment), ANSWER)
    for version in ({}, {"version": 7}):
        stale = staff.put(url(comment), {**ANSWER, "outcome": "noted", **version})
        assert stale.status_code == 409
        assert stale.json()["current"] == {"version": 1, "outcome": "partly_accepted"}
    changed = staff.put(url(comment), {**ANSWER, "outcome": "noted", "version": 1}).json()
    assert (changed["outcome"], changed["version"]) == ("noted", 2)


def test_a_published_answer_stays_published(comment: Comment) -> None:
    staff = client_of(make_user("staff"))
    staff.put(url(comment), {**ANSWER, "published": True})
    refused = staff.put(url(comment), {**ANSWER, "version": 1, "published": False})
    assert refused.status_code == 409 and refused.json()["current"] == {"published": True}
    # Who may not publish may still better what is out.
    drafter = client_of(make_user("drafter"))
    sent = {"outcome": "noted", "response": "Noted.", "version": 1, "published": True}
    assert drafter.put(url(comment), sent).json()["published"] is True


def test_a_publication_that_is_refused_leaves_no_answer(comment: Comment) -> None:
    drafter = client_of(make_user("drafter"))
    assert drafter.put(url(comment), {**ANSWER, "published": True}).status_code == 403
    assert not Disposition.objects.exists()


def test_the_applied_revision_is_the_one_named_last(comment: Comment) -> None:
    staff = client_of(make_user("staff"))
    first, second = Revision.objects.filter(provision_text__provision__draft=comment.round.draft)[:2]
    older, newer = sorted((first.pk, second.pk))
    made = staff.put(url(comment), {**ANSWER, "applied_revision": newer}).json()
    assert made["applied_revision"] == newer
    again = staff.put(url(comment), {**ANSWER, "version": 1, "applied_revision": older}).json()
    assert again["applied_revision"] == older
    make_draft(paragraphs=1)
    elsewhere = Revision.objects.latest("pk").pk
    for wrong in (elsewhere, 10**15):
        answer = staff.put(url(comment), {**ANSWER, "version": 2, "applied_revision": wrong})
        assert answer.status_code == 400 and list(answer.json()) == ["applied_revision"]
    assert Disposition.objects.get().version == 2


def test_answers_speak_the_readers_language(comment: Comment) -> None:
    staff = client_of(make_user("staff"))
    staff.put(url(comment), {**ANSWER, "response": {"en": "Yes.", "fr": "Oui."}, "published": True})
    for language, words in (("fr", "Oui."), ("en", "Yes."), ("es", "Yes.")):
        answer = client_of().get(url(comment), headers={"Accept-Language": language}).json()
        assert answer["response"] == words
        assert answer["responses"] == {"en": "Yes.", "fr": "Oui."}


def test_a_repeated_answer_is_no_stale_one(comment: Comment) -> None:
    staff, key = client_of(make_user("staff")), {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        answer = staff.put(url(comment), ANSWER, headers=key)
        assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert staff.put(url(comment), ANSWER, headers={"Idempotency-Key": "x"}).status_code == 400


def test_withdrawn_comments_are_not_answered(comment: Comment) -> None:
    client_of(comment.author).post(f"/api/v1/comments/{comment.uuid}/withdraw/")
    refused = client_of(make_user("staff")).put(url(comment), ANSWER)
    assert refused.status_code == 409 and refused.json()["current"] == {"status": "withdrawn"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        [],
        {},
        {"outcome": "noted"},
        {**ANSWER, "outcome": "maybe"},
        {**ANSWER, "outcome": []},
        {**ANSWER, "response": ""},
        {**ANSWER, "response": {}},
        {**ANSWER, "response": {"xx": "y"}},
        {**ANSWER, "response": {"en": 5}},
        {**ANSWER, "response": ["a"]},
        {**ANSWER, "response": "a\x00"},
        {**ANSWER, "response": "x" * 20_001},
        b'{"outcome": "noted", "response": "\\ud800"}',
        b'{"outcome": "noted", "response": {"\\ud800": "x"}}',
        {**ANSWER, "version": 10**30},
        {**ANSWER, "applied_revision": 10**30},
        {**ANSWER, "applied_revision": "x"},
        {**ANSWER, "published": "perhaps"},
    ],
    ids=lambda body: repr(body)[:60],
)
def test_malformed_answers_are_the_callers_fault(comment: Comment, body: Any) -> None:
    kind = {"content_type": "application/json"} if isinstance(body, bytes) else {"format": "json"}
    assert client_of(make_user("staff")).put(url(comment), body, **kind).status_code == 400
    assert not Disposition.objects.exists()


def test_one_text_is_in_the_language_of_its_words(comment: Comment) -> None:
    staff = client_of(make_user("staff"))
    made = staff.put(url(comment), {**ANSWER, "response": "同意，案文已作修改。"})
    assert made.json()["responses"] == {"zh-hans": "同意，案文已作修改。"}
