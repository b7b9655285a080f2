"""The public list of a panel tells nothing of those who aren't named in it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from experts.models import Nomination
from experts.views.places import LEAST_COUNTED
from tests.experts.panel_people import announced
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel() -> tuple[Any, list[Nomination]]:
    """Ten named members, and two who are still to answer."""
    call, people, _decision = announced(make_user("staff"), 14, seats=LEAST_COUNTED + 2)
    members = people[: LEAST_COUNTED + 2]
    for n, person in enumerate(members[:LEAST_COUNTED]):
        Nomination.objects.filter(pk=person.pk).update(country="KEN" if n % 2 else "FRA")
        settle(person, named=True)
    return call, members


def settle(person: Nomination, *, named: bool, country: bool = True) -> None:
    Nomination.objects.filter(pk=person.pk).update(
        state="published" if named else "accepted",
        listed_name=person.name if named else "",
        listed_country=named and country,
    )


def page(call: Any) -> str:
    return Client().get(reverse("panel:members", args=[call.pk])).content.decode()


def balance(call: Any) -> str:
    found = page(call)
    return found[found.index('<table class="bullets">') : found.rindex("</table>")]


def test_whoever_accepts_without_being_named_changes_no_figure(panel: Any) -> None:
    call, members = panel
    before = balance(call)
    settle(members[LEAST_COUNTED], named=False)
    assert balance(call) == before
    assert "1 member is not named here." in page(call)
    assert f"{LEAST_COUNTED + 1} people have accepted" in page(call)


def test_a_country_that_isn_t_shown_counts_for_no_region(panel: Any) -> None:
    call, members = panel
    regions = re.compile(r"<caption>Region</caption>.*?</table>", re.DOTALL)

    def counted() -> int:
        found = regions.search(balance(call) + "</table>")
        return sum(map(int, re.findall(r'<td class="number">(\d+)</td>', found[0]))) if found else 0

    assert counted() == LEAST_COUNTED
    settle(members[0], named=True, country=False)
    assert counted() == LEAST_COUNTED - 1


def test_few_are_not_counted(panel: Any) -> None:
    call, members = panel
    settle(members[0], named=False)
    assert '<table class="bullets">' not in page(call)
