"""An expert marks words with the keyboard and proposes others; pages are accessible in three languages."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from consultations.models import Comment
from tests.browser.conftest import scrolls_sideways, violations
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery staple"


def sign_in(page: Page, user: Any) -> None:
    user.set_password(PASSWORD)
    user.save()
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    page.goto("/en/account/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/en/**")


def test_words_marked_by_keyboard_become_the_quote(page: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    sign_in(page, make_user("expert"))
    page.goto(f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/")
    page.locator("#para_1").focus()
    page.keyboard.press("v")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    form = page.locator("#para_1 form.comment-form")
    expect(form.locator("[name=quote]")).to_have_value("Paragraph 1")
    form.locator("[name=body]").fill("Number it otherwise.")
    form.get_by_role("button", name="Submit").click()
    expect(page.locator("#para_1 .voices [role=status]").first).to_contain_text("Your comment is no. 1")
    comment = Comment.objects.get()
    assert (comment.status, comment.anchor.exact, comment.anchor.start) == ("submitted", "Paragraph 1", 0)


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_and_fit(page: Page, language: str, width: int) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    comment = make_comment(round, make_user(name="Ana"), provision_key="para_1", proposed_text="Other words.")
    page.set_viewport_size({"width": width, "height": 800})
    slug = round.draft.guidelines.slug
    for path in (
        "",
        f"guidelines/{slug}/1/",
        f"guidelines/{slug}/1/chp_1/",
        "rounds/",
        f"rounds/{round.pk}/",
        f"rounds/{round.pk}/on/para_1/",
        f"rounds/{round.pk}/comments/{comment.uuid}/",
        "account/login/",
        "account/signup/",
    ):
        page.goto(f"/{language}/{path}")
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path
