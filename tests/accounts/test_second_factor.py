"""The second factor: setting it up, being asked for it, having to have it."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from knox.models import AuthToken

from accounts.actions.people import keep_person
from accounts.models import User
from accounts.second_factor import has_second_factor
from accounts.sessions import SIGNED_IN_AT
from core.models import AuditEntry
from tests.accounts.codes import app_code, give_app, recovery_codes
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
PAGES = "/en/account/second-factor/"


def person_with(role: str = "participant", password: str = PASSWORD) -> User:
    return keep_person(email="ana@example.org", name="Ana", roles=[role], password=password)


def sign_in(password: str = PASSWORD) -> tuple[Client, Any]:
    client = Client()
    response = client.post("/en/account/login/", {"login": "ana@example.org", "password": password})
    return client, response


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_an_app_is_set_up_and_its_recovery_codes_are_shown_once() -> None:
    person = person_with()
    client, _response = sign_in()
    page = client.get(f"{PAGES}totp/activate/").content.decode()
    secret = re.search(r'class="secret"[^>]*>([A-Z2-7]+)<', page)
    assert secret
    assert '<svg class="qr"' in page and "data:image" not in page
    response = client.post(f"{PAGES}totp/activate/", {"code": app_code(secret.group(1))})
    assert response["Location"] == f"{PAGES}recovery-codes/"
    codes = recovery_codes(person)
    shown, again = (client.get(response["Location"]).content.decode() for _ in range(2))
    assert len(codes) == 10 and all(code in shown for code in codes)
    assert not any(code in again for code in codes)
    assert client.get(f"{PAGES}recovery-codes/download/").status_code == 403


def test_secrets_are_not_kept_in_clear() -> None:
    person = person_with()
    secret = give_app(person)
    assert secret not in str(list(Authenticator.objects.values()))


def test_a_key_that_is_gone_opens_nothing(settings: Any) -> None:
    person = person_with()
    secret = give_app(person)
    settings.SECRET_KEY, old = "another key, of fifty characters or more, for the test", settings.SECRET_KEY
    app = Authenticator.objects.get(user=person, type="totp").wrap()
    assert not app.validate_code(app_code(secret))
    assert not app.validate_code(app_code(""))
    settings.SECRET_KEY_FALLBACKS = [old]
    assert app.validate_code(app_code(secret))


@pytest.mark.parametrize("way", ["app", "recovery"])
def test_the_password_alone_is_not_enough(way: str) -> None:
    person = person_with()
    secret = give_app(person)
    client, response = sign_in()
    assert response["Location"] == f"{PAGES}authenticate/"
    assert not signed_in(client)
    assert client.post(response["Location"], {"code": "000000"}).status_code == 200
    assert not signed_in(client)
    code = app_code(secret) if way == "app" else recovery_codes(person)[0]
    assert client.post(response["Location"], {"code": code}).status_code == 302
    assert signed_in(client)
    # A code is used up, whichever it was.
    other, response = sign_in()
    other.post(response["Location"], {"code": code})
    assert not signed_in(other)


def test_guessing_codes_ends_after_five() -> None:
    secret = give_app(person_with())
    client, response = sign_in()
    for _ in range(5):
        client.post(response["Location"], {"code": "000000"})
    page = client.post(response["Location"], {"code": app_code(secret)})
    assert not signed_in(client)
    assert "Too many" in page.content.decode()


@pytest.mark.parametrize("role", ["staff", "drafter", "coordinator", "focal_point", "admin"])
def test_whoever_needs_one_is_led_to_set_it_up(settings: Any, role: str) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    person = make_user(role)
    client = Client()
    client.force_login(person)
    response = client.get("/en/account/profile/?a=b")
    assert (response.status_code, response["Location"]) == (302, PAGES)
    page = client.get(PAGES).content.decode()
    assert "Your role needs a second factor" in page
    assert client.get(f"{PAGES}totp/activate/").status_code == 200
    give_app(person)
    assert "/en/account/profile/?a=b" in client.get(PAGES).content.decode()
    assert client.get("/en/account/profile/").status_code == 200


def test_a_role_for_one_thing_counts_too(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    person = make_user()
    person.role_grants.create(role="drafter", scope_type="guidelines", scope_id="1")
    client = Client()
    client.force_login(person)
    assert client.get("/en/").status_code == 302


@pytest.mark.parametrize("role", ["expert", "participant"])
def test_others_are_not_asked(settings: Any, role: str) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    client = Client()
    client.force_login(make_user(role))
    assert client.get("/en/").status_code == 200


def test_signing_out_and_other_languages_stay_open_on_the_way(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    client = Client()
    client.force_login(make_user("staff"))
    assert client.get("/ar/account/second-factor/").status_code == 200
    assert client.get("/healthz").status_code == 200
    client.post("/en/account/logout/")
    assert not signed_in(client)


def test_the_api_refuses_the_session_and_takes_the_token(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    person = make_user("staff")
    client = Client()
    client.force_login(person)
    refused = client.get("/api/v1/rounds/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")
    forged = client.get("/api/v1/rounds/", headers={"Authorization": "Token none"})
    assert forged.status_code == 401
    _row, token = AuthToken.objects.create(person)
    assert client.get("/api/v1/rounds/", headers={"Authorization": f"Token {token}"}).status_code == 200
    # A header opens the API only, not the pages.
    assert client.get("/en/", headers={"Authorization": f"Token {token}"}).status_code == 302


def test_a_fragment_asked_for_by_htmx_leads_the_whole_page_there(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    client = Client()
    client.force_login(make_user("staff"))
    response = client.get("/en/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == PAGES


def test_without_the_requirement_nobody_is_led_anywhere() -> None:
    client = Client()
    client.force_login(make_user("admin"))
    assert client.get("/en/account/profile/").status_code == 200


def test_where_one_goes_on_to_is_a_page_of_the_portal(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    person = make_user("staff")
    client = Client()
    client.force_login(person)
    client.get("//evil.example/x")
    give_app(person)
    assert 'href="//' not in client.get(PAGES).content.decode()


@pytest.mark.parametrize(
    ("length", "factor", "accepted"),
    [(15, False, True), (14, False, False), (8, True, True), (7, True, False)],
)
def test_how_long_a_password_must_be(length: int, factor: bool, accepted: bool) -> None:
    person = person_with()
    client, _response = sign_in()
    if factor:
        give_app(person)
    new = "xq7wzk2vjh9tyrb"[:length]
    response = client.post(
        "/en/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert response.status_code == (302 if accepted else 200)
    person.refresh_from_db()
    assert person.check_password(new) is accepted
    assert person.short_password is (accepted and length < 15)


def test_the_form_says_how_long() -> None:
    person_with()
    client, _response = sign_in()
    page = client.get("/en/account/password/change/").content.decode()
    assert "at least 15 characters" in page and "8 are enough" in page


def test_the_last_factor_stays_while_a_short_password_rests_on_it() -> None:
    person = person_with()
    client, _response = sign_in()
    give_app(person)
    User.objects.filter(pk=person.pk).update(short_password=True)
    page = client.get(f"{PAGES}totp/deactivate/").content.decode()
    assert "fewer than 15 characters" in page and "Remove the app" not in page
    client.post(f"{PAGES}totp/deactivate/")
    assert has_second_factor(person)
    User.objects.filter(pk=person.pk).update(short_password=False)
    client.post(f"{PAGES}totp/deactivate/")
    assert not Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize("kind", ["app", "passkey"])
def test_the_last_factor_stays_while_a_role_needs_it(settings: Any, kind: str) -> None:
    person = person_with("staff")
    client, _response = sign_in()
    settings.REQUIRE_SECOND_FACTOR = True
    if kind == "app":
        give_app(person)
        path = f"{PAGES}totp/deactivate/"
    else:
        key = Authenticator.objects.create(
            user=person, type="webauthn", data={"name": "Key", "credential": {}}
        )
        path = f"{PAGES}webauthn/keys/{key.pk}/remove/"
    assert "Your role needs a second factor" in client.get(path).content.decode()
    client.post(path)
    assert has_second_factor(person)
    settings.REQUIRE_SECOND_FACTOR = False
    client.post(path)
    assert not has_second_factor(person)


def test_a_passkey_of_somebody_else_is_not_there() -> None:
    other = make_user()
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Key", "credential": {}})
    client = Client()
    client.force_login(make_user())
    for page in ("remove", "edit"):
        assert client.get(f"{PAGES}webauthn/keys/{key.pk}/{page}/").status_code == 404
        assert client.post(f"{PAGES}webauthn/keys/{key.pk}/{page}/", {"name": "Mine"}).status_code == 404


def test_changing_how_one_gets_in_asks_again_after_a_while() -> None:
    person_with()
    client, _response = sign_in()
    session = client.session
    session[SIGNED_IN_AT] -= 3600
    session.save()
    path = f"{PAGES}totp/activate/"
    response = client.get(path)
    assert response["Location"].startswith("/en/account/reauthenticate/")
    added = client.post("/en/account/email/", {"email": "new@example.org", "action_add": ""})
    assert added["Location"].startswith("/en/account/reauthenticate/")
    response = client.post(response["Location"], {"password": PASSWORD})
    assert response["Location"] == path
    assert client.get(path).status_code == 200


def test_whoever_has_lost_everything_is_let_in_again_by_the_command_line(capsys: Any) -> None:
    person = person_with("staff")
    give_app(person)
    call_command("reset_second_factor", "ana@example.org")
    assert not Authenticator.objects.filter(user=person).exists()
    assert AuditEntry.objects.filter(action="second_factor.reset").count() == 1
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@example.org")


@pytest.mark.django_db(transaction=True)  # the mail goes out when the change is committed
def test_the_owner_is_told_in_their_language(mailoutbox: Any) -> None:
    person = person_with()
    User.objects.filter(pk=person.pk).update(language="fr")
    client, _response = sign_in()
    page = client.get(f"{PAGES}totp/activate/").content.decode()
    secret = re.search(r'class="secret"[^>]*>([A-Z2-7]+)<', page)
    assert secret
    client.post(f"{PAGES}totp/activate/", {"code": app_code(secret.group(1))})
    (told,) = mailoutbox
    assert told.to == ["ana@example.org"] and "Portail des lignes directrices" in told.body


@pytest.mark.parametrize("language", ["ar", "zh-hans"])
@pytest.mark.parametrize(
    "path", ["", "webauthn/", "webauthn/add/", "totp/activate/", "recovery-codes/generate/"]
)
def test_pages_wear_the_portals_frame_and_have_nothing_inline(language: str, path: str) -> None:
    client = Client()
    client.force_login(make_user())
    html = client.get(f"/{language}/account/second-factor/{path}").content.decode()
    assert 'class="site-head"' in html
    assert "<style" not in html and 'style="' not in html
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", html))


@pytest.mark.parametrize(
    "credential", ["{}", "[]", '{"id": "a"}', '{"id": "a", "rawId": "a", "response": {}}']
)
def test_a_passkey_that_can_not_be_read_is_refused(credential: str) -> None:
    person = person_with()
    client, _response = sign_in()
    client.get(f"{PAGES}webauthn/add/")
    response = client.post(f"{PAGES}webauthn/add/", {"name": "Key", "credential": credential})
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    give_app(person)
    other, response = sign_in()
    other.get(response["Location"])
    assert other.post(response["Location"], {"credential": credential}).status_code == 200
    assert not signed_in(other)
