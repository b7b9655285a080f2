"""Reading without a line what was opened before, with a plain sign of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import eventually, violations
from tests.browser.test_journey import sign_in
from tests.factories import make_draft, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


KEPT = "caches.open('pages').then(cache => cache.match(path)).then(Boolean)"


def open_and_keep(page: Page, path: str) -> None:
    """Open a page until the worker is in charge and has kept it, and the page for "no line" with it."""
    page.goto(path)
    eventually(page, "() => Boolean(navigator.serviceWorker.controller)")
    eventually(page, f"path => {KEPT}", "/en/offline/")
    page.reload()
    eventually(page, f"path => {KEPT}", path)


def test_what_was_opened_is_read_without_a_line(page: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    path = f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/"
    open_and_keep(page, path)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#para_1")).to_contain_text("Paragraph 1 speaks of smart cities.")
    expect(page.locator(".offline-sign")).to_contain_text("you are reading the copy kept on")
    assert violations(page) == []
    page.goto("/en/rounds/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.locator("[data-kept-pages] a")).to_have_attribute("href", path)
    page.context.set_offline(False)
    page.goto(path)
    expect(page.locator(".offline-sign")).to_have_count(0)
    page.complaints.clear()  # type: ignore[attr-defined]  # without a line, requests fail


def test_what_one_person_read_is_forgotten_when_they_sign_out(page: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    sign_in(page, make_user("expert"))
    path = f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/"
    open_and_keep(page, path)
    page.locator(".site-people summary").click()
    page.get_by_role("button", name="Sign out").click()
    eventually(page, f"path => {KEPT}.then(kept => !kept)", path)


@pytest.mark.parametrize("cleared", [False, True], ids=["signed out by another sign-in", "cookies cleared"])
def test_what_one_person_read_is_never_shown_to_the_next(page: Page, cleared: bool) -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    path = f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/"
    sign_in(page, make_user("expert", name="Ana Before"))
    open_and_keep(page, path)
    if cleared:
        page.context.clear_cookies()
    else:  # the session ends, and the next person's begins on a page that was never open here
        page.context.clear_cookies(name="sessionid")
    sign_in(page, make_user("expert", name="Ben After"))
    eventually(page, f"path => {KEPT}.then(kept => !kept)", path)
    page.goto("/en/rounds/")
    eventually(page, f"path => {KEPT}", "/en/offline/")
    page.context.set_offline(True)
    page.goto(path)
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    assert "Ana Before" not in page.content()
    page.context.set_offline(False)
    page.complaints.clear()  # type: ignore[attr-defined]  # without a line, requests fail


def test_the_note_of_the_reader_outlives_the_limit_on_pages(page: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    path = f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/"
    sign_in(page, make_user("expert", name="Ana Before"))
    open_and_keep(page, path)
    # As many as are kept, so that the next one drops the oldest.
    page.evaluate(
        "async () => { const cache = await caches.open('pages');"
        " for (let n = 0; n < 80; n++) await cache.put(`/en/guidelines/${n}/`, new Response('')); }"
    )
    page.goto(f"{path}?text=en")
    eventually(page, "() => caches.open('pages').then(cache => cache.keys()).then(keys => keys.length <= 80)")
    eventually(page, "() => caches.open('reader').then(cache => cache.match('/reader')).then(Boolean)")
    page.context.clear_cookies()
    page.goto("/en/rounds/")
    eventually(page, "() => caches.open('pages').then(cache => cache.keys()).then(keys => keys.length <= 1)")
