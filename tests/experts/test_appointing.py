"""Places offered: answered by link once, on behalf, late, given up, filled again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership
from core import outbox
from core.verdicts import Conflict
from experts.actions.appointing import answer_on_behalf, invite_again, resign
from experts.actions.clocked_places import end_memberships_of_withdrawn, lapse_expired
from experts.actions.offering import token_of
from experts.actions.replacing import move_up, vacancies_of
from experts.models import Appointment, Nomination
from tests.experts.panel_people import announced
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def place_of(person: Nomination) -> Appointment:
    return Appointment.objects.select_related("nomination__call", "group").get(nomination=person)


def link_of(person: Nomination) -> str:
    """The path in the last mail that they got."""
    body = next(m.body for m in reversed(mail.outbox) if m.to == [person.email])
    found = re.search(r"/en/places/\S+/", body)
    assert found, body
    return found.group()


def state_of(person: Nomination) -> str:
    person.refresh_from_db()
    return person.state


def in_two_weeks() -> Any:
    return timezone.now() + timedelta(days=14)


def test_opening_the_link_answers_nothing_and_posting_does_once(staff: Any) -> None:
    account = make_user("participant")
    call, people, _decision = announced(staff)
    Nomination.objects.filter(pk=people[0].pk).update(email=account.email)
    link, client = link_of(people[0]), Client()
    page = client.get(link)
    assert page.status_code == 200
    assert state_of(people[0]) == "invited"
    client.post(link, {"answer": "accepted", "publish_name": "1", "publish_country": "1"})
    assert state_of(people[0]) == "published"
    assert people[0].nominee == account
    assert Membership.objects.filter(user=account, group__slug="expert-working-group", until=None).exists()
    assert "You have accepted" in client.get(link).content.decode()
    # Used again it changes nothing.
    client.post(link, {"answer": "declined"})
    assert state_of(people[0]) == "published"
    public = Client().get(reverse("panel:members", args=[call.pk])).content.decode()
    assert people[0].name in public
    # Consent taken back: the name leaves the list, the place stays.
    client.post(link, {"list": "1"})
    assert state_of(people[0]) == "accepted"
    assert people[0].name not in Client().get(reverse("panel:members", args=[call.pk])).content.decode()


def test_who_has_no_account_is_invited_to_open_one(staff: Any) -> None:
    _call, people, _decision = announced(staff)
    Client().post(link_of(people[0]), {"answer": "accepted"})
    assert state_of(people[0]) == "accepted"
    invitation = Invitation.objects.get(email=people[0].email)
    assert invitation.group is not None
    assert invitation.group.slug == "expert-working-group"


def test_wrong_answers_and_links_are_said_plainly(staff: Any) -> None:
    _call, people, _decision = announced(staff)
    link = link_of(people[0])
    assert Client().post(link, {"answer": "perhaps"}).status_code == 400
    assert Client().get("/en/places/nothing/").status_code == 404
    Nomination.objects.filter(pk=people[0].pk).update(state="withdrawn")
    closed = Client().get(link)
    assert closed.status_code == 410
    assert "withdrawn" in closed.content.decode()
    assert people[0].name not in closed.content.decode()


@pytest.mark.parametrize(("seconds", "state"), [(1, "accepted"), (-1, "invited")])
def test_the_last_second_counts_and_the_next_does_not(staff: Any, seconds: int, state: str) -> None:
    _call, people, _decision = announced(staff)
    Appointment.objects.update(expires_at=timezone.now() + timedelta(seconds=30 * seconds))
    answer = Client().post(link_of(people[0]), {"answer": "accepted"})
    assert answer.status_code == (302 if seconds > 0 else 410)
    assert state_of(people[0]) == state


def test_invitations_lapse_by_the_clock_and_can_be_accepted_late_on_behalf(staff: Any) -> None:
    _call, people, _decision = announced(staff)
    place = place_of(people[0])
    assert lapse_expired(place.expires_at - timedelta(seconds=1)) == 0
    assert lapse_expired(place.expires_at) > 0
    assert lapse_expired(place.expires_at) == 0
    assert state_of(people[0]) == "lapsed"
    assert Client().get(link_of(people[0])).status_code == 410
    answer_on_behalf(actor=staff, appointment=place, answer="accepted")
    assert state_of(people[0]) == "accepted"
    place.refresh_from_db()
    assert (place.on_behalf, place.answered_by) == (True, staff)


def test_a_decline_is_replaced_by_the_best_alternate_in_one_step(staff: Any) -> None:
    _call, people, decision = announced(staff)
    Client().post(link_of(people[0]), {"answer": "declined"})
    outbox.drain()
    assert any(m.to == [staff.email] for m in mail.outbox)
    vacancy = vacancies_of(decision).free[0]
    best = vacancy.fits[0]
    assert (best.nomination, best.rank) == (people[3], 1)
    plan: dict[str, Any] = {"actor": staff, "decision": decision, "expires_at": in_two_weeks()}
    pairs = [(vacancy.appointment, best.nomination)]
    made = move_up(**plan, pairs=pairs)
    assert made[0].replaces == place_of(people[0])
    assert state_of(people[3]) == "invited"
    with pytest.raises(Conflict):
        move_up(**plan, pairs=[(vacancy.appointment, people[4])])
    with pytest.raises(Conflict):  # the place is taken
        invite_again(actor=staff, appointment=place_of(people[0]), expires_at=in_two_weeks())
    assert vacancies_of(decision).free == []


def test_two_declines_are_replaced_together(staff: Any) -> None:
    quotas = ({"attribute": "gender", "value": "woman", "min": 1, "max": 1},)
    _call, people, decision = announced(staff, quotas=quotas)
    for person in people[:2]:
        Client().post(link_of(person), {"answer": "declined"})
    found = vacancies_of(decision)
    pairs = found.together
    assert {nomination for _place, nomination in pairs} == {
        people[3],
        people[4],
    }  # the next woman, the next man
    move_up(actor=staff, decision=decision, pairs=pairs, expires_at=in_two_weeks())
    assert {state_of(people[3]), state_of(people[4])} == {"invited"}


def test_a_rule_that_would_break_needs_a_reason(staff: Any) -> None:
    quotas = ({"attribute": "gender", "value": "woman", "min": 1, "max": 1},)
    _call, people, decision = announced(staff, quotas=quotas)
    Client().post(link_of(people[0]), {"answer": "declined"})  # the woman
    plan: dict[str, Any] = {"actor": staff, "decision": decision, "expires_at": in_two_weeks()}
    with pytest.raises(ValidationError):
        move_up(**plan, pairs=[(place_of(people[0]), people[4])])
    move_up(**plan, pairs=[(place_of(people[0]), people[4])], reason="No woman was free.")
    assert state_of(people[4]) == "invited"


def test_who_declined_by_mistake_is_invited_again_while_the_place_is_free(staff: Any) -> None:
    _call, people, _decision = announced(staff)
    first = link_of(people[0])
    Client().post(first, {"answer": "declined"})
    invite_again(actor=staff, appointment=place_of(people[0]), expires_at=in_two_weeks())
    outbox.drain()
    assert state_of(people[0]) == "invited"
    assert Client().get(first).status_code == 404
    second = link_of(people[0])
    assert second != first
    Client().post(second, {"answer": "accepted"})
    assert state_of(people[0]) == "accepted"


def test_a_resignation_and_a_withdrawal_end_the_membership(staff: Any) -> None:
    accounts = [make_user("participant") for _n in range(2)]
    _call, people, _decision = announced(staff)
    for person, account in zip(people, accounts, strict=False):
        Nomination.objects.filter(pk=person.pk).update(email=account.email)
        answer_on_behalf(actor=staff, appointment=place_of(person), answer="accepted", publish_name=True)
    current = Membership.objects.filter(user__in=accounts, until=None)
    assert current.count() == 2
    with pytest.raises(ValidationError):
        resign(actor=staff, appointment=place_of(people[0]), reason=" \x00")
    resign(actor=staff, appointment=place_of(people[0]), reason="Moved\x00 on.")
    assert people[0].moves.get(after="resigned").reason == "Moved on."
    resign(actor=staff, appointment=place_of(people[0]), reason="Moved on.")
    assert (state_of(people[0]), people[0].listed_name) == ("resigned", "")
    assert current.count() == 1
    Nomination.objects.filter(pk=people[1].pk).update(state="withdrawn", listed_at=None, listed_name="")
    # The link of the mail lists nobody any more.
    assert Client().post(link_of(people[1]), {"list": "1", "publish_name": "on"}).status_code == 410
    people[1].refresh_from_db()
    assert (people[1].listed_at, people[1].listed_name) == (None, "")
    assert end_memberships_of_withdrawn(timezone.now()) == 1
    assert end_memberships_of_withdrawn(timezone.now()) == 0
    assert current.count() == 0


def test_regional_groups_are_joined_and_declined_by_link(staff: Any) -> None:
    _call, people, decision = announced(staff, 30)
    regional = [i.nomination for i in decision.items.filter(outcome="regional").select_related("nomination")]
    Client().post(link_of(regional[0]), {"answer": "accepted"})
    Client().post(link_of(regional[1]), {"answer": "declined"})
    assert (state_of(regional[0]), state_of(regional[1])) == ("joined_group", "not_selected")
    client = Client()
    client.force_login(staff)
    page = client.get(reverse("panel:invited", args=[decision.call_id]))
    assert sum(group["accepted"] for group in page.context["regional"]) == 1


def test_the_letter_is_a_pdf_for_who_has_the_link(staff: Any) -> None:
    _call, people, _decision = announced(staff)
    letter = Client().get(reverse("panel:letter", args=[token_of(place_of(people[0]))]))
    assert letter.content[:5] == b"%PDF-"
    assert Client().get("/en/places/nothing/letter/").status_code == 404


def test_declining_asks_first_and_the_link_lets_one_change_one_s_mind(staff: Any) -> None:
    _call, people, decision = announced(staff)
    link, client = link_of(people[0]), Client()
    asked = client.get(link + "?decline=1")
    assert asked.status_code == 200 and 'name="reason"' in asked.content.decode()
    assert state_of(people[0]) == "invited"
    client.post(link, {"answer": "declined", "reason": "Another post."})
    assert state_of(people[0]) == "declined"
    staff_client = Client()
    staff_client.force_login(staff)
    answers = staff_client.get(reverse("panel:invited", args=[decision.call_id])).content.decode()
    assert "Another post." in answers
    assert "Accept all the same" in client.get(link).content.decode()
    client.post(link, {"answer": "accepted", "publish_name": "1"})
    assert state_of(people[0]) == "published"
    assert [m.after for m in people[0].moves.order_by("pk")][-4:] == [
        "declined",
        "invited",
        "accepted",
        "published",
    ]
    assert vacancies_of(decision).free == []


def test_staff_are_told_when_a_place_is_taken_after_all(staff: Any) -> None:
    _call, people, _decision = announced(staff)
    link, before = link_of(people[0]), len(mail.outbox)
    Client().post(link, {"answer": "declined"})
    outbox.drain()
    Client().post(link, {"answer": "accepted"})
    outbox.drain()
    told = [m for m in mail.outbox[before:] if m.to == [staff.email]]
    assert [m.subject for m in told] == [
        "A place of the panel is free",
        "A place of the panel is taken again",
    ]
    assert not any(people[0].name in m.body for m in told)


def test_nobody_is_sent_to_look_for_a_replacement_of_who_has_accepted_meanwhile(staff: Any) -> None:
    _call, people, _decision = announced(staff)
    link, before = link_of(people[0]), len(mail.outbox)
    Client().post(link, {"answer": "declined"})
    Client().post(link, {"answer": "accepted"})
    outbox.drain()
    told = [m.subject for m in mail.outbox[before:] if m.to == [staff.email]]
    assert told == ["A place of the panel is taken again"]


def test_nobody_changes_their_mind_once_the_place_is_taken_or_the_time_is_over(staff: Any) -> None:
    _call, people, decision = announced(staff)
    for person in people[:2]:
        Client().post(link_of(person), {"answer": "declined"})
    move_up(
        actor=staff,
        decision=decision,
        pairs=[(place_of(people[0]), people[3])],
        expires_at=in_two_weeks(),
    )
    Appointment.objects.filter(nomination=people[1]).update(expires_at=timezone.now() - timedelta(seconds=1))
    for person in people[:2]:
        link = link_of(person)
        assert Client().get(link).status_code == 410
        assert Client().post(link, {"answer": "accepted"}).status_code == 410
        assert state_of(person) == "declined"


def test_a_regional_group_is_joined_after_all(staff: Any) -> None:
    _call, _people, decision = announced(staff, 30)
    person = decision.items.filter(outcome="regional").select_related("nomination")[0].nomination
    Client().post(link_of(person), {"answer": "declined"})
    page = Client().get(link_of(person)).content.decode()
    assert "nobody else" not in page
    Client().post(link_of(person), {"answer": "accepted"})
    assert state_of(person) == "joined_group"


def test_a_resignation_is_told_apart_from_a_refusal(staff: Any) -> None:
    _call, people, decision = announced(staff)
    for person in people[:2]:
        answer_on_behalf(actor=staff, appointment=place_of(person), answer="accepted")
    resign(actor=staff, appointment=place_of(people[0]), reason="Moved on.")
    client = Client()
    client.force_login(staff)
    page = client.get(reverse("panel:invited", args=[decision.call_id]))
    assert page.context["counts"] == {"accepted": 1, "open": 1, "declined": 0, "resigned": 1, "expired": 0}
    assert "Moved on." in page.content.decode()
    assert [place.nomination for place in [v.appointment for v in vacancies_of(decision).free]] == [people[0]]
    # They can't take it back by the link, but be invited again.
    assert "given up" in Client().get(link_of(people[0])).content.decode()
    invite_again(actor=staff, appointment=place_of(people[0]), expires_at=in_two_weeks())
    assert state_of(people[0]) == "invited"
