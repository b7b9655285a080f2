"""Comments sent wrongly are the caller's mistake, told as such, and never a failure of the portal."""

from typing import Any
from uuid import uuid4

import pytest

from consultations.models import Comment, Round
from tests.api_client import client_of
from tests.consultations.api.test_comments import WORDS, list_url, url
from tests.factories import make_comment, make_user

pytestmark = pytest.mark.django_db


BODIES: list[Any] = [
    b"{",
    b"\xff\xfe",
    b"[" * 100_000,
    [],
    [{}],
    "words",
    5,
    None,
    {},
    {"body": None},
    {"body": []},
    {"body": {"en": "x"}},
    {"body": "a\x00b"},
    {"body": "\u202e\u200b\u2066"},
    b'{"body": "\\ud800"}',
    b'{"body": "x", "kind": "\\ud800"}',
    b'{"body": "x", "anchor": {"exact": "x", "language": "\\udfff"}}',
    b'{"body": "x", "\\ud800": 1}',
    {"body": "x" * 20_001},
    {**WORDS, "kind": []},
    {**WORDS, "kind": "\x00"},
    {**WORDS, "language": "xx"},
    {**WORDS, "provision": "nowhere"},
    {**WORDS, "provision": {}},
    {**WORDS, "provision": "a\x00"},
    {**WORDS, "provision": "x" * 10_000},
    {**WORDS, "status": "hidden"},
    {**WORDS, "attribution": 7},
    {**WORDS, "anchor": {"exact": "smart", "start": 10**30, "end": 10**31}},
    {**WORDS, "anchor": {"exact": "\x00"}},
    b'{"provision": "para_1", "body": "x", "anchor": {"exact": "smart", "start": 1e999, "end": 1e999}}',
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body)[:50])
def test_malformed_comments_are_the_callers_fault(round_: Round, body: Any) -> None:
    client = client_of(make_user())
    key = {"Idempotency-Key": str(uuid4())}
    comment = make_comment(round_, make_user())
    kind = {"content_type": "application/json"} if isinstance(body, bytes) else {"format": "json"}
    assert client.post(list_url(round_), body, **kind, headers=key).status_code == 400
    for path in ("replies/", "support/"):
        assert client.post(url(comment, path), body, **kind).status_code in (400, 201)
    mine = client_of(comment.author)
    assert mine.patch(url(comment), body, **kind).status_code == 400
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("version", [None, "x", 0, -1, 10**20, 1.5, [], "1x"])
def test_malformed_versions_are_told(round_: Round, version: Any) -> None:
    comment = make_comment(round_, make_user())
    answer = client_of(comment.author).patch(url(comment), {"version": version, "body": "x"})
    assert answer.status_code == 400 and list(answer.json()) == ["version"]


@pytest.mark.parametrize(
    "path",
    [
        "comments/not-a-uuid/",
        f"comments/{'-' * 36}/",
        f"comments/{'f' * 36}/",
        "comments/00000000-0000-4000-8000-000000000000/",
        "rounds/99999999999999999999/comments/",
        "rounds/999999999999999/comments/",
        "rounds/%00/comments/",
    ],
)
def test_ids_that_nothing_has_are_not_found(path: str) -> None:
    assert client_of(make_user()).get(f"/api/v1/{path}").status_code == 404
    assert client_of(make_user()).post(f"/api/v1/{path}", WORDS).status_code in (404, 405)
