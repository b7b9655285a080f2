"""What was made for one person is kept by nobody else; what is public may be kept as before."""

from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from tests.accounts.conftest import PASSWORD, signed_in
from tests.factories import make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chapter() -> str:
    draft = make_draft(status="published", paragraphs=1)
    make_round(draft)
    return f"/en/guidelines/{draft.guidelines.slug}/1/chp_1/"


@pytest.mark.parametrize(
    "path", ["/en/", "/en/rounds/", "/en/account/", "/en/nothing-here/", "/api/v1/rounds/", "/en/people/"]
)
def test_no_cache_keeps_what_a_signed_in_person_is_answered(path: str) -> None:
    assert signed_in(make_user("participant")).get(path)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/en/", "/en/rounds/", "/en/privacy/", "/api/v1/rounds/"])
def test_public_pages_are_as_they_were_for_who_is_not_signed_in(path: str, chapter: str) -> None:
    for public in (path, chapter):
        answer = Client().get(public)
        assert answer.status_code == 200 and "Cache-Control" not in answer and answer["X-Reader"] == ""


def test_what_is_the_same_for_everyone_stays_public() -> None:
    for client in (Client(), signed_in(make_user())):
        assert "public" in client.get("/en/feed/")["Cache-Control"]


def test_signing_in_and_out_are_kept_by_nobody() -> None:
    person = make_user(email="ana@example.org")
    person.set_password(PASSWORD)
    person.save()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    client = Client()
    entered = client.post("/en/account/login/", {"login": person.email, "password": PASSWORD})
    assert entered.status_code == 302 and entered["Cache-Control"] == "private, no-store"
    assert entered["X-Reader"] != ""
    left = client.post("/en/account/logout/")
    assert left.status_code == 302 and left["Cache-Control"] == "private, no-store"
    assert left["X-Reader"] == ""


def test_only_pages_for_reading_without_a_line_may_stay_on_the_device(chapter: str) -> None:
    answer = signed_in(make_user("expert")).get(chapter)
    assert answer["X-Keep-For-Offline"] and answer["Cache-Control"] == "private, no-cache"
    working = make_draft(paragraphs=1)
    make_round(working)
    embargoed = signed_in(make_user("drafter")).get(f"/en/guidelines/{working.guidelines.slug}/1/chp_1/")
    assert embargoed.status_code == 200 and embargoed["Cache-Control"] == "private, no-store"


def test_the_mark_of_a_reader_is_theirs_alone_and_tells_nothing(chapter: str) -> None:
    one, two = make_user(), make_user()
    mine = [signed_in(one).get(path)["X-Reader"] for path in (chapter, "/en/")]
    other = signed_in(two).get(chapter)["X-Reader"]
    assert mine[0] == mine[1] != other and len(other) == 20
    page = signed_in(one).get(chapter).content.decode()
    assert f'data-reader="{mine[0]}"' in page


def test_programs_are_told_that_their_token_makes_the_difference(client: Any) -> None:
    for headers in ({}, {"Authorization": f"Token {AuthToken.objects.create(make_user('staff'))[1]}"}):
        answer = client.get("/api/v1/rounds/", headers=headers)
        assert {"Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}
        assert answer.get("Cache-Control", "") == ("private, no-store" if headers else "")
