"""The contents of a draft, as people see them."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import make_draft, make_provision, make_text, make_user

pytestmark = pytest.mark.django_db


def page(path: str, user: Any = None) -> str:
    client = Client()
    if user:
        client.force_login(user)
    return client.get(path).content.decode()


def test_the_latest_published_draft_is_shown_and_others_are_linked() -> None:
    first = make_draft(status="superseded", label="Zero draft")
    make_draft(status="published", label="First draft", guidelines=first.guidelines)
    make_draft(label="Secret draft", guidelines=first.guidelines)
    shown = page(f"/en/guidelines/{first.guidelines.slug}/")
    assert "First draft" in shown and "Zero draft" in shown
    assert "Secret draft" not in shown
    assert "Secret draft" in page(f"/en/guidelines/{first.guidelines.slug}/", make_user("staff"))


def test_a_draft_that_is_not_open_is_no_page() -> None:
    draft = make_draft()
    for path in (f"/en/guidelines/{draft.guidelines.slug}/", f"/en/guidelines/{draft.guidelines.slug}/1/"):
        assert Client().get(path).status_code == 404
    assert Client().get("/en/guidelines/nowhere/").status_code == 404


def test_pillars_stand_in_two_groups_and_groups_without_pillars_are_left_out() -> None:
    draft = make_draft()
    make_provision(draft, "pillar_1", kind="pillar", pillar=1, heading="Prosperity")
    address = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/"
    shown = page(address, make_user("staff"))
    assert "Thematic pillars" in shown and "Enabling pillars" not in shown
    make_provision(draft, "pillar_5", kind="pillar", pillar=5, heading="Governance")
    shown = page(address, make_user("staff"))
    assert shown.index("Prosperity") < shown.index("Enabling pillars") < shown.index("Governance")


def test_how_much_is_translated_is_said_and_links_keep_the_language_of_the_text() -> None:
    draft = make_draft(paragraphs=3)
    make_text(draft.provisions.get(key="chp_1"), language="fr", heading="Introduction en bref")
    address = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/"
    shown = page(f"{address}?text=fr", make_user("staff"))
    assert "25 % translated" in shown
    assert f'{address}chp_1/?text=fr"' in shown
    assert "Introduction en bref" in shown


def test_only_open_drafts_leave_a_copy_on_the_device(client: Client) -> None:
    client.force_login(make_user("drafter"))
    for status, kept in (("working", None), ("circulated", None), ("published", "1"), ("adopted", "1")):
        draft = make_draft(status=status, paragraphs=1)
        answer = client.get(f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/chp_1/")
        assert answer.status_code == 200 and answer.headers.get("X-Keep-For-Offline") == kept
