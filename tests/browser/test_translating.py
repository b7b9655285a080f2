"""The translation desk in a browser: a translation gone stale is brought up to date by keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from drafts.actions.revising import revise_provision
from drafts.models import Draft, ProvisionText, WorkInProgress
from drafts.translating import state_of
from tests.browser.conftest import scrolls_sideways, violations
from tests.browser.test_journey import sign_in
from tests.factories import make_draft, make_provision, make_text, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft() -> Draft:
    draft = make_draft(paragraphs=2)
    for n in (1, 2):
        make_text(
            draft.provisions.get(key=f"para_{n}"), language="fr",
            text=f"Le paragraphe {n} parle de villes intelligentes.", translated_from_version=1,
        )  # fmt: skip
    term = make_provision(draft, "term_1", kind="term", number="1", heading="Smart city", text="A city.")
    make_text(term, language="fr", heading="Ville intelligente", text="Une ville.", translated_from_version=1)
    return draft


def words(draft: Draft, key: str, language: str) -> ProvisionText:
    return ProvisionText.objects.get(provision__draft=draft, provision__key=key, language=language)


def make_stale(draft: Draft, *keys: str) -> None:
    drafter = make_user("drafter", name="Olga")
    for key in keys:
        found = words(draft, key, "en")
        revise_provision(
            actor=drafter, provision=found.provision, language="en", version=1,
            text=found.text.replace("smart", "small smart"), reason="Small ones too.",
        )  # fmt: skip


def states(draft: Draft) -> list[str]:
    return [str(state_of(words(draft, key, "fr"), words(draft, key, "en"))) for key in ("para_1", "para_2")]


def at(draft: Draft, rest: str = "", language: str = "en") -> str:
    return f"/{language}/drafting/{draft.guidelines.slug}/{draft.number}/translate/{rest}"


def test_from_stale_to_approved_by_keyboard(page: Page, draft: Draft) -> None:
    make_stale(draft, "para_1", "para_2")
    assert states(draft) == ["outdated", "outdated"]
    sign_in(page, make_user("drafter", name="Dora"))
    page.goto(at(draft, "fr/?state=outdated"))
    expect(page.locator(".translation-row")).to_have_count(2)
    page.locator(".translation-row a").first.focus()
    page.keyboard.press("Enter")
    # What changed is seen, and one is in the field already.
    expect(page.locator("[data-change] ins")).to_have_text("small ")
    expect(page.locator("[data-change]")).to_contain_text("Small ones too.")
    expect(page.locator("[name=text]")).to_be_focused()
    assert violations(page) == [] and not scrolls_sideways(page)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("Le paragraphe 1 parle de petites villes intelligentes.")
    expect(page.locator("[data-live-text] ins")).to_contain_text("petites")
    page.keyboard.press("Control+Shift+Enter")
    # On to the next that is outdated: changed, not yet approved.
    expect(page.locator("h1")).to_contain_text("Paragraph 2")
    expect(page.locator(".messages")).to_contain_text("Approved: Paragraph 1.")
    assert states(draft) == ["approved", "outdated"]
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("Le paragraphe 2 parle de petites villes intelligentes.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".messages")).to_contain_text("Saved: Paragraph 2.")
    assert states(draft) == ["approved", "in_work"]
    assert not WorkInProgress.objects.exists()


def test_going_on_and_back_keeps_what_was_typed(page: Page, draft: Draft) -> None:
    make_stale(draft, "para_1", "para_2")
    sign_in(page, make_user("staff"))
    page.goto(at(draft, "fr/para_1/"))
    page.fill("[name=text]", "La moitié")
    expect(page.locator("[data-sign]")).to_contain_text("Kept", timeout=10_000)
    page.keyboard.press("Alt+PageDown")
    expect(page.locator("h1")).to_contain_text("Paragraph 2")
    page.keyboard.press("Alt+PageUp")
    expect(page.locator("[name=text]")).to_have_value("La moitié")
    page.locator("[data-insert-words]").click()
    expect(page.locator("[name=text]")).to_have_value("La moitié Ville intelligente")


def test_two_translators_see_each_other_and_lose_nothing(
    page: Page, browser: Browser, live_server: Any, draft: Draft
) -> None:
    context = browser.new_context(base_url=live_server.url)
    second = context.new_page()
    sign_in(page, make_user("drafter", name="Dora"))
    sign_in(second, make_user("staff", name="Tina"))
    page.goto(at(draft, "fr/para_1/"))
    second.goto(at(draft, "fr/para_1/"))
    expect(second.locator("[data-presence]")).to_contain_text("Dora")
    second.fill("[name=text]", "Le paragraphe 1 parle de petites villes intelligentes.")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".messages")).to_contain_text("Saved")
    page.fill("[name=text]", "Oui, le paragraphe 1 parle de villes intelligentes.")
    with page.expect_response(lambda r: r.request.method == "POST" and r.status == 409):
        page.press("[name=text]", "Control+Enter")
    expect(page.locator("section.card ins").first).to_contain_text("petites")
    page.complaints.clear()  # type: ignore[attr-defined]  # a 409 is told in the console
    both = "Oui, le paragraphe 1 parle de petites villes intelligentes."
    expect(page.locator("[name=text]")).to_have_value(both)
    page.press("[name=text]", "Control+Enter")
    expect(page.locator(".messages")).to_contain_text("Saved")
    assert words(draft, "para_1", "fr").text == both
    context.close()


def test_the_desk_without_javascript_in_arabic_on_a_phone(
    browser: Browser, live_server: Any, draft: Draft
) -> None:
    make_stale(draft, "para_1")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    sign_in(page, make_user("drafter"))
    for rest in ("", "ar/", "zh-hans/para_1/", "fr/para_1/"):
        page.goto(at(draft, rest, "ar"))
        assert not scrolls_sideways(page)
    page.fill("[name=text]", "Le paragraphe 1 parle de petites villes intelligentes.")
    page.locator("button[name=then][value=approve]").click()
    assert states(draft)[0] == "approved"
    context.close()
