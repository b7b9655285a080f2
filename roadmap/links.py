"""Where the thing that a milestone is about is read, and the meeting that came of a call to host."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from consultations.models import Round
from drafts.models import Draft
from experts.meeting_pages import MeetingPage
from experts.models import Call
from roadmap.about import thing_of
from roadmap.models import Meeting, Milestone


def pages_of_slots(reader: Any, slots: Iterable[int]) -> dict[int, MeetingPage]:
    """The pages of the meetings that came of a call to host, by the keys of its meetings; one query."""
    found = Meeting.objects.visible_to(reader).filter(slot__in=list(slots))
    return {
        row.slot_id: MeetingPage(row.title, reverse("meetings:detail", args=[row.uuid]))
        for row in found
        if row.slot_id is not None
    }


@dataclass(frozen=True)
class Link:
    """What a thing is called, and its page."""

    name: str
    path: str


def link_of(user: Any, milestone: Milestone) -> Link | None:
    """The thing, for whoever may see it; None for everybody else. One query at most."""
    thing = thing_of(milestone)
    if thing is None:
        return None
    if isinstance(thing, Call):
        seen = Call.objects.visible_to(user).filter(pk=thing.pk).exists()
        return Link(thing.title, reverse("calls:call_detail", args=[thing.pk])) if seen else None
    if isinstance(thing, Round):
        seen = Round.objects.visible_to(user).filter(pk=thing.pk).exists()
        return Link(thing.title, reverse("consultations:round_detail", args=[thing.pk])) if seen else None
    if isinstance(thing, Draft):
        seen = Draft.objects.visible_to(user).filter(pk=thing.pk).exists()
        path = reverse("drafts:contents", args=[thing.guidelines.slug, thing.number])
        return Link(thing.label, path) if seen else None
    seen = Meeting.objects.visible_to(user).filter(pk=thing.pk).exists()
    return Link(thing.title, reverse("meetings:detail", args=[thing.uuid])) if seen else None
