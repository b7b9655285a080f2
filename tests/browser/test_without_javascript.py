"""The journeys where scripts do not run; taking up an invitation is in test_account.py."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from accounts.actions.people import keep_person
from accounts.models import User
from consultations.models import Position, QuestionAnswer, Round
from core import outbox
from experts.actions.offering import token_of
from experts.models import Appointment
from tests.accounts.codes import app_code, give_app, mailed_code
from tests.browser.test_journey import PASSWORD
from tests.caches import empty_cache
from tests.experts.panel_people import announced
from tests.factories import make_comment, make_draft, make_group, make_question, make_round, make_user

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
    plain.locator("summary", has_text="Publish all answers").click()
    plain.get_by_role("button", name=re.compile(r"Publish \d+ answer")).click()
    expect(plain.get_by_text("1 answer published.")).to_be_visible()

    plain.context.clear_cookies()
    plain.goto(address)
    expect(plain.locator("main")).to_contain_text("Towns are named now.")


def commented(round: Round, author: Any, **fields: Any) -> str:
    """The address of a comment that stands in the round."""
    comment = make_comment(round, author, provision_key="para_1", **fields)
    return f"/en/rounds/{round.pk}/comments/{comment.uuid}/"


def unfold(page: Page, name: str) -> None:
    page.locator("summary", has_text=name).first.click()


def test_others_are_supported_and_answered(plain: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    address = commented(round, make_user("expert"))
    enter(plain, make_user("expert"))
    plain.goto(address)
    plain.get_by_role("button", name="Support", exact=True).click()
    expect(plain.get_by_role("button", name="No longer support")).to_be_visible()
    unfold(plain, "Say why")
    plain.get_by_label("Reason", exact=True).fill("Because it holds here too.")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.locator(".comment__reason")).to_contain_text("Because it holds here too.")
    plain.goto(address)
    plain.get_by_role("button", name="Oppose", exact=True).click()
    assert Position.objects.get().position == "oppose"
    plain.goto(address)
    plain.get_by_label("Reply").fill("And yet it moves.")
    plain.get_by_role("button", name="Reply").click()
    expect(plain.locator("main")).to_contain_text("And yet it moves.")


def test_a_draft_with_evidence_is_sent_undone_and_taken_home(plain: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    enter(plain, make_user("expert"))
    plain.goto(f"/en/rounds/{round.pk}/on/para_1/")
    plain.fill("[name=body]", "To be thought over.")
    plain.get_by_role("button", name="Save as draft").click()
    unfold(plain, "Add links or files as evidence")
    file = {"name": "table.txt", "mimeType": "text/plain", "buffer": b"1, 2\n"}
    plain.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]
    plain.get_by_role("button", name="Add", exact=True).click()
    expect(plain.locator(".comment").first).to_contain_text("table.txt")
    plain.get_by_role("link", name="Edit").click()
    plain.fill("[name=body]", "Thought over.")
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.get_by_role("button", name="Submit").click()
    expect(plain.get_by_text("Your comment is no. 1.")).to_be_visible()
    plain.get_by_role("button", name="Undo sending").click()
    expect(plain.get_by_text("Taken back.")).to_be_visible()
    plain.goto("/en/my/comments/")
    with plain.expect_download() as download:
        plain.get_by_role("link", name="Download them all").click()
    assert "Thought over." in download.value.path().read_text("utf-8", "replace")


def test_questions_are_answered(plain: Page) -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    choice, written = make_question(round, "choice"), make_question(round, "open")
    enter(plain, make_user("expert"))
    plain.goto(f"/en/rounds/{round.pk}/")
    asked = plain.locator(f"#question-{choice.pk}")
    asked.get_by_label("Option b").check()
    asked.get_by_role("button").click()
    asked = plain.locator(f"#question-{written.pk}")
    asked.locator("textarea").fill("Well.")
    asked.get_by_role("button").click()
    expect(asked.get_by_text("Your answer is kept.")).to_be_visible()
    assert [answer.value for answer in QuestionAnswer.objects.order_by("question")] == ["2", "Well."]


def test_signing_in_by_code_and_by_second_factor(plain: Page) -> None:
    empty_cache()
    me = keep_person(email="ana@example.org", name="Ana", roles=["participant"], password=PASSWORD)
    plain.goto("/en/account/login/code/")
    plain.get_by_label("E-mail").fill(me.email)
    plain.locator("main").get_by_role("button").first.click()
    plain.locator("[name=code]").fill(mailed_code(mail.outbox[-1].body))
    plain.locator("main form").first.locator("button").first.click()
    expect(plain.locator(".site-people")).to_contain_text("Ana")
    secret = give_app(me)
    plain.context.clear_cookies()
    plain.goto("/en/account/login/")
    plain.fill("[name=login]", me.email)
    plain.fill("[name=password]", PASSWORD)
    plain.press("[name=password]", "Enter")
    plain.wait_for_url("**/second-factor/authenticate/")
    plain.locator("[name=code]").fill(app_code(secret))
    plain.press("[name=code]", "Enter")
    expect(plain.locator(".site-people")).to_contain_text("Ana")


def test_my_account_is_changed_exported_and_erased(plain: Page) -> None:
    me = make_user("expert", name="Ana")
    address = me.email
    enter(plain, me)
    plain.goto("/en/account/profile/")
    plain.get_by_label("Name", exact=True).fill("Ana Ruiz")
    plain.get_by_role("button", name="Save").click()
    expect(plain.locator(".messages")).to_be_visible()
    plain.goto("/en/account/my-data/consent/")
    plain.get_by_role("button", name="I agree").click()
    plain.goto("/en/account/my-data/")
    plain.get_by_role("button", name="Put my data together").click()
    plain.wait_for_url("**/jobs/**")
    while outbox.drain():
        pass
    plain.goto("/en/account/my-data/")
    with plain.expect_download() as download:
        plain.locator("#take ~ ul a").first.click()
    assert download.value.suggested_filename.endswith(".zip")
    plain.get_by_role("link", name="Erase my account").click()
    if plain.locator("[name=password]").count():
        plain.fill("[name=password]", PASSWORD)
        plain.press("[name=password]", "Enter")
    plain.locator("main [name=email]").fill(me.email)
    plain.locator("main form button").first.click()
    plain.wait_for_url("**/erased/")
    while outbox.drain():
        pass
    assert not User.objects.filter(email=address).exists()


def test_the_secretariat_looks_after_people_and_groups(plain: Page) -> None:
    group, person = make_group(name="Eastern cities"), make_user("participant", name="Newcomer")
    enter(plain, make_user("staff", "admin"))
    plain.goto("/en/people/")
    plain.get_by_label("Name, address or organization").fill("Newcomer")
    plain.get_by_role("button", name="Show").click()
    plain.get_by_role("link", name="Newcomer").click()
    unfold(plain, "Give a role")
    plain.locator("form[action$='/roles/'] select[name=role]").select_option("expert")
    plain.locator("form[action$='/roles/'] button").click()
    expect(plain.get_by_text("The role is given.")).to_be_visible()
    plain.goto(f"/en/people/groups/{group.slug}/")
    plain.locator("textarea[name=addresses]").fill(person.email)
    plain.locator("textarea[name=addresses] >> xpath=ancestor::form").locator("button").first.click()
    assert person.memberships.filter(group=group).exists()


def test_a_place_is_declined_and_another_accepted_by_their_links(plain: Page) -> None:
    _call, people, _decision = announced(make_user("staff"))
    declined, accepted = (
        Appointment.objects.select_related("group").get(nomination=person) for person in people[:2]
    )
    plain.goto(f"/en/places/{token_of(declined)}/")
    plain.get_by_role("link", name="I decline").click()
    plain.get_by_role("button", name="Decline the invitation").click()
    expect(plain.locator("main")).to_contain_text("You have declined this invitation.")
    plain.goto(f"/en/places/{token_of(accepted)}/")
    plain.get_by_role("button", name="I accept").click()
    plain.wait_for_load_state()
    declined.refresh_from_db()
    accepted.refresh_from_db()
    assert (declined.answer, accepted.answer) == ("declined", "accepted")
