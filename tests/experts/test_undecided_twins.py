"""People who look like one person, undecided: said on the pages, and neither offered in the other's place."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import outbox
from experts.actions.appointing import answer_on_behalf
from experts.actions.replacing import vacancies_of
from experts.actions.selecting import Asked, keep_selection, prepare_selection
from experts.models import Appointment, DuplicateVerdict, Nomination, Selection
from experts.panel_reading import read_selection
from tests.experts.panel_people import announced, make_pool
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def alike(*people: Nomination) -> None:
    for person, name in zip(people, ("Sidi El Mahdawi", "Sidy El Mahdawi"), strict=True):
        Nomination.objects.filter(pk=person.pk).update(name=name)


def computed(staff: Any, call: Any) -> Selection:
    asked = Asked(seats=3, quotas=(), per_country=None, include={}, exclude={}, seed=1)
    selection = keep_selection(actor=staff, prepared=prepare_selection(actor=staff, call=call, asked=asked))
    outbox.drain()
    selection.refresh_from_db()
    return selection


def offered_to(selection: Selection) -> set[str]:
    """Whoever the page names beside the members: replacements, near ties, the reserve."""
    reading = read_selection(selection)
    found = {person.uuid for member in reading.members for person, _costs in member.alternates}
    found |= {person.uuid for near in reading.near for person in near.comes_in}
    return found | {person.uuid for person, _places in reading.reserve}


def test_nobody_stands_in_for_who_may_be_themselves(staff: Any) -> None:
    call, people = make_pool(8)
    selection, twin = computed(staff, call), str(people[3].uuid)
    assert twin in offered_to(selection)
    alike(people[0], people[3])
    assert twin not in offered_to(selection)
    # Once it is decided that they are two, they stand in for each other.
    DuplicateVerdict.objects.create(first=people[0], second=people[3], same=False, decided_by=staff)
    assert twin in offered_to(selection)


def test_the_pages_say_that_it_is_undecided_and_lead_there(staff: Any) -> None:
    call, people = make_pool(8)
    alike(people[0], people[3])
    selection, client = computed(staff, call), Client()
    client.force_login(staff)
    client.post(reverse("panel:decide", args=[call.pk, selection.uuid]))
    for address in (
        reverse("panel:selection", args=[call.pk, selection.uuid]),
        reverse("panel:decision", args=[call.pk]),
    ):
        page = client.get(address).content.decode()
        told = page[page.index("look like one person") :]
        assert reverse("reviewing:duplicates", args=[call.pk]) in told
        assert "Sidy El Mahdawi" in told[:900] and "Sidi El Mahdawi" in told[:900]
    # One address: they count as one already, and that is told apart.
    Nomination.objects.filter(pk=people[3].pk).update(email=people[0].email)
    again = computed(staff, call)
    assert read_selection(again).twins == [] and len(read_selection(again).several) == 1


def test_a_free_place_isn_t_offered_to_who_may_have_left_it(staff: Any) -> None:
    _call, people, decision = announced(staff)
    alike(people[0], people[3])
    place = Appointment.objects.select_related("nomination__call", "group").get(nomination=people[0])
    answer_on_behalf(actor=staff, appointment=place, answer="declined")
    fits = [fit.nomination for fit in vacancies_of(decision).free[0].fits]
    assert people[3] not in fits and people[4] in fits
