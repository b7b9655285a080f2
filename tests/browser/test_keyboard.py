"""Every journey by keyboard alone: each stop is seen, nothing lies over it, and what happens is said."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import Consent, User
from consultations.actions.tallying import recount_round
from consultations.models import Comment, Disposition, Position, QuestionAnswer, Reply, Round
from core.models import Job
from tests.accounts.codes import app_code
from tests.browser.conftest import violations
from tests.browser.test_journey import PASSWORD, sign_in
from tests.caches import empty_cache
from tests.factories import make_comment, make_draft, make_question, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is wrong with where the focus is, or "".
SEEN = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "";
  const style = getComputedStyle(e);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
    return `${e.outerHTML.slice(0, 150)} has no outline`;
  const box = e.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (right - left < 1 || bottom - top < 1) return `${e.outerHTML.slice(0, 150)} is outside the window`;
  for (const part of [0.1, 0.5, 0.9]) for (const deep of [0.1, 0.5, 0.9]) {
    const found = document.elementFromPoint(left + (right - left) * part, top + (bottom - top) * deep);
    if (found && (e.contains(found) || found.contains(e))) return "";
  }
  return `${e.outerHTML.slice(0, 150)} lies behind something`;
}"""
POINTED = """for (const type of ['pointerdown', 'mousedown'])
  addEventListener(type, () => { window.pointed = true; }, true);"""


