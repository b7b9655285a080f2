"""Calendars and the mails that bring them, read by a second implementation (vobject)."""

import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.core import mail
from django.test import Client
from django.utils import timezone

from core import outbox
from core.models import Message, Notice
from roadmap.actions.calendar_links import renew_link, stop_link, token_of
from roadmap.actions.invitations import answer_invitation, invite_people, withdraw_invitation
from roadmap.actions.meeting_records import set_task
from roadmap.actions.meetings import cancel_meeting, change_meeting
from roadmap.models import CalendarLink, Meeting
from tests.factories import make_draft, make_group, make_round, make_user
from tests.roadmap.meetings import invite, make_meeting, make_paper, put_in_the_past

pytestmark = pytest.mark.django_db
ARABIC = "الاجتماع الشهري للفريق العامل المعني بالمبادئ التوجيهية"
CHINESE = "工作组关于以人为本的智慧城市国际准则草稿的月度会议" * 3
ZONES = ("Europe/Paris", "America/New_York", "Africa/Cairo", "Asia/Kathmandu", "America/Santiago")


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def sent() -> list[dict[str, Any]]:
    """What went out since the last look: to whom, the calendar as vobject reads it, its method in the header."""
    outbox.drain()
    found = []
    for message in mail.outbox:
        parsed = message_from_bytes(message.message().as_bytes(), policy=policy.default)
        (part,) = [p for p in parsed.walk() if p.get_content_type() == "text/calendar"]
        text = part.get_content()
        calendar = vobject.readOne(text)
        found.append(
            {
                "to": message.to[0],
                "subject": message.subject,
                "body": message.body,
                "calendar": calendar,
                "event": calendar.vevent,
                "text": text,
                "header": part["Content-Type"].params["method"],
            }
        )
    mail.outbox.clear()
    return found


def test_invited_changed_cancelled_each_once(staff: Any) -> None:
    people = [make_user("expert", email=f"p{n}@example.org", name=f"Person P{n}") for n in range(3)]
    group = make_group()
    for person in people:
        group.memberships.create(user=person)
    meeting = make_meeting(staff, groups=(group,))
    first = sent()
    assert sorted(m["to"] for m in first) == sorted(p.email for p in people)
    (uid,) = {m["event"].uid.value for m in first}
    for told in first:
        assert told["header"] == told["calendar"].method.value == "REQUEST"
        assert told["event"].sequence.value == "0"
        assert told["event"].attendee.value == f"MAILTO:{told['to']}"
        others = {p.email for p in people} - {told["to"]}
        assert not any(address in told["text"] for address in others), "nobody learns who else is invited"
        assert told["event"].attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
        assert told["event"].organizer.value.startswith("MAILTO:")
    assert sent() == []
    answer_invitation(actor=people[0], invitation=meeting.invitations.get(person=people[0]), answer="yes")
    change_meeting(actor=staff, meeting=meeting, ends_at=meeting.ends_at + timedelta(hours=1))
    update = sent()
    assert len(update) == 3 and {m["event"].uid.value for m in update} == {uid}
    assert {m["event"].sequence.value for m in update} == {"1"} and {m["header"] for m in update} == {
        "REQUEST"
    }
    states = {m["to"]: m["event"].attendee.params["PARTSTAT"][0] for m in update}
    assert states == {
        people[0].email: "ACCEPTED",
        people[1].email: "NEEDS-ACTION",
        people[2].email: "NEEDS-ACTION",
    }
    withdraw_invitation(actor=staff, invitation=meeting.invitations.get(person=people[2]))
    (gone,) = sent()
    assert (gone["header"], gone["event"].sequence.value) == ("CANCEL", "2")
    invite_people(actor=staff, meeting=meeting, people=[people[2]])
    (again,) = sent()
    assert (again["header"], again["event"].sequence.value) == ("REQUEST", "3"), (
        "newer than what was cancelled"
    )
    cancel_meeting(actor=staff, meeting=meeting, note="A storm.")
    last = sent()
    assert len(last) == 3 and {m["header"] for m in last} == {"CANCEL"}
    assert {m["event"].status.value for m in last} == {"CANCELLED"}
    assert {m["to"]: m["event"].sequence.value for m in last} == {
        people[0].email: "2",
        people[1].email: "2",
        people[2].email: "4",
    }
    assert all("A storm." in m["body"] for m in last)
    assert sent() == []


def test_repeated_deliveries_tell_nobody_twice(staff: Any) -> None:
    meeting = make_meeting(staff)
    invite(staff, meeting, make_user("expert"))
    outbox.drain()
    from roadmap.meeting_tasks import invite_everybody, tell_of_change

    for _n in range(3):
        invite_everybody(f"roadmap.meeting:{meeting.pk}")
        tell_of_change(f"roadmap.meeting:{meeting.pk}")
        outbox.drain()
    assert Notice.objects.filter(kind="meeting_invited").count() == 1
    # The change that never was is told with the sequence that stands, once.
    assert Notice.objects.filter(kind="meeting_changed").count() == 1


