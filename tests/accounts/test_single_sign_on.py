"""Signing in through a service of the installation's choice. The service is played by the test."""

import json
import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from accounts.actions.people import keep_person
from accounts.models import Consent, User
from guidelines_portal.settings.identity import apps
from tests.accounts.codes import give_app, mailed_code

pytestmark = pytest.mark.django_db

START, BACK = "/fr/account/oidc/un/login/", "/account/oidc/un/callback/"
SERVICE = "https://login.invalid"
PROVIDER = {"id": "un", "name": "UN Identity", "server_url": SERVICE, "client_id": "portal", "secret": "s"}
PASSWORD = "correct horse battery staple"
SIGN_UP = {"name": "Ana Ruiz", "country": "PER", "stakeholder_group": "individual", "consent": "on"}
ANA = {"sub": "1", "email": "ana@un.org", "email_verified": True, "name": "Ana Ruiz"}


class Service:
    """What the service answers; ``claims`` is what it says of the person."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = dict(ANA)
        self.away = False
        self.sent: list[dict[str, Any]] = []

    def request(self, _session: Any, method: str, url: str, **kwargs: Any) -> requests.Response:
        if self.away:
            raise requests.ConnectionError("away")
        self.sent.append({"url": url, **(kwargs.get("data") or {})})
        now = int(time.time())
        id_token = jwt.encode(
            {"iss": SERVICE, "aud": "portal", "iat": now, "exp": now + 60, **self.claims}, "k" * 32, "HS256"
        )
        answers = {
            f"{SERVICE}/.well-known/openid-configuration": {
                "issuer": SERVICE,
                "authorization_endpoint": f"{SERVICE}/authorize",
                "token_endpoint": f"{SERVICE}/token",
                "userinfo_endpoint": f"{SERVICE}/me",
                "jwks_uri": f"{SERVICE}/keys",
            },
            f"{SERVICE}/token": {"access_token": "a", "token_type": "Bearer", "id_token": id_token},
            f"{SERVICE}/me": self.claims,
        }
        response = requests.Response()
        response.status_code = 200
        response.headers["Content-Type"] = "application/json"
        response._content = json.dumps(answers[url]).encode()
        return response


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Service:
    trust(settings, "un.org")
    played = Service()
    monkeypatch.setattr(requests.Session, "request", lambda *args, **kwargs: played.request(*args, **kwargs))
    return played


def trust(settings: Any, *domains: str) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": apps(json.dumps([{**PROVIDER, "domains": list(domains)}])),
        }
    }


def go(client: Client, **fields: str) -> Any:
    """Press the button, and come back from the service; the portal's answer."""
    page = client.post(START, fields).content.decode()
    onward = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    assert onward, page
    query = parse_qs(urlsplit(onward.group(1).replace("&amp;", "&")).query)
    assert query["redirect_uri"] == [f"http://testserver{BACK}"]
    return client.get(BACK, {"code": "c", "state": query["state"][0]})


