"""Selecting words with a mouse and with a finger: whole words, across sentences, scripts and footnote marks."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from consultations.models import Comment, Round
from drafts.models import Provision
from tests.browser.conftest import eventually, scrolls_sideways, violations
from tests.browser.test_journey import sign_in
from tests.factories import make_draft, make_round, make_text, make_user, set_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENGLISH = "Cities set up rules[^n] for data. They enforce them fairly, and tell residents."
WORDS = {
    "ar": "تضع المدن قواعد للبيانات. وتنفذها بإنصاف وتخبر السكان بذلك.",
    "fr": "Les villes garantissent l’eau potable à tous\u00a0: c’est un droit.",
    "ru": "Города устанавливают правила для данных и соблюдают их.",
    "zh-hans": "城市制定数据规则。城市公平执行规则，并告知居民。",
}
# What a pull from one character to another leaves marked, counted in the words as they are read.
PULL = """([from, to]) => {
  const text = document.querySelector("#para_1 .provision__text");
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, (node) => node.parentElement.closest("sup")
    ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const place = (at) => {
    walker.currentNode = text;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (at <= node.length) return [node, at];
      at -= node.length;
    }
  };
  document.getSelection().setBaseAndExtent(...place(from), ...place(to));
}"""


@pytest.fixture
def round_() -> Round:
    draft = make_draft(paragraphs=0)
    provision = Provision.objects.create(draft=draft, key="para_1", kind="paragraph", number="1", position=9)
    note = Provision.objects.create(
        draft=draft, key="note_1", kind="footnote", number="1", position=10, parent=provision
    )
    make_text(note, language="en", text="Rules of any kind.")
    notes = [{"label": "n", "number": "1", "key": "note_1"}]
    make_text(provision, language="en", text=ENGLISH, footnotes=notes)
    for language, words in WORDS.items():
        make_text(provision, language=language, text=words)
    round = make_round(draft)
    set_status(draft, "circulated")
    return round


@pytest.fixture
def phone(browser: Browser, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


def open_text(page: Page, round: Round, language: str = "en") -> None:
    sign_in(page, make_user("staff"))
    page.goto(f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/?text={language}")


def quoted(page: Page) -> str:
    page.locator(".selection-bar button").click()
    field = page.locator("#para_1 form.comment-form [name=quote]")
    expect(field).to_be_visible()
    return field.input_value()


@pytest.mark.parametrize(
    ("language", "pulled", "meant"),
    [
        ("en", "ies set up ru", "Cities set up rules"),
        ("en", "ules for da", "rules for data"),  # across a footnote mark, which is no part of what is quoted
        ("en", "set up rules", "set up rules"),
        ("en", "ata. They en", "data. They enforce"),
        ("en", "forc", "forc"),  # a part of one word alone is meant as it is marked
        ("en", " fairly, ", "fairly,"),
        ("fr", "eau pot", "eau potable"),
        ("ru", "авливают пра", "устанавливают правила"),
        ("ar", "دن قواعد للب", "المدن قواعد للبيانات"),
        ("zh-hans", "定数据规则。城", "定数据规则。城"),
    ],
)
def test_whole_words_are_taken(page: Page, round_: Round, language: str, pulled: str, meant: str) -> None:
    open_text(page, round_, language)
    read = ENGLISH.replace("[^n]", "") if language == "en" else WORDS[language]
    at = read.index(pulled)
    page.evaluate(PULL, [at, at + len(pulled)])
    expect(page.locator("#announcer")).to_have_text(f"Marked: {meant}")
    assert quoted(page) == meant


def test_a_mouse_shows_what_it_took_and_alt_takes_it_to_the_letter(page: Page, round_: Round) -> None:
    open_text(page, round_)
    box = page.locator("#para_1 .provision__text").bounding_box()
    assert box

    def pull() -> None:
        page.mouse.move(box["x"] + 14, box["y"] + 12)
        page.mouse.down()
        page.mouse.move(box["x"] + 120, box["y"] + 12, steps=4)
        page.mouse.up()

    pull()
    selected = eventually(
        page, "() => /^Cities .*\\w$/.test(document.getSelection()) && `${document.getSelection()}`"
    )
    assert ENGLISH.replace("[^n]", "").startswith(selected)
    page.mouse.click(5, box["y"])  # a press on marked words would drag them
    page.keyboard.down("Alt")
    pull()
    page.keyboard.up("Alt")
    expect(page.locator(".selection-bar")).to_be_visible()
    assert not quoted(page).startswith("C")


def test_a_mark_at_the_end_is_left_out_and_what_is_sent_stands_in_the_text(page: Page, round_: Round) -> None:
    open_text(page, round_)
    # To behind the mark: the selection ends in it.
    page.evaluate(
        "() => { const text = document.querySelector('#para_1 .provision__text');"
        " document.getSelection().setBaseAndExtent(text.querySelector('span').firstChild, 7,"
        " text.querySelector('sup a').firstChild, 1); }"
    )
    assert quoted(page) == "set up rules"
    form = page.locator("#para_1 form.comment-form")
    form.locator("[name=body]").fill("Which ones?")
    form.get_by_role("button", name="Submit").click()
    expect(page.locator("#para_1 .voices [role=status]").first).to_contain_text("Your comment is no. 1")
    assert Comment.objects.get().anchor.exact == "set up rules"


def test_words_marked_across_a_footnote_mark_arrive(page: Page, round_: Round) -> None:
    open_text(page, round_)
    page.evaluate(PULL, [ENGLISH.index("up"), ENGLISH.index(" data") - 4 + 5])
    assert quoted(page) == "up rules for data"
    form = page.locator("#para_1 form.comment-form")
    form.locator("[name=body]").fill("Which ones?")
    form.get_by_role("button", name="Submit").click()
    expect(page.locator("#para_1 .voices [role=status]").first).to_contain_text("Your comment is no. 1")
    anchor = Comment.objects.get().anchor
    assert anchor.exact == "up rules[^n] for data" == ENGLISH[anchor.start : anchor.end]
    expect(page.locator("#para_1 .comment blockquote")).to_have_text("up rules for data")


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_a_finger_marks_moves_the_ends_and_gets_a_sheet_from_below(
    phone: Page, round_: Round, language: str
) -> None:
    open_text(phone, round_, language)
    read = ENGLISH.replace("[^n]", "") if language == "en" else WORDS[language]
    # A long press takes a word; then its handles are pulled: each change is a selectionchange and nothing else.
    for end in (4, 10, 18):
        phone.evaluate(PULL, [0, end])
    button = phone.locator(".selection-bar button")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box and box["height"] >= 36 and box["y"] + box["height"] > 640
    assert (
        len(phone.evaluate("() => `${document.getSelection()}`").replace("1", "")) == 18
    )  # the handles stay
    button.tap()
    sheet = phone.locator("#para_1 > .voices")
    expect(sheet).to_be_visible()
    bounds = sheet.bounding_box()
    assert bounds and abs(bounds["y"] + bounds["height"] - 740) < 2 and bounds["width"] == 360
    said = phone.locator("#para_1 form.comment-form [name=quote]").input_value()
    assert read.startswith(said) and len(said) >= 17
    assert violations(phone) == [] and not scrolls_sideways(phone)
