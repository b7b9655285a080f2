"""Signing in by a mailed code; what a stranger learns; limits; where one is sent afterwards; devices."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from accounts.actions.people import keep_person
from accounts.actions.sessions import end_sessions
from accounts.models import User
from accounts.sessions import SEEN_AT, SEEN_EVERY, device_name
from core.models import AuditEntry
from core.verdicts import Refusal
from tests.accounts.codes import give_app, mailed_code
from tests.caches import empty_cache
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
CODE_PAGE, CONFIRM_PAGE = "/en/account/login/code/", "/en/account/login/code/confirm/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


def ana(**fields: Any) -> User:
    person = keep_person(email="ana@example.org", name="Ana", roles=["expert"], password=PASSWORD)
    User.objects.filter(pk=person.pk).update(**fields)
    return person


def sign_in(path: str = "/en/account/login/", user_agent: str = FIREFOX, **more: str) -> tuple[Client, Any]:
    client = Client(headers={"User-Agent": user_agent})
    return client, client.post(path, {"login": "ana@example.org", "password": PASSWORD, **more})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- By a code --------------------------------------------------------------------------------------------


def test_a_code_that_was_mailed_signs_in() -> None:
    ana()
    client = Client()
    assert client.post(CODE_PAGE, {"email": "Ana@example.org"})["Location"] == CONFIRM_PAGE
    (message,) = mail.outbox
    assert message.to == ["ana@example.org"]
    assert client.post(CONFIRM_PAGE, {"code": mailed_code(message.body)}).status_code == 302
    assert signed_in(client)


def test_the_mail_is_in_the_persons_language() -> None:
    ana(language="fr")
    Client().post(CODE_PAGE, {"email": "ana@example.org"})
    assert "Portail des lignes directrices" in str(mail.outbox[0].body)


def test_a_code_counts_in_the_browser_that_asked_for_it() -> None:
    ana()
    Client().post(CODE_PAGE, {"email": "ana@example.org"})
    other = Client()
    response = other.post(CONFIRM_PAGE, {"code": mailed_code(mail.outbox[0].body)})
    assert response["Location"].startswith("/en/account/login/")
    assert not signed_in(other)


def test_three_wrong_codes_end_it() -> None:
    ana()
    client = Client()
    client.post(CODE_PAGE, {"email": "ana@example.org"})
    for _ in range(3):
        client.post(CONFIRM_PAGE, {"code": "WRONG-CODE"})
    client.post(CONFIRM_PAGE, {"code": mailed_code(mail.outbox[0].body)})
    assert not signed_in(client)


def test_a_code_does_not_replace_the_second_factor() -> None:
    give_app(ana())
    client = Client()
    client.post(CODE_PAGE, {"email": "ana@example.org"})
    response = client.post(CONFIRM_PAGE, {"code": mailed_code(mail.outbox[0].body)})
    assert response["Location"] == "/en/account/second-factor/authenticate/"
    assert not signed_in(client)


# --- What a stranger learns -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [CODE_PAGE, "/en/account/password/reset/"])
def test_a_known_and_an_unknown_address_are_answered_alike(page: str) -> None:
    ana()
    answers = []
    for address in ("ana@example.org", "nobody@example.org"):
        client = Client()
        response = client.post(page, {"email": address}, follow=True)
        html = response.content.decode().replace(address, "ADDRESS")
        # The token of the form against forgery differs from page to page.
        shown = [line for line in html.splitlines() if "csrfmiddlewaretoken" not in line]
        answers.append((response.redirect_chain, shown))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["ana@example.org"], ["nobody@example.org"]]


def test_a_wrong_password_and_an_unknown_address_are_answered_alike() -> None:
    ana()
    pages = []
    for address in ("ana@example.org", "nobody@example.org"):
        response = Client().post("/en/account/login/", {"login": address, "password": "wrong"})
        html = response.content.decode().replace(address, "ADDRESS")
        pages.append([line for line in html.splitlines() if "csrfmiddlewaretoken" not in line])
    assert pages[0] == pages[1]


def test_a_closed_account_gets_no_code() -> None:
    ana(is_active=False)
    client = Client()
    assert client.post(CODE_PAGE, {"email": "ana@example.org"})["Location"] == CONFIRM_PAGE
    assert "sign up" in str(mail.outbox[0].body)


# --- Limits -----------------------------------------------------------------------------------------------


def test_guessing_a_password_ends_after_five_whatever_the_header_says() -> None:
    empty_cache()
    ana()
    for n in range(5):
        Client().post(
            "/en/account/login/",
            {"login": "ana@example.org", "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        )
    client, response = sign_in()
    assert "Too many" in response.content.decode()
    assert not signed_in(client)


def test_codes_for_one_address_are_limited() -> None:
    empty_cache()
    ana()
    for _ in range(5):
        Client().post(CODE_PAGE, {"email": "ana@example.org"})
    assert len(mail.outbox) == 3


def test_trying_passkeys_is_limited(settings: Any) -> None:
    empty_cache()
    settings.MFA_RATE_LIMITS = {"webauthn_login": "2/m/ip"}
    path = "/en/account/second-factor/webauthn/login/"
    statuses = [Client().post(path, {"credential": "{}"}).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "nonsense", '{"id": 1, "response": {"userHandle": "x"}}']
)
def test_a_passkey_that_is_none_signs_nobody_in(credential: str) -> None:
    client = Client()
    response = client.post("/en/account/second-factor/webauthn/login/", {"credential": credential})
    assert response.status_code == 302
    assert not signed_in(client)


# --- Where one is sent afterwards -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(elsewhere: str) -> None:
    ana()
    _client, response = sign_in(next=elsewhere)
    assert response["Location"] == "/en/"
    client, response = sign_in(next="/en/rounds/")
    assert response["Location"] == "/en/rounds/"
    assert "evil" not in client.post("/en/account/logout/", {"next": elsewhere})["Location"]
    client.post(CODE_PAGE, {"email": "ana@example.org", "next": elsewhere})
    response = client.post(CONFIRM_PAGE, {"code": mailed_code(mail.outbox[-1].body), "next": elsewhere})
    assert response["Location"] == "/en/"


# --- Devices ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Chrome on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on macOS",
        ),
        ("curl/8.5", "A device we don't recognize"),
        ("", "A device we don't recognize"),
    ],
)
def test_a_device_is_named_in_plain_words(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


def test_my_devices_are_listed_and_signed_out_one_by_one_or_all_at_once() -> None:
    ana()
    here, _response = sign_in()
    phone, _response = sign_in(user_agent=PHONE)
    third, _response = sign_in()
    page = here.get("/en/account/sessions/").content.decode()
    assert page.count("This device") == 1
    assert page.index("Firefox on Windows") < page.index("Chrome on Android")
    row = UserSession.objects.get(session_key=phone.session.session_key)
    here.post(f"/en/account/sessions/{row.pk}/end/")
    assert phone.get("/en/account/").status_code == 302
    assert third.get("/en/account/").status_code == 200
    here.post("/en/account/sessions/end-others/")
    assert third.get("/en/account/").status_code == 302
    assert here.get("/en/account/").status_code == 200
    assert AuditEntry.objects.filter(action="session.end").count() == 2


def test_the_session_of_somebody_else_stays() -> None:
    ana()
    hers, _response = sign_in()
    row = UserSession.objects.get(session_key=hers.session.session_key)
    stranger = Client()
    stranger.force_login(make_user())
    stranger.post(f"/en/account/sessions/{row.pk}/end/")
    stranger.post("/en/account/sessions/end-others/")
    assert hers.get("/en/account/").status_code == 200
    with pytest.raises(Refusal):
        end_sessions(actor=make_user("admin"), person=User.objects.get(email="ana@example.org"))


def test_a_new_password_signs_the_other_devices_out() -> None:
    ana()
    here, _response = sign_in()
    other, _response = sign_in(user_agent=PHONE)
    new = "another long pass phrase"
    here.post("/en/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert other.get("/en/account/").status_code == 302
    page = here.get("/en/account/sessions/").content.decode()
    assert "This device" in page and "Chrome on Android" not in page


def test_the_last_use_is_noted_now_and_then() -> None:
    ana()
    client, _response = sign_in()
    row = UserSession.objects.get()
    client.get("/en/account/sessions/")
    assert UserSession.objects.get().last_seen_at == row.last_seen_at
    session = client.session
    session[SEEN_AT] -= SEEN_EVERY + 1
    session.save()
    client.get("/en/account/sessions/")
    assert UserSession.objects.get().last_seen_at > row.last_seen_at


# --- The overview -----------------------------------------------------------------------------------------


def test_my_account_leads_to_everything() -> None:
    ana()
    client, _response = sign_in()
    page = client.get("/en/account/").content.decode()
    for path in (
        "profile/",
        "email/",
        "password/change/",
        "second-factor/",
        "second-factor/webauthn/",
        "sessions/",
    ):
        assert f'href="/en/account/{path}"' in page, path
    assert "invitations/" not in page
    assert "Connected services" not in page
    client.force_login(make_user("staff"))
    page = client.get("/en/account/").content.decode()
    assert 'href="/en/account/invitations/"' in page
    assert "/en/account/password/set/" in page  # who has none may choose one


def test_asking_costs_the_same_with_many_devices(django_assert_num_queries: Any) -> None:
    person = make_user()
    client = Client()
    client.force_login(person)
    client.get("/en/account/")
    UserSession.objects.bulk_create(
        UserSession(user=person, ip="127.0.0.1", session_key=f"key{n}", user_agent="") for n in range(5)
    )
    with django_assert_num_queries(12):
        client.get("/en/account/")
