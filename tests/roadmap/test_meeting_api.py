"""The API of meetings: who reads what, writes of the secretariat, repeats and clashes."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from roadmap.actions.agendas import add_item
from roadmap.actions.meeting_records import set_decision, write_record
from roadmap.actions.meetings import hold_meeting, publish_summary
from roadmap.models import Meeting
from tests.api_client import client_of
from tests.factories import make_group, make_user
from tests.roadmap.meetings import DAY, invite, make_meeting, make_paper, put_in_the_past

pytestmark = pytest.mark.django_db
PATH = "/api/v1/meetings/"
NEW = {
    "title": {"en": "Monthly call", "fr": "Réunion"},
    "kind": "working_group_call",
    "mode": "online",
    "starts_at": "2030-03-01T09:00:00+01:00",
    "ends_at": "2030-03-01T11:00:00+01:00",
    "time_zone": "Europe/Paris",
}


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_made_changed_announced_held(staff: Any) -> None:
    client = client_of(staff)
    group = make_group()
    made = client.post(PATH, {**NEW, "groups": [group.slug]}, format="json")
    assert made.status_code == 201, made.content
    assert made.data["state"] == "prepared" and made.data["starts_at_local"] == "2030-03-01T09:00:00+01:00"
    assert client_of().get(f"{PATH}{made.data['id']}/").status_code == 404
    one = f"{PATH}{made.data['id']}/"
    told = client.patch(one, {"version": 1, "announced": True}, format="json")
    assert told.status_code == 200 and told.data["state"] == "announced", told.content
    assert client.patch(one, {"version": 1, "place": "x"}, format="json").status_code == 409
    assert client.patch(one, {"announced": False}, format="json").status_code == 409
    assert client.patch(one, {"state": "published"}, format="json").status_code == 409
    assert client.patch(one, {"state": "held"}, format="json").status_code == 403
    assert client.patch(one, {"groups": ["nowhere"]}, format="json").status_code == 400
    assert client.patch(one, {"country": "XXX"}, format="json").status_code == 400
    gone = client.patch(one, {"state": "cancelled", "note": "A storm."}, format="json")
    assert gone.data["state"] == "cancelled" and Meeting.objects.get().cancellation_note == "A storm."


def test_a_repeat_under_its_key_is_the_same_meeting(staff: Any) -> None:
    client, key = client_of(staff), str(uuid4())
    first = client.post(PATH, NEW, format="json", HTTP_IDEMPOTENCY_KEY=key)
    again = client.post(PATH, NEW, format="json", HTTP_IDEMPOTENCY_KEY=key)
    assert first.data["id"] == again.data["id"] and Meeting.objects.count() == 1
    other = client.post(PATH, {**NEW, "mode": "hybrid"}, format="json", HTTP_IDEMPOTENCY_KEY=key)
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("starts_at", "2030-03-01T09:00:00"),
        ("ends_at", "2029-01-01T00:00:00Z"),
        ("time_zone", "CET"),
        ("kind", "x"),
    ],
)
def test_wrong_input_is_told_at_its_field(staff: Any, field: str, sent: str) -> None:
    response = client_of(staff).post(PATH, {**NEW, field: sent}, format="json")
    assert response.status_code == 400 and field in response.data


def test_what_is_inside_is_for_those_invited_and_papers_after_their_embargo(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff, join_url="https://example.org/canary-room")
    invite(staff, meeting, person)
    add_item(actor=staff, meeting=meeting, titles={"en": "Canary-point"}, speakers=[(person, 5)])
    make_paper(staff, meeting, "Canary-hidden", embargo_until=timezone.now() + DAY)
    make_paper(staff, meeting, "Open paper")
    one = f"{PATH}{meeting.uuid}/"
    outside, inside, seen = (client_of(user).get(one).data for user in (None, person, staff))
    assert "anary" not in str(outside) and outside["papers"] == [] and outside["groups"] is None
    assert [paper["title"] for paper in inside["papers"]] == ["Open paper"]
    assert inside["join_url"].endswith("canary-room") and inside["agenda"][0]["title"] == "Canary-point"
    assert len(seen["papers"]) == 2 and seen["numbers"]["invited"] == 1 and inside["numbers"] is None
    assert inside["answer"] == "" and outside["answer"] is None
    for words, user, found in (
        ("hidden", person, 0),
        ("hidden", staff, 1),
        ("Open", person, 1),
        ("Open", None, 0),
    ):
        assert client_of(user).get(PATH, {"search": words}).data["count"] == found


def test_with_the_summary_everybody_reads_what_may_be_shown(staff: Any) -> None:
    person, other = make_user("expert", name="Canary Person"), make_user("expert", name="Named Person")
    meeting = make_meeting(staff)
    invite(staff, meeting, person, other)
    add_item(actor=staff, meeting=meeting, titles={"en": "Point"}, speakers=[(person, 5), (other, 5)])
    meeting.invitations.filter(person=other).update(named=True)
    set_decision(actor=staff, meeting=meeting, wording={"en": "Agreed."})
    write_record(actor=staff, meeting=meeting, summary={"en": "In short."}, notes={"en": "Canary-notes"})
    hold_meeting(actor=staff, meeting=put_in_the_past(meeting))
    one = f"{PATH}{meeting.uuid}/"
    before = client_of().get(one).data
    assert before["summary"] is None and before["decisions"] == [] and before["agenda"] == []
    publish_summary(actor=staff, meeting=meeting)
    shown = client_of().get(one).data
    assert shown["summary"] == "In short." and shown["decisions"] == ["Agreed."]
    assert shown["agenda"][0]["speakers"] == ["Named Person"]
    assert "Canary" not in str(shown) and shown["numbers"]["invited"] == 2


def test_a_list_asks_the_same_questions_however_long(staff: Any) -> None:
    person = make_user("expert")
    counts = []
    for more in (1, 3):
        for _n in range(more):
            invite(staff, make_meeting(staff, groups=(make_group(),)), person)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client_of(User.objects.get(pk=person.pk)).get(PATH).data["count"] >= more
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
