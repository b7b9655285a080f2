"""Pages of meetings: from planning to the published summary by forms alone; what is hidden is in none of them."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core import outbox
from experts.models import Call, HostingOffer
from roadmap.actions.agendas import add_item
from roadmap.actions.calendar_links import renew_link, token_of
from roadmap.actions.invitations import answer_invitation
from roadmap.actions.meetings import announce_meeting, change_meeting
from roadmap.models import Meeting, MeetingDecision, MeetingPaper, MeetingTask
from tests.experts.hosts import make_hosting_call, make_offer, make_slot, pdf
from tests.factories import make_draft, make_group, make_user
from tests.roadmap.meetings import DAY, invite, make_meeting, make_paper, put_in_the_past, set_times

pytestmark = pytest.mark.django_db
CANARY = re.compile(r"canary-[a-z]+", re.IGNORECASE)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def client_for(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_meeting_from_its_plan_to_its_published_summary(staff: Any) -> None:
    group = make_group(name="Working group", name_en="Working group")
    person = make_user("expert", groups=(group,), name="Awa Diop")
    client, hers = client_for(staff), client_for(person)
    starts = timezone.now() + timedelta(minutes=40)
    sent = {
        **{"title_en": "Monthly call", "title_fr": "Appel mensuel", "kind": "working_group_call"},
        **{"precision": "time", "zone": "UTC", "mode": "online", "groups": [group.pk], "public": "on"},
        "starts_at": starts.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (starts + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
    }
    wrong = client.post("/en/meetings/new/", {**sent, "title_en": "", "title_fr": "", "mode": "hybrid"})
    assert wrong.status_code == 400 and "Give the meeting a name." in wrong.content.decode()
    assert client.post("/en/meetings/new/", sent).status_code == 302
    meeting = Meeting.objects.get()
    one = f"/en/meetings/{meeting.uuid}/"
    assert hers.get(one).status_code == 404
    client.post(f"{one}invitations/", {"addresses": person.email})
    item = {"title_en": "Opening", "minutes": "10", "speaker_0": person.pk, "speaker_0_minutes": "5"}
    assert client.post(f"{one}agenda/", item).status_code == 302
    paper = {"title": "Background", "language": "en", "file": pdf("a.pdf")}
    assert client.post(f"{one}papers/", paper).status_code == 302
    version = Meeting.objects.get().version
    assert client.post(f"{one}announce/", {"version": version}).status_code == 302
    outbox.drain()
    assert [m.to for m in mail.outbox] == [[person.email]]
    page = hers.get(one).content.decode()
    assert "You are invited" in page and "Background" in page and "Awa Diop" in page
    assert hers.post(f"{one}answer/", {"answer": "perhaps"}).status_code == 400
    hers.post(f"{one}answer/", {"answer": "yes"})
    invitation = meeting.invitations.get()
    assert invitation.answer == "yes"
    assert client.get(f"{one}run/").status_code == 200
    speaker = meeting.agenda.get().speakers.get()
    noted = {f"state-{invitation.pk}": "online", f"seen-{invitation.pk}": "", f"spoken-{speaker.pk}": "7"}
    assert client.post(f"{one}run/", {**noted, f"spoken-{speaker.pk}": "x"}).status_code == 400
    client.post(f"{one}run/", noted)
    invitation.refresh_from_db()
    speaker.refresh_from_db()
    assert (invitation.attendance.state, speaker.spoken) == ("online", 7)
    client.post(f"{one}outcomes/", {"what": "decision", "wording_en": "We go on."})
    client.post(
        f"{one}outcomes/", {"what": "task", "title": "Write it", "owner": person.pk, "due_on": "2030-01-01"}
    )
    assert MeetingDecision.objects.count() == MeetingTask.objects.count() == 1
    put_in_the_past(meeting)
    client.post(f"{one}held/")
    client.post(
        f"{one}record/",
        {"version": "0", "summary_en": "**In short.**", "notes_en": "Notes <script>x</script>"},
    )
    anonymous = Client()
    assert "In short" not in anonymous.get(one).content.decode()
    client.post(f"{one}publish/")
    public = anonymous.get(one).content.decode()
    assert "<strong>In short.</strong>" in public and "We go on." in public
    assert "Awa Diop" not in public and "Notes" not in public and "Write it" not in public
    assert "<script>x" not in hers.get(one).content.decode()
    hers.post(f"{one}named/", {"named": "1"})
    assert "Awa Diop" in anonymous.get(one).content.decode()
    mine = hers.get("/en/meetings/mine/").content.decode()
    assert "Write it" in mine
    hers.post(f"/en/meetings/tasks/{MeetingTask.objects.get().uuid}/", {"done": "1"})
    assert MeetingTask.objects.get().done_by == person


def test_what_is_under_embargo_is_nowhere_for_those_invited(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff, titles={"en": "Call"})
    invite(staff, meeting, person)
    hidden = make_draft(label="Canary-draft", paragraphs=1)
    item = add_item(actor=staff, meeting=meeting, titles={"en": "Point"}, draft=hidden)
    paper = make_paper(
        staff,
        meeting,
        "Canary-paper",
        file=pdf("canary-file.pdf"),
        item=item,
        embargo_until=timezone.now() + DAY,
    )
    change_meeting(actor=staff, meeting=meeting, place="Elsewhere")
    outbox.drain()
    token = token_of(renew_link(actor=person))
    addresses = [
        *("/en/meetings/", "/en/meetings/?words=canary", "/en/meetings/mine/", "/en/account/my-data/"),
        *(f"/{code}/meetings/{meeting.uuid}/" for code in ("en", "ar")),
        *(f"/meetings/{meeting.uuid}.ics", f"/calendar/{token}.ics", "/sitemap.xml"),
        *("/api/v1/meetings/", f"/api/v1/meetings/{meeting.uuid}/", "/api/v1/meetings/?search=canary"),
    ]
    reader, hers = client_for(staff), client_for(person)
    for path in addresses:
        for who, client in (("invited", hers), ("anonymous", Client())):
            page = client.get(path).content.decode().replace("canary&", "").replace("words=canary", "")
            found = CANARY.findall(page)
            assert found == [], (who, path)
    assert not any(CANARY.search(m.message().as_string()) for m in mail.outbox) and mail.outbox
    assert hers.get(f"/files/{paper.file.uuid}/").status_code == 404
    assert "0 meetings found" in hers.get("/en/meetings/?words=Canary-paper").content.decode()
    assert "1 meeting found" in reader.get("/en/meetings/?words=Canary-paper").content.decode()
    assert "Canary-paper" in reader.get(f"/en/meetings/{meeting.uuid}/").content.decode()
    MeetingPaper.objects.update(embargo_until=timezone.now())
    assert "Canary-paper" in hers.get(f"/en/meetings/{meeting.uuid}/").content.decode()
    assert hers.get(f"/files/{paper.file.uuid}/").status_code == 200
    assert "Canary-paper" not in Client().get(f"/en/meetings/{meeting.uuid}/").content.decode()


def test_what_is_not_public_is_not_there_for_others(staff: Any) -> None:
    person, other = make_user("expert"), make_user("expert")
    hidden = make_meeting(staff, titles={"en": "Canary-meeting"}, public=False)
    prepared = make_meeting(staff, titles={"en": "Canary-prepared"}, announced=False)
    invite(staff, hidden, person)
    invite(staff, prepared, person)
    for client in (Client(), client_for(other)):
        for path in ("/en/meetings/", "/sitemap.xml", "/api/v1/meetings/", "/en/meetings/?words=Canary"):
            assert "Canary-" not in client.get(path).content.decode(), path
        assert client.get(f"/en/meetings/{hidden.uuid}/").status_code == 404
    page = client_for(person).get("/en/meetings/").content.decode()
    assert "Canary-meeting" in page and "Canary-prepared" not in page
    assert "Canary-prepared" in client_for(staff).get("/en/meetings/").content.decode()


def test_a_stale_form_tells_and_can_be_sent_again(staff: Any) -> None:
    meeting = make_meeting(staff)
    client, one = client_for(staff), f"/en/meetings/{meeting.uuid}/edit/"
    form = client.get(one).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent |= {"starts_at": "2031-01-01T10:00", "ends_at": "2031-01-01T12:00", "venue": "Mine"}
    change_meeting(actor=staff, meeting=meeting, place="Theirs")
    stale = client.post(one, sent)
    assert stale.status_code == 409 and "Mine" in stale.content.decode()
    again = stale.context["form"]["version"].value()
    assert client.post(one, {**sent, "version": again}).status_code == 302
    assert Meeting.objects.get().place == "Mine"


def test_an_answer_on_behalf_gives_way_to_the_person_s_own(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff)
    (guest,) = invite(staff, meeting, person)
    path = f"/en/meetings/{meeting.uuid}/invitations/{guest.uuid}/answer/"
    answer_invitation(actor=person, invitation=guest, answer="no")
    assert client_for(staff).post(path, {"answer": "yes", "version": "1"}).status_code == 409
    guest.refresh_from_db()
    assert guest.answer == "no"
    assert client_for(staff).post(path, {"answer": "yes", "version": "2"}).status_code == 302


def test_a_meeting_is_planned_from_a_slot(staff: Any) -> None:
    call = make_hosting_call(zone="Europe/Paris")
    slot = make_slot(call, "Second meeting", outcome="online")
    Call.objects.filter(pk=call.pk).update(decided_at=timezone.now())
    client = client_for(staff)
    board = client.get(f"/en/calls/{call.pk}/hosting/").content.decode()
    assert f"/en/meetings/new/?slot={slot.pk}" in board
    form = client.get(f"/en/meetings/new/?slot={slot.pk}").context["form"]
    values = {name: form[name].value() for name in ("title_en", "precision", "mode", "kind", "zone")}
    assert values == {
        "title_en": "Second meeting",
        "precision": "day",
        "mode": "online",
        "kind": "expert_group_meeting",
        "zone": "Europe/Paris",
    }
    sent = {**values, "starts_at": "2027-05-03T00:00", "ends_at": "2027-05-05T23:59", "public": "on"}
    assert client.post(f"/en/meetings/new/?slot={slot.pk}", sent).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.slot == slot
    page = client.get(f"/en/meetings/{meeting.uuid}/").content.decode()
    assert "Held online instead" in page
    assert str(meeting.uuid) in client.get(f"/en/calls/{call.pk}/hosting/").content.decode()
    assert client.post(f"/en/meetings/new/?slot={slot.pk}", sent).status_code == 409
    assert client.get("/en/meetings/new/?slot=x").status_code == 404


def test_the_list_asks_the_same_questions_however_long(
    staff: Any, django_assert_max_num_queries: Any
) -> None:
    person = make_user("expert")
    for _n in range(4):
        invite(staff, make_meeting(staff), person)
    client = client_for(person)
    with django_assert_max_num_queries(9):
        assert client.get("/en/meetings/").status_code == 200


def test_a_cancelled_meeting_says_so_and_why_to_those_invited(staff: Any) -> None:
    person = make_user("expert")
    meeting = make_meeting(staff)
    invite(staff, meeting, person)
    client = client_for(staff)
    one = f"/en/meetings/{meeting.uuid}/"
    client.post(f"{one}cancel/", {"version": meeting.version, "note": "A storm at sea."})
    assert "A storm at sea." in client_for(person).get(one).content.decode()
    public = Client().get(one).content.decode()
    assert "This meeting was cancelled." in public and "A storm at sea." not in public
    assert set_times(meeting).state == Meeting.State.CANCELLED


def test_meeting_call_and_offer_lead_to_each_other(staff: Any) -> None:
    host, call = make_user("focal_point"), make_hosting_call()
    slot = make_slot(call, "Second meeting", outcome="online", outcome_note="No visas in time.")
    offer = make_offer(slot, host, submit=False, place="Nakuru")
    HostingOffer.objects.filter(pk=offer.pk).update(state="chosen", submitted_at=timezone.now())
    Call.objects.filter(pk=call.pk).update(decided_at=timezone.now())
    meeting = make_meeting(staff, announced=False)
    Meeting.objects.filter(pk=meeting.pk).update(slot=slot)
    one, call_page = f"/en/meetings/{meeting.uuid}/", f"/en/calls/{call.pk}/"
    offer_page = f"/en/offers/{offer.uuid}/"
    everybody = Client()
    assert one not in everybody.get(call_page).content.decode(), "it isn't announced"
    assert one not in client_for(host).get(offer_page).content.decode()
    assert one in client_for(staff).get(call_page).content.decode()
    announce_meeting(actor=staff, meeting=meeting)
    assert one in everybody.get(call_page).content.decode()
    assert one in client_for(host).get(offer_page).content.decode()
    told = everybody.get(one).content.decode()
    assert call_page in told and "Held online instead" in told and "No visas in time." in told
    assert "Nakuru" in told and offer_page not in told, "the host is public, the offer isn't"
    assert offer_page in client_for(host).get(one).content.decode()


def test_who_came_is_offered_when_people_may_come_in(staff: Any) -> None:
    meeting, client = make_meeting(staff), client_for(staff)
    tab, agenda = f'href="/en/meetings/{meeting.uuid}/run/"', f"/en/meetings/{meeting.uuid}/agenda/"
    set_times(meeting, starts_at=timezone.now() + timedelta(minutes=61), ends_at=timezone.now() + DAY)
    assert tab not in client.get(agenda).content.decode()
    set_times(meeting, starts_at=timezone.now() + timedelta(minutes=59))
    assert tab in client.get(agenda).content.decode()
