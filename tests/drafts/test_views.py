"""The contents of a draft, as people see them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from drafts.models import Draft
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


def test_the_whole_draft_stands_on_one_page_with_its_notes_at_the_end() -> None:
    draft = make_draft(paragraphs=2)
    paragraph = make_provision(draft, "para_3", number="3", text="Marked.")
    make_provision(draft, "note_1", kind="footnote", number="1", parent=paragraph, text="A note of it.")
    make_provision(draft, "pillar_1", kind="pillar", pillar=1, heading="Prosperity")
    make_provision(draft, "para_4", number="4", pillar=1, text="In a pillar.")
    make_text(paragraph, language="ar", text="نص بالعربية.")
    address = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/"
    assert Client().get(f"{address}whole/").status_code == 404
    staff = make_user("staff")
    shown = page(f"{address}whole/", staff)
    parts = (
        "Introduction</h2>",
        "Paragraph 1 speaks",
        "Marked.",
        "Prosperity</h2>",
        "In a pillar.",
        "A note of it.",
    )
    places = [shown.index(part) for part in parts]
    assert places == sorted(places) and shown.count("<h1") == 1
    assert f"http://testserver{address}whole/" in shown  # on paper it says where it is from
    assert f'href="{address}whole/"' in page(address, staff)
    assert "نص بالعربية." in page(f"{address}whole/?text=ar", staff)


def test_an_empty_draft_says_so() -> None:
    draft = Draft.objects.create(guidelines=make_draft().guidelines, number=9, label="Begun")
    address = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/whole/"
    assert "This draft has no text yet." in page(address, make_user("staff"))


def test_the_whole_draft_costs_the_same_however_long_it_is() -> None:
    def cost(paragraphs: int) -> int:
        draft = make_draft(status="published", paragraphs=paragraphs)
        with CaptureQueriesContext(connection) as captured:
            page(f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/whole/")
        return len(captured)

    assert cost(2) == cost(40) <= 6


def test_a_text_without_a_word_in_the_page_s_language_says_in_which_it_is_read() -> None:
    draft = make_draft(status="published", paragraphs=1)
    for part in ("", "chp_1/", "whole/"):
        shown = page(f"/zh-hans/guidelines/{draft.guidelines.slug}/{draft.number}/{part}")
        menu = shown.partition('class="menu menu--text"')[2].partition("</summary>")[0]
        assert '<span lang="en">English</span>' in menu, part


@pytest.mark.parametrize(("role", "found"), [("staff", True), ("expert", False)])
def test_whoever_may_see_the_checks_of_a_draft_is_led_to_them(role: str, found: bool) -> None:
    draft = make_draft(status="published", paragraphs=1)
    client = Client()
    client.force_login(make_user(role))
    slug = draft.guidelines.slug
    page = client.get(f"/en/guidelines/{slug}/{draft.number}/").content.decode()
    assert (f"/en/drafting/{slug}/{draft.number}/checks/" in page) is found
