"""The API of a meeting's parts: who knows of what, writes that happen once, and versions."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import outbox
from roadmap.actions.agendas import add_item
from roadmap.actions.invitations import withdraw_invitation
from roadmap.actions.meeting_records import set_decision, set_task, write_record
from roadmap.actions.meetings import hold_meeting, publish_summary
from roadmap.models import AgendaItem, Meeting, MeetingInvitation, MeetingPaper, MeetingTask
from tests.api_client import client_of
from tests.experts.hosts import pdf
from tests.factories import make_draft, make_user
from tests.roadmap.meetings import (
    DAY,
    invitation_of,
    invite,
    make_meeting,
    make_paper,
    put_in_the_past,
    set_times,
)

pytestmark = pytest.mark.django_db
PARTS = ("agenda", "papers", "invitations", "decisions", "tasks")


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def guest() -> Any:
    return make_user("expert", name="Gala Guest")


@pytest.fixture
def meeting(staff: Any, guest: Any) -> Meeting:
    made = make_meeting(staff)
    invite(staff, made, guest)
    return made


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def at(meeting: Meeting, part: str, key: Any = "") -> str:
    return f"/api/v1/meetings/{meeting.uuid}/{part}/{key}{'/' if key else ''}"


def count(user: Any, meeting: Meeting, part: str) -> int:
    return int(client_of(user).get(at(meeting, part)).data["count"])


class TestAgenda:
    def test_a_point_is_made_once_and_changed(self, staff: Any, guest: Any, meeting: Meeting) -> None:
        client, key = client_of(staff), str(uuid4())
        draft = make_draft(status="published", paragraphs=1)
        new = {
            "title": {"en": "Housing", "fr": "Logement"},
            "minutes": 30,
            "pillar": 3,
            "draft": draft.pk,
            "provision": "para_1",
            "speakers": [{"person": guest.pk, "minutes": 10}],
        }
        made = [
            client.post(at(meeting, "agenda"), new, format="json", HTTP_IDEMPOTENCY_KEY=key) for _ in "ab"
        ]
        assert [row.status_code for row in made] == [201, 201], made[0].content
        assert made[0].data == made[1].data and AgendaItem.objects.count() == 1
        assert made[0].data["draft"] == draft.pk and made[0].data["provision"] == "para_1"
        assert made[0].data["speakers"] == [
            {"person": guest.pk, "name": "Gala Guest", "minutes": 10, "spoken": None}
        ]
        one = at(meeting, "agenda", made[0].data["id"])
        changed = client.patch(one, {"version": 1, "minutes": 45}, format="json")
        assert changed.data["minutes"] == 45 and changed.data["titles"]["fr"] == "Logement"
        assert len(changed.data["speakers"]) == 1, "what isn't named stays"
        stale = client.patch(one, {"version": 1, "minutes": 5}, format="json")
        assert stale.status_code == 409 and stale.data["current"]["version"] == 2
        assert client.patch(one, {"draft": None}, format="json").status_code == 400, "a provision of no draft"
        assert client.patch(one, {"draft": None, "provision": ""}, format="json").data["draft"] is None

    @pytest.mark.parametrize(
        ("field", "sent"),
        [
            ("title", {"en": ""}),
            ("title", {"xx": "x"}),
            ("title", {"en": "x" * 301}),
            ("title", ["x"]),
            ("minutes", -1),
            ("minutes", 10**9),
            ("pillar", 9),
            ("draft", 999999),
            ("draft", 10**30),
            ("provision", "nowhere"),
            ("speakers", [{"person": 999999}]),
            ("speakers", "x"),
            ("speakers", [{"person": 1}] * 101),
        ],
    )
    def test_wrong_input_is_told_at_its_field(
        self, staff: Any, meeting: Meeting, field: str, sent: Any
    ) -> None:
        answer = client_of(staff).post(at(meeting, "agenda"), {"title": "A", field: sent}, format="json")
        told = "provision_key" if field == "provision" else field
        assert answer.status_code == 400 and told in answer.data, answer.content
        assert not AgendaItem.objects.exists()

    def test_who_is_not_invited_does_not_speak(self, staff: Any, meeting: Meeting) -> None:
        new = {"title": "A", "speakers": [{"person": make_user("expert").pk}]}
        answer = client_of(staff).post(at(meeting, "agenda"), new, format="json")
        assert answer.status_code == 400 and "speakers" in answer.data

    def test_a_draft_that_the_reader_may_not_read_is_not_named(
        self, staff: Any, guest: Any, meeting: Meeting
    ) -> None:
        draft = make_draft(status="working", paragraphs=1)
        item = add_item(actor=staff, meeting=meeting, titles={"en": "A"}, draft=draft, provision_key="para_1")
        seen = client_of(guest).get(at(meeting, "agenda", item.pk)).data
        assert seen["draft"] is None and seen["provision"] == ""

    def test_who_reads_it_when(self, staff: Any, guest: Any, meeting: Meeting) -> None:
        item = add_item(actor=staff, meeting=meeting, titles={"en": "A"}, speakers=[(guest, 5)])
        stranger = make_user("expert")
        assert [count(user, meeting, "agenda") for user in (staff, guest, stranger, None)] == [1, 1, 0, 0]
        assert client_of(stranger).get(at(meeting, "agenda", item.pk)).status_code == 404
        write_record(actor=staff, meeting=meeting, summary={"en": "In short."})
        hold_meeting(actor=staff, meeting=put_in_the_past(meeting))
        publish_summary(actor=staff, meeting=meeting)
        told = client_of().get(at(meeting, "agenda", item.pk))
        assert told.status_code == 200 and told.data["speakers"] == [], "nobody agreed to be named"


class TestPapers:
    def test_one_is_added_once_with_its_file(self, staff: Any, guest: Any, meeting: Meeting) -> None:
        client, key = client_of(staff), str(uuid4())
        item = add_item(actor=staff, meeting=meeting, titles={"en": "A"})

        def post(**more: Any) -> Any:
            new = {"title": "Note", "language": "fr", "item": item.pk, "file": pdf("note.pdf"), **more}
            path = at(meeting, "papers")
            return client.post(path, new, format="multipart", HTTP_IDEMPOTENCY_KEY=key)

        first, again = post(), post()
        assert first.status_code == 201, first.content
        assert first.data == again.data and MeetingPaper.objects.count() == 1
        assert first.data["name"] == "note.pdf" and first.data["item"] == item.pk
        reader = Client()
        reader.force_login(guest)
        assert reader.get(first.data["file"]).status_code == 200
        assert Client().get(first.data["file"]).status_code == 404
        assert post(title="Another").status_code == 409, "the key stands for the first"

    def test_before_its_embargo_is_over_it_is_nowhere(self, staff: Any, guest: Any, meeting: Meeting) -> None:
        paper = make_paper(staff, meeting, embargo_until=timezone.now() + DAY)
        one = at(meeting, "papers", paper.uuid)
        assert count(guest, meeting, "papers") == 0 and count(staff, meeting, "papers") == 1
        assert client_of(guest).get(one).status_code == 404
        assert client_of(guest).patch(one, {"title": "x"}, format="json").status_code == 404
        told = client_of(staff).patch(one, {"embargo_until": None, "version": 1}, format="json")
        assert told.data["embargo_until"] is None
        assert client_of(guest).get(one).status_code == 200
        assert client_of(guest).patch(one, {"title": "x"}, format="json").status_code == 403
        assert client_of(staff).patch(one, {"title": "x", "version": 1}, format="json").status_code == 409

    def test_what_is_no_paper_is_refused(self, staff: Any, meeting: Meeting) -> None:
        new = {"title": "Note", "language": "en"}
        client = client_of(staff)
        wrong = SimpleUploadedFile("a.pdf", b"MZ no paper at all")
        answer = client.post(at(meeting, "papers"), {**new, "file": wrong}, format="multipart")
        assert answer.status_code == 400 and "file" in answer.data
        assert client.post(at(meeting, "papers"), new, format="json").status_code == 400
        other = add_item(actor=staff, meeting=make_meeting(staff), titles={"en": "B"})
        answer = client.post(
            at(meeting, "papers"), {**new, "file": pdf("a.pdf"), "item": other.pk}, format="multipart"
        )
        assert answer.status_code == 400 and "item" in answer.data
        assert not MeetingPaper.objects.exists()


class TestInvitations:
    def test_staff_invites_once_and_people_answer(self, staff: Any, guest: Any, meeting: Meeting) -> None:
        client, person = client_of(staff), make_user("expert")
        for sent in ({"person": person.pk}, {"email": person.email.upper()}):
            made = client.post(at(meeting, "invitations"), sent, format="json")
            assert made.status_code == 201 and made.data["person"] == person.pk, made.content
        assert MeetingInvitation.objects.filter(person=person).count() == 1
        outbox.drain()
        assert [m.to[0] for m in mail.outbox].count(person.email) == 1
        assert count(staff, meeting, "invitations") == 2 and count(guest, meeting, "invitations") == 1
        theirs = client_of(guest).get(at(meeting, "invitations", made.data["id"]))
        assert theirs.status_code == 404, "others’ answers are nobody’s"
        one = at(meeting, "invitations", invitation_of(meeting, guest).uuid)
        said = client_of(guest).patch(one, {"version": 1, "answer": "yes", "named": True}, format="json")
        assert said.data["answer"] == "yes" and said.data["named"] and not said.data["on_behalf"]
        assert client.patch(one, {"version": 1, "answer": "no"}, format="json").status_code == 409
        assert client.patch(one, {"named": False}, format="json").status_code == 403
        behalf = client.patch(one, {"version": said.data["version"], "answer": "no"}, format="json")
        assert behalf.data["on_behalf"] is True
        assert client_of(guest).patch(one, {"answer": "online"}, format="json").status_code == 400
        assert client_of(guest).patch(one, {"withdrawn": True}, format="json").status_code == 403
        assert client.patch(one, {"withdrawn": False}, format="json").status_code == 400
        gone = client.patch(one, {"withdrawn": True}, format="json")
        assert gone.status_code == 200 and gone.data["withdrawn_at"]
        assert client_of(guest).get(one).status_code == 404

    @pytest.mark.parametrize(
        "sent", [{}, {"person": 999999}, {"email": "nobody@example.org"}, {"person": 1, "email": "a@b.org"}]
    )
    def test_nobody_or_two_are_not_invited(self, staff: Any, meeting: Meeting, sent: Any) -> None:
        assert client_of(staff).post(at(meeting, "invitations"), sent, format="json").status_code == 400

    def test_answers_end_when_it_begins(self, staff: Any, guest: Any, meeting: Meeting) -> None:
        set_times(meeting, starts_at=timezone.now() - DAY / 48, ends_at=timezone.now() + DAY / 24)
        one = at(meeting, "invitations", invitation_of(meeting, guest).uuid)
        assert client_of(guest).patch(one, {"answer": "yes"}, format="json").status_code == 403
        assert client_of(staff).patch(one, {"answer": "yes"}, format="json").status_code == 200


class TestOutcomes:
    def test_decisions_are_read_once_it_was_held_and_by_all_with_the_summary(
        self, staff: Any, guest: Any, meeting: Meeting
    ) -> None:
        client = client_of(staff)
        made = client.post(at(meeting, "decisions"), {"wording": {"en": "Agreed."}}, format="json")
        one = at(meeting, "decisions", made.data["id"])
        assert [client_of(user).get(one).status_code for user in (staff, guest, None)] == [200, 404, 404]
        hold_meeting(actor=staff, meeting=put_in_the_past(meeting))
        assert [client_of(user).get(one).status_code for user in (staff, guest, None)] == [200, 200, 404]
        changed = client.patch(one, {"version": 1, "wording": {"fr": "Convenu."}}, format="json")
        assert changed.data["wordings"] == {"en": "Agreed.", "fr": "Convenu."}
        assert client.patch(one, {"version": 1, "item": None}, format="json").status_code == 409
        write_record(actor=staff, meeting=meeting, summary={"en": "In short."})
        publish_summary(actor=staff, meeting=meeting)
        assert client_of().get(one).status_code == 200

    def test_a_task_is_given_changed_and_done(self, staff: Any, guest: Any, meeting: Meeting) -> None:
        client = client_of(staff)
        decision = set_decision(actor=staff, meeting=meeting, wording={"en": "Agreed."})
        new = {"title": "Write", "owner": guest.pk, "due_on": "2030-05-01", "decision": decision.pk}
        made = client.post(at(meeting, "tasks"), new, format="json")
        assert made.status_code == 201, made.content
        one, own = at(meeting, "tasks", made.data["id"]), client_of(guest)
        assert own.get(one).data["name"] == "Gala Guest"
        assert own.patch(one, {"title": "Sleep", "done": True}, format="json").status_code == 403
        assert MeetingTask.objects.get().done_at is None, "all of it or nothing"
        done = own.patch(one, {"done": True, "version": 1}, format="json")
        assert done.data["done_at"] and done.data["version"] == 2
        assert own.patch(one, {"done": True}, format="json").data["version"] == 2, "twice is once"
        assert own.patch(one, {"done": False, "version": 1}, format="json").status_code == 409
        moved = client.patch(one, {"due_on": None, "done": False, "version": 2}, format="json")
        assert moved.data["due_on"] is None and moved.data["done_at"] is None
        assert moved.data["decision"] == decision.pk, "what isn't named stays"
        assert client_of(make_user("expert")).get(one).status_code == 404

    def test_whoever_is_no_longer_invited_keeps_the_task(self, staff: Any, guest: Any) -> None:
        meeting = make_meeting(staff, public=False)
        (invitation,) = invite(staff, meeting, guest)
        task = set_task(actor=staff, meeting=meeting, title="Write", owner=guest, due_on=date(2030, 5, 1))
        withdraw_invitation(actor=staff, invitation=invitation)
        assert client_of(guest).get(at(meeting, "agenda")).status_code == 404
        one = at(meeting, "tasks", task.uuid)
        assert client_of(guest).patch(one, {"done": True}, format="json").status_code == 200
        assert client_of(make_user("expert")).get(at(meeting, "tasks")).status_code == 404

    @pytest.mark.parametrize(
        ("field", "sent"),
        [("title", ""), ("title", "x" * 301), ("owner", 999999), ("due_on", "soon"), ("decision", 999999)],
    )
    def test_a_wrong_task_is_told_at_its_field(
        self, staff: Any, guest: Any, meeting: Meeting, field: str, sent: Any
    ) -> None:
        new = {"title": "Write", "owner": guest.pk, field: sent}
        answer = client_of(staff).post(at(meeting, "tasks"), new, format="json")
        assert answer.status_code == 400 and field in answer.data


@pytest.mark.parametrize("part", PARTS)
def test_of_a_meeting_that_is_hidden_nothing_is_there(staff: Any, part: str) -> None:
    hidden = make_meeting(staff, announced=False)
    for user in (None, make_user("expert")):
        assert client_of(user).get(at(hidden, part)).status_code == 404
    assert client_of(make_user("drafter")).post(at(hidden, part), {}, format="json").status_code == 404
    assert client_of(staff).get(at(hidden, part)).status_code == 200
    assert client_of(staff).get(f"/api/v1/meetings/{'a' * 36}/{part}/").status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_a_list_asks_the_same_questions_however_long(staff: Any, meeting: Meeting, part: str) -> None:
    counts = []
    for more in (1, 4):
        for _n in range(more):
            person = make_user("expert")
            invite(staff, meeting, person)
            add_item(actor=staff, meeting=meeting, titles={"en": "A"}, speakers=[(person, 5)])
            make_paper(staff, meeting)
            set_decision(actor=staff, meeting=meeting, wording={"en": "Agreed."})
            set_task(actor=staff, meeting=meeting, title="Write", owner=person)
        client = client_of(staff)
        client.get(at(meeting, part))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at(meeting, part)).data["count"] >= more
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
