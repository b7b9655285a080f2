"""What one is told of oneself: in the invitation's mail, after accepting it, and in one's account."""

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.invitations import invite_people, token_of
from accounts.models import Group, Invitation, Organisation
from core import outbox
from tests.accounts.conftest import signed_in
from tests.factories import make_draft, make_group, make_member_state, make_round, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
SIGN_UP = {"name": "Ana Ruiz", "password1": PASSWORD, "password2": PASSWORD, "consent": "on"}


def invite(**fields: Any) -> str:
    """The path of Ana's invitation."""
    language = fields.pop("language", "en")
    invite_people(
        actor=make_user("staff", name="Amara"), people=f"ana@example.org, Ana, {language}, PER", **fields
    )
    return f"/{language}/account/invitation/{token_of(Invitation.objects.latest('pk'))}/"


# --- The mail -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "zone"),
    [
        ("en", "Nairobi"),
        ("fr", "Nairobi"),
        ("es", "Nairobi"),
        ("ru", "Найроби"),
        ("ar", "نيروبي"),
        ("zh-hans", "内罗毕"),
    ],
)
def test_the_mail_names_group_and_round_with_its_closing_in_text_and_html(
    language: str, zone: str, mailoutbox: list[Any]
) -> None:
    group = Group.objects.get(slug="expert-working-group")
    closing = datetime(2099, 5, 14, 14, 30, tzinfo=UTC)
    make_round(make_draft(status="published"), groups=(group,), title="The second reading", closes_at=closing)
    make_round(make_draft(status="published"), groups=(make_group(),), title="Of others")
    invite(group=group, role="expert", language=language)
    outbox.drain()
    (mail,) = mailoutbox
    html = unescape(str(mail.alternatives[0][0]))
    for words in (mail.body, html):
        assert getattr(group, "name_" + language.replace("-", "_")) in words
        assert "The second reading" in words and "17:30" in words and zone in words and "2099" in words
        assert "Of others" not in words


def test_the_mail_names_no_round_that_the_group_could_not_see(mailoutbox: list[Any]) -> None:
    group = make_group()
    make_round(make_draft(status="working"), groups=(group,), title="Embargoed")
    make_round(make_draft(status="circulated"), groups=(group,), title="Not theirs")
    circulated = make_draft(status="circulated")
    circulated.access.create(group=group)
    make_round(circulated, groups=(group,), title="Circulated to them")
    now = timezone.now()
    over = {"opens_at": now - timedelta(days=9), "closes_at": now - timedelta(days=1)}
    make_round(make_draft(status="published"), groups=(group,), title="Long over", **over)
    soon = {"opens_at": now + timedelta(days=2), "closes_at": now + timedelta(days=9)}
    make_round(make_draft(status="published"), groups=(group,), title="In two days", **soon)
    invite(group=group)
    outbox.drain()
    body = mailoutbox[0].body
    assert "Circulated to them" in body and "“In two days”, open from" in body
    assert not any(title in body for title in ("Embargoed", "Not theirs", "Long over"))


# --- After accepting ----------------------------------------------------------------------------------------


def test_after_signing_up_by_invitation_one_reads_what_one_is_now(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    group = make_group(name="Group of Latin America")
    make_round(make_draft(status="published"), groups=(group,), title="The regional round")
    path = invite(group=group, role="focal_point")
    client = Client()
    page = client.post(f"{path}sign-up/", SIGN_UP, follow=True)
    assert page.redirect_chain[-1][0] == "/en/account/welcome/"
    html = page.content.decode()
    for words in ("Focal point", "Group of Latin America", "Peru", "Contact point", "The regional round"):
        assert words in html
    assert "needs a second factor" in html and 'href="/en/account/second-factor/"' in html
    assert "Take part" not in html and "In no group" not in html  # one next step at a time


def test_who_accepts_with_an_account_is_led_to_the_same_page() -> None:
    person = make_user("participant", email="ana@example.org")
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    path = invite(role="expert")
    page = signed_in(person).post(path, follow=True)
    assert page.redirect_chain[-1][0] == "/en/account/welcome/"
    html = page.content.decode()
    assert "Expert" in html and "second factor" not in html and "No round and no call asks you" in html


def test_only_rounds_that_ask_one_are_listed_until_ones_own_deadline() -> None:
    mine, now = make_group(), timezone.now()
    person = make_user("expert", groups=(mine,))
    over = {"opens_at": now - timedelta(days=9), "closes_at": now - timedelta(days=1)}
    for title, groups, fields in (
        ("Mine", (mine,), {}),
        ("Everybody's", (), {}),
        ("Of others", (make_group(),), {}),
        ("Closed", (mine,), over),
        ("Longer for experts", (mine,), over),
        ("Ended early", (mine,), {"closed_at": now}),
    ):
        round = make_round(make_draft(status="published"), groups=groups, title=title, **fields)
        if title == "Longer for experts":
            round.deadlines.create(role="expert", at=now + timedelta(days=3))
    page = signed_in(person).get("/en/account/welcome/").content.decode()
    assert "Mine" in page and "Everybody&#x27;s" in page and "Longer for experts" in page
    assert not any(title in page for title in ("Of others", "Closed", "Ended early"))
    assert page.count(">Take part</a>") == 1 and f"Welcome, {person.name}" in page


# --- My account ---------------------------------------------------------------------------------------------


def test_my_account_says_roles_state_and_groups() -> None:
    person = make_user("focal_point", groups=(make_group(name="Group of Friends"),))
    person.role_grants.create(
        role="coordinator", scope_type="round", scope_id=str(make_round(make_draft()).pk)
    )
    make_member_state("PER", contact=person)
    lab = Organisation.objects.create(kind="academia", name="City Lab", name_en="City Lab")
    person.affiliations.create(organisation=lab)
    page = signed_in(person).get("/en/account/").content.decode()
    for words in ("Focal point", "Regional coordinator", "only for", "Peru", "Contact point", "City Lab"):
        assert words in page, words
    assert "To be confirmed" in page and "Group of Friends" in page


@pytest.mark.parametrize("path", ["/en/account/", "/en/account/welcome/"])
def test_the_cost_does_not_grow_with_rounds_and_groups(path: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    groups = [make_group() for _ in range(4)]
    person = make_user("expert", groups=tuple(groups))
    client = signed_in(person)
    make_round(make_draft(status="published"), groups=(groups[0],))
    client.get(path)
    few = cost()
    for group in groups:
        make_round(make_draft(status="published"), groups=(group,))
    assert cost() == few