def test_changes_before_a_mail_goes_out_are_told_as_they_stand(staff: Any) -> None:
    meeting = make_meeting(staff)
    invite(staff, meeting, make_user("expert"))
    for hours in (1, 2, 3):
        change_meeting(actor=staff, meeting=meeting, ends_at=meeting.ends_at + timedelta(hours=hours))
    mails = sent()
    assert [m["event"].sequence.value for m in mails if "Invitation" in m["subject"]] == ["3"]
    assert len(mails) <= 2, "three changes are one message at most"
    change_meeting(actor=staff, meeting=meeting, place="Elsewhere")
    cancel_meeting(actor=staff, meeting=meeting)
    assert {m["header"] for m in sent()} == {"CANCEL"}


def test_nobody_is_told_of_what_is_over_or_was_not_announced(staff: Any) -> None:
    over = make_meeting(
        staff,
        announced=False,
        starts_at=datetime(2024, 4, 17, tzinfo=UTC),
        ends_at=datetime(2024, 4, 18, tzinfo=UTC),
    )
    prepared = make_meeting(staff, announced=False)
    for meeting in (over, prepared):
        invite(staff, meeting, make_user("expert"))
    from roadmap.actions.meetings import announce_meeting

    announce_meeting(actor=staff, meeting=over)
    change_meeting(actor=staff, meeting=over, place="Strasbourg")
    cancel_meeting(actor=staff, meeting=prepared)
    assert sent() == [] and not Message.objects.exists()


@pytest.mark.parametrize(("language", "word"), [("ar", "ar"), ("fr", "fr"), ("zh-hans", "zh")])
def test_the_mail_is_in_the_reader_s_language(staff: Any, language: str, word: str) -> None:
    titles = {"en": "Monthly call", "ar": ARABIC, "fr": "Réunion mensuelle", "zh-hans": CHINESE[:60]}
    meeting = make_meeting(staff, titles=titles)
    invite(staff, meeting, make_user("expert", language=language))
    (told,) = sent()
    assert told["event"].summary.value == titles[language]
    assert titles[language] in told["subject"].replace("\n", "")


@pytest.mark.parametrize(
    "title", [ARABIC, CHINESE, "Comma, semicolon; back\\slash and a very long name " * 4]
)
def test_long_lines_are_folded_between_characters_and_read_back_whole(staff: Any, title: str) -> None:
    title = title[:200]
    meeting = make_meeting(staff, titles={"en": title})
    response = Client().get(f"/meetings/{meeting.uuid}.ics")
    assert response.status_code == 200 and response["Content-Type"].startswith("text/calendar")
    for line in response.content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is cut in two
    assert b"\n" not in response.content.replace(b"\r\n", b"")
    assert vobject.readOne(response.content.decode()).vevent.summary.value == title.strip()


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_s_own_rules_hold_across_both_changes(staff: Any, zone: str) -> None:
    """vobject knows the zone from the file alone: the instants must be those that were meant, in every month."""
    link, meant = renew_link(actor=staff), {}
    for month in range(1, 13):
        starts = datetime(2027, month, 15, 14, 30, tzinfo=ZoneInfo(zone))
        meeting = make_meeting(staff, starts_at=starts, ends_at=starts + timedelta(hours=2), time_zone=zone)
        invite(staff, meeting, staff)
        meant[starts.replace(tzinfo=None)] = starts
    text = Client().get(f"/calendar/{token_of(link)}.ics").content.decode()
    assert text.count("BEGIN:VTIMEZONE") == 1
    events = vobject.readOne(text).vevent_list
    assert len(events) == 12
    for event in events:
        starts = meant.pop(event.dtstart.value.replace(tzinfo=None))  # by the clocks of the place
        assert event.dtstart.value.astimezone(UTC) == starts.astimezone(UTC)
        assert event.dtend.value.astimezone(UTC) == (starts + timedelta(hours=2)).astimezone(UTC)


def test_universal_time_needs_no_rules(staff: Any) -> None:
    meeting = make_meeting(staff, time_zone="UTC")
    text = Client().get(f"/meetings/{meeting.uuid}.ics").content.decode()
    assert "VTIMEZONE" not in text
    assert vobject.readOne(text).vevent.dtstart.value == meeting.starts_at


def test_a_meeting_over_the_night_of_the_change_lasts_as_long_as_it_does(staff: Any) -> None:
    starts = datetime(2027, 10, 30, 22, tzinfo=UTC)
    meeting = make_meeting(
        staff, starts_at=starts, ends_at=starts + timedelta(hours=12), time_zone="Europe/Paris"
    )
    read = vobject.readOne(Client().get(f"/meetings/{meeting.uuid}.ics").content.decode()).vevent
    lasts = read.dtend.value.astimezone(UTC) - read.dtstart.value.astimezone(UTC)
    assert lasts == timedelta(hours=12)