def signed_in_as(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def person(**fields: Any) -> User:
    return keep_person(
        **{"email": "ana@un.org", "name": "Ana", "roles": ["expert"], "password": PASSWORD, **fields}
    )


def test_the_button_is_there_only_where_a_service_is_configured(service: Service, settings: Any) -> None:
    assert "Sign in through UN Identity" in Client().get("/en/account/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "/oidc/" not in Client().get("/en/account/login/").content.decode()
    assert Client().post(START).status_code == Client().get(BACK).status_code == 404


def test_the_browser_is_sent_by_a_page_since_the_policy_lets_no_form_lead_elsewhere(service: Service) -> None:
    response = Client().post(START)
    assert response.status_code == 200
    assert f'href="{SERVICE}/authorize?' in response.content.decode()
    assert "form-action 'self'" in response["Content-Security-Policy"]
    # Opening the address by itself sends nobody anywhere.
    assert f"{SERVICE}/authorize" not in Client().get(START).content.decode()


def test_somebody_new_reads_and_agrees_as_everyone_does(service: Service) -> None:
    client = Client()
    response = go(client)
    assert response["Location"] == "/fr/account/connected/signup/"  # in the language one came from
    assert not User.objects.exists()
    form = client.get(response["Location"]).content.decode()
    assert 'value="Ana Ruiz"' in form and "password1" not in form
    refused = client.post(response["Location"], {**SIGN_UP, "consent": ""})
    assert refused.status_code == 200 and not User.objects.exists()
    client.post(response["Location"], SIGN_UP)
    ana = User.objects.get()
    assert (ana.email, ana.language, ana.has_usable_password()) == ("ana@un.org", "fr", False)
    assert Consent.objects.get(user=ana).text.language == "fr"
    assert ana.facts.has("participant")
    assert signed_in_as(client) == str(ana.pk)
    # The next time it is one step.
    again = Client()
    go(again)
    assert signed_in_as(again) == str(ana.pk)


def test_the_code_is_exchanged_with_proof_of_who_asked_for_it(service: Service) -> None:
    go(Client())
    (exchange,) = [sent for sent in service.sent if sent["url"].endswith("/token")]
    assert exchange["code_verifier"]


@pytest.mark.parametrize(
    ("claims", "domains"),
    [
        ({"email_verified": False}, ["un.org"]),
        ({"email_verified": "false"}, ["un.org"]),
        ({"email_verified": None}, ["un.org"]),
        ({}, []),
        ({}, ["unhabitat.org"]),
        ({"email": "ana@evil-un.org"}, ["un.org"]),
    ],
)
def test_an_address_that_is_only_claimed_is_confirmed_by_a_code(
    service: Service, settings: Any, claims: dict[str, Any], domains: list[str]
) -> None:
    trust(settings, *domains)
    service.claims |= claims
    client = Client()
    response = go(client)
    response = client.post(response["Location"], {**SIGN_UP, "email": service.claims["email"]})
    assert response["Location"] == "/fr/account/confirm-email/"
    assert not signed_in_as(client)
    client.post(response["Location"], {"code": mailed_code(mail.outbox[-1].body)})
    assert signed_in_as(client)


def test_an_account_with_the_same_confirmed_address_is_opened_and_its_owner_told(service: Service) -> None:
    ana = person()
    client = Client()
    go(client)
    assert signed_in_as(client) == str(ana.pk)
    assert SocialAccount.objects.get().user == ana
    assert ana.check_password(PASSWORD)
    (told,) = mail.outbox
    assert told.to == ["ana@un.org"]
    # After that it is the same person, also when the address changes there.
    service.claims["email"] = "ana.ruiz@un.org"
    again = Client()
    go(again)
    assert signed_in_as(again) == str(ana.pk)


@pytest.mark.parametrize(
    ("claims", "domains"),
    [
        ({"email_verified": False}, ["un.org"]),
        ({"email_verified": "false"}, ["un.org"]),
        ({}, []),
        ({}, ["other.org"]),
    ],
)
def test_an_account_is_not_opened_on_a_mere_claim(
    service: Service, settings: Any, claims: dict[str, Any], domains: list[str]
) -> None:
    trust(settings, *domains)
    service.claims |= claims
    person()
    client = Client()
    response = go(client)
    # The answer is that for an address nobody has; its owner is told.
    response = client.post(response["Location"], {**SIGN_UP, "email": "ana@un.org"})
    assert response["Location"] == "/fr/account/confirm-email/"
    assert not signed_in_as(client) and not SocialAccount.objects.exists()
    assert mail.outbox[-1].to == ["ana@un.org"]


@pytest.mark.parametrize("fields", [{"verified": False}, {"is_active": False}])
def test_an_account_that_has_not_confirmed_the_address_or_is_closed_is_not_opened(
    service: Service, fields: dict[str, Any]
) -> None:
    ana = person()
    if "verified" in fields:
        ana.emailaddress_set.update(verified=False)
    else:
        User.objects.update(is_active=False)
    client = Client()
    go(client)
    assert not signed_in_as(client) and not SocialAccount.objects.exists()


def test_a_second_factor_set_up_here_is_asked_for_all_the_same(service: Service) -> None:
    give_app(person())
    client = Client()
    assert go(client)["Location"] == "/fr/account/second-factor/authenticate/"
    assert not signed_in_as(client)


def test_an_account_is_connected_and_disconnected_by_its_owner(service: Service, settings: Any) -> None:
    trust(settings)
    ana = person()
    client = Client()
    client.post("/en/account/login/", {"login": "ana@un.org", "password": PASSWORD})
    assert "Connect UN Identity" in client.get("/en/account/connected/").content.decode()
    go(client, process="connect")
    account = SocialAccount.objects.get(user=ana)
    assert "Connected services" in client.get("/en/account/").content.decode()
    assert "Disconnect" in client.get("/en/account/connected/").content.decode()
    client.post("/en/account/connected/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "query", [{}, {"code": "c"}, {"code": "c", "state": "forged"}, {"error": "access_denied"}]
)
def test_whoever_comes_back_without_having_gone_is_not_let_in(
    service: Service, query: dict[str, str]
) -> None:
    client = Client()
    page = client.get(BACK, query)
    assert page.status_code in (200, 401)
    assert "You are not signed in" in page.content.decode()
    assert not signed_in_as(client)


@pytest.mark.parametrize("wrong", [{"iss": "https://evil.invalid"}, {"aud": "somebody else"}, {"exp": 1}])
def test_a_token_made_for_others_is_refused(service: Service, wrong: dict[str, Any]) -> None:
    person()
    service.claims |= wrong
    client = Client()
    go(client)
    assert not signed_in_as(client)


def test_a_service_that_is_away_or_talks_nonsense_is_said_so(service: Service) -> None:
    service.claims = {"email": "ana@un.org"}
    client = Client()
    assert go(client).status_code in (401, 502)
    service.away = True
    page = Client().post(START)
    assert page.status_code == 502
    assert 'class="site-head"' in page.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example"])
def test_nobody_is_sent_to_another_site(service: Service, elsewhere: str) -> None:
    person()
    assert "evil" not in go(Client(), next=elsewhere)["Location"]
    assert go(Client(), next="/en/rounds/")["Location"] == "/en/rounds/"
