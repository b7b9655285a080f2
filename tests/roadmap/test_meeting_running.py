"""Noting who came and who spoke: by two at once, with a mistake, for very many people."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from roadmap.actions.agendas import add_item
from roadmap.models import AgendaSpeaker, Attendance, MeetingInvitation
from tests.factories import make_user
from tests.roadmap.meetings import invite, make_meeting, put_in_the_past

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def there(client: Client, staff: Any) -> Client:
    client.force_login(staff)
    return client


def running(staff: Any, n: int) -> tuple[str, list[MeetingInvitation]]:
    meeting = make_meeting(staff)
    rows = invite(staff, meeting, *(make_user() for _n in range(n)))
    speakers = [(row.person, 5) for row in rows]
    add_item(actor=staff, meeting=meeting, titles={"en": "Opening"}, speakers=speakers)
    put_in_the_past(meeting)
    return reverse("meetings:run", args=[meeting.uuid]), rows


def spoken() -> list[int | None]:
    return list(AgendaSpeaker.objects.order_by("pk").values_list("spoken", flat=True))


def test_two_with_the_same_list_dont_undo_each_others_minutes(there: Client, staff: Any) -> None:
    address, _rows = running(staff, 2)
    first, second = AgendaSpeaker.objects.order_by("pk")
    read = {f"heard-{first.pk}": "", f"heard-{second.pk}": ""}
    there.post(address, {**read, f"spoken-{first.pk}": "4", f"spoken-{second.pk}": ""})
    there.post(address, {**read, f"spoken-{first.pk}": "", f"spoken-{second.pk}": "6"})
    assert spoken() == [4, 6]
    told = there.post(address, {**read, f"spoken-{first.pk}": "9", f"spoken-{second.pk}": ""}, follow=True)
    assert spoken() == [4, 6] and first.person.shown_name in told.content.decode()
    assert "Somebody else noted otherwise" in told.content.decode()
    assert f'name="heard-{first.pk}" value="4"' in there.get(address).content.decode()


def test_what_is_wrong_leaves_nothing_noted(there: Client, staff: Any) -> None:
    address, rows = running(staff, 1)
    speaker = AgendaSpeaker.objects.get()
    sent = {f"state-{rows[0].pk}": "online", f"seen-{rows[0].pk}": "", f"spoken-{speaker.pk}": "99999"}
    assert there.post(address, sent).status_code == 400
    assert not Attendance.objects.exists()


def test_five_thousand_are_noted_in_one_form(there: Client, staff: Any) -> None:
    address, _rows = running(staff, 0)
    meeting = make_meeting(staff)
    put_in_the_past(meeting)
    people = User.objects.bulk_create(
        User(email=f"guest-{n}@example.org", name=f"Guest {n}") for n in range(5000)
    )
    rows = MeetingInvitation.objects.bulk_create(
        MeetingInvitation(meeting=meeting, person=person, invited_by=staff) for person in people
    )
    sent = {f"state-{row.pk}": "online" for row in rows[:3]} | {f"seen-{row.pk}": "" for row in rows}
    sent |= {f"state-{row.pk}": "" for row in rows[3:]}
    address = reverse("meetings:run", args=[meeting.uuid])
    assert there.post(address, sent).status_code == 302
    assert Attendance.objects.count() == 3
