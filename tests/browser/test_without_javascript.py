"""The main journey where scripts do not run: read, comment, answer, publish, read the answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey import PASSWORD
from tests.factories import make_draft, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain(browser: Browser, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def enter(page: Page, user: Any) -> None:
    from allauth.account.models import EmailAddress

    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    page.context.clear_cookies()
    page.goto("/en/account/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "login" not in address)


def test_from_the_text_to_its_answer(plain: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    text = f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/"
    expert = make_user()
    enter(plain, expert)
    plain.goto(text)
    plain.locator("#para_1").get_by_role("link", name="Comment").click()
    plain.fill("[name=quote]", "smart cities")
    plain.fill("[name=body]", "Say towns too.")
    plain.get_by_text("Propose other words", exact=True).click()
    plain.fill("[name=proposed_text]", "Paragraph 1 speaks of smart cities and towns.")
    plain.get_by_role("button", name="Submit").click()
    expect(plain.locator("main")).to_contain_text("Say towns too.")
    address = plain.url

    enter(plain, make_user("staff"))
    plain.goto(f"/en/rounds/{round.pk}/desk/")
    plain.get_by_label("Accepted", exact=True).check()
    plain.locator("textarea[name^=response]").first.fill("Towns are named now.")
    plain.get_by_role("button", name="Answer", exact=True).click()
    plain.get_by_role("button", name="Publish all answers").click()
    expect(plain.get_by_text("1 answer published.")).to_be_visible()

    plain.context.clear_cookies()
    plain.goto(address)
    expect(plain.locator("main")).to_contain_text("Towns are named now.")
