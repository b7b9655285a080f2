"""Several people at the same moment: each write happens once, or says what stands by now."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from knox.models import AuthToken

from drafts.models import Draft, Revision, StatusRequest
from tests.drafts.api.addresses import DRAFTS, of_draft, of_provision
from tests.factories import make_draft, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]

AT_ONCE = 6


def token_of(user: Any) -> str:
    return str(AuthToken.objects.create(user)[1])


def send(method: str, address: str, token: str, body: dict[str, Any]) -> int:
    """The status of one request in a thread, and so on a connection, of its own."""
    try:
        answer = Client().generic(
            method,
            address,
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Token {token}"},
        )
        return answer.status_code
    finally:
        connections.close_all()


def all_at_once(requests: list[tuple[str, str, str, dict[str, Any]]]) -> list[int]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(lambda request: send(*request), requests))


def test_drafts_begun_at_once_are_numbered_one_after_the_other() -> None:
    base = make_draft(status="published", paragraphs=1)
    tokens = [token_of(make_user("drafter")) for _ in range(AT_ONCE)]
    found = all_at_once(
        [("POST", DRAFTS, token, {"base": base.pk, "label": f"By {n}"}) for n, token in enumerate(tokens)]
    )
    assert found == [201] * AT_ONCE
    assert sorted(Draft.objects.values_list("number", flat=True)) == list(range(1, AT_ONCE + 2))


def test_a_label_sought_by_many_is_given_once() -> None:
    base, token = make_draft(status="published"), token_of(make_user("drafter"))
    found = all_at_once([("POST", DRAFTS, token, {"base": base.pk, "label": "Next"})] * AT_ONCE)
    assert found == [201] + [400] * (AT_ONCE - 1)


def test_of_changes_to_one_version_the_first_counts() -> None:
    provision = make_draft(paragraphs=1).provisions.get(key="para_1")
    token = token_of(make_user("drafter"))
    found = all_at_once(
        [
            ("PATCH", of_provision(provision), token, {"version": 1, "text": f"Words {n}."})
            for n in range(AT_ONCE)
        ]
    )
    assert found == [200] + [409] * (AT_ONCE - 1)
    assert Revision.objects.filter(provision_text__provision=provision).count() == 2


def test_one_person_is_never_two() -> None:
    draft, token = make_draft(), token_of(make_user("staff"))
    found = all_at_once([("POST", of_draft(draft, "publish/"), token, {})] * AT_ONCE)
    assert found == [202] + [403] * (AT_ONCE - 1)
    assert StatusRequest.objects.get().confirmed_by is None
