"""What a newcomer meets: home, standing pages, groups, and a page that isn't there."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import scrolls_sideways, violations
from tests.factories import make_draft, make_group, make_provision, make_round, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def furnish() -> None:
    """A draft with eight pillars, rounds past, open and to come, and a group with members."""
    draft, now, day = make_draft(label="First draft"), timezone.now(), timedelta(days=1)
    for n in range(1, 9):
        make_provision(
            draft, f"pillar_{n}", kind="pillar", pillar=n, number=str(n), heading=f"Pillar name {n}"
        )
    draft.status, draft.published_at = "published", now
    draft.save()
    group = make_group(name="Regional group")
    for _ in range(4):
        make_user("expert", groups=(group,), country_id="KEN")
    make_user("expert", groups=(group,), country_id="FRA")
    make_round(draft, title="Before", groups=(group,), opens_at=now - 90 * day, closes_at=now - 60 * day)
    make_round(draft, title="A consultation with a name of some length for everyone who wants to take part")
    make_round(draft, title="To come", opens_at=now + 20 * day, closes_at=now + 50 * day)


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
@pytest.mark.parametrize("width", [320, 1440])
def test_the_front_door_is_accessible_and_fits(page: Page, language: str, width: int) -> None:
    furnish()
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("", "how-this-works/", "help/", "help/expert/", "privacy/", "groups/"):
        page.goto(f"/{language}/{path}")
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path


def test_a_page_that_is_not_there_leads_on(page: Page) -> None:
    page.goto("/en/nowhere/")
    assert violations(page) == []
    page.get_by_role("main").get_by_role("link", name="Consultations").click()
    expect(page).to_have_url("/en/rounds/")
    assert len(page.complaints) == 1 and "404" in page.complaints.pop()  # type: ignore[attr-defined]


def test_from_home_to_taking_part_is_one_step(page: Page) -> None:
    furnish()
    page.goto("/en/")
    page.get_by_role("link", name="Take part").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A consultation with a name")


def test_contents_lead_to_their_part(page: Page) -> None:
    page.goto("/fr/privacy/")
    page.locator(".prose__contents a").nth(2).click()
    expect(page.locator("h2#part-3")).to_be_in_viewport()
