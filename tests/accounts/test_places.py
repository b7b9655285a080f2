"""Places in Member States and organizations: by invitation, and from the secretariat's hands."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from accounts.actions.affiliations import place_person
from accounts.actions.invitations import accept_invitation, invite_people, token_of
from accounts.actions.people import keep_person
from accounts.models import Affiliation, Country, Invitation, Organisation, User
from consultations.rules import may_take_position
from core.models import AuditEntry, subject_of
from core.verdicts import Refusal
from tests.accounts.conftest import settle, signed_in
from tests.factories import make_comment, make_draft, make_member_state, make_round, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
SIGN_UP = {"name": "Ana Ruiz", "password1": PASSWORD, "password2": PASSWORD, "consent": "on"}


def invited(role: str = "focal_point", country: str = "PER", email: str = "ana@example.org") -> Invitation:
    line = ", ".join(part for part in (email, "Ana Ruiz", "en", country) if part)
    invite_people(actor=make_user("staff"), people=line, role=role)
    return Invitation.objects.latest("pk")


def accept(email: str, **fields: Any) -> User:
    invitation = invited(email=email, **fields)
    person = keep_person(email=email, name="Ana", roles=["participant"])
    accept_invitation(actor=person, token=token_of(invitation))
    return User.objects.get(pk=person.pk)


# --- By invitation ------------------------------------------------------------------------------------------


def test_a_focal_point_who_signs_up_speaks_for_her_state_and_reserves_its_position() -> None:
    invitation = invited()
    path = f"/en/account/invitation/{token_of(invitation)}/"
    client = Client()
    assert "Focal point, Peru" in client.get(path).content.decode()
    form = client.get(f"{path}sign-up/").content.decode()
    select = re.search(r"<select[^>]*name=\"country\"[^>]*>", form)
    assert select and "disabled" in select.group()
    assert re.search(r'<option value="PER" selected', form)
    assert 'name="stakeholder_group"' not in form and 'name="organisation"' not in form
    # Another country sent by hand counts for nothing.
    client.post(f"{path}sign-up/", {**SIGN_UP, "country": "KEN", "stakeholder_group": "academia"})
    ana = User.objects.get(email="ana@example.org")
    place = ana.affiliations.get()
    assert (ana.country_id, place.organisation.country_id, place.role) == ("PER", "PER", "contact")
    assert place.organisation.kind == "member_state" and place.confirmed_at
    round = make_round(make_draft(status="published", paragraphs=1))
    comment = make_comment(round, make_user("expert"), provision_key="para_1")
    assert may_take_position(ana, comment, "reserve", at=timezone.now())


def test_the_first_is_contact_and_the_next_is_deputy() -> None:
    first, second = accept("a@example.org"), accept("b@example.org")
    assert first.affiliations.get().role == "contact" and second.affiliations.get().role == "deputy"
    assert first.facts.speaks_for == second.facts.speaks_for == Organisation.objects.get(country="PER").pk
    assert AuditEntry.objects.filter(
        action="affiliation.place", subject=f"accounts.user:{second.pk}"
    ).exists()


def test_who_has_a_place_already_is_raised_and_never_lowered() -> None:
    state = make_member_state("PER", contact=keep_person(email="c@example.org", name="C", roles=["expert"]))
    asked = keep_person(email="d@example.org", name="D", roles=["expert"])
    Affiliation.objects.create(user=asked, organisation=state)
    assert accept("d@example.org").affiliations.get().role == "deputy"
    assert accept("c@example.org").affiliations.get().role == "contact"


@pytest.mark.parametrize(("role", "country"), [("expert", "PER"), ("focal_point", "")])
def test_other_invitations_give_no_place(role: str, country: str) -> None:
    assert accept("a@example.org", role=role, country=country).affiliations.count() == 0


# --- From the secretariat's hands ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["staff", "admin"])
def test_the_secretariat_gives_a_place_in_a_state_and_takes_it(role: str, mailoutbox: list[Any]) -> None:
    person, actor = make_user("participant", name="Ana Ruiz"), make_user(role)
    client, page = signed_in(actor), f"/en/people/{person.pk}/"
    answer = client.post(
        f"{page}places/", {"place-kind": "member_state", "place-country": "PER", "place-position": "deputy"}
    )
    assert answer.status_code == 302
    place = person.affiliations.select_related("organisation").get()
    assert (place.role, place.organisation.country_id) == ("deputy", "PER") and place.confirmed_at
    settle()
    (mail,) = mailoutbox
    assert mail.to == [person.email] and "Peru" in mail.subject
    shown = client.get(page).content.decode()
    assert "Deputy" in shown and "Gave a place in an organization" in shown
    assert person.role_grants.filter(role="focal_point").exists()
    client.post(f"/en/account/affiliations/{place.pk}/end/", {"from": "person"})
    assert not person.affiliations.exists()
    assert not person.role_grants.filter(role="focal_point").exists()  # it came with the place
    settle()
    assert "has ended" in mailoutbox[-1].subject and mailoutbox[-1].to == [person.email]
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "affiliation.place",
        "affiliation.end",
    }


def test_an_organization_that_is_known_by_its_name_is_taken() -> None:
    lab = Organisation.objects.create(kind="academia", name="City Lab", name_en="City Lab")
    for name in ("city lab", "Another Lab"):
        place_person(
            actor=make_user("staff"), person=make_user(), kind="academia", name=name, position="member"
        )
    assert lab.affiliations.count() == 1
    assert Organisation.objects.filter(kind="academia").count() == 2


def test_a_new_contact_point_takes_the_place_of_the_one_before(mailoutbox: list[Any]) -> None:
    before = make_user("focal_point")
    make_member_state("PER", contact=before)
    place_person(
        actor=make_user("staff"),
        person=make_user(),
        kind="member_state",
        country=Country.objects.get(pk="PER"),
        position="contact",
    )
    assert before.affiliations.get().role == "member"
    # They speak for it no longer: that is on the record about them.
    entry = AuditEntry.objects.get(subject=subject_of(before), action="affiliation.appoint")
    assert entry.changes["position"] == ["contact", "member"]
    assert not before.role_grants.filter(role="focal_point").exists()
    settle()
    (told,) = [mail for mail in mailoutbox if mail.to == [before.email]]
    assert "Somebody else is the contact point of Peru" in told.subject and "Member" in told.body


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "member_state", "position": "member"}, "country"),
        ({"kind": "academia", "position": "member", "name": " "}, "name"),
        ({"kind": "individual", "position": "member", "name": "Lab"}, "kind"),
        ({"kind": "academia", "position": "boss", "name": "Lab"}, "position"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(fields: dict[str, Any], wrong: str) -> None:
    person = make_user()
    with pytest.raises(ValidationError) as caught:
        place_person(actor=make_user("staff"), person=person, **fields)
    assert list(caught.value.message_dict) == [wrong]
    assert not Affiliation.objects.exists()


@pytest.mark.parametrize("role", ["drafter", "coordinator", "focal_point", "expert", "participant"])
def test_nobody_else_gives_places(role: str) -> None:
    with pytest.raises(Refusal):
        place_person(
            actor=make_user(role), person=make_user(), kind="academia", name="Lab", position="member"
        )


def test_nobody_gives_a_place_to_themselves_or_to_who_is_gone() -> None:
    staff = make_user("staff")
    for person in (staff, make_user(erased_at=timezone.now(), is_active=False)):
        with pytest.raises(Refusal):
            place_person(actor=staff, person=person, kind="academia", name="Lab", position="member")
    assert "Give a place" not in signed_in(staff).get(f"/en/people/{staff.pk}/").content.decode()


# --- Sign-up and lists of countries -------------------------------------------------------------------------


def test_an_individual_who_names_an_organization_is_asked_for_its_kind() -> None:
    entered = {
        **SIGN_UP,
        "email": "new@example.org",
        "organisation": "City Lab",
        "stakeholder_group": "individual",
    }
    page = Client().post("/en/account/signup/", entered)
    assert "You named an organization but speak as an individual" in page.content.decode()
    assert 'value="City Lab"' in page.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()
    Client().post("/en/account/signup/", {**entered, "stakeholder_group": "academia"})
    assert User.objects.get(email="new@example.org").affiliations.get().organisation.name == "City Lab"


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("fr", ["Brésil", "Égypte", "Espagne", "Zambie"]),
        ("es", ["Brasil", "Egipto", "España", "Zambia"]),
        ("ru", ["Бразилия", "Египет", "Испания", "Япония"]),
    ],
)
def test_countries_stand_by_name_in_the_readers_language(language: str, in_order: list[str]) -> None:
    staff = signed_in(make_user("staff"))
    person = make_user()
    for client, path in (
        (Client(), "account/signup/"),
        (staff, "account/profile/"),
        (staff, "people/"),
        (staff, f"people/{person.pk}/"),
    ):
        with translation.override(language):
            page = client.get(f"/{language}/{path}").content.decode()
        shown = re.findall(r"<option value=\"[A-Z]{3}\"[^>]*>([^<]+)</option>", page)
        assert [name for name in shown if name in in_order] == in_order, path
