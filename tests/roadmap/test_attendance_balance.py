"""Balance of who came: counts by region and group; gender for staff alone and never in small cells."""

from typing import Any

import pytest
from django.test import Client

from roadmap.actions.attendance import note_attendance
from roadmap.attendance_balance import balance_of, members_attendance, public_regions
from roadmap.models import Meeting
from tests.factories import make_call, make_group, make_nomination, make_user
from tests.roadmap.meetings import invite, make_meeting, put_in_the_past

pytestmark = pytest.mark.django_db


def hold(women: tuple[int, int], men: tuple[int, int], countries: str = "KEN") -> tuple[Any, Meeting]:
    """A meeting over, with (came, didn't come) women and men, from one country after the other."""
    staff, call = make_user("staff"), make_call()
    meeting = make_meeting(staff)
    states = {}
    codes = countries.split()
    n = 0
    for gender, (came, away) in (("woman", women), ("man", men)):
        for state in ["online"] * came + ["absent"] * away:
            person = make_user("expert", country_id=codes[n % len(codes)])
            n += 1
            make_nomination(call, nominee=person, gender=gender, email=person.email)
            states[invite(staff, meeting, person)[0].pk] = state
    note_attendance(actor=staff, meeting=put_in_the_past(meeting), states=states)
    return staff, meeting


def part(balance: list[Any], key: str) -> Any:
    return next(row for row in balance if row.key == key)


def test_counts_by_region_and_gender() -> None:
    staff, meeting = hold((4, 3), (3, 0))
    balance = balance_of([meeting], staff)
    (africa,) = part(balance, "region").rows
    assert (africa.present, africa.absent, africa.present_width) == (7, 3, 280)
    gender = {row.label: (row.present, row.absent) for row in part(balance, "gender").rows}
    assert gender == {"Woman": (4, 3), "Man": (3, 0)}


@pytest.mark.parametrize(("women", "men"), [((4, 1), (3, 3)), ((2, 0), (9, 0)), ((4, 3), (3, 2))])
def test_gender_is_withheld_whole_where_one_cell_is_small(
    women: tuple[int, int], men: tuple[int, int]
) -> None:
    staff, meeting = hold(women, men)
    gender = part(balance_of([meeting], staff), "gender")
    assert gender.withheld and gender.rows == []
    page = client_page(staff, f"/en/meetings/{meeting.uuid}/run/")
    assert "Not shown: one of the numbers" in page and "Woman" not in page


def client_page(user: Any, path: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(path).content.decode()


def test_nobody_but_staff_gets_the_balance() -> None:
    _staff, meeting = hold((4, 3), (3, 0))
    assert balance_of([meeting], make_user("drafter", "admin")) == []
    client = Client()
    client.force_login(make_user("admin"))
    assert client.get("/en/meetings/attendance/expert-working-group/").status_code == 403


@pytest.mark.parametrize(
    ("countries", "shown"),
    [
        ("KEN", {"African States": 6}),
        ("KEN KEN KEN FRA FRA FRA", {"African States": 3, "Western European and other States": 3}),
        ("KEN KEN KEN KEN FRA", {}),
        ("KEN FRA PER", {}),
    ],
)
def test_in_public_no_region_is_a_person(countries: str, shown: dict[str, int]) -> None:
    _staff, meeting = hold((6, 2), (0, 0), countries)
    assert {row.label: row.present for row in public_regions(meeting)} == shown


def test_members_and_how_often_they_came() -> None:
    staff, group = make_user("staff"), make_group()
    came, away = (make_user("expert", groups=(group,), name=name) for name in ("Awa", "Bo"))
    meeting = make_meeting(staff, groups=(group,))
    states = {
        row.pk: "online" if row.person_id == came.pk else "excused" for row in meeting.invitations.all()
    }
    note_attendance(actor=staff, meeting=put_in_the_past(meeting), states=states)
    lines = members_attendance(group, [meeting])
    assert [(line.name, line.present, line.excused) for line in lines] == [("Awa", 1, 0), ("Bo", 0, 1)]
    page = client_page(staff, f"/en/meetings/attendance/{group.slug}/")
    assert "Awa" in page and away.name in page
