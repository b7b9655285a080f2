"""The reading room answers at once, and comes in time on a slow line."""

from collections.abc import Iterator

import pytest
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, Route, expect

from bench.browser import largest_paint
from consultations.actions.tallying import recount_round
from consultations.models import Round
from tests.browser.conftest import eventually
from tests.browser.test_journey import sign_in
from tests.browser.test_writing import open_form, reading
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def round_() -> Round:
    round = make_round(make_draft(status="published", paragraphs=40))
    make_comment(round, make_user(), provision_key="para_1")
    recount_round(round_id=round.pk)
    return round


@pytest.fixture
def installed() -> Iterator[str]:
    """The portal with its own way of serving files, compressed; the tests' server has another."""
    server = LiveServerThread("localhost", lambda handler: handler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert not server.error
    yield f"http://localhost:{server.port}"
    server.terminate()


def hold(page: Page, path: str) -> list[Route]:
    """The portal keeps silent about addresses with that part; what it was asked is listed."""
    held: list[Route] = []
    page.route(f"**{path}**", lambda route: held.append(route))
    return held


def first(page: Page, held: list[Route]) -> Route:
    """The first request that is held, once it has been made."""
    while not held:
        page.wait_for_timeout(20)
    return held[0]


def test_the_largest_part_of_a_page_comes_in_four_seconds(
    browser: Browser, installed: str, round_: Round
) -> None:
    """At 400 kbit/s and 400 ms, everything cold: ``make bench BENCH=line`` measures the other pages."""
    assert 0 < largest_paint(browser, installed, reading(round_)) <= 4000


def test_a_press_on_voices_is_seen_before_they_are_there(page: Page, round_: Round) -> None:
    page.goto(reading(round_))
    plain = page.locator("#para_1").evaluate("e => getComputedStyle(e).backgroundColor")
    held = hold(page, "/on/para_1/")
    page.locator("#para_1 [data-voices]").click()
    page.mouse.move(0, 0)
    expect(page.locator("#para_1")).to_have_attribute("aria-busy", "true")
    assert page.locator("#para_1").evaluate("e => getComputedStyle(e).backgroundColor") != plain
    first(page, held).continue_()
    assert len(held) == 1  # asked when the button went down, and not again
    expect(page.locator("#para_1 > .voices")).to_be_focused()
    expect(page.locator("#para_1")).not_to_have_attribute("aria-busy", "true")


def test_a_position_is_seen_to_be_taken_and_taken_once(page: Page, round_: Round) -> None:
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    page.locator("#para_1 [data-voices]").click()
    held = hold(page, "/position/")
    support = page.get_by_role("button", name="Support", exact=True)
    support.click()
    expect(page.locator("#para_1 .comment[aria-busy=true]")).to_have_count(1)
    support.click()
    first(page, held).continue_()
    assert len(held) == 1
    expect(page.get_by_role("button", name="No longer support")).to_be_focused()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def test_choosing_voices_is_seen_at_once_and_not_on_the_way_back(page: Page, round_: Round) -> None:
    page.goto(reading(round_))
    page.locator(".filters summary").click()
    page.select_option("#voices-kind", "technical")
    page.evaluate(
        "document.addEventListener('submit',"
        " (event) => setTimeout(() => sessionStorage.setItem('busy', event.target.ariaBusy)))"
    )
    held = hold(page, "kind=technical")
    page.get_by_role("button", name="Show", exact=True).click(no_wait_after=True)
    # Nothing is asked of a page that is being left: what it saw is read on the next one.
    first(page, held).continue_()
    page.wait_for_url("**kind=technical**")
    assert page.evaluate("sessionStorage.getItem('busy')") == "true"
    page.go_back()
    expect(page.locator("form[aria-busy]")).to_have_count(0)


def test_words_marked_with_the_mouse_offer_a_comment_at_once(page: Page, round_: Round) -> None:
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    box = page.locator("#para_2 .provision__text").bounding_box()
    assert box
    page.mouse.move(box["x"] + 3, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 12, steps=4)
    # What waits for a selection to settle is too late for a mouse that has let go.
    page.evaluate(
        "addEventListener('pointerup', () => setTimeout(() => {"
        " window.offered = !!document.querySelector('.selection-bar'); }, 100))"
    )
    page.mouse.up()
    eventually(page, "() => window.offered !== undefined")
    assert page.evaluate("window.offered")


def test_words_marked_by_keyboard_lead_into_the_field(page: Page, round_: Round) -> None:
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    page.locator("#para_1").focus()
    for key in ("v", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#para_1 form.comment-form [name=quote]")).to_have_value("Paragraph 1")
    expect(page.locator("#para_1 form.comment-form [name=body]")).to_be_focused()


def test_what_is_said_of_saving_is_said_once(page: Page, round_: Round) -> None:
    """A live region written anew at every key is read aloud at every key."""
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    form = open_form(page, "para_2")
    page.evaluate(
        "window.said = 0; new MutationObserver(() => { window.said += 1; })"
        ".observe(document.querySelector('#para_2 [data-saved]'), { childList: true })"
    )
    form.locator("[name=body]").press_sequentially("Who pays?")
    assert page.evaluate("window.said") == 1
