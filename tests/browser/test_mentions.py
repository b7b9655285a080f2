"""Calling somebody by name while replying: names are offered, by keyboard and by pointer, in both directions."""

import pytest
from playwright.sync_api import Locator, Page, expect

from consultations.actions.discussing import reply_to_comment
from consultations.models import Comment, Mention
from tests.browser.conftest import scrolls_sideways, violations
from tests.browser.test_journey import sign_in
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def comment() -> Comment:
    comment = make_comment(
        make_round(make_draft(status="published", paragraphs=1)), make_user(name="Ana Ruiz")
    )
    reply_to_comment(author=make_user(name="سلمى بنكيران"), comment=comment, body="نعم.")
    return comment


def field_of(page: Page, comment: Comment, language: str = "en") -> Locator:
    page.goto(f"/{language}/rounds/{comment.round_id}/comments/{comment.uuid}/")
    return page.locator("form[data-keep*=reply] textarea")


def test_a_name_is_chosen_by_keyboard_and_sent(page: Page, comment: Comment) -> None:
    sign_in(page, make_user("expert", name="Kwabena"))
    field = field_of(page, comment)
    names = page.get_by_role("option")
    field.press_sequentially("Yes, @")
    expect(names).to_have_count(3)
    assert field.get_attribute("aria-activedescendant") == names.first.get_attribute("id")
    assert violations(page) == []
    field.press("ArrowDown")
    expect(names.nth(1)).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(names.first).to_be_hidden()
    assert field.get_attribute("role") is None and field.input_value() == "Yes, @"
    field.press_sequentially("ru")
    expect(names.first).to_be_hidden()  # refused for this sign
    field.fill("")
    field.press_sequentially("Yes, @ru")
    expect(names).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("Yes, @Ana Ruiz ")
    field.press_sequentially("indeed; mail@ana.example too")
    expect(names.first).to_be_hidden()
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator("bdi.mention")).to_have_text("@Ana Ruiz")
    assert Mention.objects.get().whom == "commenter"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_name_is_chosen_by_pointer_in_arabic(page: Page, comment: Comment, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, make_user("expert"))
    field = field_of(page, comment, "ar")
    field.press_sequentially("شكرا @سل")
    name = page.get_by_role("option")
    expect(name).to_have_count(1)
    place, box = name.bounding_box(), field.bounding_box()
    assert place and box and place["height"] >= 44
    # It hangs from the field, at the side where Arabic begins.
    assert abs((place["x"] + place["width"]) - (box["x"] + box["width"])) < 20
    assert not scrolls_sideways(page) and violations(page) == []
    name.click()
    expect(field).to_have_value("شكرا @سلمى بنكيران ")
    expect(field).to_be_focused()