class Keys:
    """A person who has a keyboard and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def to(self, wanted: Locator, *, key: str = "Tab", most: int = 120) -> None:
        """Go there from stop to stop, and see each of them."""
        expect(wanted.first).to_be_attached()
        for _stop in range(most):
            wrong = self.page.evaluate(SEEN)
            assert wrong == "", wrong
            if wanted.first.evaluate("e => e === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"not reached: {wanted}")

    def enter(self, wanted: Locator, **how: Any) -> None:
        self.to(wanted, **how)
        self.press("Enter")


@pytest.fixture(params=[(1280, "en"), (640, "ar")], ids=["wide-en", "zoomed-ar"])
def size(request: pytest.FixtureRequest) -> tuple[int, str]:
    found: tuple[int, str] = request.param
    return found


@pytest.fixture
def keys(browser: Browser, live_server: Any) -> Iterator[Keys]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 720})
    context.add_init_script(POINTED)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield Keys(page)
    page.wait_for_load_state()
    page.wait_for_timeout(200)  # a page that is on its way
    assert not page.evaluate("() => window.pointed"), "something was pressed with a mouse"
    context.close()
    assert wrong == []


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=4))


def reading(round: Round) -> str:
    return f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/"


def test_signing_in_begins_with_the_first_stop(keys: Keys) -> None:
    empty_cache()
    me = make_user("expert")
    me.set_password(PASSWORD)
    me.save()
    EmailAddress.objects.create(user=me, email=me.email, verified=True, primary=True)
    page = keys.page
    page.goto("/en/")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.goto("/en/")
    keys.enter(page.locator(".site-people").get_by_role("link", name="Sign in"))
    keys.to(page.get_by_label("E-mail"))
    keys.type(me.email)
    keys.to(page.get_by_label("Password"))
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.locator(".site-people")).to_contain_text(me.name)
    # The menu opens and closes, and the focus comes back to its name.
    menu = page.locator(".site-people summary")
    keys.enter(menu)
    keys.to(page.get_by_role("link", name="My account"))
    keys.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("link", name="My account")).to_be_hidden()
    keys.press("Enter")
    keys.enter(page.get_by_role("button", name="Sign out"))
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_a_wrong_form_is_read_from_its_errors(keys: Keys, round_: Round) -> None:
    sign_in(keys.page, make_user("expert"))
    page = keys.page
    page.goto(f"/en/rounds/{round_.pk}/on/para_1/")
    keys.enter(page.get_by_role("button", name="Submit"))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_have_attribute("role", "alert")
    keys.enter(page.locator(".error-summary a").first)
    expect(
        page.get_by_label("Comment", exact=False).and_(page.locator("textarea[name=body]"))
    ).to_be_focused()


def test_words_are_marked_commented_on_and_changed(keys: Keys, round_: Round) -> None:
    page = keys.page
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    keys.to(page.locator("#chp_1"))
    keys.press("j", "j")
    expect(page.locator("#para_2")).to_be_focused()
    keys.press("v", "ArrowRight", "Shift+ArrowRight")
    said = page.locator("#announcer")
    expect(said).to_have_attribute("aria-live", "polite")
    expect(said).to_contain_text("2 speaks")
    keys.press("Enter")
    form = page.locator("#para_2 form.comment-form")
    expect(form.locator("[name=body]")).to_be_focused()
    expect(form.locator("[name=quote]")).to_have_value("2 speaks")
    keys.type("Too many words.")
    keys.enter(form.locator("summary", has_text="Propose other words"))
    keys.to(form.locator("[name=proposed_text]"))
    keys.press("Control+a")
    keys.type("Paragraph 2 is about towns.")
    expect(form.locator("[data-redline] ins").first).to_be_visible()
    saved = form.locator("[data-saved]")
    expect(saved).to_have_attribute("role", "status")
    expect(saved).to_contain_text("Saved", timeout=10_000)
    keys.enter(form.get_by_role("button", name="Submit"))
    told = page.locator("#para_2 .voices [role=status]").first
    expect(told).to_contain_text("Your comment is no. 1")
    voices = page.locator("#para_2 > .voices")
    expect(voices).to_be_focused()
    comment = Comment.objects.get()
    assert (comment.anchor.exact, comment.proposed_text) == ("2 speaks", "Paragraph 2 is about towns.")
    keys.press("Escape")
    expect(voices).to_have_count(0)
    expect(page.locator("#para_2 [data-voices]")).to_be_focused()
    # Reading goes on from here.
    keys.press("j")
    expect(page.locator("#para_3")).to_be_focused()


def test_marking_is_given_up_and_letters_can_be_switched_off(keys: Keys, round_: Round) -> None:
    page = keys.page
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    keys.to(page.locator("#keys summary"))
    keys.press("Enter")
    keys.to(page.locator("#keys input"))
    keys.press("Space")
    keys.press("j")
    expect(page.locator("#keys input")).to_be_focused()
    keys.press("Space", "j")
    keys.press("v")
    assert page.evaluate("() => String(getSelection())") != ""
    keys.press("Escape")
    assert page.evaluate("() => String(getSelection())") == ""


def test_others_are_answered_and_supported_where_they_stand(keys: Keys, round_: Round) -> None:
    page, other = keys.page, make_user("expert", name="Ben")
    comment = make_comment(round_, other, provision_key="para_1")
    recount_round(round_id=round_.pk)
    sign_in(page, make_user("expert"))
    page.goto(reading(round_))
    keys.enter(page.locator("#para_1 [data-voices]"))
    voices = page.locator("#para_1 > .voices")
    expect(voices).to_be_focused()
    keys.enter(voices.get_by_role("button", name="Support", exact=True))
    expect(voices.get_by_role("button", name="No longer support")).to_be_focused()
    assert Position.objects.get().position == "support"
    keys.enter(voices.locator("summary", has_text="Say why"))
    keys.to(voices.get_by_label("Reason", exact=True).last)
    keys.type("It is true here too.")
    keys.enter(voices.get_by_role("button", name="Save", exact=True))
    expect(voices.get_by_text("It is true here too.").first).to_be_attached()
    keys.enter(voices.get_by_role("button", name="Close"), key="Shift+Tab")
    expect(page.locator("#para_1 [data-voices]")).to_be_focused()
    keys.press("Enter")
    keys.enter(voices.locator(f"#comment-{comment.uuid} header a").first)
    page.wait_for_url(f"**/comments/{comment.uuid}/")
    keys.to(page.get_by_label("Reply"))
    keys.type("So it is.")
    keys.enter(page.get_by_role("button", name="Reply"))
    page.wait_for_url("**#reply-*")
    assert Reply.objects.get().body == "So it is."


def test_voices_are_chosen_and_terms_of_the_round_found(keys: Keys, round_: Round) -> None:
    page = keys.page
    make_comment(round_, make_user(), provision_key="para_1", kind="technical")
    recount_round(round_id=round_.pk)
    page.goto(reading(round_))
    keys.enter(page.locator(".filters summary"))
    keys.to(page.locator("#voices-kind"))
    keys.type("Tech")
    keys.enter(page.locator(".filters button"))
    page.wait_for_url("**kind=technical**")
    keys.to(page.locator(".filters summary"))
    keys.enter(page.locator("#para_1 [data-voices]"))
    expect(page.locator("#para_1 > .voices")).to_be_focused()


def test_what_was_sent_is_undone_from_my_comments(keys: Keys, round_: Round) -> None:
    page, me = keys.page, make_user("expert")
    sign_in(page, me)
    make_comment(round_, me, provision_key="para_1", body="Sent too early.")
    page.goto("/en/")
    keys.enter(page.locator(".site-nav").get_by_role("link", name="My comments"))
    page.wait_for_url("**/my/comments/")
    keys.enter(page.locator(".comment__head a").first)
    keys.enter(page.get_by_role("button", name="Undo sending"))
    expect(page.locator(".messages [role=status]")).to_contain_text("Taken back")
    assert sorted(Comment.objects.values_list("status", flat=True)) == ["draft", "withdrawn"]


def test_questions_of_each_kind_are_answered(keys: Keys, round_: Round) -> None:
    page, me = keys.page, make_user("expert")
    asked = {kind: make_question(round_, kind) for kind in ("choice", "multiple", "scale", "open")}
    sign_in(page, me)
    for kind, presses in (
        ("choice", ("ArrowDown",)),
        ("multiple", ("Space", "Tab", "Space")),
        ("scale", ("ArrowDown",)),
        ("open", ("W", "e", "l", "l")),
    ):
        page.goto(f"/en/rounds/{round_.pk}/")
        part = page.locator(f"#question-{asked[kind].pk}")
        keys.to(part.locator("input:not([type=hidden]), textarea").first)
        keys.press(*presses)
        keys.enter(part.get_by_role("button"))
        page.wait_for_url(f"**#question-{asked[kind].pk}")
        expect(part.get_by_text("Your answer is kept.")).to_be_visible()
    assert QuestionAnswer.objects.filter(author=me).count() == 4


def test_the_figures_and_their_tables(keys: Keys, round_: Round) -> None:
    for _ in range(3):
        make_comment(round_, make_user(), provision_key="para_1")
    recount_round(round_id=round_.pk)
    page = keys.page
    page.goto(f"/en/rounds/{round_.pk}/")
    keys.enter(page.get_by_role("link", name="All figures of this round"))
    page.wait_for_url("**/figures/")
    table = page.locator("summary", has_text="The same as a table").first
    keys.enter(table)
    keys.to(page.locator(".timeline .table-wrap, figure .table-wrap").first)
    keys.to(page.locator(".site-foot a").last)


def test_my_account_and_what_it_keeps(keys: Keys) -> None:
    page, me = keys.page, make_user("expert", name="Ana")
    sign_in(page, me)
    page.goto("/en/account/profile/")
    keys.to(page.get_by_label("Name", exact=True))
    keys.press("Control+a")
    keys.type("Ana Ruiz")
    keys.enter(page.get_by_role("button", name="Save"))
    expect(page.locator(".messages [role=status]")).to_be_visible()
    assert User.objects.get(pk=me.pk).name == "Ana Ruiz"
    keys.enter(page.get_by_role("main").get_by_role("link", name="My data"))
    keys.enter(page.get_by_role("link", name="Read the text"))
    keys.enter(page.get_by_role("button", name="I agree"))
    expect(page.locator(".messages [role=status]")).to_contain_text("on record")
    assert Consent.objects.filter(user=me, withdrawn_at=None).exists()
    page.goto("/en/account/my-data/")
    keys.enter(page.get_by_role("button", name="Put my data together"))
    page.wait_for_url("**/jobs/**")
    assert Job.objects.filter(owner=me).exists()


def test_a_second_factor_is_set_up(keys: Keys) -> None:
    page, me = keys.page, make_user("expert")
    sign_in(page, me)
    page.goto("/en/account/second-factor/")
    keys.to(page.get_by_role("main").locator("a[href$='/webauthn/'], a[href$='/webauthn/add/']").first)
    keys.enter(page.get_by_role("main").locator("a[href$='/totp/activate/']").first, key="Shift+Tab")
    page.wait_for_url("**/totp/activate/")
    keys.enter(page.locator("summary", has_text="scanned"))
    code = app_code(page.locator(".secret").inner_text())
    keys.to(page.get_by_label("The six digits"))
    keys.type(code)
    keys.press("Enter")
    expect(page.locator("#codes li")).to_have_count(10)
    keys.enter(page.get_by_role("link", name="I have kept them"))


def test_the_desk_answers_and_publishes(keys: Keys, round_: Round) -> None:
    page = keys.page
    comments = [make_comment(round_, make_user(), provision_key="para_1") for _ in range(2)]
    sign_in(page, make_user("staff"))
    page.goto(f"/en/rounds/{round_.pk}/desk/")
    keys.enter(page.locator("[data-desk-row]").first)
    page.wait_for_url("**comment=**")
    keys.to(page.locator("#answer-form [name=outcome]").first)
    keys.press("Space")
    keys.to(page.locator("#answer-form textarea[name=response]"))
    keys.type("Done.")
    keys.enter(page.get_by_role("button", name="Answer, and the next"))
    expect(page.locator(".messages [role=status]")).to_contain_text("1 comment answered")
    page.wait_for_url(f"**comment={comments[1].uuid}")
    keys.enter(page.locator("summary", has_text="Publish all answers"))
    keys.enter(page.get_by_role("button", name=re.compile(r"Publish \d+ answer")))
    expect(page.locator(".messages [role=status]")).to_contain_text("1 answer published.")
    assert Disposition.objects.get().published_at


def test_every_stop_of_the_reading_room_is_seen(keys: Keys, round_: Round, size: tuple[int, str]) -> None:
    width, language = size
    page = keys.page
    make_comment(round_, make_user(), provision_key="para_4")
    recount_round(round_id=round_.pk)
    sign_in(page, make_user("expert"))
    page.set_viewport_size({"width": width, "height": 400})
    page.goto(reading(round_).replace("/en/", f"/{language}/"))
    keys.to(page.locator(".site-foot a").last)
    keys.to(page.locator("#para_4 [data-voices]"), key="Shift+Tab")
    keys.press("Enter")
    voices = page.locator("#para_4 > .voices")
    expect(voices).to_be_focused()
    assert violations(page) == []
    keys.to(page.locator(".site-foot a").last)
    keys.to(voices.locator("[data-close-voices]"), key="Shift+Tab")
    keys.press("Enter")
    expect(page.locator("#para_4 [data-voices]")).to_be_focused()
