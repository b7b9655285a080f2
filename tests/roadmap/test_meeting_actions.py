"""Planning, changing, announcing, cancelling, holding and publishing meetings; agenda, papers, invitations."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.actions.erasing import erase_account
from accounts.models import Membership
from core import outbox
from core.files import is_there
from core.models import AuditEntry, StoredFile, subject_of
from core.verdicts import Conflict, Refusal
from experts.models import Call
from roadmap.actions.agendas import add_item, change_item, move_item, note_speaking, remove_item
from roadmap.actions.attendance import note_attendance
from roadmap.actions.invitations import (
    answer_invitation,
    invite_addresses,
    set_named,
    withdraw_invitation,
)
from roadmap.actions.meeting_papers import change_paper, remove_paper
from roadmap.actions.meeting_records import (
    finish_task,
    remove_decision,
    set_decision,
    set_task,
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
    decisions_of,
    invitations_unanswered,
    named_in_public,
    numbers_of,
    tasks_due,
)
from roadmap.models import Meeting, MeetingInvitation, MeetingTask
from tests.experts.hosts import make_hosting_call, make_slot, pdf
from tests.factories import make_draft, make_group, make_user
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
    assert note_speaking(actor=staff, meeting=meeting, minutes={row.pk: 7}) == 1
    assert note_speaking(actor=staff, meeting=meeting, minutes={row.pk: 7, 999999: 3}) == 0
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


def test_answers_are_one_s_own_or_marked(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff)
    (invitation,) = invite(staff, meeting, person)
    with pytest.raises(ValidationError):
        answer_invitation(actor=person, invitation=invitation, answer="online")
    mine = answer_invitation(actor=person, invitation=invitation, answer="yes")
    assert (mine.answer, mine.on_behalf, mine.version) == ("yes", False, 2)
    assert answer_invitation(actor=person, invitation=invitation, answer="yes").version == 2
    with pytest.raises(Conflict):
        answer_invitation(actor=staff, invitation=invitation, answer="no", version=1)
    theirs = answer_invitation(actor=staff, invitation=invitation, answer="no", version=2)
    assert (theirs.on_behalf, theirs.answered_by) == (True, staff)
    entry = AuditEntry.objects.filter(action="meeting.answer").latest("pk")
    assert entry.on_behalf_of == person
    assert numbers_of(meeting).no == 1 and numbers_of(meeting).unanswered == 0
    set_times(meeting, mode="hybrid")
    assert answer_invitation(actor=person, invitation=invitation, answer="online").on_behalf is False


def test_who_is_named_is_each_one_s_own_word(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff)
    (invitation,) = invite(staff, meeting, person)
    with pytest.raises(Refusal):
        set_named(actor=staff, invitation=invitation, named=True)
    set_named(actor=person, invitation=invitation, named=True)
    assert named_in_public(meeting) == {person.pk}
    set_named(actor=person, invitation=invitation, named=False)
    assert named_in_public(meeting) == set()
    set_named(actor=person, invitation=invitation, named=True)
    erase_account(actor=person, person=person)
    assert named_in_public(meeting) == set()
    outbox.drain()
    invitation.refresh_from_db()
    assert invitation.named is False and invitation.person.name.startswith("Former participant")


def test_invited_by_address_and_taken_back(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff)
    made, unknown = invite_addresses(
        actor=staff, meeting=meeting, text=f"{person.email}\n{person.email.upper()};\nnobody@example.org"
    )
    assert [row.person for row in made] == [person] and unknown == ["nobody@example.org"]
    answer_invitation(actor=person, invitation=made[0], answer="yes")
    gone = withdraw_invitation(actor=staff, invitation=made[0])
    assert withdraw_invitation(actor=staff, invitation=gone).version == gone.version
    with pytest.raises(Refusal):
        answer_invitation(actor=person, invitation=gone, answer="no")
    (again,) = invite(staff, meeting, person)
    assert (again.pk, again.times, again.answer) == (gone.pk, 2, "")
    put_in_the_past(meeting)
    note_attendance(actor=staff, meeting=meeting, states={again.pk: "online"})
    with pytest.raises(Conflict):
        withdraw_invitation(actor=staff, invitation=again)


def test_two_with_the_same_list_do_not_undo_each_other(staff: Any) -> None:
    people = [make_user("expert") for _n in range(3)]
    meeting = make_meeting(staff)
    a, b, c = (row.pk for row in invite(staff, meeting, *people))
    put_in_the_past(meeting)
    seen = {a: "", b: "", c: ""}
    assert note_attendance(actor=staff, meeting=meeting, states={a: "online"}, seen=seen).changed == 1
    noted = note_attendance(
        actor=staff, meeting=meeting, states={a: "absent", b: "excused", c: ""}, seen=seen
    )
    assert noted.changed == 1 and [row.pk for row in noted.clashes] == [a]
    assert note_attendance(actor=staff, meeting=meeting, states={a: ""}, seen={a: "online"}).changed == 1
    numbers = numbers_of(meeting)
    assert (numbers.invited, numbers.present, numbers.absent) == (3, 0, 1)
    with pytest.raises(ValidationError):
        note_attendance(actor=staff, meeting=meeting, states={a: "asleep"})


def test_decisions_wait_for_the_summary_and_tasks_for_their_owner(staff: Any) -> None:
    person, other = make_user("expert"), make_user("expert")
    meeting = make_meeting(staff)
    invite(staff, meeting, person)
    decision = set_decision(actor=staff, meeting=meeting, wording={"en": "Agreed."})
    assert decisions_of(meeting, person) == decisions_of(meeting, other) == []
    hold_meeting(actor=staff, meeting=put_in_the_past(meeting))
    meeting.refresh_from_db()
    assert decisions_of(meeting, person) == [decision] and decisions_of(meeting, other) == []
    write_record(actor=staff, meeting=meeting, summary={"en": "x"})
    publish_summary(actor=staff, meeting=meeting)
    meeting.refresh_from_db()
    assert decisions_of(meeting, other) == [decision]
    with pytest.raises(Conflict):
        remove_decision(actor=staff, decision=decision)
    today = date(2026, 3, 1)
    task = set_task(actor=staff, meeting=meeting, title="Write", owner=person, due_on=today)
    set_task(actor=staff, meeting=meeting, title="Later", owner=person, due_on=today + DAY)
    assert list(tasks_due(on=today)) == [task]
    with pytest.raises(Refusal):
        finish_task(actor=other, task=task)
    done = finish_task(actor=person, task=task)
    assert done.done_by == person and finish_task(actor=person, task=task).version == done.version
    assert not tasks_due(on=today).exists()
    assert finish_task(actor=staff, task=task, done=False).done_at is None
    with pytest.raises(Conflict):
        set_task(actor=staff, meeting=meeting, task=task, title="x", owner=person, version=1)


def test_unanswered_invitations_are_those_that_can_still_be_answered(staff: Any) -> None:
    people = [make_user("expert") for _n in range(3)]
    meeting = make_meeting(staff)
    waiting, answered, gone = invite(staff, meeting, *people)
    answer_invitation(actor=people[1], invitation=answered, answer="no")
    withdraw_invitation(actor=staff, invitation=gone)
    prepared = make_meeting(staff, announced=False)
    invite(staff, prepared, people[0])
    assert list(invitations_unanswered(at=timezone.now())) == [waiting]
    cancel_meeting(actor=staff, meeting=meeting)
    assert not invitations_unanswered(at=timezone.now()).exists()


@pytest.mark.django_db(transaction=True)
def test_answers_at_once_leave_one_that_is_whole(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff, mode="hybrid", place="Nairobi")
    (invitation,) = invite(staff, meeting, person)
    start, failed = threading.Barrier(9), []

    def answer(n: int) -> None:
        try:
            start.wait(20)
            actor = person if n % 3 else staff
            answer_invitation(actor=actor, invitation=invitation, answer=("yes", "no", "online")[n % 3])
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(n,)) for n in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    row = MeetingInvitation.objects.get()
    told = AuditEntry.objects.filter(action="meeting.answer").order_by("pk")
    assert row.version == 1 + told.count(), "each change is counted and on record, once"
    assert row.answer == told.last().changes["answer"]  # type: ignore[union-attr]
    assert row.on_behalf is (row.answered_by_id == staff.pk)


@pytest.mark.django_db(transaction=True)
def test_two_invite_the_same_person_at_once(staff: Any) -> None:
    person, meeting = make_user("expert"), make_meeting(staff)
    start, failed = threading.Barrier(4), []

    def ask() -> None:
        try:
            start.wait(20)
            invite(staff, meeting, person)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and MeetingInvitation.objects.get().times == 1
    assert not MeetingTask.objects.exists()
