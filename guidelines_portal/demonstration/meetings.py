"""The demonstration's meetings: those of the real process as its documents tell of them, a fictional call with all that
came of it, and one to come."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Country, Group, Region, User
from core.models import Notice, subject_of
from drafts.models import Draft
from experts.models import HostingSlot
from experts.words import words_of
from guidelines_portal.demonstration.clock import clock_set_to
from guidelines_portal.demonstration.pdf import pdf_of
from guidelines_portal.demonstration.people import TEXTS
from roadmap.actions.agendas import add_item, note_speaking
from roadmap.actions.attendance import note_attendance
from roadmap.actions.invitations import answer_invitation, invite_people, set_named
from roadmap.actions.meeting_papers import add_paper
from roadmap.actions.meeting_records import finish_task, set_decision, set_task, write_record
from roadmap.actions.meetings import announce_meeting, hold_meeting, plan_meeting, publish_summary
from roadmap.meeting_mails import asked
from roadmap.meeting_queries import people_in
from roadmap.meeting_times import midnight
from roadmap.models import Attendance, Meeting

K, M, P = Meeting.Kind, Meeting.Mode, Meeting.Precision
DAY = timedelta(days=1)
GROUP = "expert-working-group"
REGIONS = ("africa", "asia_pacific", "eastern_europe", "latin_america_caribbean", "western_europe_other")
CALL_ZONE = "Africa/Nairobi"
# Who came to the call of last month, in the order of the group; what isn't said here came online.
ELSEWHERE = {2: Attendance.State.EXCUSED, 6: Attendance.State.ABSENT}
# What members answered for the call to come; the others haven't yet.
ANSWERS = {0: "yes", 1: "yes", 3: "no", 4: "yes", 7: "yes"}


def load_meetings(secretariat: dict[str, User], people: list[User], now: datetime) -> dict[str, Meeting]:
    """Nine meetings that were really held, what came of a call for hosts, one call of the fictional group last month,
    and the next."""
    texts: dict[str, Any] = json.loads((TEXTS / "meetings.json").read_text("utf-8"))
    staff = secretariat["staff"]
    _load_real(texts, staff)
    load_hosted(staff)
    draft = Draft.objects.get(guidelines__slug="smart-cities", number=1)
    group = Group.objects.get(slug=GROUP)
    held = _held_call(texts["call"], staff, group, draft, _at(now - 28 * DAY))
    coming = _coming_call(texts["call"], staff, group, draft, _at(now + 9 * DAY), now)
    return {"held": held, "coming": coming}


def _at(day: datetime) -> datetime:
    """Two in the afternoon of that day, by the clocks of the call's zone."""
    local = day.astimezone(ZoneInfo(CALL_ZONE)).replace(hour=14, minute=0, second=0, microsecond=0)
    return local.astimezone(UTC)


def _load_real(texts: dict[str, Any], staff: User) -> None:
    for place, entry in enumerate(texts["egm"]):
        first, last = date(*entry["first"]), date(*entry["last"])
        summary = entry["summary"] if entry["summary"] != "as before" else texts["egm"][place - 1]["summary"]
        about = {"mode": entry["mode"], "place": entry["place"], "zone": entry["zone"]}
        _real(
            staff,
            K.EXPERT_GROUP_MEETING,
            entry["titles"],
            summary,
            first,
            last,
            P.DAY,
            entry["country"],
            about,
        )
    november, regions = date(2024, 11, 1), Region.objects.filter(scheme="un_group")
    by_code = {region.code: region for region in regions}
    for code in REGIONS:
        names = words_of(by_code[code], "name")
        titles = {
            k: t.format(region=names.get(k, names["en"])) for k, t in texts["regional"]["title"].items()
        }
        about = {"mode": M.ONLINE, "place": "", "zone": CALL_ZONE}
        summary = texts["regional"]["summary"]
        _real(staff, K.REGIONAL_CONSULTATION, titles, summary, november, november, P.MONTH, "", about)
    there = {"mode": M.ON_SITE, "place": "Bratislava", "zone": "Europe/Bratislava"}
    words, january = texts["bratislava"], date(2025, 1, 1)
    _real(
        staff,
        K.REGIONAL_CONSULTATION,
        words["titles"],
        words["summary"],
        january,
        january,
        P.MONTH,
        "SVK",
        there,
    )


def _real(
    staff: User,
    kind: str,
    titles: dict[str, str],
    summary: dict[str, str],
    first: date,
    last: date,
    precision: str,
    country: str,
    about: dict[str, str],
) -> Meeting:
    """A meeting of the real process. Who was there isn't known here: nobody is invited in the portal."""
    zone = about["zone"]
    starts, ends = midnight(first, zone), midnight(last + DAY, zone)
    with clock_set_to(starts - 60 * DAY):
        meeting = plan_meeting(
            actor=staff,
            kind=kind,
            titles=titles,
            starts_at=starts,
            ends_at=ends,
            precision=precision,
            time_zone=zone,
            mode=about["mode"],
            place=about["place"],
            country=Country.objects.get(pk=country) if country else None,
        )
    # The days of a month alone can't be announced before: it went on record afterwards.
    after = meeting.ends_at + 10 * DAY
    with clock_set_to(after):
        meeting = announce_meeting(actor=staff, meeting=meeting)
        write_record(actor=staff, meeting=meeting, summary=summary)
        hold_meeting(actor=staff, meeting=meeting)
        return publish_summary(actor=staff, meeting=meeting)


