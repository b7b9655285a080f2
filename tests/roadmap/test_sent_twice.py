"""A form that is sent twice is carried out once; with other content it is never passed over in silence."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roadmap.models import (
    AgendaItem,
    CostLine,
    EntryLine,
    FundingTransaction,
    Meeting,
    MeetingDecision,
    MeetingTask,
    Milestone,
)
from tests.factories import make_user
from tests.roadmap.funded import make_budget
from tests.roadmap.meetings import make_meeting
from tests.roadmap.reports import entry_of, make_period, make_resolution

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def there(client: Client, staff: Any) -> Client:
    client.force_login(staff)
    return client


def outcomes(staff: Any) -> str:
    meeting = make_meeting(staff)
    return reverse("meetings:outcomes", args=[meeting.uuid])


def forms(staff: Any, what: str) -> tuple[str, dict[str, Any], dict[str, Any], Any]:
    """An address, what is sent to it, what else, and what it makes."""
    if what == "decision":
        return (
            outcomes(staff),
            {"what": "decision", "wording_en": "Agreed"},
            {"wording_en": "No"},
            MeetingDecision,
        )
    if what == "task":
        return (
            outcomes(staff),
            {"what": "task", "title": "Write", "owner": staff.pk},
            {"title": "Ask"},
            MeetingTask,
        )
    if what == "agenda":
        meeting = make_meeting(staff)
        return (
            reverse("meetings:agenda", args=[meeting.uuid]),
            {"title_en": "One", "minutes": 5},
            {"minutes": 6},
            AgendaItem,
        )
    if what == "milestone":
        return reverse("roadmap:milestone_create"), {"title_en": "One"}, {"title_en": "Two"}, Milestone
    if what == "meeting":
        plan = {
            **{"title_en": "One", "kind": Meeting.Kind.values[0], "precision": "time", "mode": "online"},
            **{"starts_at": "2027-03-01T10:00", "ends_at": "2027-03-01T12:00", "zone": "Europe/Paris"},
        }
        return reverse("meetings:create"), plan, {"title_en": "Two"}, Meeting
    if what == "told":
        resolution = make_resolution(staff)
        entry = entry_of(make_period(staff), resolution)
        told = {"kind": "done", "text_en": "Done."}
        return reverse("resolutions:line_add", args=[entry.uuid]), told, {"text_en": "Done!"}, EntryLine
    make_budget()
    day = (timezone.now() - timedelta(days=3)).date().isoformat()
    if what == "money":
        pledge = {"kind": "pledge", "on": day, "amount": "5", "currency": "USD", "source": "A giver"}
        return reverse("roadmap:funding_transaction_create"), pledge, {"amount": "9"}, FundingTransaction
    line = {
        "title_en": "Line",
        "kind": "other",
        "quantity": "1",
        "unit_cost": "5",
        "currency": "USD",
        "on": day,
    }
    return reverse("roadmap:funding_line_create"), line, {"unit_cost": "7"}, CostLine


EVERY = ("agenda", "decision", "line", "meeting", "milestone", "money", "task", "told")


@pytest.mark.parametrize("what", EVERY)
def test_sent_twice_it_is_one_and_otherwise_it_is_told(there: Client, staff: Any, what: str) -> None:
    address, sent, other, model = forms(staff, what)
    key = str(uuid4())
    first, second = (there.post(address, {**sent, "key": key}) for _n in range(2))
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert model.objects.count() == 1
    otherwise = there.post(address, {**sent, **other, "key": key})
    assert otherwise.status_code == 409 and "sent before with other content" in otherwise.content.decode()
    assert model.objects.count() == 1
    again = str(uuid4())
    assert f'value="{key}"' not in otherwise.content.decode()
    assert there.post(address, {**sent, **other, "key": again}).status_code == 302
    assert model.objects.count() == 2


@pytest.mark.parametrize("what", ["agenda", "decision", "meeting", "milestone"])
def test_pages_carry_a_key(there: Client, staff: Any, what: str) -> None:
    address, *_rest = forms(staff, what)
    assert 'name="key"' in there.get(address).content.decode()
