"""The road map as a calendar (RFC 5545): the public milestones, as days."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from core.punctuation import colon
from experts.words import reader_text
from roadmap.milestone_queries import Entry, entries_for
from roadmap.milestone_words import dates_words, slippage_words
from roadmap.models import DateChange
from roadmap.plan import State


def calendar_of() -> bytes:
    """Every public milestone that has dates, in the language that is active. A milestone keeps its UID; SEQUENCE
    counts its changes, so that calendars take the latest. Dropped ones are cancelled."""
    calendar = Calendar()
    calendar.add("prodid", "-//Guidelines Portal//Road map//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Road map"))
    changed = DateChange.objects.order_by().values_list("milestone").annotate(Max("at"))
    last: dict[int, datetime] = dict(changed)
    for entry in entries_for(AnonymousUser()):
        if event := _event(entry, last.get(entry.milestone.pk, entry.milestone.created_at)):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(entry: Entry, last: datetime) -> Event | None:
    row, expected = entry.milestone, entry.now.expected
    if expected is None or expected.end is None:
        return None
    event = Event()
    event.add("uid", f"milestone-{row.uuid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", last)
    event.add("last-modified", last)
    event.add("sequence", row.version - 1)
    # Of days the end is the day after: RFC 5545, 3.6.1.
    event.add("dtstart", expected.start)
    event.add("dtend", expected.end + timedelta(days=1))
    event.add("summary", reader_text(row, "title")[1])
    event.add("description", _described(entry))
    path = reverse("roadmap:milestone_detail", args=[row.uuid])
    event.add("url", f"{settings.SITE_URL}{path}")
    event.add("status", "CANCELLED" if entry.now.state == State.DROPPED else _status(entry))
    event.add("transp", "TRANSPARENT")
    return event


def _status(entry: Entry) -> str:
    return "TENTATIVE" if entry.now.state == State.PLANNED else "CONFIRMED"


def _described(entry: Entry) -> str:
    """State and dates as exactly as they are known: a month fills its days in a calendar."""
    now = entry.now
    known = _("on a day that isn’t known") if now.date_unknown else dates_words(now.expected)
    said = [f"{now.state.label}{colon()}{known}", slippage_words(entry.slippage)]
    text = reader_text(entry.milestone, "description")[1]
    return "\n".join(filter(None, [*said, text]))