def test_days_are_days_and_a_month_is_no_entry(staff: Any) -> None:
    plan = {
        "starts_at": datetime(2027, 4, 17, 9, tzinfo=UTC),
        "ends_at": datetime(2027, 4, 18, 15, tzinfo=UTC),
    }
    days = make_meeting(staff, precision="day", **plan)
    read = vobject.readOne(Client().get(f"/meetings/{days.uuid}.ics").content.decode()).vevent
    assert (read.dtstart.value, read.dtend.value) == (date(2027, 4, 17), date(2027, 4, 19))
    plan = {"starts_at": datetime(2024, 11, 1, tzinfo=UTC), "ends_at": datetime(2024, 11, 30, tzinfo=UTC)}
    month = make_meeting(staff, precision="month", **plan)
    assert Client().get(f"/meetings/{month.uuid}.ics").status_code == 404


def test_the_file_says_where_to_join_to_those_invited_alone(staff: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    meeting = make_meeting(staff, join_url="https://example.org/canary-room")
    person, other = make_user("expert"), make_user("expert")
    invite(staff, meeting, person)
    make_paper(staff, meeting, "Canary-paper", embargo_until=timezone.now() + timedelta(days=1))
    path = f"/meetings/{meeting.uuid}.ics"
    texts = {}
    for name, user in (("anonymous", None), ("other", other), ("person", person), ("staff", staff)):
        client = Client()
        if user:
            client.force_login(user)
        texts[name] = re.sub(r"\r\n[ \t]", "", client.get(path).content.decode())
    assert [name for name, text in texts.items() if "canary-room" in text] == ["person", "staff"]
    assert not any("Canary-paper" in text for text in texts.values())
    Meeting.objects.update(public=False)
    assert Client().get(path).status_code == 404


def test_the_personal_address_follows_today_s_rights(staff: Any) -> None:
    person = make_user("expert", language="fr", name="Awa")
    mine = make_meeting(staff, titles={"en": "Mine", "fr": "La mienne"}, public=False)
    other = make_meeting(staff, titles={"en": "Canary-other"}, public=False)
    (invitation,) = invite(staff, mine, person)
    set_task(actor=staff, meeting=mine, title="Write it", owner=person, due_on=date(2027, 3, 1))
    address = f"/calendar/{token_of(renew_link(actor=person))}.ics"

    def entries() -> set[str]:
        read = vobject.readOne(Client().get(address).content.decode())
        return {event.summary.value for event in read.contents.get("vevent", [])}

    found = entries()
    assert "La mienne" in found and any("Write it" in words for words in found) and len(found) == 2
    assert other.title not in found
    withdraw_invitation(actor=staff, invitation=invitation)
    assert "La mienne" not in entries()
    earlier = address
    link = renew_link(actor=person)
    address = f"/calendar/{token_of(link)}.ics"
    assert Client().get(earlier).status_code == 404 and Client().get(address).status_code == 200
    assert token_of(link) not in str(CalendarLink.objects.values().get()), "only its hash is kept"
    person.is_active = False
    person.save()
    assert Client().get(address).status_code == 404
    person.is_active = True
    person.save()
    stop_link(actor=person)
    assert Client().get(address).status_code == 404
    assert Client().get("/calendar/abc.ics").status_code == 404


def test_a_round_s_file_follows_who_may_know_of_the_round(staff: Any) -> None:
    draft = make_draft(status="published")
    group = make_group()
    public = make_round(draft, title="Round for all", title_en="Round for all")
    hidden = make_round(draft, groups=(group,), visibility="secretariat", title="Canary-round")
    read = icalendar.Calendar.from_ical(Client().get(f"/rounds/{public.pk}.ics").content)
    times = sorted(event["DTSTART"].dt.astimezone(UTC) for event in read.walk("VEVENT"))
    assert times == [at.replace(microsecond=0) for at in (public.opens_at, public.closes_at)]
    assert all("Round for all" in event["SUMMARY"] for event in read.walk("VEVENT"))
    assert Client().get(f"/rounds/{hidden.pk}.ics").status_code == 404
    client = Client()
    client.force_login(make_user("expert", groups=(group,)))
    assert client.get(f"/rounds/{hidden.pk}.ics").status_code == 200


def test_a_closed_meeting_stays_in_the_calendar_as_it_was(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff)
    invite(staff, meeting, person)
    put_in_the_past(meeting)
    token = token_of(renew_link(actor=person))
    assert meeting.title in Client().get(f"/calendar/{token}.ics").content.decode()
