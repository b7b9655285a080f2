"""Writing a comment on any line: saved on the way, sent once, nothing lost."""

import pytest
from playwright.sync_api import Locator, Page, expect

from consultations.actions.anchoring import AnchorInput
from consultations.actions.tallying import recount_round
from consultations.models import Comment, Round
from tests.browser.conftest import eventually, violations
from tests.browser.test_journey import sign_in
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=3))


def reading(round: Round) -> str:
    return f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/"


def open_form(page: Page, key: str = "para_1") -> Locator:
    page.locator(f"#{key} [data-voices]").click()
    form = page.locator(f"#{key} form.comment-form")
    expect(form).to_be_attached()
    if not form.is_visible():  # folded where others have spoken
        page.locator(f"#{key} .voices__form > summary").click()
    return form


def forgive_the_line(page: Page) -> None:
    """The browser calls a request without a line an error; nothing else may be wrong."""
    assert all("ERR_INTERNET_DISCONNECTED" in said for said in page.complaints)  # type: ignore[attr-defined]
    page.complaints.clear()  # type: ignore[attr-defined]


def test_what_is_typed_is_saved_as_a_draft_and_then_sent(page: Page, round_: Round) -> None:
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    form = open_form(page)
    form.locator("[name=body]").fill("It should say who pays.")
    expect(form.locator("[data-saved]")).to_contain_text("Saved as a draft", timeout=10_000)
    draft = Comment.objects.get()
    assert (draft.status, draft.body) == ("draft", "It should say who pays.")
    form.locator("[name=body]").fill("It should say who pays, and when.")
    form.get_by_role("button", name="Submit").click()
    expect(page.locator("#para_1 .voices [role=status]").first).to_contain_text("Your comment is no. 1")
    sent = Comment.objects.get()
    assert (sent.pk, sent.status, sent.body) == (draft.pk, "submitted", "It should say who pays, and when.")
    assert violations(page) == []
    page.get_by_role("button", name="Undo sending").click()
    page.wait_for_url("**/comments/**")
    assert sorted(Comment.objects.values_list("status", flat=True)) == ["draft", "withdrawn"]


def test_ten_times_without_a_line_it_arrives_once(page: Page, round_: Round) -> None:
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    for n in range(1, 11):
        form = open_form(page, f"para_{n % 3 + 1}")
        page.context.set_offline(True)
        form.locator("[name=body]").fill(f"Said without a line, time {n}.")
        form.get_by_role("button", name="Submit").click()
        expect(form.locator("[data-saved]")).to_contain_text("sent by itself when the line is back")
        page.context.set_offline(False)
        expect(page.locator(".voices [role=status]").first).to_contain_text(f"Your comment is no. {n}.")
        page.get_by_role("button", name="Close").click()
    assert sorted(Comment.objects.values_list("body", flat=True)) == sorted(
        f"Said without a line, time {n}." for n in range(1, 11)
    )
    forgive_the_line(page)


def test_what_waited_is_sent_from_another_page_later(page: Page, round_: Round) -> None:
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    form = open_form(page)
    page.context.set_offline(True)
    form.locator("[name=body]").fill("Closed before the line came back.")
    form.get_by_role("button", name="Submit").click()
    expect(form.locator("[data-saved]")).to_contain_text("sent by itself")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(f"/en/rounds/{round_.pk}/on/para_2/")
    expect(page.get_by_text("A comment that was waiting for the line has arrived")).to_be_visible()
    assert Comment.objects.get().body == "Closed before the line came back."
    forgive_the_line(page)


def test_a_change_is_drawn_while_it_is_typed(page: Page, round_: Round) -> None:
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    form = open_form(page)
    form.locator("summary", has_text="Propose other words").click()
    words = form.locator("[name=proposed_text]")
    expect(words).to_have_value("Paragraph 1 speaks of smart cities.")
    words.fill("Paragraph 1 speaks of people.")
    expect(form.locator("[data-redline] del")).to_have_text("smart cities")
    expect(form.locator("[data-redline] ins")).to_have_text("people")


def test_personal_data_are_pointed_out(page: Page, round_: Round) -> None:
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    form = open_form(page)
    form.locator("[name=body]").fill("Paragraph 33 (a) of A/RES/70/1 is better.")
    expect(form.locator("[data-personal]")).to_be_hidden()
    form.locator("[name=body]").fill("Write to me: ana@example.org.")
    expect(form.locator("[data-personal]")).to_be_visible()


def test_words_outlive_the_session(page: Page, round_: Round) -> None:
    user = make_user("expert")
    sign_in(page, user)
    page.goto(reading(round_))
    form = open_form(page)
    page.context.clear_cookies()
    form.locator("[name=body]").fill("Written while signed out.")
    form.get_by_role("button", name="Submit").click()
    expect(form.locator("[data-saved]")).to_contain_text("You are signed out")
    assert all("401" in said or "403" in said for said in page.complaints)  # type: ignore[attr-defined]
    page.complaints.clear()  # type: ignore[attr-defined]
    form.locator("[data-saved] a").click()
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", "correct horse battery staple")
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{reading(round_)}*")
    expect(open_form(page).locator("[name=body]")).to_have_value("Written while signed out.")


def test_quoted_words_are_underlined_and_open_what_was_said(page: Page, round_: Round) -> None:
    quote = AnchorInput(exact="smart cities")
    for _ in range(2):
        make_comment(round_, make_user(), provision_key="para_1", anchor=quote)
    make_comment(round_, make_user(), provision_key="para_1", anchor=AnchorInput(exact="of smart"))
    recount_round(round_id=round_.pk)
    page.goto(reading(round_))
    eventually(page, "() => CSS.highlights.get('voices-2')?.size === 2")
    drawn = "level => [...CSS.highlights.get(level)].map(range => range.toString())"
    assert page.evaluate(drawn, "voices-1") == ["of "]
    assert page.evaluate(drawn, "voices-2") == ["smart", " cities"]  # quoted three times, then twice
    place = page.evaluate(
        "() => { const r = [...CSS.highlights.get('voices-2')][0].getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + r.height / 2]; }"
    )
    page.mouse.click(*place)
    expect(page.locator("#para_1 > .voices")).to_be_visible()
