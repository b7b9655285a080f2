"""Somebody nominated by two countries holds one place: computed, decided, explained, and in the record."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core import outbox
from core.verdicts import Conflict
from experts.actions.announcing_decisions import summary_of
from experts.actions.deciding import decide_on, depart
from experts.actions.replacing import move_up, vacancies_of
from experts.actions.selecting import Asked, keep_selection, prepare_selection
from experts.decision_record import record_of
from experts.models import Appointment, DecisionItem, DuplicateVerdict, Nomination, Selection
from tests.experts.panel_people import announced, ids, make_pool
from tests.factories import make_user

pytestmark = pytest.mark.django_db
Outcome = DecisionItem.Outcome


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def computed(staff: Any, call: Any, seats: int = 3) -> Selection:
    asked = Asked(seats=seats, quotas=(), per_country=1, include={}, exclude={}, seed=1)
    prepared = prepare_selection(actor=staff, call=call, asked=asked)
    selection = keep_selection(actor=staff, prepared=prepared)
    outbox.drain()
    selection.refresh_from_db()
    return selection


def same_account(*people: Nomination) -> None:
    """One user, nominated by several countries with different addresses."""
    user = make_user("expert")
    Nomination.objects.filter(pk__in=[person.pk for person in people]).update(nominee=user)


def test_one_account_nominated_by_two_countries_sits_once(staff: Any) -> None:
    call, people = make_pool(6)
    same_account(people[0], people[1])
    assert people[0].country_id != people[1].country_id
    selection = computed(staff, call)
    assert selection.outcome["solution"]["selected"] == ids([people[0], people[2], people[3]])


def same_address(*people: Nomination) -> None:
    """The mailbox of an office that serves several."""
    Nomination.objects.filter(pk__in=[person.pk for person in people]).update(email="office@example.org")


def said_to_differ(staff: Any, first: Nomination, second: Nomination) -> None:
    DuplicateVerdict.objects.create(
        first=first, second=second, same=False, reason="Two colleagues.", decided_by=staff
    )


def test_one_address_is_one_person_until_staff_say_otherwise(staff: Any) -> None:
    call, people = make_pool(6)
    same_address(people[0], people[1])
    assert computed(staff, call).outcome["solution"]["selected"] == ids([people[0], people[2], people[3]])
    said_to_differ(staff, people[0], people[1])
    assert computed(staff, call).outcome["solution"]["selected"] == ids(people[:3])


def test_of_three_with_one_address_those_nobody_told_apart_stay_one(staff: Any) -> None:
    call, people = make_pool(6)
    same_address(*people[:3])
    said_to_differ(staff, people[0], people[1])
    said_to_differ(staff, people[0], people[2])
    assert computed(staff, call).outcome["solution"]["selected"] == ids([people[0], people[1], people[3]])


def test_an_account_makes_one_whatever_was_said_of_the_address(staff: Any) -> None:
    call, people = make_pool(6)
    same_address(people[0], people[1])
    same_account(people[0], people[1])
    said_to_differ(staff, people[0], people[1])
    assert computed(staff, call).outcome["solution"]["selected"] == ids([people[0], people[2], people[3]])


def test_the_hand_cannot_place_a_person_twice_either(staff: Any) -> None:
    """People are placed by hand after they were found to be one: as members, and as member and alternate."""
    call, people = make_pool(8)
    decision = decide_on(actor=staff, selection=computed(staff, call))
    same_account(people[0], people[5])
    for outcome in (Outcome.MEMBER, Outcome.ALTERNATE):
        with pytest.raises(ValidationError) as refused:
            depart(
                actor=staff,
                decision=decision,
                version=decision.version,
                nomination=people[5],
                outcome=outcome,
                reason="Also asked for.",
            )
        assert "one place for each" in str(refused.value)


def test_found_out_after_the_decision_it_cannot_be_announced(staff: Any) -> None:
    call, people = make_pool(8)
    decision = decide_on(actor=staff, selection=computed(staff, call))
    same_account(people[0], people[1])
    (problem, *_more) = summary_of(decision).problems
    assert people[0].name in problem and people[1].name in problem


def test_found_out_before_the_decision_the_panel_is_computed_anew(staff: Any) -> None:
    call, people = make_pool(8)
    selection = computed(staff, call)
    DuplicateVerdict.objects.create(first=people[0], second=people[2], same=True, decided_by=staff)
    with pytest.raises(Conflict) as refused:
        decide_on(actor=staff, selection=selection)
    assert people[0].name in str(refused.value.reason) and people[2].name in str(refused.value.reason)
    assert people[1].name not in str(refused.value.reason)
    assert not DecisionItem.objects.exists()
    decision = decide_on(actor=staff, selection=computed(staff, call))
    members = decision.items.filter(outcome=Outcome.MEMBER).values_list("nomination", flat=True)
    assert set(members) == {people[0].pk, people[1].pk, people[3].pk}


def test_a_free_place_is_not_offered_to_somebody_who_sits_already(staff: Any) -> None:
    _call, people, decision = announced(staff)
    first = Appointment.objects.get(nomination=people[0])
    Appointment.objects.filter(pk=first.pk).update(answer="declined", answered_at=first.offered_at)
    Nomination.objects.filter(pk=people[0].pk).update(state="declined")
    assert vacancies_of(decision).free[0].fits[0].nomination == people[3]
    DuplicateVerdict.objects.create(first=people[1], second=people[3], same=True, decided_by=staff)
    assert vacancies_of(decision).free[0].fits[0].nomination == people[4]
    with pytest.raises(ValidationError):
        move_up(
            actor=staff,
            decision=decision,
            pairs=[(first, people[3])],
            expires_at=first.expires_at,
            reason="x",
        )


def test_the_page_and_the_record_say_who_is_one_person(staff: Any) -> None:
    call, people = make_pool(6)
    DuplicateVerdict.objects.create(first=people[0], second=people[1], same=True, decided_by=staff)
    selection = computed(staff, call)
    client = Client()
    client.force_login(staff)
    page = client.get(reverse("panel:selection", args=[call.pk, selection.uuid]))
    (several,) = page.context["reading"].several
    assert {person.uuid for person in several.nominations} == set(ids(people[:2]))
    assert several.sits.uuid == str(people[0].uuid)
    assert "Sits in this panel, as nominated by Kenya." in page.content.decode()

    record = str(record_of(decide_on(actor=staff, selection=selection), []).blocks)
    assert "Nominated more than once" in record
    assert f"{people[0].name} (Kenya)" in record and f"{people[1].name} (France)" in record


def test_where_one_person_leaves_too_few_it_is_said_by_name(staff: Any) -> None:
    call, people = make_pool(4)
    DuplicateVerdict.objects.create(first=people[0], second=people[1], same=True, decided_by=staff)
    selection = computed(staff, call, seats=4)
    client = Client()
    client.force_login(staff)
    explained = (
        client.get(reverse("panel:selection", args=[call.pk, selection.uuid])).context["reading"].explained
    )
    (words,) = explained.conflict
    assert people[0].name in words and people[1].name in words
    assert explained.changes == ["the number of seats, 4, becomes 3"]
