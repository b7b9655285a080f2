"""Belonging to an organization: asked for, told to its contact point, confirmed or declined."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions.affiliations import (
    appoint,
    ask_to_join,
    confirm_affiliation,
    decline_affiliation,
    end_affiliation,
    name_organisation,
)
from accounts.models import Affiliation, Membership, Organisation, User
from core.models import AuditEntry, Notice, subject_of
from core.verdicts import Refusal, Vanished
from tests.accounts.conftest import settle, signed_in
from tests.factories import make_comment, make_draft, make_group, make_member_state, make_round, make_user

pytestmark = pytest.mark.django_db


def organisation(name: str = "Réseau Quartiers", kind: str = "civil_society") -> Organisation:
    return Organisation.objects.create(kind=kind, name=name, name_en=name)


def place(person: User, where: Organisation, role: str = "member", *, confirmed: bool = True) -> Affiliation:
    at = timezone.now() if confirmed else None
    return Affiliation.objects.create(user=person, organisation=where, role=role, confirmed_at=at)


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_from_the_search_to_the_confirmation(mailoutbox: list[Any]) -> None:
    where = organisation()
    contact, person = make_user(name="Contact", language="fr"), make_user(name="Newcomer Name")
    place(contact, where, "contact")
    staff = make_user("staff")
    client = signed_in(person)
    page = client.get("/en/account/organizations/?q=quartiers").content.decode()
    assert "Réseau Quartiers" in page and "Ask to join" in page
    for _ in range(2):
        assert client.post(f"/en/account/organizations/{where.pk}/join/").status_code == 302
    settle()
    (mail,) = mailoutbox
    assert mail.to == [contact.email] and "Newcomer" not in mail.body
    assert f"/account/organizations/{where.pk}/" in mail.body
    assert not Notice.objects.filter(recipient=staff).exists()
    assert "To be confirmed" in client.get("/en/account/organizations/").content.decode()
    asked = Affiliation.objects.get(user=person)
    deciding = signed_in(contact)
    assert "Newcomer Name" in deciding.get(f"/en/account/organizations/{where.pk}/").content.decode()
    for _ in range(2):
        assert deciding.post(f"/en/account/affiliations/{asked.pk}/confirm/").status_code == 302
    settle()
    assert [mail.to for mail in mailoutbox[1:]] == [[person.email]]
    assert AuditEntry.objects.filter(action="affiliation.confirm").count() == 1
    assert fresh(person).facts.organisations == {where.pk: "member"}


def test_the_secretariat_is_told_where_there_is_no_contact_point() -> None:
    staff, disabled = make_user("staff"), make_user("staff", is_active=False)
    name_organisation(actor=(person := make_user()), person=person, kind="academia", name="New Institute")
    assert set(Notice.objects.values_list("recipient", flat=True)) == {staff.pk}
    assert disabled.pk != staff.pk
    page = signed_in(staff).get("/en/people/?state=waiting").content.decode()
    assert person.email in page and disabled.email not in page


def test_declining_tells_the_person_and_asking_again_floods_nobody(mailoutbox: list[Any]) -> None:
    where, contact, person = organisation(), make_user(), make_user()
    place(contact, where, "contact")
    for _ in range(3):
        asked = ask_to_join(actor=person, person=person, organisation=where)
        decline_affiliation(actor=contact, affiliation=asked)
        with pytest.raises(Vanished):
            decline_affiliation(actor=contact, affiliation=asked)
    assert Notice.objects.filter(recipient=contact).count() == 1
    settle()
    assert {tuple(mail.to) for mail in mailoutbox} == {
        (person.email,)
    }  # nobody waits: the contact isn't told
    assert not Affiliation.objects.filter(user=person).exists()


def test_only_the_contact_point_or_the_secretariat_decides_and_nobody_on_themselves() -> None:
    where, other = organisation(), organisation("Other")
    asked = ask_to_join(actor=(person := make_user()), person=person, organisation=where)
    member, stranger = make_user(), make_user()
    place(member, where)
    place(stranger, other, "contact")
    claimed = make_user()
    place(claimed, where, "contact", confirmed=False)
    for actor in (person, member, stranger, claimed, make_user("drafter"), make_user("participant")):
        for act in (confirm_affiliation, decline_affiliation):
            with pytest.raises(Refusal):
                act(actor=fresh(actor), affiliation=asked)
        client = signed_in(actor)
        assert client.get(f"/en/account/organizations/{where.pk}/").status_code == 404
        assert client.post(f"/en/account/affiliations/{asked.pk}/confirm/").status_code in (403, 404)
    for role in ("staff", "admin"):
        own = place(boss := make_user(role), where, confirmed=False)
        with pytest.raises(Refusal):
            confirm_affiliation(actor=boss, affiliation=own)
    confirm_affiliation(actor=make_user("staff"), affiliation=asked)
    with pytest.raises(Refusal):
        decline_affiliation(actor=make_user("staff"), affiliation=asked)


def test_an_unconfirmed_place_brings_no_group_and_speaks_for_no_state() -> None:
    group, person = make_group(), make_user("participant")
    kenya = make_member_state("KEN")
    Membership.objects.create(group=group, organisation=kenya)
    asked = ask_to_join(actor=person, person=person, organisation=kenya)
    facts = fresh(person).facts
    assert (facts.groups, facts.stakeholder_group, facts.speaks_for) == (frozenset(), "individual", None)
    comment = make_comment(make_round(make_draft(status="published")), fresh(person))
    assert (comment.stakeholder_group, comment.organisation_name) == ("individual", "")
    confirm_affiliation(actor=make_user("staff"), affiliation=asked)
    facts = fresh(person).facts
    assert (facts.groups, facts.stakeholder_group) == (frozenset({group.pk}), "member_state")


def test_a_claim_does_not_outrank_a_confirmed_place() -> None:
    claimed, confirmed = organisation("A claim", "academia"), organisation("Confirmed")
    person = make_user("participant")
    place(person, claimed, confirmed=False)
    place(person, confirmed)
    comment = make_comment(make_round(make_draft(status="published")), fresh(person))
    assert (comment.stakeholder_group, comment.organisation_name) == ("civil_society", "Confirmed")


def test_a_new_contact_point_takes_the_place_of_the_one_before() -> None:
    where, staff = organisation(), make_user("staff")
    first, second = place(make_user(), where, "contact"), place(make_user(), where, confirmed=False)
    for _ in range(2):
        appoint(actor=staff, affiliation=second, position="contact")
    roles = dict(Affiliation.objects.values_list("pk", "role"))
    assert roles == {first.pk: "member", second.pk: "contact"}
    assert Affiliation.objects.get(pk=second.pk).confirmed_at
    # One entry about each of the two, though it was asked for twice.
    entries = AuditEntry.objects.filter(action="affiliation.appoint").order_by("pk")
    assert [(entry.subject, entry.changes["position"]) for entry in entries] == [
        (subject_of(first.user), ["contact", "member"]),
        (subject_of(second.user), ["member", "contact"]),
    ]
    with pytest.raises(ValidationError):
        appoint(actor=staff, affiliation=first, position="king")
    own = place(staff, where)
    for actor, affiliation in ((staff, own), (first.user, second), (make_user("drafter"), second)):
        with pytest.raises(Refusal):
            appoint(actor=actor, affiliation=affiliation, position="deputy")


def test_leaving_is_ones_own_or_the_secretariats() -> None:
    where = organisation()
    mine = place(person := make_user(), where)
    place(contact := make_user(), where, "contact")
    for stranger in (make_user(), fresh(contact)):
        with pytest.raises(Refusal):
            end_affiliation(actor=stranger, affiliation=mine)
    for _ in range(2):
        end_affiliation(actor=person, affiliation=mine)
    assert AuditEntry.objects.filter(action="affiliation.end").count() == 1


def test_a_known_organisation_is_not_named_twice_and_bad_names_are_refused() -> None:
    where, person = organisation("City Lab", "academia"), make_user()
    taken = name_organisation(actor=person, person=person, kind="academia", name="  city\u202e LAB ")
    assert taken.organisation_id == where.pk
    for kind, name, field in (("member_state", "Kenya", "kind"), ("academia", "x", "name")):
        with pytest.raises(ValidationError) as error:
            name_organisation(actor=person, person=person, kind=kind, name=name)
        assert field in error.value.message_dict
    page = signed_in(person).post("/en/account/organizations/new/", {"name": "", "kind": "academia"})
    assert page.status_code == 400 and "error-summary" in page.content.decode()
    for n in range(6):
        try:
            ask_to_join(actor=person, person=person, organisation=organisation(f"More {n}"))
        except ValidationError:
            break
    assert Affiliation.objects.filter(user=person).count() == 5


@pytest.mark.parametrize("words", ["город", "ГОРОД", "Ville Ouverte", "ouverte ville", "开放"])
def test_organisations_are_found_in_every_language_and_case(words: str) -> None:
    Organisation.objects.create(
        kind="academia",
        name_en="x",
        name_ru="Открытый Город",
        name_fr="Ville ouverte",
        name_zh_hans="开放城市",
    )
    page = signed_in(make_user()).get("/en/account/organizations/", {"q": words}).content.decode()
    assert "Ask to join" in page
    assert "Ask to join" not in signed_in(make_user()).get("/en/account/organizations/?q=").content.decode()
