"""A mission looks after its own people: colleagues, deputies, and who is contact point."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions.affiliations import appoint, end_affiliation
from accounts.actions.invitations import (
    accept_invitation,
    invite_people,
    resend_expired,
    resend_invitation,
    token_of,
    withdraw_invitation,
)
from accounts.actions.missions import MOST_OPEN, hand_over, invite_colleague
from accounts.actions.people import keep_person
from accounts.models import Affiliation, Invitation, Organisation, User
from core.models import AuditEntry, subject_of
from core.verdicts import Conflict, Refusal
from tests.accounts.conftest import settle
from tests.factories import make_member_state, make_user

pytestmark = pytest.mark.django_db
ANA = {"email": "ana@example.org", "name": "Ana Ruiz", "language": "en"}


def person(address: str, *roles: str) -> User:
    return keep_person(email=address, name=address.split("@")[0].title(), roles=[*roles] or ["participant"])


def fresh(someone: User) -> User:
    return User.objects.get(pk=someone.pk)


@pytest.fixture
def contact() -> User:
    return person("contact@example.org", "focal_point")


@pytest.fixture
def state(contact: User) -> Organisation:
    return make_member_state("PER", contact=contact)


def seat(someone: User, state: Organisation, role: str = "member") -> Affiliation:
    return Affiliation.objects.create(
        user=someone, organisation=state, role=role, confirmed_at=timezone.now()
    )


def places(state: Organisation) -> dict[str, str]:
    return {
        email.split("@")[0]: role for email, role in state.affiliations.values_list("user__email", "role")
    }


def accept(invitation: Invitation, someone: User | None = None) -> User:
    someone = someone or person(invitation.email)
    accept_invitation(actor=fresh(someone), token=token_of(Invitation.objects.get(pk=invitation.pk)))
    return fresh(someone)


def offered(actor: User, state: Organisation, *, leaves: bool = False, **fields: Any) -> Invitation:
    return hand_over(actor=actor, organisation=state, leaves=leaves, **{**ANA, **fields})


# --- Colleagues ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("position", "speaks"), [("deputy", True), ("member", False)])
def test_a_colleague_is_invited_told_by_whom_and_to_what_and_has_the_place(
    position: str, speaks: bool, state: Organisation, contact: User, mailoutbox: list[Any]
) -> None:
    for _ in range(2):  # twice is one invitation, with one mail
        invitation = invite_colleague(actor=contact, organisation=state, position=position, **ANA)
    settle()
    (mail,) = mailoutbox
    assert mail.to == ["ana@example.org"]
    assert all(word in mail.body for word in (contact.name, position.title(), "Peru", "mission of a Member"))
    ana = accept(invitation)
    assert places(state) == {"contact": "contact", "ana": position}
    assert (ana.facts.speaks_for == state.pk) is speaks is ana.facts.has("focal_point")
    with pytest.raises(Refusal):  # once only
        accept(invitation, person("thief@example.org"))


@pytest.mark.parametrize("who", ["deputy", "member", "other", "coordinator", "drafter"])
def test_nobody_else_invites_hands_over_or_changes_places(who: str, state: Organisation) -> None:
    actor = person("actor@example.org", who if who in ("coordinator", "drafter") else "participant")
    if who == "other":
        make_member_state("KEN", contact=actor)
    elif who in ("deputy", "member"):
        seat(actor, state, who)
    colleague = seat(person("colleague@example.org"), state)
    for act in (
        lambda: invite_colleague(actor=actor, organisation=state, position="member", **ANA),
        lambda: offered(actor, state),
        lambda: appoint(actor=actor, affiliation=colleague, position="deputy"),
        lambda: end_affiliation(actor=actor, affiliation=colleague),
    ):
        with pytest.raises(Refusal):
            act()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["staff", "admin"])
def test_the_secretariat_does_all_of_it(role: str, state: Organisation) -> None:
    actor = make_user(role)
    invite_colleague(actor=actor, organisation=state, position="member", **ANA)
    colleague = seat(person("colleague@example.org"), state)
    appoint(actor=actor, affiliation=colleague, position="deputy")
    offered(actor, state, email="next@example.org")
    own = state.affiliations.get(role="contact")
    end_affiliation(actor=actor, affiliation=own)  # and may leave a state without a contact point
    assert places(state) == {"colleague": "deputy"}


def test_other_organizations_have_no_mission() -> None:
    actor = person("actor@example.org")
    lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
    seat(actor, lab, "contact")
    with pytest.raises(Refusal):
        invite_colleague(actor=actor, organisation=lab, position="member", **ANA)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "contact@example.org"}, "email"),
        ({"email": "colleague@example.org"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"position": "contact"}, "position"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    fields: dict[str, str], wrong: str, state: Organisation, contact: User
) -> None:
    seat(person("colleague@example.org"), state)
    with pytest.raises(ValidationError) as caught:
        invite_colleague(actor=contact, organisation=state, **{"position": "member", **ANA, **fields})
    assert list(caught.value.message_dict) == [wrong]


def test_a_mission_sends_no_mails_without_end(state: Organisation, contact: User) -> None:
    invite = {"actor": contact, "organisation": state, "position": "member", "language": "en", "name": "A"}
    for n in range(MOST_OPEN):
        invite_colleague(**invite, email=f"a{n}@example.org")
    with pytest.raises(ValidationError, match="Withdraw one first"):
        invite_colleague(**invite, email="more@example.org")


def test_a_mission_sends_its_own_invitations_again_and_withdraws_them(
    state: Organisation, contact: User
) -> None:
    mine = invite_colleague(actor=contact, organisation=state, position="member", **ANA)
    invite_people(actor=make_user("staff"), people="b@example.org, B, PER", role="focal_point")
    theirs = Invitation.objects.get(email="b@example.org")
    for act in (resend_invitation, withdraw_invitation):
        with pytest.raises(Refusal):
            act(actor=contact, invitation=theirs)
        with pytest.raises(Refusal):
            act(actor=person("stranger@example.org"), invitation=mine)
    earlier = token_of(mine)
    assert token_of(resend_invitation(actor=contact, invitation=mine)) != earlier
    withdraw_invitation(actor=contact, invitation=mine)
    with pytest.raises(Refusal, match="withdrawn"):
        accept(mine)
    assert places(state) == {"contact": "contact"}


def test_expired_makes_room_for_another(state: Organisation, contact: User) -> None:
    old = invite_colleague(actor=contact, organisation=state, position="member", **ANA)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refusal, match="expired"):
        accept(old)
    new = invite_colleague(actor=contact, organisation=state, position="deputy", **ANA)
    assert new.pk != old.pk and accept(new).facts.speaks_for == state.pk


def test_who_may_invite_no_longer_has_invited_nobody(state: Organisation, contact: User) -> None:
    invitation = invite_colleague(actor=contact, organisation=state, position="deputy", **ANA)
    end_affiliation(actor=make_user("staff"), affiliation=state.affiliations.get())
    with pytest.raises(Refusal, match="may no longer do so"):
        accept(invitation)


# --- Positions ----------------------------------------------------------------------------------------------


def test_a_member_becomes_deputy_and_back_and_is_told(
    state: Organisation, contact: User, mailoutbox: list[Any]
) -> None:
    ana = person("ana@example.org")
    place = seat(ana, state)
    for position in ("deputy", "deputy", "member"):
        appoint(actor=contact, affiliation=place, position=position)
        assert fresh(ana).facts.has("focal_point") is (position == "deputy")
    end_affiliation(actor=contact, affiliation=place)
    end_affiliation(actor=contact, affiliation=place)
    settle()
    assert {mail.to[0] for mail in mailoutbox} == {"ana@example.org"}
    assert "Your place in Peru has ended" in mailoutbox[-1].subject
    acts = AuditEntry.objects.filter(subject=subject_of(ana), action__startswith="affiliation")
    assert list(acts.order_by("pk").values_list("action", flat=True)) == [
        *("affiliation.appoint", "affiliation.appoint", "affiliation.end")
    ]


def test_nobody_appoints_themselves_and_the_contact_goes_by_hand_over_only(
    state: Organisation, contact: User
) -> None:
    own = state.affiliations.get()
    colleague = seat(person("colleague@example.org"), state)
    for affiliation, position in ((own, "member"), (own, "deputy"), (colleague, "contact")):
        with pytest.raises(Refusal):
            appoint(actor=contact, affiliation=affiliation, position=position)
    with pytest.raises(Refusal, match="Hand the contact over first"):
        end_affiliation(actor=contact, affiliation=own)
    assert places(state) == {"contact": "contact", "colleague": "member"}


# --- Handing over -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaves", [False, True])
@pytest.mark.parametrize("known", [False, True])
def test_the_contact_is_handed_over_and_nothing_is_lost(
    leaves: bool, known: bool, state: Organisation, contact: User, mailoutbox: list[Any]
) -> None:
    staff = make_user("staff")
    if known:
        seat(person("ana@example.org"), state, "deputy")
    waiting = invite_colleague(
        actor=contact, organisation=state, position="member", email="c@example.org", name="C", language="en"
    )
    for _ in range(2):
        invitation = offered(contact, state, leaves=leaves)
    assert places(state)["contact"] == "contact"  # until the other accepts, nothing changes
    ana = accept(invitation)
    assert places(state) == {"ana": "contact"} | ({} if leaves else {"contact": "member"})
    assert ana.facts.has("focal_point") and not fresh(contact).facts.has("focal_point")
    settle()
    by = {mail.to[0]: mail for mail in mailoutbox}
    assert "Somebody else is the contact point of Peru" in by[contact.email].subject
    assert ("has ended" if leaves else "Member") in by[contact.email].body
    assert "Peru has a new contact point" in by[staff.email].subject
    # What the one before offered to colleagues stands, in the name of the one after.
    assert accept(waiting).affiliations.get().role == "member"
    subjects = {subject_of(state), subject_of(ana), subject_of(contact)}
    assert subjects <= set(AuditEntry.objects.values_list("subject", flat=True))
    entry = AuditEntry.objects.get(action="organisation.hand_over")
    assert entry.changes["contact"] == [contact.pk, ana.pk]


def test_it_goes_to_nobody_who_has_it_and_to_one_at_a_time(state: Organisation, contact: User) -> None:
    staff = make_user("staff")
    with pytest.raises(ValidationError, match="your own address"):
        offered(contact, state, email="contact@example.org")
    with pytest.raises(ValidationError, match="contact point already"):
        offered(staff, state, email="contact@example.org")
    first = offered(contact, state)
    with pytest.raises(Conflict):
        offered(contact, state, email="ben@example.org")
    withdraw_invitation(actor=contact, invitation=first)
    second = offered(contact, state, email="ben@example.org")
    with pytest.raises(Refusal):
        accept(first)
    assert accept(second).facts.organisations[state.pk] == "contact"
    with pytest.raises(Refusal):  # the one before offers it no more
        offered(fresh(contact), state)


def test_without_a_contact_point_there_is_nothing_to_hand_over() -> None:
    with pytest.raises(ValidationError, match="no contact point"):
        offered(make_user("staff"), make_member_state("PER"))


def test_who_speaks_for_another_state_is_refused_with_a_clear_word(
    state: Organisation, contact: User
) -> None:
    ana = person("ana@example.org", "focal_point")
    kenya = make_member_state("KEN", contact=ana)
    for invitation in (
        offered(contact, state),
        invite_colleague(
            actor=contact, organisation=state, position="deputy", **{**ANA, "email": "b@example.org"}
        ),
    ):
        Invitation.objects.filter(pk=invitation.pk).update(email="ana@example.org", position="deputy")
        with pytest.raises(Refusal, match="You speak for Kenya already"):
            accept(invitation, ana)
        Invitation.objects.filter(pk=invitation.pk).delete()
    assert places(state) == {"contact": "contact"} and places(kenya) == {"ana": "contact"}


def test_the_secretariats_word_ends_what_the_contact_before_had_offered(
    state: Organisation, contact: User
) -> None:
    invitation = offered(contact, state)
    other = seat(person("other@example.org"), state)
    appoint(actor=make_user("staff"), affiliation=other, position="contact")
    with pytest.raises(Refusal, match="withdrawn"):
        accept(invitation)
    assert places(state) == {"contact": "member", "other": "contact"}


def test_the_database_knows_one_hand_over_of_a_state(state: Organisation, contact: User) -> None:
    first = offered(contact, state)
    fields = {"country_id": "PER", "language": "en", "name": "B", "invited_by": contact}
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            **fields, email="b@example.org", position="contact", expires_at=first.expires_at, token_sha256="x"
        )


# --- All who let it expire ----------------------------------------------------------------------------------


def test_those_that_expired_are_sent_again_once() -> None:
    staff = make_user("staff")
    lines = "a@example.org, A, PER\nb@example.org, B, KEN\nc@example.org, C, FRA"
    invite_people(actor=staff, people=lines, role="focal_point")
    Invitation.objects.exclude(country="FRA").update(expires_at=timezone.now() - timedelta(days=1))
    uuids = list(Invitation.objects.values_list("uuid", flat=True))
    assert [resend_expired(actor=staff, uuids=uuids) for _ in range(2)] == [2, 0]
    assert Invitation.objects.filter(expires_at__gt=timezone.now()).count() == 3
    with pytest.raises(Refusal):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
        resend_expired(actor=person("stranger@example.org"), uuids=uuids)
