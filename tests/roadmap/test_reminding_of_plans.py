"""Reminders of milestones, meetings and their tasks: who is reminded, once, and nothing of what has gone or moved."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from core import outbox
from core.models import Message, Notice
from roadmap.actions.invitations import answer_invitation, withdraw_invitation
from roadmap.actions.meeting_records import finish_task, set_task
from roadmap.actions.meetings import cancel_meeting
from roadmap.actions.milestones import change_milestone
from roadmap.actions.reminding import rules_in_force
from roadmap.models import MeetingInvitation, MeetingTask, Milestone, ReminderPreference, ReminderRule
from roadmap.occasions.dates import of_day
from tests.factories import make_draft, make_group, make_round, make_user
from tests.roadmap.meetings import invitation_of, invite, make_meeting, set_times
from tests.roadmap.milestones_made import make_milestone, on
from tests.roadmap.running import run, settle

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def today() -> Any:
    return timezone.now().astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE)).date()


def in_days(days: int, last: int | None = None) -> Any:
    first = today() + days * DAY
    return on(str(first), str(first if last is None else today() + last * DAY))


def morning(days: int) -> datetime:
    """Of the day in so many days, a minute after what is of that day falls due."""
    return of_day(today() + days * DAY) + timedelta(minutes=1)


@pytest.fixture
def staff() -> Any:
    person = make_user("staff", name="Sila")
    outbox.drain()
    return person


class TestMilestones:
    def test_the_owner_is_reminded_before_it_comes_and_asked_after_it(self, staff: Any) -> None:
        owner = make_user("expert", name="Owen")
        make_milestone(staff, "First meeting", owner=owner, tentative=in_days(9), forecast=in_days(40, 42))
        assert run(morning(9)) == (0, 0, 0), "it counts from the forecast"
        assert run(morning(10)) == (1, 1, 0)
        assert run(morning(11)) == (1, 0, 1)
        (sent,) = settle()
        assert sent.to == [owner.email] and sent.subject == "Soon: First meeting"
        assert "please tell the secretariat" in sent.body
        assert run(morning(33)) == (1, 1, 0)
        assert run(morning(42)) == (0, 0, 0), "its last day isn't over"
        assert [run(morning(days))[1] for days in (43, 44, 57, 71, 85)] == [1, 0, 1, 1, 0]
        asked = [m for m in settle() if m.subject.startswith("Is it done?")]
        assert [m.to for m in asked] == [[owner.email]] * 3
        assert "The road map says of it: Planned." in asked[0].body

    @pytest.mark.parametrize("owned", ["by nobody", "by a closed account"])
    def test_without_an_owner_the_secretariat_is(self, staff: Any, owned: str) -> None:
        gone = make_user("expert")
        other = make_user("staff")
        make_user("drafter")
        make_milestone(staff, forecast=in_days(6), owner=gone if owned == "by a closed account" else None)
        type(gone).objects.filter(pk=gone.pk).update(is_active=False)
        assert run() == (2, 2, 0)
        sent = settle()
        assert {m.to[0] for m in sent} == {staff.email, other.email}
        assert all("give it a new forecast" in m.body for m in sent)

    def test_what_is_done_or_dropped_is_not_asked_about(self, staff: Any) -> None:
        done = make_milestone(staff, "Done", forecast=in_days(-3))
        make_milestone(staff, "Dropped", forecast=in_days(-3), state="dropped")
        begun = make_milestone(staff, "Begun", forecast=in_days(-9, -3))
        change_milestone(actor=staff, milestone=begun, state="under_way")
        assert run() == (2, 2, 0)
        change_milestone(actor=staff, milestone=done, actual=in_days(-4))
        (sent,) = settle()
        assert "Begun" in sent.subject and "Under way" in sent.body

    def test_a_month_is_a_month_long(self, staff: Any) -> None:
        first = (today().replace(day=1) + timedelta(days=70)).replace(day=1)
        make_milestone(staff, forecast=on(f"{first:%Y-%m}"))
        last = on(f"{first:%Y-%m}").end
        assert last is not None
        assert run(of_day(first) - timedelta(days=7) + timedelta(minutes=1)) == (1, 1, 0)
        assert run(of_day(last)) == (0, 0, 0)
        assert run(of_day(last) + timedelta(days=1, minutes=1)) == (1, 1, 0)

    def test_a_forecast_that_moves_takes_back_what_is_queued(self, staff: Any) -> None:
        owner = make_user("expert", time_zone="UTC")
        hour = (timezone.now() - timedelta(hours=1)).hour
        ReminderPreference.objects.create(user=owner, gathered=True, hour=hour)
        milestone = make_milestone(staff, "Moved", owner=owner, forecast=in_days(6))
        kept = make_milestone(staff, "Kept", owner=owner, forecast=in_days(6))
        assert run() == (2, 2, 0)
        assert not settle(), "both wait for the daily mail"
        change_milestone(actor=staff, milestone=milestone, forecast=in_days(60))
        outbox.drain()
        assert [n.subject for n in Notice.objects.all()] == [f"roadmap.milestone:{kept.pk}"]
        change_milestone(actor=staff, milestone=kept, forecast=in_days(50))
        outbox.drain()
        assert not Notice.objects.exists()
        assert Message.objects.get().state == Message.State.UNNEEDED, "no mail without words is left to send"
        assert run() == (0, 0, 0)
        assert run(morning(53)) == (2, 2, 0), "each is reminded of its new date"
        change_milestone(actor=staff, milestone=milestone, forecast=in_days(6))
        outbox.drain()
        assert run()[1] == 1, "moved back: of that date nobody was told"

    def test_a_new_forecast_of_what_was_told_is_told_anew(self, staff: Any) -> None:
        owner = make_user("expert")
        milestone = make_milestone(staff, owner=owner, forecast=in_days(6))
        run()
        assert len(settle()) == 1
        change_milestone(actor=staff, milestone=milestone, forecast=in_days(5))
        outbox.drain()
        assert run() == (1, 1, 0) and len(settle()) == 1
        assert run() == (1, 0, 1) and not settle()

    def test_groups_are_reminded_where_a_rule_says_so(self, staff: Any) -> None:
        group, now = make_group(), timezone.now()
        member, owner = make_user("expert", groups=(group,)), make_user("expert", groups=(group,))
        make_user("expert", groups=(make_group(),))
        meeting = make_meeting(staff, groups=(group,), starts_at=now + 6 * DAY, ends_at=now + 6.1 * DAY)
        MeetingInvitation.objects.update(answer="yes", answered_at=now)
        milestone = make_milestone(staff, "Third call", about=meeting, owner=owner)
        settle()
        assert run() == (1, 1, 0), "only its owner"
        rules_in_force()
        ReminderRule.objects.create(occasion="milestone_concerned", side="before", days=7)
        assert run() == (2, 1, 1)
        sent = {m.to[0]: m for m in settle()}
        assert set(sent) == {member.email, owner.email}
        assert "in a group that “Third call” concerns" in sent[member.email].body
        change_milestone(actor=staff, milestone=milestone, public=False)
        assert run()[0] == 1, "what they may not see they aren't told of"

    def test_the_groups_of_a_round_are_those_asked(self, staff: Any) -> None:
        group, now = make_group(), timezone.now()
        member = make_user("expert", groups=(group,))
        draft = make_draft(status="published", paragraphs=1)
        round = make_round(draft, groups=(group,), opens_at=now + 6 * DAY, closes_at=now + 60 * DAY)
        make_milestone(staff, about=round)
        outbox.drain()
        rules_in_force()
        ReminderRule.objects.filter(occasion="milestone_coming").update(active=False)
        ReminderRule.objects.create(occasion="milestone_concerned", side="before", days=7)
        assert run() == (1, 1, 0)
        assert settle()[0].to == [member.email]

    def test_few_and_many_milestones_are_found_alike(
        self, staff: Any, django_assert_num_queries: Any
    ) -> None:
        owner = make_user("expert")
        for n in range(8):
            make_milestone(staff, f"Milestone {n}", owner=owner, forecast=in_days(6))
        from roadmap.occasions import Span, milestones

        span = Span(timezone.now(), timezone.now(), timezone.now() + 7 * DAY)
        for many in (8, 1):
            Milestone.objects.exclude(pk__in=Milestone.objects.values("pk")[:many]).delete()
            with django_assert_num_queries(3):
                assert sum(len(found) for found in milestones.coming(span)) == many


class TestMeetings:
    def test_invitations_without_an_answer(self, staff: Any) -> None:
        silent, came, gone = (make_user("expert", language="fr") for _ in "abc")
        now = timezone.now()
        meeting = make_meeting(staff, starts_at=now + 9 * DAY, ends_at=now + 9.1 * DAY)
        invite(staff, meeting, silent, came, gone)
        settle()
        assert run(now + 2.5 * DAY) == (3, 3, 0)
        answer_invitation(actor=came, invitation=invitation_of(meeting, came), answer="no")
        withdraw_invitation(actor=staff, invitation=invitation_of(meeting, gone))
        sent = [m for m in settle() if m.to != [gone.email]]
        assert [m.to for m in sent] == [[silent.email]], "who answered meanwhile isn't asked again"
        assert meeting.title in sent[0].body
        assert run(now + 8 * DAY) == (1, 1, 0)
        cancel_meeting(actor=staff, meeting=meeting, note="")
        assert all(
            "reminder" not in n.kind
            for m in settle()
            for n in Notice.objects.filter(message__message_id=m.extra_headers["Message-ID"])
        )
        assert run(now + 8 * DAY) == (0, 0, 0)

    def test_whoever_was_just_invited_is_left_alone_for_a_day(self, staff: Any) -> None:
        now = timezone.now()
        meeting = make_meeting(staff, starts_at=now + 1.9 * DAY, ends_at=now + 2 * DAY)
        invite(staff, meeting, make_user("expert"))
        assert run() == (0, 0, 0)
        assert run(now + 1.1 * DAY) == (1, 1, 0)

    def test_a_meeting_that_moves_is_reminded_of_anew(self, staff: Any) -> None:
        person, now = make_user("expert"), timezone.now()
        meeting = make_meeting(staff, starts_at=now + 6 * DAY, ends_at=now + 6.1 * DAY)
        invite(staff, meeting, person)
        settle()
        MeetingInvitation.objects.update(invited_at=now - 3 * DAY)
        set_times(meeting, announced_at=now - 3 * DAY)
        assert run() == (1, 1, 0)
        set_times(meeting, starts_at=now + 20 * DAY, ends_at=now + 20.1 * DAY)
        assert not settle(), "the old date isn't told any more"
        assert run() == (0, 0, 0)
        assert run(now + 14 * DAY) == (1, 1, 0)
        assert len(settle()) == 1


class TestTasks:
    @pytest.fixture
    def task(self, staff: Any) -> MeetingTask:
        owner = make_user("expert", name="Tove")
        meeting = make_meeting(staff)
        task = set_task(
            actor=staff, meeting=meeting, title="Write it up", owner=owner, due_on=today() + 10 * DAY
        )
        settle()
        return task

    def test_before_its_day_and_when_it_is_overdue(self, task: MeetingTask) -> None:
        days = (6, 7, 8, 10, 11, 17, 18, 25, 32, 39)
        assert [run(morning(n))[1] for n in days] == [0, 1, 0, 0, 1, 0, 1, 1, 1, 0]
        sent = settle()
        assert {m.to[0] for m in sent} == {task.owner.email} and len(sent) == 5
        assert "To do soon: Write it up" in {m.subject for m in sent}
        assert "/en/meetings/mine/" in sent[0].body

    def test_what_is_overdue_is_said_to_be(self, task: MeetingTask) -> None:
        MeetingTask.objects.update(due_on=today() - 2 * DAY, given_at=timezone.now() - 9 * DAY)
        assert run() == (1, 1, 0)
        (sent,) = settle()
        assert sent.subject == "Overdue: Write it up" and "That day has passed." in sent.body

    def test_what_is_done_or_somebody_elses_is_not_told(self, staff: Any, task: MeetingTask) -> None:
        assert run(morning(7)) == (1, 1, 0)
        other = make_user("expert")
        set_task(
            actor=staff, meeting=task.meeting, title=task.title, owner=other, due_on=task.due_on, task=task
        )
        (told,) = settle()
        assert told.to == [other.email] and told.subject.startswith("Your task"), "not the one who had it"
        assert run(morning(8)) == (1, 1, 0)
        finish_task(actor=other, task=task)
        assert not settle()
        assert run(morning(11)) == (0, 0, 0)
