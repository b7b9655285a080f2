"""The pages of missions: the secretariat's overview, and what a contact point does."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions.invitations import invite_people, token_of
from accounts.actions.people import keep_person
from accounts.models import Affiliation, Invitation, Organisation, User
from tests.accounts.conftest import signed_in
from tests.caches import empty_cache
from tests.factories import make_member_state, make_user

pytestmark = pytest.mark.django_db
OVERVIEW, AGAIN = "/en/people/member-states/", "/en/people/member-states/invite-again/"
COLLEAGUE = {"name": "Ana Ruiz", "email": "ana@example.org", "language": "es", "position": "deputy"}
HAND_OVER = {"successor": "new", "name": "Ana Ruiz", "email": "ana@example.org", "language": "es"}


@pytest.fixture
def contact() -> User:
    return keep_person(email="contact@example.org", name="Carmen Contact", roles=["focal_point"])


@pytest.fixture
def state(contact: User) -> Organisation:
    return make_member_state("PER", contact=contact)


def pages(state: Organisation) -> str:
    return f"/en/account/organizations/{state.pk}/"


def invite(people: str, *, expired: bool = False) -> None:
    invite_people(actor=make_user("staff"), people=people, role="focal_point")
    if expired:
        emails = [line.split(",")[0] for line in people.splitlines()]
        Invitation.objects.filter(email__in=emails).update(expires_at=timezone.now() - timedelta(days=1))


def test_the_overview_says_of_each_state_who_speaks_for_it(state: Organisation) -> None:
    invite("k@example.org, Kamau Ken, KEN")
    invite("f@example.org, Fanny Fra, FRA", expired=True)
    deputy = make_user(name="Dora Deputy")
    Affiliation.objects.create(user=deputy, organisation=state, role="deputy", confirmed_at=timezone.now())
    client = signed_in(make_user("staff"))
    html = client.get(OVERVIEW).content.decode()
    assert "1 of 193 Member States has somebody" in html and "193 Member States" in html
    for words in (
        "Carmen Contact",
        "Dora Deputy",
        "Kamau Ken",
        "Fanny Fra",
        "?role=focal_point&amp;country=KEN",
    ):
        assert words in html
    assert "Send 1 expired invitation again" in html
    for query, there, gone in (
        ("?reach=reached", "Carmen Contact", "Kamau Ken"),
        ("?reach=invited", "Kamau Ken", "Carmen Contact"),
        ("?reach=expired", "Fanny Fra", "Kamau Ken"),
        ("?region=africa", "Kenya", "France"),
        ("?region=africa&reach=nobody", "Uganda", "Kenya"),
        ("?words=Кения", "Kenya", "Peru"),
        ("?words=fanny", "France", "Kenya"),
        ("?words=zzz", "No Member State is found", "Kenya"),
        ("?region=x&reach=y", "Kenya", "No Member State is found"),
    ):
        page = client.get(OVERVIEW + query)
        rows = page.content.decode().split('id="states"')[1].split("</form>")[1]
        assert page.status_code == 200 and there in rows and gone not in rows, query


def test_the_overview_asks_as_much_of_the_database_for_one_as_for_all(
    django_assert_max_num_queries: Any, state: Organisation
) -> None:
    client = signed_in(make_user("staff"))
    with django_assert_max_num_queries(14):
        client.get(OVERVIEW)
    for code in ("KEN", "FRA", "BRA", "IND"):
        make_member_state(code, contact=make_user())
    invite("\n".join(f"p{n}@example.org, P, {code}" for n, code in enumerate(("UGA", "TZA", "RWA"))))
    with django_assert_max_num_queries(14):
        client.get(OVERVIEW)


def test_expired_ones_are_sent_again_after_a_look(state: Organisation) -> None:
    invite("f@example.org, Fanny Fra, FRA", expired=True)
    invite("k@example.org, Kamau Ken, KEN")
    client = signed_in(make_user("staff"))
    html = client.get(AGAIN).content.decode()
    assert "Fanny Fra" in html and "Kamau Ken" not in html and "Send 1 invitation" in html
    seen = [str(Invitation.objects.get(email="f@example.org").uuid)]
    assert "1 invitation is on its way" in client.post(AGAIN, {"seen": seen}, follow=True).content.decode()
    assert (
        "No invitation of a focal point has expired"
        in client.post(AGAIN, {"seen": seen}, follow=True).content.decode()
    )
    assert "has expired" in client.get(AGAIN).content.decode()
    assert client.post(AGAIN, {"seen": "x"}).status_code == 400


@pytest.mark.parametrize("path", [OVERVIEW, AGAIN])
def test_the_overview_is_the_secretariats(path: str, state: Organisation, contact: User) -> None:
    for person in (contact, make_user("drafter"), make_user("coordinator"), make_user("expert")):
        assert signed_in(person).get(path).status_code == 403
    assert signed_in(make_user("admin")).get(path).status_code == 200
    assert Client().get(path).status_code == 302


def test_a_contact_point_invites_a_colleague_who_signs_up(state: Organisation, contact: User) -> None:
    client = signed_in(contact)
    page = pages(state)
    assert "Invite a colleague" in client.get(page).content.decode()
    wrong = client.post(f"{page}invite/", {**COLLEAGUE, "email": "no address", "position": "contact"})
    assert wrong.status_code == 400 and "error-summary" in wrong.content.decode()
    for _ in range(2):
        assert client.post(f"{page}invite/", COLLEAGUE)["Location"] == page
    invitation = Invitation.objects.get()
    html = client.get(page).content.decode()
    assert "Ana Ruiz" in html and "ana@example.org" in html
    link = f"/es/account/invitation/{token_of(invitation)}/"
    guest = Client()
    assert "Carmen Contact" in guest.get(link).content.decode()
    password = "correct horse battery staple"
    sign_up = {"name": "Ana Ruiz", "password1": password, "password2": password, "consent": "on"}
    assert guest.post(f"{link}sign-up/", sign_up).status_code == 302
    ana = User.objects.get(email="ana@example.org")
    assert ana.affiliations.get().role == "deputy" and ana.country_id == "PER"
    assert "Ana Ruiz" in client.get(page).content.decode()


def test_a_contact_point_changes_places(state: Organisation, contact: User) -> None:
    place = Affiliation.objects.create(user=make_user(), organisation=state, confirmed_at=timezone.now())
    client = signed_in(contact)
    path = f"/en/account/affiliations/{place.pk}/"
    for position in ("deputy", "member"):
        client.post(f"{path}position/", {"position": position})
        place.refresh_from_db()
        assert place.role == position
    assert client.post(f"{path}position/", {"position": "contact"}).status_code == 403
    client.post(f"{path}position/", {"position": "king"})
    assert client.post(f"{path}end/").status_code == 302
    assert not Affiliation.objects.filter(pk=place.pk).exists()
    own = state.affiliations.get()
    assert client.post(f"/en/account/affiliations/{own.pk}/end/").status_code == 403
    assert "Hand the contact over" in client.get("/en/account/organizations/").content.decode()


def test_the_contact_is_handed_over_from_the_page(state: Organisation, contact: User) -> None:
    deputy = keep_person(email="dora@example.org", name="Dora Deputy", roles=["participant"])
    place = Affiliation.objects.create(
        user=deputy, organisation=state, role="deputy", confirmed_at=timezone.now()
    )
    client, page = signed_in(contact), f"{pages(state)}hand-over/"
    assert "Dora Deputy (Deputy)" in client.get(page).content.decode()
    missing = client.post(page, {"successor": "new", "afterwards": "member"})
    assert missing.status_code == 400 and "Give the address" in missing.content.decode()
    assert client.post(page, {"successor": "0", "afterwards": "member"}).status_code == 400
    sent = {"successor": str(place.pk), "afterwards": "leaves"}
    assert client.post(page, sent)["Location"] == pages(state)
    assert "is offered to" in client.get(page).content.decode()
    assert client.post(page, {**HAND_OVER, "afterwards": "member"}).status_code == 409
    invitation = Invitation.objects.get()
    assert invitation.is_hand_over and invitation.email == "dora@example.org"
    signed_in(deputy).post(f"/en/account/invitation/{token_of(invitation)}/")
    assert state.affiliations.get().user == deputy
    # Whoever was contact point finds the mission's pages no more; the new one does.
    assert client.get(pages(state)).status_code == client.get(page).status_code == 404
    assert signed_in(deputy).get(page).status_code == 200


@pytest.mark.parametrize("act", ["resend", "withdraw"])
def test_an_invitation_of_the_mission_is_its_own(act: str, state: Organisation, contact: User) -> None:
    client = signed_in(contact)
    client.post(f"{pages(state)}invite/", COLLEAGUE)
    invitation = Invitation.objects.get()
    path = f"{pages(state)}invitations/{invitation.uuid}/{act}/"
    other = make_user("focal_point")
    elsewhere = make_member_state("KEN", contact=other)
    assert signed_in(other).post(path).status_code == 404
    assert signed_in(other).post(path.replace(f"/{state.pk}/", f"/{elsewhere.pk}/")).status_code == 404
    assert client.post(path)["Location"] == pages(state)
    if act == "withdraw":  # twice is once
        assert client.post(path)["Location"] == pages(state)
    invitation.refresh_from_db()
    assert (invitation.mailing, invitation.withdrawn_at is None) == (
        (2, True) if act == "resend" else (1, False)
    )
    invite("k@example.org, K, PER")
    theirs = Invitation.objects.latest("pk")
    assert client.post(f"{pages(state)}invitations/{theirs.uuid}/{act}/").status_code == 404


@pytest.mark.parametrize("who", ["other", "deputy", "former", "expert", "drafter", "coordinator"])
def test_to_everybody_else_the_pages_are_not_there(who: str, state: Organisation) -> None:
    person = make_user(who if who in ("expert", "drafter", "coordinator") else "focal_point")
    if who == "other":
        make_member_state("KEN", contact=person)
    elif who != "former":
        Affiliation.objects.create(
            user=person, organisation=state, role="deputy", confirmed_at=timezone.now()
        )
    client, place = signed_in(person), state.affiliations.get(role="contact")
    for path in ("", "invite/", "hand-over/"):
        assert client.get(pages(state) + path).status_code == 404
        if path:
            assert client.post(pages(state) + path, {**COLLEAGUE, **HAND_OVER}).status_code == 404
    assert (
        client.post(f"/en/account/affiliations/{place.pk}/position/", {"position": "member"}).status_code
        == 404
    )
    assert client.post(f"/en/account/affiliations/{place.pk}/end/").status_code == 404
    assert not Invitation.objects.exists() and place.role == "contact"


@pytest.mark.parametrize("language", ["ar", "fr", "zh-hans"])
def test_the_pages_stand_in_every_language(language: str, state: Organisation, contact: User) -> None:
    empty_cache()
    for client, path in (
        (signed_in(make_user("staff")), OVERVIEW),
        (signed_in(contact), pages(state)),
        (signed_in(contact), f"{pages(state)}invite/"),
        (signed_in(contact), f"{pages(state)}hand-over/"),
    ):
        html = client.get(path.replace("/en/", f"/{language}/")).content.decode()
        assert f'<html lang="{language}"' in html and 'style="' not in html and "<style" not in html
