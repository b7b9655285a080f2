"""My account in a real browser: passkeys with an authenticator that the browser plays, and every page looked over."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.actions.invitations import invite_people, token_of
from accounts.actions.people import keep_person
from accounts.models import Invitation, User
from tests.accounts.codes import app_code, give_app
from tests.browser.conftest import scrolls_sideways, violations
from tests.browser.test_journey import sign_in
from tests.caches import empty_cache
from tests.factories import make_group, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery staple"
SECOND_FACTOR = "/en/account/second-factor/"


def person(role: str = "expert") -> User:
    empty_cache()
    return keep_person(email="ana@example.org", name="Ana", roles=[role], password=PASSWORD)


def sign_in_by_password(page: Page) -> None:
    page.goto("/en/account/login/")
    page.get_by_label("E-mail").fill("ana@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator(".site-people summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


@pytest.fixture
def authenticator(page: Page, settings: object) -> None:
    """A phone that recognizes its owner at once."""
    settings.SITE_URL = "http://localhost"  # type: ignore[attr-defined]
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_signs_in_alone_and_as_second_step(page: Page, authenticator: None) -> None:
    person()
    sign_in_by_password(page)
    page.goto(f"{SECOND_FACTOR}webauthn/add/")
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator("#codes li")).to_have_count(10)
    page.goto(f"{SECOND_FACTOR}webauthn/")
    expect(page.get_by_text("My phone", exact=True)).to_be_visible()
    sign_out(page)
    page.goto("/en/account/login/?next=/en/account/profile/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/en/account/profile/")
    sign_out(page)
    sign_in_by_password(page)
    page.wait_for_url("**/second-factor/authenticate/")
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"/en/$"))
    page.goto(f"{SECOND_FACTOR}webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()


def test_a_device_that_refuses_is_said_so_and_one_can_try_again(page: Page) -> None:
    page.goto("/en/account/login/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    button = page.get_by_role("button", name="Sign in with a passkey")
    button.click()
    expect(page.get_by_text("That didn't work")).to_be_visible()
    expect(button).to_be_enabled()
    assert violations(page) == []


def test_staff_is_led_through_and_back_to_where_they_were_going(page: Page, settings: object) -> None:
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    person("staff")
    sign_in_by_password(page)
    page.wait_for_url(f"**{SECOND_FACTOR}")
    expect(page.get_by_text("Your role needs a second factor")).to_be_visible()
    page.goto("/en/account/profile/")
    page.get_by_role("link", name="Set up").click()
    page.locator("summary", has_text="scanned").click()
    code = app_code(page.locator(".secret").inner_text())
    page.get_by_label("The six digits").fill(code)
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator("#codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/en/account/profile/")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_pages_of_the_account_are_accessible_and_fit(page: Page, language: str, width: int) -> None:
    me = make_user("staff", name="Ana")
    give_app(me)
    group = make_group()
    invite_people(
        actor=me, people="a@example.org, A Person With A Rather Long Name\nb@example.org, B", group=group
    )
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, me)
    account = f"/{language}/account/"
    for path in (
        *("", "sessions/", "invitations/", "invitations/new/", "password/set/", "email/"),
        *("second-factor/", "second-factor/webauthn/", "second-factor/recovery-codes/generate/"),
        "connected/",
    ):
        page.goto(account + path)
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path


@pytest.mark.parametrize("width", [360, 1280])
def test_setting_up_is_accessible_and_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, make_user())
    for path in ("totp/activate/", "webauthn/add/"):
        page.goto(SECOND_FACTOR + path)
        for closed in page.locator("main details:not([open]) > summary").all():
            closed.click()
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path


@pytest.mark.parametrize("width", [360, 1280])
def test_a_list_with_errors_is_accessible_and_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, make_user("staff"))
    page.goto("/en/account/invitations/new/")
    page.get_by_label("Role").select_option("expert")
    page.get_by_label("People").fill("ana@example.org, Ana Ruiz, es, PER\nben@example\nc@example.org")
    page.get_by_role("button", name="Show what becomes of each line").click()
    expect(page.get_by_text("2 lines have to be mended")).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    assert len(page.complaints) == 1 and "400" in page.complaints.pop()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_on_the_way_in_are_accessible_and_fit(page: Page, width: int) -> None:
    invite_people(actor=make_user("staff"), people="ana@example.org, Ana Ruiz, ar", role="expert")
    link = f"/ar/account/invitation/{token_of(Invitation.objects.get())}/"
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/ar/account/login/",
        "/en/account/login/code/",
        link,
        f"{link}sign-up/",
        "/en/account/signup/",
    ):
        page.goto(path)
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path


def test_without_javascript_an_invitation_is_taken_up_and_an_app_set_up(
    browser: Browser, live_server: object
) -> None:
    empty_cache()
    invite_people(actor=make_user("staff"), people="ana@example.org, Ana Ruiz", role="expert")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"/en/account/invitation/{token_of(Invitation.objects.get())}/")
    page.get_by_role("link", name="Create my account").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Create the account and accept").click()
    expect(page.locator(".site-people")).to_contain_text("Ana Ruiz")
    assert User.objects.get(email="ana@example.org").facts.has("expert")
    page.goto(f"{SECOND_FACTOR}webauthn/add/")
    expect(page.get_by_text("An authenticator app works everywhere.")).to_be_visible()
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    page.goto(f"{SECOND_FACTOR}totp/activate/")
    page.locator("summary", has_text="scanned").click()
    page.get_by_label("The six digits").fill(app_code(page.locator(".secret").inner_text()))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator("#codes li")).to_have_count(10)
    context.close()
