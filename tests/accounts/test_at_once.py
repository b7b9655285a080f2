"""Two people, or two windows, doing the same at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.actions.affiliations import appoint, confirm_affiliation
from accounts.actions.consents import give_consent, withdraw_consent
from accounts.actions.erasing import erase_account
from accounts.actions.exporting import start_export
from accounts.actions.groups import add_to_group
from accounts.actions.invitations import accept_invitation, token_of, withdraw_invitation
from accounts.actions.missions import hand_over
from accounts.actions.people import keep_person
from accounts.actions.roles import grant_role, withdraw_role
from accounts.models import Affiliation, Consent, Invitation, Membership, Organisation, User
from accounts.queries import consent_text
from accounts.reference_tables import keep_reference_tables
from core.models import AuditEntry, Job, Notice, Outbox
from core.verdicts import Conflict, Refusal
from tests.factories import make_group, make_member_state, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run all of them together; what they return, or raise."""
    barrier, results = threading.Barrier(len(works)), []

    def one(work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result for result in results if isinstance(result, Exception)] == []
    return results


@pytest.fixture
def lab() -> Organisation:
    return Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")


def acts(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def test_a_place_is_confirmed_once(lab: Organisation) -> None:
    asked = Affiliation.objects.create(user=make_user(), organisation=lab)
    staff = [make_user("staff") for _ in range(3)]
    at_once(*(lambda s=s: confirm_affiliation(actor=s, affiliation=asked) for s in staff))
    assert acts("affiliation.confirm") == 1
    assert Notice.objects.filter(kind="affiliation_confirmed").count() == 1


def test_an_organisation_never_has_two_contact_points(lab: Organisation) -> None:
    staff = make_user("staff")
    places = [
        Affiliation.objects.create(user=make_user(), organisation=lab, confirmed_at=timezone.now())
        for _ in range(3)
    ]
    at_once(*(lambda p=p: appoint(actor=staff, affiliation=p, position="contact") for p in places))
    assert Affiliation.objects.filter(role="contact").count() == 1


def test_groups_and_roles_are_given_and_taken_once() -> None:
    admin, person, group = make_user("admin"), make_user(), make_group()
    at_once(*[lambda: add_to_group(actor=admin, group=group, person=person)] * 3)
    assert (Membership.objects.count(), acts("group.add")) == (1, 1)
    grants = at_once(*[lambda: grant_role(actor=admin, person=person, role="staff")] * 3)
    assert (person.role_grants.count(), acts("role.grant")) == (1, 1)
    at_once(*[lambda: withdraw_role(actor=admin, grant=grants[0])] * 3)
    assert (person.role_grants.count(), acts("role.withdraw")) == (0, 1)


def test_consent_export_and_erasure_happen_once() -> None:
    keep_reference_tables()
    person, text = make_user(), consent_text(1, "en")
    assert text is not None
    at_once(*[lambda: give_consent(actor=person, person=person, text=text)] * 3)
    assert (Consent.objects.count(), acts("consent.give")) == (1, 1)
    at_once(*[lambda: start_export(actor=person, person=person)] * 3)
    assert Job.objects.count() == 1
    at_once(*[lambda: withdraw_consent(actor=person, person=person)] * 3)
    assert acts("consent.withdraw") == 1
    at_once(*[lambda: erase_account(actor=User.objects.get(pk=person.pk), person=person)] * 3)
    assert acts("person.ask_erasure") == 1
    assert Outbox.objects.filter(event="person.erase", handler="accounts.erase_person").count() == 2


def test_two_sign_ups_for_one_address_make_one_account(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    keep_reference_tables()
    form = {
        "email": "new.person@example.org",
        "name": "New Person",
        "stakeholder_group": "individual",
        "password1": "a long and quiet sentence",
        "password2": "a long and quiet sentence",
        "consent": "on",
    }

    def sign_up() -> tuple[int, str]:
        answer = Client(raise_request_exception=False).post("/en/account/signup/", form)
        return answer.status_code, answer.get("Location", "")

    answers = at_once(*[sign_up] * 4)
    assert set(answers) == {(302, "/en/account/confirm-email/")}, answers
    assert User.objects.filter(email="new.person@example.org").count() == 1


def test_two_hand_overs_at_once_are_one() -> None:
    keep_reference_tables()
    contact = make_user("focal_point")
    state = make_member_state("PER", contact=contact)

    def offer(n: int) -> str:
        try:
            return hand_over(
                actor=User.objects.get(pk=contact.pk),
                organisation=state,
                name=f"P {n}",
                email=f"p{n}@example.org",
                language="en",
                leaves=False,
            ).email
        except Conflict:
            return ""

    at_once(*(lambda n=n: offer(n) for n in range(3)))
    (invitation,) = Invitation.objects.standing()
    ana = keep_person(email=invitation.email, name="Ana", roles=["participant"])
    staff = make_user("staff")

    def accept_it() -> None:
        try:
            accept_invitation(actor=User.objects.get(pk=ana.pk), token=token_of(invitation))
        except Refusal:
            pass

    def withdraw_it() -> None:
        try:
            withdraw_invitation(actor=staff, invitation=invitation)
        except Conflict:
            pass

    at_once(accept_it, withdraw_it, accept_it)
    invitation.refresh_from_db()
    held = state.affiliations.get(role="contact").user_id
    assert held == (ana.pk if invitation.accepted_at else contact.pk)
    assert bool(invitation.accepted_at) is not bool(invitation.withdrawn_at)
