"""On paper: the text with its numbers and notes, no tools, and what was said where asked for."""

import pytest
from playwright.sync_api import Page, expect

from consultations.actions.tallying import recount_round
from tests.browser.conftest import scrolls_sideways, violations
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_tools_stay_off_the_paper_and_voices_unless_asked_for(page: Page, language: str) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    make_comment(round, make_user(), provision_key="para_1", body="Say who pays.")
    recount_round(round_id=round.pk)
    address = f"/{language}/guidelines/{round.draft.guidelines.slug}/1/"
    page.goto(f"{address}chp_1/")
    expect(page.locator(".print-only")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".print-only")).to_contain_text(f"{address}chp_1/")
    for tool in (".site-head", ".site-foot", ".reading__contents", ".menu--text", ".filters", ".margin-note"):
        expect(page.locator(tool).first).to_be_hidden()
    number, words = (
        page.locator(f"#para_1 .provision__{part}").bounding_box() for part in ("number", "text")
    )
    assert number and words and abs(number["y"] - words["y"]) < 12
    hangs = number["x"] > words["x"] if page.evaluate("document.dir") == "rtl" else number["x"] < words["x"]
    assert hangs
    page.emulate_media(media="screen")
    page.locator("#print-voices").check()
    page.emulate_media(media="print")
    expect(page.locator("#para_1 .glimpse")).to_contain_text("Say who pays.")
    page.emulate_media(media="screen")
    page.goto(f"{address}whole/")
    assert violations(page) == [] and not scrolls_sideways(page)
