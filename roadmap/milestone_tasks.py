"""Milestones that move by themselves: what sets them off."""

from datetime import datetime

from django.db import models

from consultations.models import Round
from core import outbox, schedule
from core.models import pk_of
from drafts.models import Draft, StatusRequest
from experts.models import Call
from roadmap.about import Thing
from roadmap.actions.following import follow_all, follow_thing
from roadmap.models import Meeting


def _follow(model: type[models.Model], subject: str) -> None:
    # Deleted meanwhile: its milestones are about nothing any more.
    thing: Thing | None = model._default_manager.filter(pk=pk_of(subject, model)).first()  # type: ignore[assignment]
    if thing is not None:
        follow_thing(thing)


@outbox.handler("call.announced", name="roadmap.call_announced")
def call_announced(subject: str) -> None:
    _follow(Call, subject)


@outbox.handler("call.closed", name="roadmap.call_closed")
def call_closed(subject: str) -> None:
    _follow(Call, subject)


@outbox.handler("round.moved", name="roadmap.round_moved")
def round_moved(subject: str) -> None:
    _follow(Round, subject)


@outbox.handler("round.closing_moved", name="roadmap.round_closing_moved")
def round_closing_moved(subject: str) -> None:
    _follow(Round, subject)


@outbox.handler("draft.circulated", name="roadmap.draft_circulated")
def draft_circulated(subject: str) -> None:
    _follow(Draft, subject)


@outbox.handler("draft.status_settled", name="roadmap.draft_settled")
def draft_settled(subject: str) -> None:
    request = StatusRequest.objects.select_related("draft").filter(pk=pk_of(subject, StatusRequest)).first()
    if request is not None:
        follow_thing(request.draft)


@outbox.handler("meeting.announced", name="roadmap.meeting_announced")
def meeting_announced(subject: str) -> None:
    _follow(Meeting, subject)


@outbox.handler("meeting.changed", name="roadmap.meeting_changed")
def meeting_changed(subject: str) -> None:
    _follow(Meeting, subject)


@outbox.handler("meeting.cancelled", name="roadmap.meeting_cancelled")
def meeting_cancelled(subject: str) -> None:
    _follow(Meeting, subject)


@outbox.handler("meeting.held", name="roadmap.meeting_held")
def meeting_held(subject: str) -> None:
    _follow(Meeting, subject)


@schedule.every(300, "roadmap.follow")
def follow_the_clock(now: datetime) -> int:
    """Rounds and calls open and close by the clock, and some changes tell nobody: whatever an event missed."""
    return follow_all(now)
