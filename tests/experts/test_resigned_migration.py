"""Those who gave a place up before it had a name of its own."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from experts.actions.appointing import answer_on_behalf
from experts.models import Appointment, Nomination, NominationMove
from tests.experts.panel_people import announced
from tests.factories import make_user

pytestmark = pytest.mark.django_db
migration: Any = import_module("experts.migrations.0005_resigned")


def kept(person: Nomination) -> tuple[str, str]:
    person.refresh_from_db()
    return person.state, Appointment.objects.get(nomination=person).answer


def as_it_was_kept(person: Nomination, *, before: str) -> None:
    Nomination.objects.filter(pk=person.pk).update(state="declined")
    Appointment.objects.filter(nomination=person).update(answer="declined")
    NominationMove.objects.create(nomination=person, before=before, after="declined")


def test_who_had_accepted_has_resigned_and_who_declined_has_declined() -> None:
    staff = make_user("staff")
    _call, people, _decision = announced(staff)
    for person in people[:3]:
        place = Appointment.objects.select_related("nomination__call", "group").get(nomination=person)
        answer_on_behalf(actor=staff, appointment=place, answer="accepted")
        as_it_was_kept(person, before="accepted")
    # Invited again, and declined.
    as_it_was_kept(people[1], before="invited")
    NominationMove.objects.filter(nomination=people[2], after="declined").update(before="invited")
    migration.tell_apart(apps, None)
    assert [kept(person) for person in people[:3]] == [
        ("resigned", "resigned"),
        ("declined", "declined"),
        ("declined", "declined"),
    ]
    migration.tell_alike(apps, None)
    assert kept(people[0]) == ("declined", "declined")
