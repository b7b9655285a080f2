"""Planning, changing, announcing, cancelling, holding and publishing meetings; agenda, papers, invitations."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Membership
from core.files import is_there
from core.models import AuditEntry, StoredFile, subject_of
from core.verdicts import Conflict, Refusal
from experts.models import Call
from roadmap.actions.agendas import add_item, change_item, move_item, note_speaking, remove_item
from roadmap.actions.attendance import note_attendance
from roadmap.actions.meeting_papers import change_paper, remove_paper
from roadmap.actions.meeting_records import (
    write_record,
)
from roadmap.actions.meetings import (
    announce_meeting,
    cancel_meeting,
    change_meeting,
    hold_meeting,
    plan_meeting,
    publish_summary,
)
from roadmap.meeting_queries import (
    agenda_of,
)
from roadmap.models import Meeting
from tests.experts.hosts import make_hosting_call, make_slot, pdf
from tests.factories import make_draft, make_group, make_user
from tests.roadmap.meetings import (
    DAY,
    invitation_of,
    invite,
    make_meeting,
    make_paper,
    put_in_the_past,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def acts(meeting: Meeting) -> list[str]:
    return list(
        AuditEntry.objects.filter(subject=subject_of(meeting)).order_by("pk").values_list("action", flat=True)
    )


def test_days_and_months_are_whole_by_the_clocks_of_the_place(staff: Any) -> None:
    plan = {
        "time_zone": "Europe/Paris",
        "mode": "on_site",
        "starts_at": datetime(2024, 4, 17, 9, tzinfo=UTC),
        "ends_at": datetime(2024, 4, 18, 15, tzinfo=UTC),
    }
    days = make_meeting(staff, announced=False, precision="day", **plan)
    assert (days.starts_at, days.ends_at) == (
        datetime(2024, 4, 16, 22, tzinfo=UTC),
        datetime(2024, 4, 18, 22, tzinfo=UTC),
    )
    same = change_meeting(actor=staff, meeting=days, starts_at=days.starts_at, ends_at=days.ends_at)
    assert same.version == 1, "what fits already stays"
    month = make_meeting(staff, announced=False, precision="month", **plan)
    assert (month.starts_at, month.ends_at) == (
        datetime(2024, 3, 31, 22, tzinfo=UTC),
        datetime(2024, 4, 30, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("field", "plan"),
    [
        ("title", {"titles": {"en": " "}}),
        ("title", {"titles": {"fr": "x" * 201}}),
        ("kind", {"kind": "party"}),
        ("mode", {"mode": "moon"}),
        ("precision", {"precision": "year"}),
        ("time_zone", {"time_zone": "CET"}),
        ("ends_at", {"ends_at": datetime(2020, 1, 1, tzinfo=UTC)}),
        ("starts_at", {"starts_at": datetime(1066, 1, 1, tzinfo=UTC)}),
        ("join_url", {"join_url": "javascript:alert(1)"}),
        ("place", {"place": "x" * 201}),
    ],
)
def test_what_makes_no_meeting_is_told_at_its_field(staff: Any, field: str, plan: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        make_meeting(staff, announced=False, **plan)
    assert set(refused.value.message_dict) == {field}
    assert not Meeting.objects.exists()


def test_announcing_invites_the_groups_and_asks_for_what_people_need(staff: Any) -> None:
    member, organisation_s = make_user("expert"), make_user("expert")
    group = make_group()
    Membership.objects.create(group=group, user=member)
    former = make_user("expert")
    Membership.objects.create(
        group=group, user=former, since=timezone.now() - 9 * DAY, until=timezone.now() - DAY
    )
    guest = make_user("participant")
    meeting = make_meeting(staff, announced=False, groups=(group,), mode="on_site", place="")
    invite(staff, meeting, guest)
    with pytest.raises(ValidationError) as refused:
        announce_meeting(actor=staff, meeting=meeting)
    assert set(refused.value.message_dict) == {"place"}
    change_meeting(actor=staff, meeting=meeting, place="Nairobi")
    with pytest.raises(Conflict):
        announce_meeting(actor=staff, meeting=meeting, version=1)
    announce_meeting(actor=staff, meeting=meeting, version=2)
    assert set(meeting.invitations.values_list("person", flat=True)) == {member.pk, guest.pk}
    assert organisation_s.pk not in meeting.invitations.values_list("person", flat=True)
    with pytest.raises(Refusal):
        announce_meeting(actor=staff, meeting=meeting)
    assert acts(meeting) == ["meeting.plan", "meeting.invite", "meeting.change", "meeting.announce"]


def test_a_change_is_told_only_where_calendars_hold_it(staff: Any) -> None:
    meeting = make_meeting(staff)
    assert change_meeting(actor=staff, meeting=meeting, public=False).sequence == 0
    assert change_meeting(actor=staff, meeting=meeting, titles={"fr": "Appel mensuel"}).sequence == 1
    moved = change_meeting(actor=staff, meeting=meeting, ends_at=meeting.ends_at + timedelta(hours=1))
    assert moved.sequence == 2
    assert change_meeting(actor=staff, meeting=meeting, ends_at=moved.ends_at).version == moved.version
    with pytest.raises(Conflict) as stale:
        change_meeting(actor=staff, meeting=meeting, version=1, place="x")
    assert stale.value.current == {"version": moved.version}


def test_a_group_named_later_is_invited_at_once(staff: Any) -> None:
    meeting = make_meeting(staff)
    person = make_user("expert", groups=(group := make_group(),))
    change_meeting(actor=staff, meeting=meeting, groups=[group])
    assert invitation_of(meeting, person).withdrawn_at is None


def test_cancelled_held_and_published_once(staff: Any) -> None:
    cancelled = cancel_meeting(actor=staff, meeting=make_meeting(staff), note="A storm.")
    assert cancelled.sequence == 1
    assert cancel_meeting(actor=staff, meeting=cancelled).version == cancelled.version
    with pytest.raises(Refusal):
        change_meeting(actor=staff, meeting=cancelled, place="x")
    meeting = make_meeting(staff)
    with pytest.raises(Refusal):
        hold_meeting(actor=staff, meeting=meeting)
    held = hold_meeting(actor=staff, meeting=put_in_the_past(meeting))
    with pytest.raises(Refusal):
        cancel_meeting(actor=staff, meeting=held)
    with pytest.raises(ValidationError):
        publish_summary(actor=staff, meeting=held)
    write_record(actor=staff, meeting=held, summary={"en": "We agreed."}, notes={"ar": "ملاحظات"})
    assert publish_summary(actor=staff, meeting=held).published_at
    with pytest.raises(ValidationError):
        write_record(actor=staff, meeting=held, summary={"en": ""})
    with pytest.raises(Refusal):
        publish_summary(actor=staff, meeting=held)


def test_nobody_but_staff_plans(staff: Any) -> None:
    meeting, person = make_meeting(staff), make_user("admin", "drafter", "expert")
    for act in (
        lambda: make_meeting(person),
        lambda: change_meeting(actor=person, meeting=meeting, place="x"),
        lambda: cancel_meeting(actor=person, meeting=meeting),
        lambda: invite(person, meeting, person),
        lambda: add_item(actor=person, meeting=meeting, titles={"en": "x"}),
        lambda: make_paper(person, meeting),
        lambda: write_record(actor=person, meeting=meeting),
        lambda: note_attendance(actor=person, meeting=meeting, states={}),
    ):
        with pytest.raises(Refusal):
            act()
    assert not StoredFile.objects.exists()


def test_a_meeting_comes_from_a_slot_once_its_hosts_are_announced(staff: Any) -> None:
    call = make_hosting_call()
    slot = make_slot(call)
    plan = {
        "kind": "expert_group_meeting",
        "titles": {"en": "Second meeting"},
        "starts_at": timezone.now() + DAY,
        "ends_at": timezone.now() + 2 * DAY,
        "precision": "day",
        "time_zone": "UTC",
        "mode": "online",
    }
    with pytest.raises(Conflict):
        plan_meeting(actor=staff, slot=slot, **plan)
    Call.objects.filter(pk=call.pk).update(decided_at=timezone.now())
    meeting = plan_meeting(actor=staff, slot=slot, **plan)
    with pytest.raises(Conflict) as again:
        plan_meeting(actor=staff, slot=slot, **plan)
    assert again.value.current == {"meeting": str(meeting.uuid)}


def test_the_agenda_keeps_its_order_and_what_was_spoken(staff: Any) -> None:
    meeting = make_meeting(staff)
    speaker, other = make_user("expert"), make_user("expert")
    invite(staff, meeting, speaker)
    first = add_item(actor=staff, meeting=meeting, titles={"en": "One"}, minutes=10, speakers=[(speaker, 5)])
    second = add_item(actor=staff, meeting=meeting, titles={"en": "Two", "zh-hans": "二"}, pillar=3)
    with pytest.raises(ValidationError, match="invited first"):
        change_item(actor=staff, item=second, speakers=[(other, 5)])
    with pytest.raises(ValidationError):
        add_item(actor=staff, meeting=meeting, titles={"en": "x"}, pillar=9)
    move_item(actor=staff, item=second, up=True)
    assert [item.title for item in meeting.agenda.all()] == ["Two", "One"]
    move_item(actor=staff, item=second, up=True)
    put_in_the_past(meeting)
    row = first.speakers.get()
    assert note_speaking(actor=staff, meeting=meeting, minutes={row.pk: 7}).changed == 1
    assert note_speaking(actor=staff, meeting=meeting, minutes={row.pk: 7, 999999: 3}).changed == 0
    with pytest.raises(ValidationError):
        note_speaking(actor=staff, meeting=meeting, minutes={row.pk: -1})
    change_item(actor=staff, item=first, speakers=[(speaker, 9)])
    assert first.speakers.get().spoken == 7
    for act in (
        lambda: change_item(actor=staff, item=first, speakers=[]),
        lambda: remove_item(actor=staff, item=first),
    ):
        with pytest.raises(Conflict):
            act()
    remove_item(actor=staff, item=second)
    assert [line.spoken for line in agenda_of(meeting, staff, inside=True)] == [7]


def test_a_draft_is_named_on_the_agenda_to_its_readers_alone(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff)
    invite(staff, meeting, person)
    hidden = make_draft(label="Canary-draft", paragraphs=1)
    item = add_item(actor=staff, meeting=meeting, titles={"en": "x"}, draft=hidden, provision_key="para_1")
    with pytest.raises(ValidationError):
        change_item(actor=staff, item=item, provision_key="para_99")
    assert [line.about for line in agenda_of(meeting, person, inside=True)] == [None]
    (line,) = agenda_of(meeting, staff, inside=True)
    assert line.about is not None and line.about[0] == "Canary-draft – Paragraph 1"


def test_papers_are_kept_changed_and_removed_with_their_file(staff: Any) -> None:
    meeting = make_meeting(staff)
    with pytest.raises(ValidationError) as wrong:
        make_paper(staff, meeting, file=b"<html>", name="a.pdf")
    assert set(wrong.value.message_dict) == {"file"} and not StoredFile.objects.exists()
    with pytest.raises(ValidationError) as wrong:
        make_paper(staff, meeting, title=" ", language="xx")
    assert set(wrong.value.message_dict) == {"title", "language"}
    paper = make_paper(staff, meeting, file=pdf("a.pdf"))
    until = timezone.now() + DAY
    assert change_paper(actor=staff, paper=paper, version=1, embargo_until=until).version == 2
    with pytest.raises(Conflict):
        change_paper(actor=staff, paper=paper, version=1, title="Other")
    stored = paper.file
    assert is_there(stored)
    remove_paper(actor=staff, paper=paper)
    assert not StoredFile.objects.exists()
