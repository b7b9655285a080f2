"""Limits that are reached say what they are, and when to go on."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.actions.people import keep_person
from accounts.models import Invitation
from tests.accounts.conftest import PASSWORD, signed_in
from tests.caches import empty_cache
from tests.factories import make_user

pytestmark = pytest.mark.django_db
CODE_PAGE, CONFIRM_PAGE = "/en/account/login/code/", "/en/account/login/code/confirm/"


@pytest.fixture(autouse=True)
def _ana() -> None:
    empty_cache()
    keep_person(email="ana@example.org", name="Ana", roles=["participant"], password=PASSWORD)


def test_wrong_passwords() -> None:
    for _ in range(6):
        page = Client().post("/en/account/login/", {"login": "ana@example.org", "password": "wrong"})
    assert "at most 5 within 5 minutes" in page.content.decode()


def test_codes_asked_for() -> None:
    for _ in range(4):
        page = Client().post(CODE_PAGE, {"email": "ana@example.org"})
    assert page.status_code == 200 and len(mail.outbox) == 3
    html = page.content.decode()
    assert "Codes were asked for too often: at most 3 within 1 minute." in html and "ask again" in html


def test_wrong_codes() -> None:
    client = Client()
    client.post(CODE_PAGE, {"email": "ana@example.org"})
    for _ in range(3):
        page: Any = client.post(CONFIRM_PAGE, {"code": "WRONG"}, follow=True)
    html = page.content.decode()
    assert "A wrong code was typed three times" in html and "Ask for a new one" in html
    assert page.redirect_chain[-1][0] == CODE_PAGE


def test_a_list_of_people_that_is_too_long() -> None:
    client = signed_in(make_user("staff"))
    form = client.get("/en/account/invitations/new/").content.decode()
    field = re.search(r"<textarea[^>]*name=\"people\"[^>]*>", form)
    assert field and "maxlength" not in field.group()
    people = "ana@example.org, Ana\n" * 5_000
    page = client.post(
        "/en/account/invitations/new/", {"people": people, "role": "expert", "language": "en", "days": "14"}
    )
    assert page.status_code == 400
    html = page.content.decode()
    assert re.search(r"The list has 10[45],?\d{3} characters; at most 100,?000 go at a time. Divide it", html)
    assert not Invitation.objects.exists()
