"""Who is told: governments of a call and of what became of their own nominees, and nominees who were left out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import RegionMembership
from core import outbox
from core.models import Notice, Outbox
from experts import telling_tasks
from experts.actions.announcing import announce_call
from experts.actions.announcing_decisions import announce, summary_of
from experts.actions.linking import refuse_by_link, send_link, token_of
from experts.actions.submitting import withdraw
from experts.models import Decision, Nomination, NomineeLink
from tests.experts.nominees import make_focal_point, make_person
from tests.experts.panel_people import decided
from tests.factories import make_call, make_nomination, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def to(address: str) -> list[Any]:
    return [message for message in mail.outbox if message.to == [address]]


def page_of(person: Any, path: str) -> str:
    client = Client()
    client.force_login(person)
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


class TestAnnouncingACall:
    def test_every_focal_point_is_told_once_in_their_language_what_to_do_until_when(self, staff: Any) -> None:
        kenya, deputy, france = (
            make_focal_point("KEN"),
            make_focal_point("KEN", role="deputy"),
            make_focal_point("FRA"),
        )
        france.language = "fr"
        france.save()
        member = make_focal_point("GHA", role="member")
        call = make_call(announced=False, title_en="Experts wanted", zone="Europe/Paris")
        announce_call(actor=staff, call=call)
        announce_call(actor=staff, call=call)
        outbox.drain()
        telling_tasks.tell_focal_points(f"experts.call:{call.pk}")
        outbox.drain()
        for person in (kenya, deputy, france):
            assert len(to(person.email)) == 1
        assert not to(member.email) and not to(staff.email)
        words = to(kenya.email)[0].body
        assert "Kenya may nominate up to 2 experts in “Experts wanted”." in words
        assert "Nominate until" in words and "Endorse until" in words and "Paris (Central European" in words
        assert f"/en/calls/{call.pk}/" in words and f"/fr/calls/{call.pk}/" in to(france.email)[0].body

    def test_they_are_told_a_hundred_at_a_time_and_nobody_is_left_out(
        self, staff: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(telling_tasks, "AT_ONCE", 2)
        people = [make_focal_point(code) for code in ("KEN", "FRA", "BRA", "CHN", "POL")]
        call = make_call(announced=False)
        announce_call(actor=staff, call=call)
        first = Outbox.objects.get(handler="experts.tell_focal_points")
        outbox.deliver(first.pk)
        assert Notice.objects.filter(kind="call_announced").count() == 2
        outbox.drain()
        assert sorted(m.to[0] for m in mail.outbox) == sorted(person.email for person in people)

    def test_a_call_to_host_tells_states_that_they_may_offer(self, staff: Any) -> None:
        person = make_focal_point("KEN")
        announce_call(actor=staff, call=make_call(kind="hosting", announced=False, title_en="Hosts wanted"))
        outbox.drain()
        [message] = to(person.email)
        assert "Kenya may offer to host meetings" in message.body and "Endorse" not in message.body

    def test_the_page_says_before_and_after_how_many_were_told(self, staff: Any) -> None:
        make_focal_point("KEN")
        make_focal_point("KEN", role="deputy")
        make_focal_point("FRA")
        make_person(name="Nobody yet")
        call = make_call(announced=False)
        before = page_of(staff, f"/en/calls/{call.pk}/announce/")
        assert "3 focal points are told by mail. They speak for 2 Member States." in before
        states = RegionMembership.objects.in_un_groups().count()
        assert f"{states - 2} Member States have no focal point yet, and are told nothing." in before
        client = Client()
        client.force_login(staff)
        done = client.post(f"/en/calls/{call.pk}/announce/", {"version": "1"}, follow=True).content.decode()
        assert "3 focal points are told by mail. They speak for 2 Member States." in done
        outbox.drain()
        assert "3 focal points were told by mail." in page_of(staff, f"/en/calls/{call.pk}/")
        assert "focal points were told" not in page_of(make_user("expert"), f"/en/calls/{call.pk}/")

    def test_nothing_is_sent_when_the_time_has_passed(self, staff: Any) -> None:
        person, now = make_focal_point("KEN"), timezone.now()
        call = make_call(
            announced=False, opens_at=now - timedelta(days=3), closes_at=now - timedelta(minutes=1)
        )
        announce_call(actor=staff, call=call)
        outbox.drain()
        assert not to(person.email)


def announced(staff: Any, decision: Decision) -> None:
    decision.refresh_from_db()
    announce(
        actor=staff,
        decision=decision,
        version=decision.version,
        answer_by=timezone.now() + timedelta(days=14),
    )
    outbox.drain()


class TestAnnouncingADecision:
    def test_governments_learn_what_became_of_their_own_nominees_alone(self, staff: Any) -> None:
        kenya, france, norway = (make_focal_point(code) for code in ("KEN", "FRA", "NOR"))
        call, people, decision = decided(staff, size=6, seats=1)
        make_nomination(call, country="KEN", name="Left Behind", state="ineligible")
        make_nomination(call, country="KEN", name="Own Draft", state="draft", way="applied")
        announced(staff, decision)
        mine = next(m for m in to(kenya.email) if "nominees of Kenya" in m.body)
        chosen = next(person for person in people if person.country_id == "KEN")
        assert chosen.name in mine.body and "Invited to be a member of the panel." in mine.body
        assert "Left Behind" in mine.body and "Not eligible, and so not considered." in mine.body
        assert "Own Draft" not in mine.body
        others = [person.name for person in people if person.country_id != "KEN"]
        assert not any(f"{name}\n" in mine.body for name in others if name != chosen.name)
        assert any("nominees of France" in m.body for m in to(france.email))
        assert not to(norway.email)

    def test_who_was_left_out_is_told_why_once(self, staff: Any) -> None:
        call, people, decision = decided(staff, size=4, seats=1)
        kinds = {
            "ineligible": "found not to meet what the call asks",
            "awaiting_endorsement": "did not endorse your nomination in time",
            "awaiting_nominee": "was not handed in in time",
        }
        left = {
            state: make_nomination(call, state=state, country="NOR", email=f"{state}@example.org")
            for state in kinds
        }
        draft = make_nomination(
            call, state="draft", way="applied", country="NOR", email="draft@example.org", language="fr"
        )
        never_told = make_nomination(call, state="draft", country="NOR", email="unknowing@example.org")
        # Chosen by one country, unfinished for another: told the one thing alone.
        twin = make_nomination(call, state="awaiting_endorsement", country="CHL", email=people[0].email)
        summary = summary_of(decision)
        assert summary.left_out == {"ineligible": 1, "unendorsed": 1, "unfinished": 2}
        announced(staff, decision)
        for state, words in kinds.items():
            [message] = to(left[state].email)
            assert words in message.body
        assert len(to(draft.email)) == 1 and "/fr/" in to(draft.email)[0].body
        assert not to(never_told.email)
        assert len(to(twin.email)) == 1
        for row in Outbox.objects.filter(handler="experts.tell_left_out"):
            assert row.done_at is not None

    def test_pages_say_whom_it_reaches_and_whom_it_reached(self, staff: Any) -> None:
        make_focal_point("KEN")
        call, _people, decision = decided(staff, size=4, seats=1)
        make_nomination(call, state="ineligible", country="KEN")
        before = page_of(staff, f"/en/calls/{call.pk}/panel/decision/announce/")
        assert "1 focal point is told by mail. They speak for 1 Member State." in before
        assert "3 Member States have no focal point yet, and are told nothing." in before
        assert "Told that they were not eligible" in before
        announced(staff, decision)
        after = page_of(staff, f"/en/calls/{call.pk}/panel/invited/")
        assert "1 focal point was told by mail." in after and "Told that they were not eligible: 1" in after


class TestWithdrawnByTheFocalPoint:
    def _told(self) -> Nomination:
        nomination = make_nomination(make_call(), state="awaiting_nominee", attested_at=timezone.now())
        with transaction.atomic():
            send_link(nomination)
        outbox.drain()
        mail.outbox.clear()
        nomination.refresh_from_db()
        return nomination

    def test_a_nominee_without_an_account_is_told_by_the_address_that_was_written_to(self) -> None:
        nomination = self._told()
        withdraw(actor=make_focal_point("KEN"), nomination=nomination, reason="A mistake.")
        outbox.drain()
        [message] = to(nomination.email)
        assert "is withdrawn" in message.body and "A mistake." in message.body

    def test_whoever_never_heard_of_it_hears_nothing(self) -> None:
        nomination = make_nomination(make_call(), state="draft")
        withdraw(actor=make_focal_point("KEN"), nomination=nomination)
        outbox.drain()
        assert not to(nomination.email)

    def test_whoever_said_no_by_the_link_is_told_nothing_more(self) -> None:
        nomination = self._told()
        refuse_by_link(token=token_of(NomineeLink.objects.get()))
        outbox.drain()
        assert not to(nomination.email)

    def test_a_nominee_with_an_account_is_told_once(self) -> None:
        person = make_person("expert")
        nomination = make_nomination(
            make_call(), state="submitted", nominee=person, email=person.email, submitted_at=timezone.now()
        )
        withdraw(actor=make_focal_point("KEN"), nomination=nomination, reason="Changed our mind.")
        outbox.drain()
        assert len(to(person.email)) == 1
