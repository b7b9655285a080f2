"""The secretariat's pages of invitations, and what the invited person sees."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.actions.invitations import invite_people, token_of, withdraw_invitation
from accounts.actions.people import keep_person
from accounts.models import Consent, Invitation, Membership, User
from core import outbox
from tests.factories import make_group, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
NEW, LIST = "/en/account/invitations/new/", "/en/account/invitations/"
SIGN_UP = {
    "name": "Ana Ruiz",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "country": "PER",
    "stakeholder_group": "individual",
    "consent": "on",
}


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def invited(language: str = "en", **fields: Any) -> tuple[Invitation, str]:
    """An invitation for ana@example.org, and the path of its page."""
    staff = fields.pop("actor", None) or make_user("staff", name="Amara")
    offer = fields or {"role": "expert"}
    invite_people(actor=staff, people=f"ana@example.org, Ana Ruiz, {language}, PER", **offer)
    invitation = Invitation.objects.latest("pk")
    return invitation, f"/{language}/account/invitation/{token_of(invitation)}/"


def person_with_account() -> User:
    return keep_person(email="ana@example.org", name="Ana", roles=["participant"], password=PASSWORD)


def fill(people: str, **more: str) -> dict[str, str]:
    return {"people": people, "role": "expert", "group": "", "language": "en", "days": "14", **more}


# --- The secretariat --------------------------------------------------------------------------------------


def test_a_list_is_previewed_and_then_sent() -> None:
    client = client_of(make_user("staff"))
    people = "ana@example.org, Ana Ruiz, es\nben@example.org, Ben"
    page = client.post(NEW, fill(people, preview="1"))
    html = page.content.decode()
    assert page.status_code == 200 and "Send 2 invitations" in html
    assert not Invitation.objects.exists()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', html)
    assert seen
    response = client.post(NEW, fill(people, send="1", seen=seen.group(1)), follow=True)
    assert "2 invitations are on their way" in response.content.decode()
    # Sent twice is once.
    response = client.post(NEW, fill(people, send="1", seen=seen.group(1)), follow=True)
    assert "has been invited already" in response.content.decode()
    assert Invitation.objects.count() == 2


def test_what_was_not_previewed_is_not_sent() -> None:
    client = client_of(make_user("staff"))
    for seen in ("", "0" * 64):
        page = client.post(NEW, fill("ana@example.org, Ana", send="1", seen=seen))
        assert "Send 1 invitation" in page.content.decode()
    assert not Invitation.objects.exists()


def test_wrong_lines_are_reported_with_what_to_do() -> None:
    page = client_of(make_user("staff")).post(NEW, fill("ana@example.org, Ana\nben@example"))
    html = page.content.decode()
    assert page.status_code == 400
    assert "1 line has to be mended" in html and "Check how it is written" in html
    assert 'name="send"' not in html
    assert "ben@example" in html  # what was pasted is still there


@pytest.mark.parametrize(("role", "field"), [("", "group"), ("admin", "Role"), ("boss", "Role")])
def test_what_staff_may_not_offer_is_refused_in_the_form(role: str, field: str) -> None:
    page = client_of(make_user("staff")).post(NEW, fill("ana@example.org, Ana", role=role))
    assert page.status_code == 400
    assert field in page.content.decode()


def test_names_are_escaped() -> None:
    page = client_of(make_user("staff")).post(NEW, fill("ana@example.org, <script>alert(1)</script>"))
    assert "<script>alert" not in page.content.decode()


def test_the_list_says_how_each_invitation_stands(django_assert_num_queries: Any) -> None:
    staff = make_user("staff")
    client = client_of(staff)
    invited(actor=staff)
    html = client.get(LIST).content.decode()
    assert "Waiting for an answer" in html and "hasn't gone out yet" in html
    outbox.drain()
    assert "hasn't gone out yet" not in client.get(LIST).content.decode()
    Invitation.objects.update(expires_at=timezone.now())
    assert "Expired" in client.get(LIST).content.decode()
    invite_people(actor=staff, people="a@x.org, A\nb@x.org, B\nc@x.org, C", group=make_group())
    with django_assert_num_queries(6):
        client.get(LIST)


def test_sending_again_and_withdrawing() -> None:
    staff = make_user("staff")
    invitation, path = invited(actor=staff)
    client = client_of(staff)
    assert client.post(f"{LIST}{invitation.uuid}/resend/").status_code == 302
    assert Client().get(path).status_code == 404  # the earlier link opens no more
    assert client.post(f"{LIST}{invitation.uuid}/withdraw/").status_code == 302
    assert "Withdrawn" in client.get(LIST).content.decode()
    assert client.post(f"{LIST}{invitation.uuid}/resend/").status_code == 409


def test_staff_sees_an_invitation_into_the_secretariat_and_leaves_it_alone() -> None:
    invitation, _path = invited(actor=make_user("admin"), role="staff")
    client = client_of(make_user("staff"))
    assert f"{invitation.uuid}/withdraw" not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}{invitation.uuid}/withdraw/").status_code == 403


# --- The person invited -----------------------------------------------------------------------------------


def test_somebody_new_creates_an_account_and_is_in() -> None:
    group = make_group()
    _invitation, path = invited("es", group=group, role="expert")
    client = Client()
    page = client.get(path).content.decode()
    assert "Amara" in page and "Ana Ruiz" in page and f"{path}sign-up/" in page
    form = client.get(f"{path}sign-up/").content.decode()
    assert 'value="Ana Ruiz"' in form and '<option value="PER" selected>' in form
    response = client.post(f"{path}sign-up/", {**SIGN_UP, "email": "other@example.org"})
    assert response.status_code == 302, response.content.decode()
    person = User.objects.get(email="ana@example.org")
    assert (person.email, person.language, person.country_id) == ("ana@example.org", "es", "PER")
    assert person.facts.has("expert") and person.facts.has("participant")
    assert Membership.objects.filter(group=group, user=person).exists()
    assert Consent.objects.get(user=person).text.language == "es"
    # The link has confirmed the address: no code is asked for.
    assert person.emailaddress_set.get().verified
    assert client.session["_auth_user_id"] == str(person.pk)
    assert mail.outbox == []


@pytest.mark.parametrize("missing", ["consent", "name", "password1"])
def test_without_what_is_needed_nothing_happens(missing: str) -> None:
    invitation, path = invited()
    fields = {name: value for name, value in SIGN_UP.items() if name != missing}
    assert "error-summary" in Client().post(f"{path}sign-up/", fields).content.decode()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not User.objects.filter(email="ana@example.org").exists()


def test_opening_the_link_changes_nothing() -> None:
    invitation, path = invited()
    person = person_with_account()
    for client in (Client(), client_of(person)):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_somebody_with_an_account_signs_in_and_accepts() -> None:
    invitation, path = invited()
    person = person_with_account()
    client = Client()
    assert f"/account/login/?next={path}" in client.get(path).content.decode()
    assert client.get(f"{path}sign-up/")["Location"] == path
    # Nobody accepts without being signed in.
    client.post(path)
    assert not person.role_grants.filter(role="expert").exists()
    fields = {"login": "ana@example.org", "password": PASSWORD, "next": path}
    assert client.post("/en/account/login/", fields)["Location"] == path
    for _ in range(2):
        client.post(path)
    assert person.role_grants.filter(role="expert").count() == 1
    invitation.refresh_from_db()
    assert invitation.accepted_by == person
    again = client.get(path)
    assert again.status_code == 200 and "You have accepted" in again.content.decode()


def test_somebody_else_is_told_whom_it_is_for() -> None:
    _invitation, path = invited()
    client = client_of(make_user(email="else@example.org"))
    page = client.get(path)
    assert page.status_code == 403
    html = page.content.decode()
    assert "This invitation is for ana@example.org" in html and "else@example.org" in html
    assert client.post(path).status_code == 403
    assert not Invitation.objects.filter(accepted_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("end", "says"),
    [("used", "has been accepted already"), ("expired", "has expired"), ("withdrawn", "has been withdrawn")],
)
def test_a_link_that_has_ended_says_so(end: str, says: str) -> None:
    invitation, path = invited()
    if end == "used":
        Client().post(f"{path}sign-up/", SIGN_UP)
    elif end == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        withdraw_invitation(actor=invitation.invited_by, invitation=invitation)
    client = Client()
    page = client.get(path)
    assert page.status_code == 410 and says in page.content.decode()
    assert client.get(f"{path}sign-up/")["Location"] == path
    assert client.post(f"{path}sign-up/", SIGN_UP)["Location"] == path
    assert User.objects.filter(email="ana@example.org").exists() is (end == "used")


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "é", "../../x"])
def test_a_link_that_opens_nothing_says_so(token: str) -> None:
    page = Client().get(f"/fr/account/invitation/{token}/")
    assert page.status_code == 404
    assert 'class="site-head"' in page.content.decode()


def test_no_page_of_an_invitation_is_kept_by_a_cache() -> None:
    _invitation, path = invited()
    for page in (path, f"{path}sign-up/"):
        assert "no-store" in Client().get(page)["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_accounts_asked_for_at_once_are_one() -> None:
    invitation, path = invited()

    def sign_up(_n: int) -> int:
        try:
            return Client().post(f"{path}sign-up/", SIGN_UP).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(sign_up, range(4)))
    person = User.objects.get(email="ana@example.org")
    assert 302 in statuses and set(statuses) <= {302, 503}
    assert person.role_grants.filter(role="expert").count() == 1
    invitation.refresh_from_db()
    assert invitation.accepted_by == person


def test_a_role_that_needs_a_second_factor_asks_for_it_at_once(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    _invitation, path = invited(role="focal_point")
    client = Client()
    client.post(f"{path}sign-up/", SIGN_UP)
    assert client.get("/en/")["Location"] == "/en/account/second-factor/"


@pytest.mark.parametrize("language", ["ar", "fr", "zh-hans"])
def test_the_pages_stand_in_every_language(language: str) -> None:
    _invitation, path = invited(language)
    for page in (path, f"{path}sign-up/"):
        html = Client().get(page).content.decode()
        assert f'<html lang="{language}"' in html and "<style" not in html and 'style="' not in html
