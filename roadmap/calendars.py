"""Meetings, tasks and rounds as iCalendar (RFC 5545), to be sent (RFC 5546, 6047), downloaded or subscribed to."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from consultations.models import Round
from core.mail import absolute
from core.punctuation import detail
from roadmap.meeting_times import days_of
from roadmap.models import Meeting, MeetingInvitation, MeetingTask
from roadmap.zone_rules import zone_rules

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
A = MeetingInvitation.Answer
TAKES_PART = {A.YES: "ACCEPTED", A.ONLINE: "ACCEPTED", A.NO: "DECLINED"}
REFRESH = timedelta(hours=4)


def has_place_in_calendar(meeting: Meeting) -> bool:
    """A month alone is no date to keep free."""
    return meeting.precision != Meeting.Precision.MONTH


def uid_of(kind: str, key: Any) -> str:
    """The same for as long as the thing exists: by it a calendar knows what it has already."""
    return f"{kind}-{key}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def sequence_of(invitation: MeetingInvitation) -> int:
    """The sequence for one person: it also grows when their own invitation is withdrawn and given anew, for calendars
    pass over what isn't newer than what they have."""
    own = 2 * (invitation.times - 1) + (1 if invitation.withdrawn_at else 0)
    return int(invitation.meeting.sequence) + own


def meeting_calendar(meeting: Meeting, *, inside: bool) -> str:
    """One meeting to put into a calendar; ``inside`` adds where to join it. Texts are in the active language."""
    calendar = _calendar(PUBLISH)
    calendar.add_component(_meeting(meeting, inside=inside))
    return _written(calendar)


def invitation_calendar(invitation: MeetingInvitation, method: str) -> str:
    """What goes with a mail to the person invited: ``REQUEST`` (first, and for every change) or ``CANCEL``.

    It names nobody else who is invited.
    """
    calendar = _calendar(method)
    event = _meeting(invitation.meeting, inside=True, own=invitation)
    if method == CANCEL:
        event["STATUS"] = vText("CANCELLED")
    organizer = vCalAddress(f"MAILTO:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = vText(_("Guidelines Portal"))
    event["ORGANIZER"] = organizer
    attendee = vCalAddress(f"MAILTO:{invitation.person.email}")
    attendee.params["CN"] = vText(invitation.person.name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText(_answer(invitation))
    # Answers are given in the portal: what calendars send back by mail reaches nobody.
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    calendar.add_component(event)
    return _written(calendar)


def personal_calendar(invitations: Iterable[MeetingInvitation], tasks: Iterable[MeetingTask]) -> str:
    """A person's own meetings and open tasks, for a calendar that subscribes to them."""
    calendar = _calendar(PUBLISH)
    calendar.add("x-wr-calname", _("Guidelines Portal"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for invitation in invitations:
        if has_place_in_calendar(invitation.meeting):
            calendar.add_component(_meeting(invitation.meeting, inside=True, own=invitation))
    for task in tasks:
        if task.due_on and task.done_at is None:
            calendar.add_component(_task(task, task.due_on))
    return _written(calendar)


def round_calendar(round: Round) -> str:
    """When a round opens and closes: two entries that take no time."""
    calendar = _calendar(PUBLISH)
    closes = min(round.closed_at or round.closes_at, round.closes_at)
    page = absolute(reverse("consultations:round_detail", args=[round.pk]))
    for name, at, words in (
        ("opens", round.opens_at, _("Opens: %(title)s")),
        ("closes", closes, _("Closes: %(title)s")),
    ):
        event = Event()
        event.add("uid", uid_of(f"round-{name}", round.pk))
        event.add("dtstamp", timezone.now())
        event.add("dtstart", at.astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE)))
        event.add("summary", words % {"title": round.title})
        event.add("description", page)
        event.add("url", page)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return _written(calendar)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//UN-Habitat//Guidelines Portal//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _written(calendar: Calendar) -> str:
    """The text, with the rules of every zone that it names before the entries, so that no program has to know them."""
    spans: dict[str, list[datetime]] = {}
    for event in calendar.walk("VEVENT"):
        for name in ("DTSTART", "DTEND"):
            at = getattr(event.get(name), "dt", None)
            if isinstance(at, datetime) and isinstance(at.tzinfo, ZoneInfo) and at.tzinfo.key != "UTC":
                spans.setdefault(at.tzinfo.key, []).append(at)
    rules = [zone_rules(zone, min(times), max(times)) for zone, times in sorted(spans.items())]
    calendar.subcomponents[:0] = rules
    return calendar.to_ical().decode()


def _meeting(meeting: Meeting, *, inside: bool, own: MeetingInvitation | None = None) -> Event:
    event = Event()
    page = absolute(reverse("meetings:detail", args=[meeting.uuid]))
    event.add("uid", uid_of("meeting", meeting.uuid))
    event.add("dtstamp", timezone.now())
    event.add("sequence", sequence_of(own) if own else meeting.sequence)
    start, end = _span(meeting)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", meeting.title)
    if location := location_of(meeting):
        event.add("location", location)
    words = [str(meeting.get_kind_display())]
    if inside and meeting.join_url:
        words.append(_("Join online: %(address)s") % {"address": meeting.join_url})
    words.append(_("Agenda and papers: %(address)s") % {"address": page} if inside else page)
    event.add("description", "\n".join(words))
    event.add("url", page)
    declined = own is not None and own.answer == A.NO
    status = "CANCELLED" if meeting.cancelled_at else "TENTATIVE" if own and not own.answer else "CONFIRMED"
    event.add("status", status)
    event.add("transp", "TRANSPARENT" if declined or meeting.cancelled_at else "OPAQUE")
    return event


def _span(meeting: Meeting) -> tuple[date, date] | tuple[datetime, datetime]:
    if meeting.precision == Meeting.Precision.TIME:
        zone = ZoneInfo(meeting.time_zone)
        return meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    first, last = days_of(meeting)
    return first, last + timedelta(days=1)


def location_of(meeting: Meeting) -> str:
    """Where it is, for everybody: the place and its country, or that it is online."""
    places = [part for part in (meeting.place, str(meeting.country or "")) if part]
    if meeting.mode != Meeting.Mode.ON_SITE:
        places.append(str(Meeting.Mode.ONLINE.label))
    return detail().join(places)


def _answer(invitation: MeetingInvitation) -> str:
    return TAKES_PART.get(A(invitation.answer), "NEEDS-ACTION") if invitation.answer else "NEEDS-ACTION"


def _task(task: MeetingTask, due_on: date) -> Event:
    """A day's entry, not a VTODO: hardly any calendar that subscribes shows those."""
    event = Event()
    event.add("uid", uid_of("task", task.uuid))
    event.add("dtstamp", timezone.now())
    event.add("sequence", task.version - 1)
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("summary", _("Due: %(task)s") % {"task": task.title})
    page = absolute(reverse("meetings:mine"))
    event.add("description", page)
    event.add("url", page)
    event.add("transp", "TRANSPARENT")
    return event
