"""Where two change the same, the second sees theirs beside their own, and nothing is overwritten unseen."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roadmap.actions.cost_lines import change_line
from roadmap.actions.meeting_records import set_task, write_record
from roadmap.actions.meetings import change_meeting
from roadmap.actions.milestones import change_milestone
from tests.factories import make_user
from tests.roadmap.funded import make_line
from tests.roadmap.meetings import make_meeting
from tests.roadmap.milestones_made import make_milestone

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def there(client: Client, staff: Any) -> Client:
    client.force_login(staff)
    return client


def test_a_line_of_the_estimate(there: Client, staff: Any) -> None:
    line = make_line(staff, "100", title="Travel")
    change_line(actor=staff, line=line, titles={"en": "Fares"}, quantity=line.quantity * 3, reason="More")
    mine = {"version": "1", "title_en": "Journeys", "kind": line.kind, "quantity": "1", "unit_cost": "100"}
    mine |= {"currency": "USD", "on": "2024-01-11", "reason": "x"}
    page = there.post(reverse("roadmap:funding_line_edit", args=[line.uuid]), mine)
    shown = page.content.decode()
    assert page.status_code == 409 and "What stands there now" in shown
    assert "Fares" in shown and "Journeys" in shown
    told = dict(page.context["form"].stands)
    assert told["How many"] == "3.00" and "What each costs" not in told and "Why" not in told


def test_a_milestone(there: Client, staff: Any) -> None:
    milestone = make_milestone(staff, "Launch")
    change_milestone(actor=staff, milestone=milestone, titles={"en": "Theirs"}, public=False)
    page = there.post(
        reverse("roadmap:milestone_edit", args=[milestone.uuid]),
        {"version": "1", "title_en": "Mine", "public": "on", "tentative_start": "2031-06-01", "reason": "x"},
    )
    stands = dict(page.context["form"].stands)
    assert page.status_code == 409 and "Theirs" in stands.values()
    assert [words for label, words in stands.items() if words == "no"]


def test_a_meeting_its_summary_and_a_task(there: Client, staff: Any) -> None:
    meeting = make_meeting(staff)
    page = there.get(reverse("meetings:edit", args=[meeting.uuid]))
    mine = {
        name: field for name, field in page.context["form"].initial.items() if isinstance(field, str | int)
    }
    mine |= {"starts_at": "2031-03-01T10:00", "ends_at": "2031-03-01T11:00", "zone": "Europe/Paris"}
    change_meeting(actor=staff, meeting=meeting, titles={"en": "Theirs"})
    page = there.post(reverse("meetings:edit", args=[meeting.uuid]), {**mine, "title_en": "Mine"})
    assert page.status_code == 409 and "Theirs" in page.content.decode()
    write_record(actor=staff, meeting=meeting, summary={"en": "Their summary"})
    page = there.post(
        reverse("meetings:record", args=[meeting.uuid]), {"version": "0", "summary_en": "My summary"}
    )
    assert page.status_code == 409 and "Their summary" in page.content.decode()
    task = set_task(actor=staff, meeting=meeting, title="Write", owner=staff)
    set_task(actor=staff, meeting=meeting, task=task, title="Write it well", owner=staff)
    sent = {"version": "1", "title": "Write it soon", "owner": staff.pk}
    page = there.post(reverse("meetings:task", args=[meeting.uuid, task.uuid]), sent)
    assert page.status_code == 409 and "Write it well" in page.content.decode()
