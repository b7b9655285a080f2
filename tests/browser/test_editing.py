"""A drafter's workspace in browsers: two people on one provision, moving by keyboard and pointer, no scripts."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from drafts.models import Draft, Presence, Provision, ProvisionText, WorkInProgress
from tests.browser.conftest import eventually, scrolls_sideways, violations
from tests.browser.test_journey import sign_in
from tests.factories import make_draft, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft() -> Draft:
    return make_draft(paragraphs=3)


@pytest.fixture
def second(browser: Browser, live_server: Any) -> Any:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def at(draft: Draft, rest: str, language: str = "en") -> str:
    return f"/{language}/drafting/{draft.guidelines.slug}/{draft.number}/edit/{rest}"


def text_of(draft: Draft, key: str = "para_1") -> str:
    return ProvisionText.objects.get(provision__draft=draft, provision__key=key).text


def order(draft: Draft) -> list[str]:
    rows = Provision.objects.filter(draft=draft, kind="paragraph").order_by("position")
    return [row.key for row in rows]


def test_two_browsers_on_one_provision(page: Page, second: Page, draft: Draft) -> None:
    sign_in(page, make_user("drafter", name="Dora"))
    sign_in(second, make_user("drafter", name="Olga"))
    page.goto(at(draft, "para_1/"))
    second.goto(at(draft, "para_1/"))
    expect(second.locator("[data-presence]")).to_contain_text("Dora")
    second.fill("[name=text]", "Paragraph 1 speaks of small smart cities.")
    expect(second.locator("[data-live-text] ins")).to_contain_text("small")
    expect(second.locator("[data-sign]")).to_contain_text("Not saved yet")
    second.fill("[name=reason]", "Small ones too.")
    second.press("[name=text]", "Control+Enter")
    expect(second.locator(".messages")).to_contain_text("Saved.")
    # The other one is told while writing, sees both changes, and saves them together.
    page.locator("[name=text]").press_sequentially("Indeed, p", delay=5)
    page.fill("[name=text]", "Indeed, paragraph 1 speaks of smart cities.")
    expect(page.locator("[data-sign]")).to_contain_text("you will see both", timeout=10_000)
    with page.expect_response(lambda r: r.request.method == "POST" and r.status == 409):
        page.press("[name=text]", "Control+Enter")
    expect(page.locator("section.card ins").first).to_contain_text("small")
    page.complaints.clear()  # type: ignore[attr-defined]  # a 409 is told in the console
    expect(page.locator("[name=text]")).to_have_value("Indeed, paragraph 1 speaks of small smart cities.")
    assert violations(page) == []
    page.press("[name=text]", "Control+Enter")
    expect(page.locator(".messages")).to_contain_text("Saved.")
    assert text_of(draft) == "Indeed, paragraph 1 speaks of small smart cities."
    assert not WorkInProgress.objects.exists()


def test_what_is_typed_is_kept_and_found_again(page: Page, draft: Draft) -> None:
    sign_in(page, make_user("drafter"))
    page.goto(at(draft, "para_1/"))
    page.fill("[name=text]", "Half a sentence")
    expect(page.locator("[data-sign]")).to_contain_text("Kept", timeout=10_000)
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("Half a sentence")
    assert text_of(draft) == "Paragraph 1 speaks of smart cities."
    page.click("text=Throw mine away")
    expect(page.locator("[name=text]")).to_have_value("Paragraph 1 speaks of smart cities.")


def test_a_footnote_and_a_reference_are_inserted(page: Page, draft: Draft) -> None:
    sign_in(page, make_user("drafter"))
    page.goto(at(draft, "para_1/"))
    page.fill("[name=text]", "As said in ")
    page.focus("[data-insert-reference]")
    eventually(page, "() => document.getElementById('provision-names').children.length")
    page.fill("[data-insert-reference]", "Paragraph 3: Paragraph 3 speaks of smart cities.")
    expect(page.locator("[name=text]")).to_have_value("As said in [#para_3]")
    page.click("[data-insert-note]")
    page.locator("[name=note-new]").fill("See there.")
    page.press("[name=note-new]", "Control+Enter")
    expect(page.locator(".messages")).to_contain_text("Saved.")
    assert text_of(draft).startswith("As said in 3[^")
    expect(page.locator("#notes + ol")).to_contain_text("See there.")


def test_moved_by_keyboard(page: Page, draft: Draft) -> None:
    sign_in(page, make_user("drafter"))
    page.goto(at(draft, "para_3/"))
    page.focus("details.place > summary")
    page.keyboard.press("Enter")
    page.focus("#move-up")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Moved.")
    expect(page.locator("#move-up")).to_be_focused()
    assert order(draft) == ["para_1", "para_3", "para_2"]
    page.keyboard.press("Enter")
    expect(page.locator("h1 bdi")).to_have_text("Paragraph 1")
    assert order(draft) == ["para_3", "para_1", "para_2"]


def test_dragged_in_the_tree(page: Page, draft: Draft) -> None:
    sign_in(page, make_user("drafter"))
    page.goto(at(draft, "para_1/"))
    page.drag_and_drop("[data-tree] [data-key=para_1]", "[data-tree] [data-key=para_3]")
    expect(page.locator(".messages")).to_contain_text("Moved.")
    assert order(draft) == ["para_2", "para_3", "para_1"]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_are_accessible_and_fit(page: Page, draft: Draft, language: str, width: int) -> None:
    sign_in(page, make_user("drafter"))
    page.set_viewport_size({"width": width, "height": 800})
    for rest in ("", "para_1/", "para_1/add/", "para_1/split/"):
        page.goto(at(draft, rest, language))
        page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        assert violations(page) == [], rest
        assert not scrolls_sideways(page), rest


def test_without_javascript(browser: Browser, live_server: Any, draft: Draft) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, make_user("drafter"))
    page.goto(at(draft, "para_2/"))
    page.fill("[name=text]", "Two.[^x] And [#para_3].")
    page.click("#words .button--primary")
    page.fill("[name=note-x]", "A note.")
    page.click("#words .button--primary")
    assert text_of(draft, "para_2").endswith("And 3.")
    page.locator("details.place > summary").click()
    page.click("#move-up")
    assert order(draft)[0] == "para_2"
    page.locator("details.wording > summary").last.click()
    page.click("text=Back to revision 1")
    assert text_of(draft, "para_2") == "Paragraph 2 speaks of smart cities."
    assert not Presence.objects.filter(provision__key="para_1").exists()
    context.close()
