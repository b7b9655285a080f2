"""What nominations say of a group's members: its balance, who may be named, who followed whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Group, Membership, day_of
from experts.actions.appointing import answer_on_behalf, resign
from experts.actions.replacing import move_up, vacancies_of
from experts.member_counts import balance_of_group, listed_members
from experts.models import Appointment, Nomination
from tests.experts.panel_people import announced
from tests.factories import make_call, make_group, make_nomination, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def accept(staff: Any, nomination: Nomination, **consent: bool) -> Membership:
    """Somebody with an account accepts their place."""
    if nomination.nominee is None:
        nomination.nominee = make_user("expert", country_id=nomination.country_id)
        nomination.save(update_fields=["nominee"])
    place = Appointment.objects.select_related("nomination__call", "group").get(nomination=nomination)
    answer_on_behalf(actor=staff, appointment=place, answer="accepted", **consent)
    return Membership.objects.get(user=nomination.nominee)


def test_the_one_who_moves_up_stands_in_the_place_of_the_one_who_left(staff: Any) -> None:
    _call, people, decision = announced(staff)
    left = accept(staff, people[0])
    place = Appointment.objects.select_related("nomination__call", "group").get(nomination=people[0])
    resign(actor=staff, appointment=place, reason="A new post.")
    left.refresh_from_db()
    assert not left.is_current() and left.changes.get(kind="ended").reason == "A new post."
    followed = _fill(staff, decision)
    assert accept(staff, followed).replaces == left


def _fill(staff: Any, decision: Any) -> Nomination:
    vacancy = vacancies_of(decision).free[0]
    pairs = [(vacancy.appointment, vacancy.fits[0].nomination)]
    (made,) = move_up(actor=staff, decision=decision, pairs=pairs, expires_at=timezone.now() + 14 * DAY)
    return made.nomination


def test_only_members_who_agreed_are_named_and_only_as_long_as_they_are_members(staff: Any) -> None:
    _call, people, _decision = announced(staff)
    named = accept(staff, people[0], publish_name=True, publish_country=True)
    accept(staff, people[1])
    group = Group.objects.get(slug="expert-working-group")
    assert [(m.name, m.country) for m in listed_members(group)] == [(people[0].name, people[0].country.name)]
    Membership.objects.filter(pk=named.pk).update(role="chair")
    path = f"/en/groups/{group.slug}/"
    page = Client().get(path).content.decode()
    assert people[0].name in page and people[1].name not in page
    assert "Chair" not in page.partition("Who agreed to be named")[2], "the consent is to name and country"
    colleague = Client()
    colleague.force_login(people[1].nominee)
    assert "Chair" in colleague.get(path).content.decode()
    Membership.objects.filter(pk=named.pk).update(ends_on=day_of(timezone.now()) - DAY)
    assert listed_members(group) == []
    assert people[0].name not in Client().get(path).content.decode()


def test_the_balance_counts_members_by_what_they_said_and_tells_no_more_than_the_reader_may_know(
    staff: Any,
) -> None:
    group, call = make_group(), make_call()
    for gender, country in (("woman", "KEN"), ("woman", "NGA"), ("man", "FRA")):
        person = make_user("expert", groups=(group,), country_id=country)
        make_nomination(
            call,
            nominee=person,
            gender=gender,
            country=country,
            state="accepted",
            level_of_government="national",
        )
    make_user("expert", groups=(group,))
    over = make_user("expert", country_id="KEN")
    Membership.objects.create(group=group, user=over, ends_on=day_of(timezone.now()) - DAY)
    found = balance_of_group(group, staff)
    assert found is not None and (found.people, found.unknown) == (4, 1)
    rows = {chart.label: {label: n for label, n, _percent in chart.rows} for chart in found.charts}
    assert rows["Gender"] == {"Woman": 2, "Man": 1, "Not known": 1}
    assert rows["Region"]["African States"] == 2 and rows["Region"]["Not known"] == 1
    # Whoever may not see the nominations learns nothing of them by counting.
    stranger = balance_of_group(group, make_user("admin"))
    assert stranger is not None and stranger.unknown == 4
    assert all(chart.label != "Gender" or chart.rows == [("Not known", 4, 100)] for chart in stranger.charts)
    assert balance_of_group(make_group(), staff) is None
    client = Client()
    client.force_login(staff)
    assert ">Balance</h2>" in client.get(f"/en/people/groups/{group.slug}/").content.decode()


def test_the_page_of_a_group_costs_the_same_however_many_are_in_it(staff: Any) -> None:
    group, call, counts = make_group(), make_call(), []
    client = Client()
    client.force_login(staff)
    for more in (2, 9):
        for _ in range(more):
            person = make_user("expert", groups=(group,), country_id="KEN")
            make_nomination(call, nominee=person, state="accepted")
        for path in (f"/en/people/groups/{group.slug}/", f"/en/people/groups/{group.slug}/history/"):
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            counts.append(len(captured))
    assert counts[:2] == counts[2:] and max(counts) <= 20
