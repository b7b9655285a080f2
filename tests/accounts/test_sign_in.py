"""Signing up and in, in a browser's requests."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import Consent, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
SIGN_UP = {
    "email": "Nova@Example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "name": "Nova",
    "country": "KEN",
    "stakeholder_group": "academia",
    "organisation": "Institute of Cities",
    "consent": "on",
    "time_zone": "Africa/Nairobi",
}


def test_from_sign_up_to_signed_in_with_the_code_from_the_mail() -> None:
    client = Client()
    response = client.post("/fr/account/signup/", SIGN_UP)
    assert response.status_code == 302
    user = User.objects.get(email="nova@example.org")
    assert (user.name, user.language, user.country_id) == ("Nova", "fr", "KEN")
    assert user.time_zone == "Africa/Nairobi"
    assert user.facts.has("participant")
    assert user.facts.stakeholder_group == "academia"
    assert Consent.objects.get(user=user).text.language == "fr"
    (message,) = mail.outbox
    assert message.to == ["nova@example.org"]
    assert "Portail des lignes directrices" in str(message.body)
    assert "testserver" not in str(message.body)
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", str(message.body), re.MULTILINE)
    assert code
    response = client.post(response["Location"], {"code": code.group(1)})
    assert response.status_code == 302
    assert client.session.get("_auth_user_id") == str(user.pk)


@pytest.mark.parametrize("missing", ["consent", "name", "password1", "email"])
def test_sign_up_says_what_is_missing_and_writes_nothing(missing: str) -> None:
    fields = {name: value for name, value in SIGN_UP.items() if name != missing}
    response = Client().post("/en/account/signup/", fields)
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert not User.objects.exists()


def test_a_short_password_is_refused() -> None:
    response = Client().post("/en/account/signup/", {**SIGN_UP, "password1": "short", "password2": "short"})
    assert "15" in response.content.decode()
    assert not User.objects.exists()


def test_a_known_and_an_unknown_address_look_the_same() -> None:
    make_user(email="known@example.org")
    answers = []
    for address in ("known@example.org", "unknown@example.org"):
        response = Client().post("/en/account/signup/", {**SIGN_UP, "email": address})
        answers.append((response.status_code, response["Location"]))
    assert answers[0] == answers[1]
    for path in ("/en/account/password/reset/",):
        first, second = (
            Client().post(path, {"email": address}) for address in ("known@example.org", "nobody@example.org")
        )
        assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])


def test_the_sign_in_page_lists_no_account_outside_the_demonstration(settings) -> None:  # type: ignore[no-untyped-def]
    make_user("staff", email="staff@example.org")
    settings.DEMONSTRATION = False
    assert "staff@example.org" not in Client().get("/en/account/login/").content.decode()
    settings.DEMONSTRATION = True
    assert "staff@example.org" in Client().get("/en/account/login/").content.decode()


def test_the_listed_accounts_open_with_one_button(settings) -> None:  # type: ignore[no-untyped-def]
    from accounts.actions.people import keep_person

    settings.DEMONSTRATION = True
    keep_person(
        email="staff@example.org", name="Amara", roles=["staff"], password=settings.DEMONSTRATION_PASSWORD
    )
    client = Client()
    page = client.get("/en/account/login/").content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(login|password)" value="([^"]+)">', page))
    assert client.post("/en/account/login/", fields).status_code == 302
    assert client.get("/en/account/profile/").status_code == 200


def test_a_new_address_takes_the_place_of_the_old_one_once_confirmed() -> None:
    from accounts.actions.people import keep_person

    person = keep_person(email="old@example.org", name="Ana", roles=["expert"], password=PASSWORD)
    client = Client()
    client.post("/en/account/login/", {"login": "old@example.org", "password": PASSWORD})
    mail.outbox.clear()
    response = client.post("/en/account/email/", {"email": "New@example.org", "action_add": ""}, follow=True)
    assert response.status_code == 200
    person.refresh_from_db()
    assert person.email == "old@example.org"
    body = next(str(message.body) for message in mail.outbox if message.to == ["new@example.org"])
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", body, re.MULTILINE)
    assert code
    client.post(response.redirect_chain[-1][0], {"code": code.group(1)})
    person.refresh_from_db()
    assert person.email == "new@example.org"


@pytest.mark.parametrize(
    "path", ["login", "signup", "password/reset", "password/reset/done", "confirm-email", "inactive"]
)
def test_the_pages_of_sign_in_wear_the_portals_frame(path: str) -> None:
    html = Client().get(f"/zh-hans/account/{path}/", follow=True).content.decode()
    assert 'class="site-head"' in html
    assert "<style" not in html and 'style="' not in html


@pytest.mark.parametrize("path", ["email", "password/change", "logout", "reauthenticate", "profile"])
def test_the_pages_of_ones_account_wear_the_portals_frame(path: str) -> None:
    client = Client()
    client.force_login(make_user())
    html = client.get(f"/ru/account/{path}/", follow=True).content.decode()
    assert 'class="site-head"' in html
    assert "<style" not in html and 'style="' not in html


def test_my_profile_is_mine() -> None:
    client, person = Client(), make_user()
    assert client.get("/en/account/profile/").status_code == 302
    client.force_login(person)
    fields = {"name": "Other", "language": "ar", "country": "", "time_zone": "Asia/Tokyo"}
    assert client.post("/en/account/profile/", fields).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language, person.time_zone) == ("Other", "ar", "Asia/Tokyo")
    assert client.post("/en/account/profile/", {**fields, "time_zone": "Mars"}).status_code == 400


def test_links_in_mails_lead_to_the_portal_whatever_host_was_asked(settings, mailoutbox) -> None:  # type: ignore[no-untyped-def]
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://guidelines.example", ["localhost"]
    user = make_user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Client().post("/en/account/password/reset/", {"email": user.email}, headers={"Host": "localhost:6666"})
    assert "https://guidelines.example/en/account/password/reset/key/" in mailoutbox[0].body
    assert "6666" not in mailoutbox[0].body


def test_a_session_cookie_that_is_none_is_not_looked_for() -> None:
    answer = Client().get("/en/", headers={"Cookie": 'sessionid="aaaaaaaaa\\000"'})
    assert answer.status_code == 200
