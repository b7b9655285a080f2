"""Places offered: answered, lapsed, filled anew and given up at the same moment."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership
from core.models import AuditEntry, Notice, subject_of
from core.verdicts import Conflict, Refusal
from experts.actions import appointing, replacing
from experts.actions.appointing import (
    answer_by_link,
    answer_on_behalf,
    change_listing,
    invite_again,
    resign,
)
from experts.actions.clocked_places import lapse_expired
from experts.actions.offering import offer
from experts.actions.replacing import move_up
from experts.models import Appointment, Decision, DuplicateVerdict, Nomination
from tests.experts.at_once.panels import announced, group, in_two_weeks, place_of, state_of
from tests.experts.at_once.threads import at_once, meeting, refused, went_through
from tests.factories import make_call, make_nomination, make_user

pytestmark = pytest.mark.django_db(transaction=True)
HOLDS = ("invited", "accepted", "published")


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def holders(decision: Decision) -> int:
    return Nomination.objects.filter(call=decision.call, state__in=HOLDS).count()


def fill(staff: Any, decision: Decision, place: Appointment, comer: Nomination, reason: str = "") -> Any:
    pairs = [(place, comer)]
    return move_up(actor=staff, decision=decision, pairs=pairs, expires_at=in_two_weeks(), reason=reason)


def decline(nomination: Nomination) -> Appointment:
    return answer_by_link(appointment=place_of(nomination), answer="declined")


def offered(staff: Any, slug: str, **person: Any) -> Appointment:
    """A place in a group, offered in a call of its own."""
    state = "invited" if slug == "expert-working-group" else "invited_to_group"
    nomination = make_nomination(make_call(), state=state, **person)
    with transaction.atomic():
        offer(actor=staff, nomination=nomination, group=group(slug), expires_at=in_two_weeks())
    return place_of(nomination)


def test_accepted_and_declined_at_once_is_one_answer(staff: Any) -> None:
    """By the link in two windows, and by the secretariat after a telephone call: it waits, and holds the call."""
    account = make_user("participant")
    for _n in range(2):
        place = offered(staff, "expert-working-group", email=account.email)
        with meeting(appointing, "join_group"):
            results = at_once(
                partial(answer_by_link, appointment=place, answer="accepted", publish_name=True),
                partial(answer_by_link, appointment=place, answer="declined"),
                partial(answer_on_behalf, actor=staff, appointment=place, answer="declined"),
            )
        assert set(refused(results)) <= {Refusal}
        after = place_of(place.nomination)
        assert after.nomination.state == {"accepted": "published", "declined": "declined"}[after.answer]
        assert bool(after.nomination.listed_name) is (after.answer == "accepted")
        # Whoever declined may still accept, as long as the place is theirs; nothing is said twice.
        answers = AuditEntry.objects.filter(action="appointment.answer", subject=subject_of(place))
        said = [entry.changes["answer"] for entry in answers.order_by("pk")]
        assert said in (["accepted"], ["declined"], ["declined", "accepted"]) and said[-1] == after.answer
        Nomination.objects.filter(pk=place.nomination_id).update(email=f"gone-{place.pk}@x.org")


def test_declined_as_it_lapses(staff: Any) -> None:
    """Declined or lapsed, not both; and the secretariat hears of the free place once."""
    for _n in range(3):
        place = offered(staff, "expert-working-group")
        at = place.expires_at
        results = at_once(
            partial(answer_by_link, appointment=place, answer="declined"),
            partial(lapse_expired, at),
            partial(lapse_expired, at),
        )
        after = place_of(place.nomination)
        declined = not isinstance(results[0], Refusal)
        assert after.nomination.state == ("declined" if declined else "lapsed")
        assert (after.answer, after.lapsed_at is None) == (("declined", True) if declined else ("", False))
        assert Notice.objects.filter(kind="appointment_free", subject=subject_of(place)).count() == 1


def test_one_alternate_never_takes_two_places_nor_two_alternates_one(staff: Any) -> None:
    decision, people = announced(staff)
    other = make_user("staff")
    free = at_once(partial(decline, people[0]), partial(decline, people[1]))
    with meeting(replacing, "_invited"):
        results = at_once(
            partial(fill, staff, decision, free[0], people[3]),
            partial(fill, other, decision, free[1], people[3]),
        )
    assert refused(results) == [Conflict]
    assert Appointment.objects.filter(nomination=people[3], group=group()).count() == 1
    left = next(place for place in free if not place.replacements.exists())
    with meeting(replacing, "_invited"):
        results = at_once(
            partial(fill, staff, decision, left, people[4]), partial(fill, other, decision, left, people[5])
        )
    assert refused(results) == [Conflict]
    assert holders(decision) == 3


def test_two_replacements_at_once_keep_the_limit_of_a_country(staff: Any) -> None:
    """Each alone would keep it; together they would not."""
    countries = ("KEN", "FRA", "BRA", "CHN", "GHA", "GHA")
    decision, people = announced(staff, countries, per_country=1)
    free = [decline(person) for person in people[:2]]
    with meeting(replacing, "_keep_rules", after=True):
        results = at_once(
            partial(fill, staff, decision, free[0], people[4]),
            partial(fill, staff, decision, free[1], people[5]),
        )
    assert refused(results) == [ValidationError]
    sitting = Nomination.objects.filter(call=decision.call, state__in=HOLDS)
    assert sorted(sitting.values_list("country", flat=True)) == ["BRA", "GHA"]


@pytest.mark.parametrize("way", ["again", "late"])
def test_a_place_is_filled_while_who_had_it_comes_back(staff: Any, way: str) -> None:
    """Invited again, or accepting late by telephone: the one or the other holds it, and no seat is one too many."""
    decision, people = announced(staff)
    place = place_of(people[0])
    if way == "again":
        decline(people[0])
    else:
        Appointment.objects.filter(pk=place.pk).update(expires_at=timezone.now() - timedelta(hours=1))
        lapse_expired(timezone.now())

    def back() -> Any:
        if way == "again":
            return invite_again(actor=staff, appointment=place, expires_at=in_two_weeks())
        return answer_on_behalf(actor=staff, appointment=place, answer="accepted")

    with meeting(replacing, "offer"), meeting(appointing, "move"):
        results = at_once(partial(fill, staff, decision, place, people[3]), back)
    assert len(went_through(results)) == 1
    assert set(refused(results)) <= {Conflict, Refusal}
    assert holders(decision) == 3
    assert (state_of(people[0]) in HOLDS) is not (state_of(people[3]) in HOLDS)


def test_one_person_nominated_twice_never_sits_twice(staff: Any) -> None:
    """Their first nomination is invited again while the second one is moved up into another place."""
    decision, people = announced(staff)
    DuplicateVerdict.objects.create(
        first=people[0], second=people[4], same=True, reason="-", decided_by=staff
    )
    places = [decline(people[0]), decline(people[1])]
    again = partial(invite_again, actor=staff, appointment=places[0], expires_at=in_two_weeks())
    with meeting(replacing, "offer"), meeting(appointing, "offer_again"):
        results = at_once(again, partial(fill, staff, decision, places[1], people[4]))
    assert refused(results) == [ValidationError]
    assert [state_of(people[0]), state_of(people[4])].count("invited") == 1


def test_a_place_is_declined_while_another_is_filled(staff: Any) -> None:
    decision, people = announced(staff)
    place = decline(people[0])
    results = at_once(
        partial(fill, staff, decision, place, people[3]),
        partial(decline, people[1]),
        partial(answer_by_link, appointment=place_of(people[2]), answer="accepted"),
    )
    assert refused(results) == []
    assert holders(decision) == 2 and state_of(people[3]) == "invited"


# --- Groups ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", [True, False])
def test_a_regional_group_joined_by_two_nominations_at_once(staff: Any, account: bool) -> None:
    """One membership, or one invitation to open an account; and both have their answer."""
    email = f"twice-{account}@example.org".lower()
    person = make_user("participant", email=email) if account else None
    places = [offered(staff, "regional-africa", email=email) for _n in range(2)]
    with meeting(appointing, "join_group"):
        results = at_once(*(partial(answer_by_link, appointment=p, answer="accepted") for p in places * 2))
    assert refused(results) == []
    assert {place_of(place.nomination).nomination.state for place in places} == {"joined_group"}
    standing = Membership.objects.filter(user__email=email, until=None)
    assert standing.count() == bool(person)
    assert Invitation.objects.filter(email=email).count() == (0 if person else 1)


def test_an_officer_who_left_meanwhile_is_in_nobodys_way(staff: Any) -> None:
    """The place that they offered stands, and its answer is taken."""
    place = offered(staff, "expert-working-group")
    staff.role_grants.all().delete()
    answer_by_link(appointment=place_of(place.nomination), answer="accepted")
    assert Invitation.objects.filter(email=place.nomination.email).count() == 1


def test_one_place_is_given_up_while_another_of_the_same_group_is_taken(staff: Any) -> None:
    """Whoever still holds a place stays in the group."""
    for _n in range(2):
        person = make_user("participant")
        first, second = (offered(staff, "expert-working-group", email=person.email) for _n in range(2))
        answer_by_link(appointment=first, answer="accepted")
        with meeting(appointing, "leave_group"), meeting(appointing, "join_group", after=True):
            results = at_once(
                partial(resign, actor=staff, appointment=first, reason="Moved on."),
                partial(answer_by_link, appointment=second, answer="accepted"),
            )
        assert refused(results) == []
        assert Membership.objects.filter(user=person, until=None).count() == 1


def test_consent_is_taken_back_while_the_public_list_is_read(staff: Any) -> None:
    decision, people = announced(staff)
    call = decision.call
    place = place_of(people[0])
    answer_by_link(appointment=place, answer="accepted", publish_name=True, publish_country=True)

    def read() -> str:
        return Client().get(reverse("panel:members", args=[call.pk])).content.decode()

    assert people[0].name in read()
    take_back = partial(
        change_listing, appointment=place, actor=None, publish_name=False, publish_country=False
    )
    resigned = partial(resign, actor=staff, appointment=place, reason="Moved on.")
    results = at_once(take_back, read, resigned, take_back)
    assert people[0].name not in read()
    assert set(refused(results)) <= {Refusal}
    after = place_of(people[0]).nomination
    assert (after.state, after.listed_name, after.listed_at) == ("resigned", "", None)


def test_who_withdrew_is_not_listed_by_an_old_page(staff: Any) -> None:
    _decision, people = announced(staff)
    place = place_of(people[0])
    answer_by_link(appointment=place, answer="accepted")
    Nomination.objects.filter(pk=people[0].pk).update(state="withdrawn")
    with pytest.raises(Refusal):
        change_listing(appointment=place, actor=None, publish_name=True, publish_country=True)
    assert Nomination.objects.get(pk=people[0].pk).listed_name == ""
