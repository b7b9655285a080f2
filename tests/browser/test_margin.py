"""Voices in the margin: beside their provisions, and never in the way of the text."""

import pytest
from playwright.sync_api import Page, expect

from consultations.actions.tallying import recount_round
from consultations.models import Round
from tests.browser.conftest import scrolls_sideways, violations
from tests.browser.test_journey import sign_in
from tests.factories import make_comment, make_draft, make_provision, make_round, make_user, set_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = (
    "Governments at every level are encouraged to enforce rules on data that residents can understand. " * 4
)
HEIGHTS = (
    "() => [...document.querySelectorAll('.draft .provision')].map(p => p.getBoundingClientRect().height)"
)

INSIDE = (
    "note => [...note.children].every("
    "each => !each.offsetHeight || each.offsetTop + each.offsetHeight <= note.clientHeight + 1)"
)


@pytest.fixture
def round_() -> Round:
    draft = make_draft(paragraphs=1)
    make_provision(draft, "para_9", number="9", text=LONG.strip())
    round = make_round(draft)
    for key in ("para_1", "para_9"):
        for n in range(3):
            words = LONG.strip().replace("enforce", f"apply fairly {n}", 1)
            make_comment(round, make_user(), provision_key=key, proposed_text=words)
    recount_round(round_id=round.pk)
    set_status(draft, "circulated")
    return round


def reading(round: Round, language: str = "en") -> str:
    return f"/{language}/guidelines/{round.draft.guidelines.slug}/1/chp_1/"


@pytest.mark.parametrize("width", [1024, 1440])
def test_as_much_as_there_is_room_for_and_the_text_stays_where_it_is(
    page: Page, round_: Round, width: int
) -> None:
    sign_in(page, make_user("staff"))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(reading(round_))
    expect(page.locator("#para_9 .glimpse").first).to_be_visible()
    expect(page.locator("#para_9 .glimpse").first).to_contain_text("apply fairly")
    expect(page.locator("#para_1 .glimpse").first).to_be_hidden()  # one line leaves room for the count alone
    for note in page.locator(".margin-note:has(.glimpse)").all():
        assert note.evaluate(INSIDE)
    with_glimpses = page.evaluate(HEIGHTS)
    page.evaluate("() => document.querySelectorAll('.glimpse').forEach(g => g.remove())")
    assert page.evaluate(HEIGHTS) == with_glimpses
    assert violations(page) == [] and not scrolls_sideways(page)


def test_the_whole_of_it_opens_what_was_said(page: Page, round_: Round) -> None:
    sign_in(page, make_user("staff"))
    page.goto(reading(round_))
    box = page.locator("#para_9 .glimpse").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 20, box["y"] + 10)
    expect(page.locator("#para_9 > .voices")).to_be_visible()


def test_on_a_small_screen_the_count_stands_alone(page: Page, round_: Round) -> None:
    sign_in(page, make_user("staff"))
    page.set_viewport_size({"width": 880, "height": 900})
    page.goto(reading(round_))
    expect(page.locator("#para_9 [data-voices]")).to_contain_text("3 comments, 3 proposals")
    expect(page.locator(".glimpse").first).to_be_hidden()
