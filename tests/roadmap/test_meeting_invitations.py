"""Invitations and answers, who came, decisions and tasks; two at once."""

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.actions.erasing import erase_account
from core import outbox
from core.models import AuditEntry, subject_of
from core.verdicts import Conflict, Refusal
from roadmap.actions.attendance import note_attendance
from roadmap.actions.invitations import (
    answer_invitation,
    invite_addresses,
    set_named,
    withdraw_invitation,
)
from roadmap.actions.meeting_records import (
    finish_task,
    remove_decision,
    set_decision,
    set_task,
    write_record,
)
from roadmap.actions.meetings import (
    cancel_meeting,
    hold_meeting,
    publish_summary,
)
from roadmap.meeting_queries import (
    invitations_unanswered,
    named_in_public,
    numbers_of,
    seen_decisions,
    tasks_due,
)
from roadmap.models import Meeting, MeetingInvitation, MeetingTask
from tests.factories import make_user
from tests.roadmap.meetings import (
    DAY,
    invite,
    make_meeting,
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
    assert list(seen_decisions(meeting, person)) == list(seen_decisions(meeting, other)) == []
    hold_meeting(actor=staff, meeting=put_in_the_past(meeting))
    meeting.refresh_from_db()
    assert list(seen_decisions(meeting, person)) == [decision]
    assert not seen_decisions(meeting, other)
    write_record(actor=staff, meeting=meeting, summary={"en": "x"})
    publish_summary(actor=staff, meeting=meeting)
    meeting.refresh_from_db()
    assert list(seen_decisions(meeting, other)) == [decision]
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
