"""The secretariat's pages in a browser: the desk by keyboard, and all of them accessible."""

import pytest
from playwright.sync_api import Page, expect

from consultations.models import Disposition
from tests.browser.conftest import scrolls_sideways, violations
from tests.browser.test_journey import sign_in
from tests.consultations.answered import make_template
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_desk_is_worked_by_keyboard(page: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    comments = [make_comment(round, make_user(), provision_key="para_1") for _ in range(3)]
    sign_in(page, make_user("staff"))
    page.goto(f"/en/rounds/{round.pk}/desk/?comment={comments[0].uuid}")
    expect(page.locator("[data-desk-row][aria-current]")).to_be_focused()
    page.keyboard.press("j")
    page.wait_for_url(f"**comment={comments[1].uuid}")
    page.keyboard.press("p")
    page.keyboard.type("Partly, and here is why: a p n r j k.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**comment={comments[2].uuid}")
    disposition = Disposition.objects.get()
    assert (disposition.comment, disposition.outcome) == (comments[1], "partly_accepted")
    assert disposition.answer.responses == {"en": "Partly, and here is why: a p n r j k."}
    page.keyboard.press("k")
    page.wait_for_url(f"**comment={comments[1].uuid}")


def test_every_key_of_the_desk_does_what_the_page_says(page: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    comments = [make_comment(round, make_user(), provision_key="para_1") for _ in range(4)]
    sign_in(page, make_user("staff", name="Sana Staff"))
    page.goto(f"/en/rounds/{round.pk}/desk/?comment={comments[1].uuid}")
    row = page.locator("[data-desk-row][aria-current]")
    expect(row).to_be_focused()
    boxes = page.locator("[name=chosen]")
    page.keyboard.press("x")
    expect(boxes.nth(1)).to_be_checked()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[name=chosen]:checked")).to_have_count(3)
    page.locator("[data-desk-tick]").click()
    expect(page.locator("[name=chosen]:checked")).to_have_count(4)
    row.focus()
    page.keyboard.press("?")
    expect(page.locator("[data-desk-keys]")).to_have_attribute("open", "")
    page.keyboard.press("?")
    expect(row).to_be_focused()
    page.keyboard.press(".")
    expect(page.locator("#person")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    row.focus()
    page.keyboard.press(".")
    page.get_by_role("button", name="Assign to me").click()
    expect(page.get_by_text("Assigned to Sana Staff: 1 comment.")).to_be_visible()
    expect(page.locator("[data-desk-row][aria-current]")).to_be_focused()
    page.get_by_text("Write a note").click()
    page.locator("#note-body").fill("j k x . a: only letters here.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".desk-note")).to_contain_text("j k x . a: only letters here.")
    expect(page.locator("#notes")).to_be_focused()


def test_a_template_is_reached_by_t_and_fills_the_form_without_leaving_the_page(page: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    comment = make_comment(round, make_user(), language="fr")
    staff = make_user("staff")
    words = {"en": "No. {number}.", "fr": "N° {number}."}
    template = make_template(staff, outcome="noted", responses=words)
    sign_in(page, staff)
    address = f"/en/rounds/{round.pk}/desk/?comment={comment.uuid}"
    page.goto(address)
    expect(page.locator("[data-desk-row][aria-current]")).to_be_focused()
    page.keyboard.press("t")
    expect(page.locator("#template")).to_be_focused()
    page.select_option("#template", str(template.pk))
    expect(page.locator("[name=response]")).to_have_value("N° 1.")
    expect(page.locator("[name=response_en]")).to_have_value("No. 1.")
    expect(page.locator("[name=outcome][value=noted]")).to_be_checked()
    assert page.url.endswith(address)
    page.locator("[name=response]").fill("My own words.")
    page.select_option("#template", "")
    page.select_option("#template", str(template.pk))
    expect(page.locator("[name=response]")).to_have_value(
        "My own words."
    )  # typed words stay until the button
    page.locator("#use-template").click()
    expect(page.locator("[name=response]")).to_have_value("N° 1.")


def test_letters_do_nothing_outside_the_desk(page: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    make_comment(round, make_user())
    sign_in(page, make_user("staff"))
    page.goto(f"/en/rounds/{round.pk}/desk/")
    page.locator("#search").focus()
    page.keyboard.type("apnrjk")
    expect(page.locator("#search")).to_have_value("apnrjk")
    page.locator("#search").blur()
    page.keyboard.press("a")
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_secretariat_s_pages_are_accessible_and_fit(page: Page, language: str, width: int) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    make_comment(round, make_user(), provision_key="para_1", proposed_text="Other words.")
    sign_in(page, make_user("staff"))
    page.set_viewport_size({"width": width, "height": 800})
    base = f"/{language}/rounds/{round.pk}/"
    for path in (
        base,
        f"{base}desk/",
        f"{base}desk/?kind=substantive&assigned=nobody",
        f"{base}desk/people/",
        f"{base}desk/tags/",
        f"{base}desk/filters/?kind=substantive",
        f"{base}desk/work/?all=1",
        f"{base}edit/",
        f"/{language}/rounds/new/",
        f"/{language}/drafts/import/",
    ):
        page.goto(path)
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path