def _call(words: dict[str, Any], staff: User, group: Group, starts: datetime) -> Meeting:
    return plan_meeting(
        actor=staff,
        kind=K.WORKING_GROUP_CALL,
        titles=words["titles"],
        groups=[group],
        starts_at=starts,
        ends_at=starts + timedelta(minutes=110),
        precision=P.TIME,
        time_zone=CALL_ZONE,
        mode=M.ONLINE,
        join_url="https://meet.example.org/working-group",
    )


def _agenda(
    words: dict[str, Any], staff: User, meeting: Meeting, draft: Draft, members: Sequence[User]
) -> None:
    speaking = {1: [(members[0], 15), (members[4], 10)], 2: [(members[1], 20)]}
    for place, entry in enumerate(words["agenda"]):
        add_item(
            actor=staff,
            meeting=meeting,
            titles=entry["titles"],
            minutes=entry["minutes"],
            pillar=entry.get("pillar"),
            draft=draft if entry.get("draft") else None,
            provision_key="pillar_3" if entry.get("pillar") == 3 else "",
            speakers=speaking.get(place, ()),
        )


def load_hosted(staff: User) -> None:
    """What came of the call for hosts that is over: the meeting that was to be hosted, and was held online."""
    online = HostingSlot.Outcome.ONLINE
    for slot in HostingSlot.objects.filter(outcome=online, held_from__isnull=False, meeting=None):
        assert slot.held_from and slot.held_to
        zone = slot.call.zone
        meeting = plan_meeting(
            actor=staff,
            slot=slot,
            kind=K.EXPERT_GROUP_MEETING,
            titles=words_of(slot, "title"),
            starts_at=midnight(slot.held_from, zone),
            ends_at=midnight(slot.held_to + DAY, zone),
            precision=P.DAY,
            time_zone=zone,
            mode=M.ONLINE,
        )
        hold_meeting(actor=staff, meeting=announce_meeting(actor=staff, meeting=meeting))


def _members(staff: User, meeting: Meeting, group: Group) -> list[User]:
    """The group's members, invited before the others are, for they speak."""
    members = list(people_in([group]))
    invite_people(actor=staff, meeting=meeting, people=members)
    return members


def _held_call(words: dict[str, Any], staff: User, group: Group, draft: Draft, starts: datetime) -> Meeting:
    with clock_set_to(starts - 14 * DAY):
        meeting = _call(words, staff, group, starts)
        members = _members(staff, meeting, group)
        _agenda(words, staff, meeting, draft, members)
        meeting = announce_meeting(actor=staff, meeting=meeting)
    invitations = list(meeting.invitations.select_related("person").order_by("pk"))
    with clock_set_to(starts - 5 * DAY):
        for place, invitation in enumerate(invitations):
            answer = "no" if place in ELSEWHERE else "yes"
            answer_invitation(actor=invitation.person, invitation=invitation, answer=answer)
        set_named(actor=members[0], invitation=invitations[0], named=True)
    with clock_set_to(starts + timedelta(minutes=20)):
        states = {
            row.pk: ELSEWHERE.get(n, Attendance.State.ONLINE).value for n, row in enumerate(invitations)
        }
        note_attendance(actor=staff, meeting=meeting, states=states)
    with clock_set_to(starts + timedelta(hours=3)):
        rows = [row for item in meeting.agenda.all() for row in item.speakers.all()]
        note_speaking(
            actor=staff, meeting=meeting, minutes={row.pk: row.minutes + n * 3 for n, row in enumerate(rows)}
        )
        for wording in words["decisions"]:
            set_decision(actor=staff, meeting=meeting, wording=wording)
        due = (starts + 21 * DAY).date()
        tasks = [
            set_task(actor=staff, meeting=meeting, title=title, owner=members[n], due_on=due + n * 14 * DAY)
            for n, title in enumerate(words["tasks"])
        ]
        hold_meeting(actor=staff, meeting=meeting)
        write_record(actor=staff, meeting=meeting, summary=words["summary"], notes=words["notes"])
    with clock_set_to(starts + 4 * DAY):
        finish_task(actor=members[1], task=tasks[1])
        return publish_summary(actor=staff, meeting=meeting)


def _coming_call(
    words: dict[str, Any], staff: User, group: Group, draft: Draft, starts: datetime, now: datetime
) -> Meeting:
    with clock_set_to(now - 5 * DAY):
        meeting = _call(words, staff, group, starts)
        members = _members(staff, meeting, group)
        _agenda(words, staff, meeting, draft, members)
        items = list(meeting.agenda.all())
        for place, title in enumerate(words["papers"]):
            add_paper(
                actor=staff,
                meeting=meeting,
                title=title,
                language="en",
                file=pdf_of(title, [f"Paper {place + 1} of the demonstration. {title}."]),
                name=f"paper-{place + 1}.pdf",
                embargo_until=starts - 2 * DAY if place else None,
                item=items[2] if place == 0 else None,
            )
        meeting = announce_meeting(actor=staff, meeting=meeting)
    invitations = list(meeting.invitations.select_related("person").order_by("pk"))
    # Their mails lie in the past of the demonstration; that they were sent is on record, so that changes are told.
    Notice.objects.bulk_create(
        Notice(recipient=row.person, kind="meeting_invited", subject=subject_of(row), occurrence=asked(row))
        for row in invitations
    )
    with clock_set_to(now - 2 * DAY):
        for place, answer in ANSWERS.items():
            row = invitations[place]
            answer_invitation(actor=row.person, invitation=row, answer=answer)
    return meeting
