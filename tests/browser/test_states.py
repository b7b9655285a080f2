"""Pages of somebody signed in, with what opens in them and what comes back with errors."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import scrolls_sideways, violations
from tests.browser.test_journey import sign_in
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
@pytest.mark.parametrize("width", [360, 1280])
def test_own_pages_are_accessible_and_fit(page: Page, language: str, width: int) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    me = make_user("expert", name="Ana")
    mine = make_comment(round, me, provision_key="para_1", proposed_text="Other words.")
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, me)
    comment = f"rounds/{round.pk}/comments/{mine.uuid}/"
    for path in ("account/profile/", "my/comments/", comment, f"{comment}edit/", f"rounds/{round.pk}/"):
        page.goto(f"/{language}/{path}")
        closed = page.locator("main details:not([open]) > summary:visible")
        while closed.count():
            closed.first.click()
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path


@pytest.mark.parametrize("width", [360, 1280])
def test_a_form_that_came_back_names_its_errors(page: Page, width: int) -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, make_user("expert"))
    page.goto(f"/en/rounds/{round.pk}/on/para_1/")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert violations(page) == []
    assert len(page.complaints) == 1 and "400" in page.complaints.pop()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [360, 1280])
def test_open_voices_keep_the_focus_and_cover_none(page: Page, width: int) -> None:
    round = make_round(make_draft(status="published", paragraphs=6))
    make_comment(round, make_user(), provision_key="para_6")
    page.set_viewport_size({"width": width, "height": 700})
    sign_in(page, make_user("expert"))
    page.goto(f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/")
    page.locator("#para_6 [data-voices]").click()
    voices = page.locator(".provision > .voices")
    expect(voices).to_be_focused()
    assert violations(page) == []
    support = voices.get_by_role("button", name="Support")
    support.focus()
    page.keyboard.press("Enter")
    expect(voices.get_by_role("button", name="No longer support")).to_be_focused()
    last = page.locator(".site-foot a").last
    last.focus()
    seen = last.evaluate(
        "a => { const r = a.getBoundingClientRect();"
        " return a.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)); }"
    )
    assert seen, "what has the focus lies behind the voices"
    page.keyboard.press("Escape")
    expect(voices).to_have_count(0)
