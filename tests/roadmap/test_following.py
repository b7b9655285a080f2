"""Milestones that move by themselves: with the clock, with events, once, and not against a person's word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from consultations.actions.rounds import move_round, update_round
from consultations.models import Round
from core import outbox
from core.models import AuditEntry, Outbox
from drafts.actions.circulating import circulate_draft, take_back_draft
from experts.actions.announcing import announce_call, close_call
from roadmap.actions.following import follow_all
from roadmap.actions.milestones import change_milestone, let_follow
from roadmap.milestone_queries import standing_after
from roadmap.models import DateChange, Meeting, Milestone
from roadmap.plan import Precision, State
from tests.factories import make_call, make_draft, make_group, make_round, make_user
from tests.roadmap.milestones_made import day, make_milestone, on

pytestmark = pytest.mark.django_db

START = datetime(2031, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def round() -> Round:
    return make_round(make_draft(status="published"), opens_at=START, closes_at=START + 10 * DAY)


def deliver() -> int:
    return outbox.drain(limit=100)


def steps(milestone: Milestone) -> list[tuple[str, str, str, str, bool]]:
    milestone.refresh_from_db()
    assert standing_after(milestone.changes.all()) == milestone.standing
    return [
        (c.kind, str(c.start or ""), str(c.end or ""), c.cause, c.by_id is None)
        for c in milestone.changes.exclude(kind="tentative")
    ]


def test_a_round_moves_its_milestone_by_the_clock(staff: Any, round: Round) -> None:
    with time_machine.travel(START - DAY, tick=False):
        milestone = make_milestone(staff, about=round)
    planned = ("forecast", "2031-03-03", "2031-03-13", "linked", True)
    assert steps(milestone) == [planned] and milestone.state == State.PLANNED
    assert follow_all(START - timedelta(seconds=1)) == 0
    assert follow_all(START) == 1 and follow_all(START) == 0
    begun = ("actual", "2031-03-03", "", "round", True)
    assert steps(milestone) == [planned, begun] and milestone.state == State.UNDER_WAY
    assert follow_all(START + 10 * DAY) == 1 and follow_all(START + 30 * DAY) == 0
    ended = ("actual", "2031-03-03", "2031-03-13", "round", True)
    assert steps(milestone) == [planned, begun, ended] and milestone.state == State.DONE
    assert AuditEntry.objects.filter(action="milestone.follow", actor=None).count() == 3


def test_events_move_it_at_once_and_a_replay_changes_nothing(staff: Any, round: Round) -> None:
    with time_machine.travel(START + DAY, tick=False):
        milestone = make_milestone(staff, about=round)
        update_round(actor=staff, round=round, closes_at=START + 20 * DAY)
        assert deliver()
        assert milestone.changes.last() and steps(milestone)[-1][:3] == (
            "forecast",
            "2031-03-03",
            "2031-03-23",
        )
        move_round(actor=staff, round=round, to="closed")
        deliver()
        assert steps(milestone)[-1] == ("actual", "2031-03-03", "2031-03-04", "round", True)
        count = DateChange.objects.count()
        Outbox.objects.update(done_at=None, lease_until=None)
        assert deliver() and DateChange.objects.count() == count


def test_a_persons_word_wins_until_it_is_taken_back(staff: Any, round: Round) -> None:
    with time_machine.travel(START - 5 * DAY, tick=False):
        milestone = make_milestone(staff, about=round)
        change_milestone(actor=staff, milestone=milestone, forecast=on("2031-05"), reason="It will move.")
    assert follow_all(START + DAY) == 0
    milestone.refresh_from_db()
    assert milestone.overruled_by == staff and milestone.dates("forecast") == on("2031-05")
    with time_machine.travel(START + DAY, tick=False):
        move_round(actor=staff, round=round, to="closed")
        deliver()
        assert Milestone.objects.get().state == State.PLANNED
        let_follow(actor=staff, milestone=milestone)
    assert steps(milestone)[-2:] == [
        ("forecast", "2031-03-03", "2031-03-13", "released", True),
        ("actual", "2031-03-03", "2031-03-04", "released", True),
    ]


def test_a_call_tells_nothing_before_it_is_announced(staff: Any) -> None:
    with time_machine.travel(START + DAY, tick=False):
        call = make_call(announced=False, opens_at=START, closes_at=START + 9 * DAY)
        milestone = make_milestone(staff, about=call)
        assert steps(milestone) == []
        announce_call(actor=staff, call=call)
        deliver()
        assert [step[0] for step in steps(milestone)] == ["forecast", "actual"]
        assert milestone.state == State.UNDER_WAY
        close_call(actor=staff, call=call, reason="Enough.")
        deliver()
        assert steps(milestone)[-1] == ("actual", "2031-03-03", "2031-03-04", "call", True)


def test_a_draft_is_there_when_it_goes_out_and_not_when_it_is_taken_back(staff: Any) -> None:
    draft = make_draft(paragraphs=1)
    with time_machine.travel(START, tick=False):
        milestone = make_milestone(staff, about=draft)
        assert steps(milestone) == []
        circulate_draft(actor=staff, draft=draft, groups=[make_group()])
        deliver()
        assert steps(milestone) == [("actual", "2031-03-03", "2031-03-03", "draft", True)]
        draft.refresh_from_db()
        take_back_draft(actor=staff, draft=draft)
        follow_all(START)
    assert steps(milestone)[-1] == ("actual", "", "", "draft", True) and milestone.state == State.PLANNED


def test_a_meetings_days_are_those_of_its_place(staff: Any) -> None:
    # 23:00 in Nairobi is the day before in Strasbourg, and held on two days there.
    meeting = Meeting.objects.create(
        kind="expert_group_meeting",
        title="First",
        starts_at=datetime(2024, 4, 17, 7, tzinfo=UTC),
        ends_at=datetime(2024, 4, 18, 21, 30, tzinfo=UTC),
        time_zone="Europe/Paris",
        mode="on_site",
        created_by=staff,
    )
    milestone = make_milestone(staff, about=meeting, tentative=on("2024-02"))
    assert steps(milestone) == []
    Meeting.objects.update(announced_at=START)
    assert follow_all(START) == 1
    Meeting.objects.update(held_at=START)
    assert follow_all(START) == 1 and follow_all(START) == 0
    assert steps(milestone)[-1] == ("actual", "2024-04-17", "2024-04-18", "meeting", True)
    assert milestone.actual_precision == Precision.SPAN and milestone.actual_end == day("2024-04-18")


def test_what_is_deleted_leaves_the_milestone_as_it_was(staff: Any) -> None:
    with time_machine.travel(START + DAY, tick=False):
        call = make_call(opens_at=START, closes_at=START + 9 * DAY)
        milestone = make_milestone(staff, about=call)
        announced = steps(milestone)
        call.delete()
        assert follow_all(START + 20 * DAY) == 0
    assert steps(milestone) == announced and milestone.about_kind == ""
