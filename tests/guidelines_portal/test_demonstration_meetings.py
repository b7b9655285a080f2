"""The demonstration's meetings: those of the real process, and a fictional call from invitation to summary."""

import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from core.models import AuditEntry
from drafts.models import Draft, Guidelines
from experts.models import Call, HostingSlot
from experts.words import words_of
from guidelines_portal.demonstration.meetings import load_hosted, load_meetings
from guidelines_portal.demonstration.people import make_people
from roadmap.meeting_queries import numbers_of
from roadmap.meeting_times import days_of
from roadmap.models import Meeting, MeetingPaper
from tests.experts.hosts import make_hosting_call, make_slot
from tests.factories import make_draft, make_provision, set_status

pytestmark = pytest.mark.django_db


def test_the_meetings_are_there_quickly_and_agree_with_each_other(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    secretariat, people = make_people("x")
    guidelines = Guidelines.objects.create(slug="smart-cities", title="Smart cities")
    draft: Draft = make_draft(guidelines=guidelines, number=1)
    make_provision(draft, "pillar_3", kind="pillar", number="3", pillar=3)
    set_status(draft, "published")
    now = timezone.now()
    began = time.process_time()
    found = load_meetings(secretariat, people, now)
    # Of this process alone, so that a busy machine makes no difference.
    assert time.process_time() - began < 1.5
    seen = list(Meeting.objects.visible_to(AnonymousUser()))
    assert len(seen) == Meeting.objects.count() == 11
    assert all(len(words_of(meeting, "title")) == 6 for meeting in seen)
    real = [meeting for meeting in seen if meeting.kind == "expert_group_meeting"]
    assert [days_of(meeting) for meeting in real] == [
        (date(2024, 4, 17), date(2024, 4, 18)),
        (date(2024, 9, 26), date(2024, 9, 27)),
        (date(2025, 1, 22), date(2025, 1, 23)),
    ]
    assert [(meeting.mode, meeting.place) for meeting in real] == [
        ("on_site", "Strasbourg"),
        ("online", ""),
        ("online", ""),
    ]
    regional = [meeting for meeting in seen if meeting.kind == "regional_consultation"]
    assert len(regional) == 6 and {meeting.precision for meeting in regional} == {"month"}
    assert [meeting.place for meeting in regional if meeting.mode == "on_site"] == ["Bratislava"]
    assert all(
        meeting.published_at and meeting.state == Meeting.State.PUBLISHED for meeting in (*real, *regional)
    )
    numbers = numbers_of(found["held"])
    assert (numbers.invited, numbers.present, numbers.absent) == (9, 7, 2)
    coming = found["coming"]
    assert coming.state == Meeting.State.ANNOUNCED and numbers_of(coming).unanswered == 4
    member = coming.invitations.first()
    assert member is not None
    assert MeetingPaper.objects.visible_to(member.person).filter(meeting=coming).count() == 1
    assert MeetingPaper.objects.filter(meeting=coming).count() == 2
    acts = AuditEntry.objects.filter(action__startswith="meeting.")
    assert not acts.filter(at__gt=now + timedelta(minutes=1)).exists()


def test_what_came_of_a_hosted_meeting_has_its_page(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    secretariat, _people = make_people("x")
    call = make_hosting_call()
    slot = make_slot(call, "First meeting", outcome="online", outcome_note="A storm.")
    HostingSlot.objects.filter(pk=slot.pk).update(held_from=date(2026, 10, 9), held_to=date(2026, 10, 9))
    Call.objects.filter(pk=call.pk).update(decided_at=timezone.now())
    for _ in range(2):
        load_hosted(secretariat["staff"])
    meeting = Meeting.objects.visible_to(AnonymousUser()).get(slot=slot)
    assert meeting.mode == "online" and days_of(meeting) == (date(2026, 10, 9), date(2026, 10, 9))
    assert meeting.state == Meeting.State.HELD
