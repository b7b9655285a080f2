"""The pages that are there only where a service of sign-in is configured."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tests.accounts import test_single_sign_on as single_sign_on
from tests.accounts.test_single_sign_on import SIGN_UP, Service
from tests.browser.pages.looking import window
from tests.browser.pages.test_every_page import Looker

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


service = single_sign_on.service


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_single_sign_on(
    browser: Browser,
    service: Service,
    settings: Any,
    tmp_path: Path,
    language: str,
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    client, account = Client(), f"/{language}/account/"
    pages = {"sign-in": client.get(f"{account}login/"), "asked": client.get(f"{account}oidc/un/login/")}
    pages["on the way"] = client.post(f"{account}oidc/un/login/")
    onward = re.search(r"0;url=([^\"]+)", pages["on the way"].content.decode())
    assert onward
    # It leads on by itself at once; looked at without that.
    pages["on the way"].content = re.sub(
        rb'<meta http-equiv="refresh"[^>]*>', b"", pages["on the way"].content
    )
    state = parse_qs(urlsplit(onward[1].replace("&amp;", "&")).query)["state"][0]
    client.get("/account/oidc/un/callback/", {"code": "c", "state": state})
    sign_up = f"{account}connected/signup/"
    pages["sign-up"] = client.get(sign_up)
    pages["sign-up with errors"] = client.post(sign_up, {**SIGN_UP, "name": "", "consent": ""})
    client.post(sign_up, SIGN_UP)
    pages["connected"] = client.get(f"{account}connected/")
    service.away = True
    pages["away"] = Client().post(f"{account}oidc/un/login/")
    with window(browser) as shown:
        looker = Looker(shown, language)
        wrong = {name: looker.faults(name, name, page) for name, page in pages.items()}
        wrong["validator"] = looker.by_the_validator(tmp_path)
    assert {name: found for name, found in wrong.items() if found} == {}
