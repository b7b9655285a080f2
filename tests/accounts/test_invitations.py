"""Inviting people, and what becomes of an invitation."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.actions.invitations import (
    accept_invitation,
    find_invitation,
    forget_invitations,
    invite_people,
    preview_invitations,
    resend_invitation,
    token_of,
    withdraw_invitation,
)
from accounts.actions.people import keep_person
from accounts.models import Group, Invitation, Membership, User
from core import outbox
from core.models import AuditEntry, Message, Outbox
from core.verdicts import Conflict, Refusal, Vanished
from tests.factories import make_group, make_user

pytestmark = pytest.mark.django_db


def invite(
    people: str = "ana@example.org, Ana Ruiz", *, actor: User | None = None, **fields: Any
) -> Invitation:
    invite_people(actor=actor or make_user("staff"), people=people, **(fields or {"role": "expert"}))
    return Invitation.objects.latest("pk")


def ana(email: str = "ana@example.org") -> User:
    return keep_person(email=email, name="Ana", roles=["participant"])


def ago(invitation: Invitation, **fields: Any) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(**fields)


# --- Who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inviter", "role", "allowed"),
    [
        (
            inviter,
            role,
            inviter == "admin" or (inviter == "staff" and role not in ("staff", "drafter", "admin")),
        )
        for inviter in ("staff", "admin", "drafter", "coordinator", "focal_point", "expert", "participant")
        for role in ("participant", "expert", "focal_point", "coordinator", "drafter", "staff", "admin")
    ],
)
def test_who_invites_into_what(inviter: str, role: str, allowed: bool) -> None:
    actor = make_user(inviter)
    if allowed:
        invite_people(actor=actor, people="a@x.org, A", role=role)
    else:
        with pytest.raises(Refusal):
            invite_people(actor=actor, people="a@x.org, A", role=role)
    assert Invitation.objects.exists() is allowed


def test_staff_of_one_round_invite_nobody() -> None:
    person = make_user()
    person.role_grants.create(role="staff", scope_type="round", scope_id="1")
    with pytest.raises(Refusal):
        invite_people(actor=person, people="a@x.org, A", role="expert")


@pytest.mark.parametrize(
    "fields", [{}, {"role": "boss"}, {"role": "expert", "days": 0}, {"role": "expert", "days": 61}]
)
def test_what_can_not_be_offered_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, Refusal)):
        invite_people(actor=make_user("admin"), people="a@x.org, A", **fields)
    assert not Invitation.objects.exists()


# --- Inviting ---------------------------------------------------------------------------------------------


def test_everyone_gets_a_mail_in_their_language_with_one_thing_to_do(settings: Any) -> None:
    settings.SITE_URL = "https://guidelines.example"
    group = Group.objects.get(slug="expert-working-group")
    lines = invite_people(
        actor=make_user("staff", name="Amara"),
        people="ana@example.org, Ana Ruiz, es\nyara@example.org, Yara, ar",
        group=group,
        role="expert",
    )
    assert [line.outcome for line in lines] == ["new", "new"]
    outbox.drain()
    first, second = mail.outbox
    assert (first.to, first.extra_headers["Content-Language"]) == (["ana@example.org"], "es")
    assert second.extra_headers["Content-Language"] == "ar"
    token = token_of(Invitation.objects.get(email="ana@example.org"))
    link = f"https://guidelines.example/es/account/invitation/{token}/"
    html = str(first.alternatives[0][0])
    assert link in first.body and html.count(f'href="{link}"') == html.count("<a ") == 1
    assert "Ana Ruiz" in first.body and "Amara" in first.body and str(group.name_es) in first.body
    assert Invitation.objects.filter(sent_at__isnull=False).count() == 2


def test_the_secret_of_the_link_is_not_kept() -> None:
    invitation = invite()
    token = token_of(invitation)
    assert token not in str(list(Invitation.objects.values())) + str(list(Outbox.objects.values()))
    assert token not in str(list(AuditEntry.objects.values()))
    assert find_invitation(token) == invitation
    assert find_invitation(token[:-1]) is None


def test_the_link_survives_a_new_secret_key(settings: Any) -> None:
    invitation = invite()
    token = token_of(invitation)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5
    assert token_of(invitation) == token
    settings.SECRET_KEY_FALLBACKS = []
    assert find_invitation(token) == invitation
    with pytest.raises(LookupError):
        token_of(invitation)


def test_a_mail_that_is_sent_again_after_a_crash_is_the_same_mail() -> None:
    invitation = invite()
    outbox.drain()
    ago(invitation, sent_at=None)
    Message.objects.update(state="waiting")
    Outbox.objects.update(done_at=None)
    outbox.drain()
    first, second = mail.outbox
    assert first.body == second.body
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    Outbox.objects.update(done_at=None)
    outbox.drain()
    assert len(mail.outbox) == 2


def test_with_one_wrong_line_nobody_is_invited() -> None:
    with pytest.raises(ValidationError) as error:
        invite("ana@example.org, Ana\nben@example", role="expert")
    assert "nobody has been invited yet" in str(error.value)
    assert not Invitation.objects.exists() and not Outbox.objects.exists()


def test_members_and_people_invited_before_are_left_out() -> None:
    group, staff = make_group(), make_user("staff")
    member, other = make_user(groups=(group,)), make_user()
    former = make_user()
    Membership.objects.create(group=group, user=former, until=timezone.now())
    invite_people(actor=staff, people="ana@example.org, Ana", group=group)
    text = (
        "\n".join(f"{p.email}, {p.name}" for p in (member, other, former))
        + "\nana@example.org, Ana\nnew@x.org, N"
    )
    lines = invite_people(actor=staff, people=text, group=group)
    assert [line.outcome for line in lines] == ["member", "known", "known", "invited", "new"]
    assert Invitation.objects.count() == 4
    # Into another group, or with a role besides, is another offer.
    assert preview_invitations(
        actor=staff, people=f"{member.email}, M", group=group, role="expert", language="en"
    )[0].is_sent


def test_nobody_invites_themselves() -> None:
    staff = make_user("admin", email="me@example.org")
    with pytest.raises(ValidationError):
        invite_people(actor=staff, people="Me@example.org, Me", role="staff")


def test_a_preview_writes_nothing() -> None:
    preview_invitations(
        actor=make_user("staff"), people="ana@example.org, Ana", group=None, role="expert", language="en"
    )
    assert not Invitation.objects.exists()


def test_asking_about_a_list_costs_the_same_however_long(django_assert_num_queries: Any) -> None:
    staff, group = make_user("staff"), make_group()
    assert staff.facts
    for count in (1, 30):
        people = "\n".join(f"a{n}@x.org, A" for n in range(count))
        with django_assert_num_queries(3):
            preview_invitations(actor=staff, people=people, group=group, role="", language="en")


def test_an_offer_that_expired_can_be_made_again() -> None:
    first = invite()
    ago(first, expires_at=timezone.now() - timedelta(days=1))
    second = invite()
    assert second.pk != first.pk
    first.refresh_from_db()
    assert first.state_at(timezone.now()) == "withdrawn"


# --- Accepting --------------------------------------------------------------------------------------------


def test_accepting_gives_what_was_offered_once() -> None:
    group, staff = make_group(), make_user("staff")
    invitation = invite(actor=staff, group=group, role="expert")
    person = ana()
    token = token_of(invitation)
    for _ in range(2):
        assert accept_invitation(actor=person, token=token).accepted_by == person
    assert Membership.objects.filter(group=group, user=person).count() == 1
    grant = person.role_grants.get(role="expert")
    assert grant.granted_by == staff
    assert AuditEntry.objects.filter(action="invitation.accept", actor=person).count() == 1


def test_whoever_has_it_already_may_accept_all_the_same() -> None:
    group = make_group()
    invitation = invite(group=group)
    person = ana()
    Membership.objects.create(group=group, user=person)
    accept_invitation(actor=person, token=token_of(invitation))
    assert Membership.objects.filter(group=group, user=person).count() == 1


@pytest.mark.parametrize("end", ["used", "expired", "withdrawn", "replaced"])
def test_a_link_that_has_ended_gives_nothing(end: str) -> None:
    staff = make_user("staff")
    invitation = invite(actor=staff)
    token = token_of(invitation)
    person = ana()
    if end == "used":
        first = keep_person(email="first@example.org", name="First", roles=["participant"])
        ago(invitation, accepted_by=first, accepted_at=timezone.now())
    elif end == "expired":
        ago(invitation, expires_at=timezone.now())
    elif end == "withdrawn":
        withdraw_invitation(actor=staff, invitation=invitation)
    else:
        resend_invitation(actor=staff, invitation=invitation)
    with pytest.raises(Vanished if end == "replaced" else Refusal):
        accept_invitation(actor=person, token=token)
    assert not person.role_grants.filter(role="expert").exists()


def test_the_last_moment_still_counts() -> None:
    invitation = invite()
    ago(invitation, expires_at=timezone.now() + timedelta(seconds=5))
    assert accept_invitation(actor=ana(), token=token_of(invitation))


def test_the_link_serves_nobody_but_the_address_that_was_invited() -> None:
    token = token_of(invite())
    stranger = ana("somebody@example.org")
    with pytest.raises(Refusal, match="is for ana@example.org"):
        accept_invitation(actor=stranger, token=token)
    unconfirmed = ana()
    unconfirmed.emailaddress_set.update(verified=False)
    with pytest.raises(Refusal):
        accept_invitation(actor=unconfirmed, token=token)
    assert not Invitation.objects.filter(accepted_at__isnull=False).exists()


def test_who_may_no_longer_invite_has_invited_nobody() -> None:
    admin = make_user("admin")
    invitation = invite(actor=admin, role="admin")
    admin.role_grants.all().delete()
    person = ana()
    with pytest.raises(Refusal, match="may no longer"):
        accept_invitation(actor=person, token=token_of(invitation))
    assert not person.role_grants.filter(role="admin").exists()


def test_of_two_at_once_one_wins_and_the_other_is_told(monkeypatch: Any) -> None:
    """The rule was asked before somebody else took the invitation: the update decides."""
    from accounts.actions import invitations as actions

    invitation = invite()
    person, first = ana(), keep_person(email="first@example.org", name="F", roles=["participant"])
    allowed = actions.may_accept

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        verdict = allowed(*args, **kwargs)
        ago(invitation, accepted_by=first, accepted_at=timezone.now())
        return verdict

    monkeypatch.setattr(actions, "may_accept", meanwhile)
    with pytest.raises(Refusal, match="accepted already"):
        accept_invitation(actor=person, token=token_of(invitation))
    assert not person.role_grants.filter(role="expert").exists()


# --- Afterwards -------------------------------------------------------------------------------------------


def test_sending_again_brings_a_new_link_and_a_new_term() -> None:
    staff, other = make_user("staff"), make_user("staff")
    invitation = invite(actor=staff)
    ago(invitation, expires_at=timezone.now() - timedelta(days=1))
    old = token_of(invitation)
    resend_invitation(actor=other, invitation=invitation)
    outbox.drain()
    invitation.refresh_from_db()
    assert find_invitation(old) is None and find_invitation(token_of(invitation)) == invitation
    assert invitation.expires_at > timezone.now() + timedelta(days=13)
    assert invitation.invited_by == other
    assert len(mail.outbox) == 1  # the first mail's row finds that a later one went out


def test_mails_do_not_follow_each_other_at_once() -> None:
    staff = make_user("staff")
    invitation = invite(actor=staff)
    outbox.drain()
    invitation.refresh_from_db()
    with pytest.raises(Conflict, match="few minutes ago"):
        resend_invitation(actor=staff, invitation=invitation)
    ago(invitation, sent_at=timezone.now() - timedelta(minutes=11))
    resend_invitation(actor=staff, invitation=invitation)


@pytest.mark.parametrize("act", [resend_invitation, withdraw_invitation])
def test_only_who_may_grant_it_changes_an_invitation(act: Any) -> None:
    invitation = invite(actor=make_user("admin"), role="staff")
    for actor in (make_user("staff"), make_user("expert")):
        with pytest.raises(Refusal):
            act(actor=actor, invitation=invitation)


@pytest.mark.parametrize("act", [resend_invitation, withdraw_invitation])
def test_what_was_accepted_stays(act: Any) -> None:
    staff = make_user("staff")
    invitation = invite(actor=staff)
    accept_invitation(actor=ana(), token=token_of(invitation))
    with pytest.raises(Conflict, match="accepted already"):
        act(actor=staff, invitation=invitation)


def test_withdrawn_before_it_was_sent_is_never_sent() -> None:
    staff = make_user("staff")
    invitation = invite(actor=staff)
    for _ in range(2):
        withdraw_invitation(actor=staff, invitation=invitation)
    outbox.drain()
    assert mail.outbox == []
    assert AuditEntry.objects.filter(action="invitation.withdraw").count() == 1


def test_addresses_are_forgotten_ninety_days_after_the_end() -> None:
    invitation, kept = invite(), invite("ben@example.org, Ben")
    ago(invitation, expires_at=timezone.now() - timedelta(days=91))
    ago(kept, expires_at=timezone.now() - timedelta(days=89))
    assert forget_invitations() == 1
    assert list(Invitation.objects.all()) == [kept]


def test_the_database_refuses_two_standing_offers_and_half_an_acceptance() -> None:
    invitation = invite()
    for broken in (
        {"uuid": "00000000-0000-0000-0000-000000000001", "token_sha256": "x"},
        {"uuid": "00000000-0000-0000-0000-000000000002", "token_sha256": "y", "role": ""},
        {
            "uuid": "00000000-0000-0000-0000-000000000003",
            "token_sha256": "z",
            "role": "staff",
            "email": "A@x.org",
        },
        {
            "uuid": "00000000-0000-0000-0000-000000000004",
            "token_sha256": "w",
            "role": "staff",
            "accepted_at": timezone.now(),
        },
    ):
        values = {
            f.attname: getattr(invitation, f.attname)
            for f in Invitation._meta.concrete_fields
            if f.name != "id"
        }
        with pytest.raises(Exception, match="constraint|unique|UNIQUE|CHECK"), transaction.atomic():
            Invitation.objects.create(**{**values, **broken})
