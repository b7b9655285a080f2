"""Who may see and do what with meetings: every persona in every phase."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from core.files import may_read
from roadmap.actions.invitations import withdraw_invitation
from roadmap.meeting_rules import (
    may_announce,
    may_answer,
    may_be_named,
    may_change_plan,
    may_finish_task,
    may_hold,
    may_note_presence,
    may_publish,
    may_see_inside,
    may_see_meeting,
    may_see_paper,
    may_see_task,
    may_write_record,
)
from roadmap.models import Meeting, MeetingInvitation, MeetingPaper, MeetingTask
from tests.factories import make_user
from tests.roadmap.meetings import DAY, invitation_of, invite, make_meeting, make_paper, set_times

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PERSONAS = ("anonymous", "participant", "invited", "uninvited", "closed", "drafter", "staff")
# The phase as fields of the meeting.
PHASES: dict[str, dict[str, Any]] = {
    "prepared": {"announced_at": None},
    "announced": {},
    "running": {"starts_at": NOW - timedelta(minutes=5)},
    "over": {"starts_at": NOW - 2 * DAY, "ends_at": NOW - DAY},
    "held": {"starts_at": NOW - 2 * DAY, "ends_at": NOW - DAY, "held_at": NOW},
    "published": {"starts_at": NOW - 2 * DAY, "ends_at": NOW - DAY, "held_at": NOW, "published_at": NOW},
    "cancelled": {"cancelled_at": NOW},
}
# What is allowed: persona → phases. Staff's acts are told apart below.
SEE_PUBLIC = {persona: set(PHASES) - {"prepared"} for persona in PERSONAS} | {"staff": set(PHASES)}
SEE_HIDDEN = {"invited": set(PHASES) - {"prepared"}, "staff": set(PHASES)}
ACTS = {
    "change": {"prepared", "announced", "running", "over"},
    "announce": {"prepared"},
    "hold": {"running", "over"},
    "presence": {"running", "over", "held"},
    "record": {"announced", "running", "over", "held", "published"},
    "publish": {"held"},
}
RULES = {
    "change": may_change_plan,
    "announce": may_announce,
    "hold": lambda user, meeting: may_hold(user, meeting, at=NOW),
    "presence": lambda user, meeting: may_note_presence(user, meeting, at=NOW),
    "record": may_write_record,
    "publish": may_publish,
}


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> dict[str, Any]:
    settings.MEDIA_ROOT = tmp_path
    staff = make_user("staff")
    people: dict[str, Any] = {
        "anonymous": AnonymousUser(),
        "participant": make_user("participant"),
        "invited": make_user("expert"),
        "uninvited": make_user("expert"),
        "closed": make_user("expert"),
        "drafter": make_user("drafter"),
        "staff": staff,
    }
    meetings = {"public": make_meeting(staff), "hidden": make_meeting(staff, public=False)}
    for meeting in meetings.values():
        invite(staff, meeting, people["invited"], people["uninvited"], people["closed"])
        withdraw_invitation(actor=staff, invitation=invitation_of(meeting, people["uninvited"]))
    people["closed"].is_active = False
    people["closed"].save()
    return {"people": people, "meetings": meetings, "staff": staff}


@pytest.mark.parametrize("phase", PHASES)
def test_who_sees_a_meeting_and_its_inside(phase: str, world: dict[str, Any]) -> None:
    for kind, allowed in (("public", SEE_PUBLIC), ("hidden", SEE_HIDDEN)):
        meeting = set_times(world["meetings"][kind], **PHASES[phase])
        for persona, person in world["people"].items():
            wanted = phase in allowed.get(persona, ())
            assert bool(may_see_meeting(person, meeting)) is wanted, (kind, persona)
            inside = phase in SEE_HIDDEN.get(persona, ())
            assert bool(may_see_inside(person, meeting)) is inside, (kind, persona)
            # The rule and the queries behind lists agree.
            assert (meeting in Meeting.objects.visible_to(person)) is wanted, (kind, persona)
            assert (meeting in Meeting.objects.open_inside_to(person)) is inside, (kind, persona)


@pytest.mark.parametrize("phase", PHASES)
def test_only_staff_act_and_only_when_it_makes_sense(phase: str, world: dict[str, Any]) -> None:
    meeting = set_times(world["meetings"]["public"], **PHASES[phase])
    for act, phases in ACTS.items():
        for persona, person in world["people"].items():
            wanted = persona == "staff" and phase in phases
            verdict = RULES[act](person, meeting)
            assert bool(verdict) is wanted, (act, persona)
            assert verdict or str(verdict.reason), (act, persona)


@pytest.mark.parametrize("phase", PHASES)
def test_who_answers(phase: str, world: dict[str, Any]) -> None:
    meeting = set_times(world["meetings"]["public"], **PHASES[phase])
    own = {"announced"}
    behalf = {"announced", "running", "over"}
    for persona, person in world["people"].items():
        mine = MeetingInvitation.objects.filter(meeting=meeting, person=person.pk).first()
        if mine:
            mine.meeting = meeting
            assert bool(may_answer(person, mine, at=NOW)) is (persona == "invited" and phase in own), persona
            assert bool(may_be_named(person, mine)) is (persona == "invited" and phase != "prepared"), persona
        other = invitation_of(meeting, world["people"]["invited"])
        if persona != "invited":
            assert bool(may_answer(person, other, at=NOW)) is (persona == "staff" and phase in behalf), (
                persona
            )
            assert not may_be_named(person, other), persona


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("embargo", [None, -1, 0, 1])
def test_who_knows_of_a_paper(phase: str, embargo: int | None, world: dict[str, Any]) -> None:
    until = None if embargo is None else NOW + timedelta(seconds=embargo)
    paper = make_paper(world["staff"], world["meetings"]["public"], embargo_until=until)
    set_times(world["meetings"]["public"], **PHASES[phase])
    for persona, person in world["people"].items():
        inside = phase in SEE_HIDDEN.get(persona, ())
        wanted = inside and (persona == "staff" or embargo is None or embargo <= 0)
        assert bool(may_see_paper(person, paper, at=NOW)) is wanted, persona
        assert (paper in MeetingPaper.objects.visible_to(person, at=NOW)) is wanted, persona


def test_a_paper_s_file_follows_the_paper(world: dict[str, Any]) -> None:
    people, meeting = world["people"], world["meetings"]["public"]
    paper = make_paper(world["staff"], meeting)
    readers = {persona for persona, person in people.items() if may_read(person, paper.file)}
    assert readers == {"invited", "staff"}
    paper.embargo_until = timezone.now() + DAY
    paper.save()
    assert {persona for persona, person in people.items() if may_read(person, paper.file)} == {"staff"}


def test_who_sees_and_finishes_a_task(world: dict[str, Any]) -> None:
    people = world["people"]
    task = MeetingTask.objects.create(
        meeting=world["meetings"]["public"], title="x", owner=people["invited"], given_by=world["staff"]
    )
    for persona, person in people.items():
        wanted = persona in ("invited", "staff")
        assert bool(may_see_task(person, task)) is wanted, persona
        assert bool(may_finish_task(person, task)) is wanted, persona
        assert (task in MeetingTask.objects.visible_to(person)) is wanted, persona
