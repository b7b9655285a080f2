"""Publishing over the API takes two people."""

import hashlib
from uuid import uuid4

import pytest

from accounts.models import RoleGrant
from drafts.actions.editions import canonical_bytes
from drafts.models import Draft, Edition, StatusRequest
from tests.api_client import client_of
from tests.drafts.api.addresses import DRAFTS, of_draft, rows
from tests.factories import make_draft, make_group, make_user

pytestmark = pytest.mark.django_db


def publish(draft: Draft) -> str:
    return of_draft(draft, "publish/")


@pytest.mark.parametrize("status", ["working", "circulated"])
@pytest.mark.parametrize(
    ("first", "second"), [("drafter", "staff"), ("staff", "drafter"), ("staff", "staff")]
)
def test_one_asks_and_another_confirms(status: str, first: str, second: str) -> None:
    draft = make_draft(status=status, paragraphs=2)
    one, other = client_of(make_user(first)), client_of(make_user(second))
    asked = one.post(publish(draft))
    assert (asked.status_code, asked.json()) == (202, {"status": status, "confirmed": False})
    assert client_of().get(of_draft(draft)).status_code == 404
    alone = one.post(publish(draft))
    assert alone.status_code == 403 and "two" in alone.json()["detail"]
    out = other.post(publish(draft))
    assert (out.status_code, out.json()) == (200, {"status": "published", "confirmed": True})
    shown = client_of().get(of_draft(draft)).json()
    assert shown["status"] == "published" and shown["published_at"].endswith("Z")
    assert shown["content_hash"] == hashlib.sha256(canonical_bytes(draft, "en")).hexdigest()


def test_every_language_is_frozen(book: Draft) -> None:
    for _ in range(2):
        client_of(make_user("staff")).post(publish(book))
    assert set(Edition.objects.values_list("draft", "language")) == {(book.pk, "en"), (book.pk, "fr")}


def test_who_may() -> None:
    draft, group = make_draft(status="circulated"), make_group()
    draft.access.create(group=group)
    assert client_of().post(publish(draft)).status_code == 401
    for role in ("expert", "coordinator", "admin", "participant"):
        refused = client_of(make_user(role, groups=(group,))).post(publish(draft))
        assert refused.status_code == 403 and refused.json()["detail"]
        assert client_of(make_user(role)).post(publish(draft)).status_code == 404
    assert not StatusRequest.objects.exists()
    of_this_draft = make_user()
    RoleGrant.objects.create(user=of_this_draft, role="drafter", scope_type="draft", scope_id=str(draft.pk))
    assert client_of(of_this_draft).post(publish(draft)).status_code == 202


@pytest.mark.parametrize("status", ["published", "superseded", "adopted"])
def test_what_is_out_is_not_published_again(status: str) -> None:
    draft = make_draft(status=status)
    refused = client_of(make_user("staff")).post(publish(draft))
    assert refused.status_code == 409 and refused.json()["current"] == {"status": status}
    assert client_of(make_user()).post(publish(draft)).status_code == 403
    assert client_of().post(publish(draft)).status_code == 401


def test_a_third_person_comes_too_late() -> None:
    draft = make_draft()
    codes = [client_of(make_user("staff")).post(publish(draft)).status_code for _ in range(3)]
    assert codes == [202, 200, 409]


def test_the_draft_published_before_is_superseded() -> None:
    first = make_draft(status="published")
    second = make_draft(guidelines=first.guidelines)
    for _ in range(2):
        client_of(make_user("staff")).post(publish(second))
    assert [(each["number"], each["status"]) for each in rows(client_of(), DRAFTS)] == [
        (2, "published"),
        (1, "superseded"),
    ]


def test_a_repeat_is_no_second_person() -> None:
    draft = make_draft()
    keys = [{"Idempotency-Key": str(uuid4())} for _ in range(2)]
    one, other = client_of(make_user("drafter")), client_of(make_user("staff"))
    for _ in range(2):
        asked = one.post(publish(draft), headers=keys[0])
        assert (asked.status_code, asked.json()["confirmed"]) == (202, False)
    for _ in range(2):
        out = other.post(publish(draft), headers=keys[1])
        assert (out.status_code, out.json()["status"]) == (200, "published")
    malformed = one.post(publish(make_draft()), headers={"Idempotency-Key": "x"})
    assert malformed.status_code == 400 and list(malformed.json()) == ["Idempotency-Key"]
    assert StatusRequest.objects.count() == 1
