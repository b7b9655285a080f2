"""Beginning the next draft, as drafters do it in the browser."""

import pytest
from django.test import Client

from drafts.models import Draft
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def address(draft: Draft) -> str:
    return f"/en/drafting/{draft.guidelines.slug}/{draft.number}/begin/"


def test_a_drafter_begins_the_next_draft_and_lands_in_the_workspace() -> None:
    base = make_draft(status="published", paragraphs=2)
    client = signed_in("drafter")
    contents = client.get(f"/en/guidelines/{base.guidelines.slug}/{base.number}/").content.decode()
    assert address(base) in contents
    assert "Name of the next draft" in client.get(address(base)).content.decode()
    answer = client.post(address(base), {"label": "Second draft"})
    draft = Draft.objects.get(label="Second draft")
    assert answer["Location"] == f"/en/drafting/{base.guidelines.slug}/{draft.number}/edit/"
    assert set(draft.provisions.values_list("key", flat=True)) == set(
        base.provisions.values_list("key", flat=True)
    )
    assert client.get(answer["Location"]).status_code == 200


def test_a_label_that_is_taken_or_missing_is_said_beside_its_field() -> None:
    base = make_draft(status="published", label="First draft")
    client = signed_in("drafter")
    for label, said in (("first DRAFT", "First draft"), ("", "required")):
        answer = client.post(address(base), {"label": label})
        assert answer.status_code == 400
        assert said.lower() in answer.content.decode().lower()
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("role", ["staff", "expert", "participant"])
def test_only_drafters_begin_one(role: str) -> None:
    base = make_draft(status="published", paragraphs=1)
    client = signed_in(role)
    assert client.post(address(base), {"label": "Mine"}).status_code == 403
    assert Draft.objects.count() == 1


def test_a_draft_that_one_may_not_read_is_not_there() -> None:
    assert signed_in("expert").get(address(make_draft())).status_code == 404
    assert Client().get(address(make_draft())).status_code == 302


def test_a_label_carries_no_characters_that_nobody_sees() -> None:
    base = make_draft(status="published", label="First draft")
    client = signed_in("drafter")
    for label in ("\u202e\u200b", "First\u200b draft"):
        assert client.post(address(base), {"label": label}).status_code == 400
    assert client.post(address(base), {"label": "\u202eSecond draft"}).status_code == 302
    assert Draft.objects.filter(label="Second draft").exists()
