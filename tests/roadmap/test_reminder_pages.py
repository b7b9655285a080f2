"""The pages of reminders: one's own choice, the link in a mail, and what the secretariat sees and does."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AuditEntry, Message, Notice
from roadmap.actions.reminding import rules_in_force, send_due
from roadmap.models import ReminderHold, ReminderPreference, ReminderRule
from tests.factories import (
    make_call,
    make_comment,
    make_draft,
    make_group,
    make_nomination,
    make_round,
    make_user,
)
from tests.roadmap.running import settle

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def closing(days: float, *people: Any) -> Any:
    group, now = make_group(), timezone.now()
    for person in people:
        group.memberships.create(user=person, since=now - 9 * DAY)
    draft = make_draft(status="published", paragraphs=1)
    return make_round(
        draft, groups=(group,), opens_at=now - 20 * DAY, closes_at=now + days * DAY, title="Spring round"
    )


class TestOneselfs:
    def test_a_choice_is_kept_and_followed(self) -> None:
        person = make_user("expert", time_zone="Asia/Tokyo")
        client = signed_in(person)
        page = client.get("/en/account/reminders/").content.decode()
        assert "An invitation to a panel is not answered" in page.split("What always comes")[1]
        given = {"gathered": "1", "hour": "7", "wanted": ["round_unsent", "call_nominate"]}
        assert client.post("/en/account/reminders/", given)["Location"] == "/en/account/reminders/"
        chosen = ReminderPreference.objects.get(user=person)
        assert chosen.gathered and chosen.hour == 7 and "round_input" in chosen.muted
        assert "round_unsent" not in chosen.muted and "invitation_unanswered" not in chosen.muted
        assert AuditEntry.objects.filter(action="reminder.choose", actor=person).count() == 1
        client.post("/en/account/reminders/", given)
        assert AuditEntry.objects.filter(action="reminder.choose").count() == 1
        assert client.post("/en/account/reminders/", {**given, "hour": "24"}).status_code == 400
        closing(6, person)
        assert send_due(timezone.now()).due == 0

    def test_several_of_a_day_come_in_one_mail_at_the_hour(self) -> None:
        person = make_user("expert", time_zone="Asia/Tokyo")
        ReminderPreference.objects.create(user=person, gathered=True, hour=7)
        first = closing(6, person)
        second = closing(2.5, person)
        make_comment(second, person, provision_key="para_1", submit=False)
        assert send_due(timezone.now()).sent == 2
        assert not settle()
        waiting = Message.objects.get(notices__kind="reminder.round_input")
        assert waiting.notices.count() == 2
        from core.models import Outbox

        Outbox.objects.update(available_at=timezone.now())
        (sent,) = settle()
        assert sent.subject == "2 reminders for today"
        assert sent.body.count(first.title) >= 2 and "/en/account/reminders/" in sent.body

    def test_one_that_would_come_after_the_date_comes_at_once(self) -> None:
        person = make_user("expert", time_zone="UTC")
        hour = (timezone.now() - timedelta(hours=1)).hour
        ReminderPreference.objects.create(user=person, gathered=True, hour=hour)
        closing(0.5, person)
        send_due(timezone.now())
        assert len(settle()) == 1

    def test_the_link_in_a_mail_turns_them_off_without_signing_in(self) -> None:
        person = make_user("expert")
        closing(6, person)
        send_due(timezone.now())
        (sent,) = settle()
        link = re.search(r"/en/reminders/stop/\S+", sent.body)
        assert link
        page = Client().get(link.group())
        assert page.status_code == 200 and "Stop these reminders" in page.content.decode()
        assert not ReminderPreference.objects.exists(), "opening it changes nothing"
        assert "any more" in Client().post(link.group()).content.decode()
        assert ReminderPreference.objects.get(user=person).muted == ["round_input"]
        assert Client().post(link.group()[:-3] + "x/").status_code == 404
        closing(6, person)
        assert send_due(timezone.now()).sent == 0


class TestSecretariats:
    def test_only_the_secretariat_has_these_pages(self, staff: Any) -> None:
        for path in ("", "sent/", "rules/", "rules/new/round_input/"):
            assert signed_in(make_user("expert")).get(f"/en/reminders/{path}").status_code == 404
            assert signed_in(staff).get(f"/en/reminders/{path}").status_code == 200

    def test_what_will_go_out_and_holding_one_back(self, staff: Any) -> None:
        ana, ben = make_user("expert", name="Ana"), make_user("expert", name="Ben")
        round = closing(10, ana, ben)
        client = signed_in(staff)
        page = client.get("/en/reminders/").content.decode()
        assert "4 reminders fall due" in page, "two people, seven and two days before"
        assert page.count("Ana</bdi>") == 1, "the first day is shown"
        page = client.get("/en/reminders/?day=all").content.decode()
        assert page.count("Ana</bdi>") == 2
        meant = {"occasion": "round_input", "about": round.pk, "person": ana.pk}
        for _ in range(2):
            client.post("/en/reminders/hold/", meant)
        hold = ReminderHold.objects.get()
        assert client.get("/en/reminders/?day=all").content.decode().count("Held back") == 2
        assert send_due(round.closes_at - 6 * DAY).sent == 1
        assert [m.to for m in settle()] == [[ben.email]]
        client.post(f"/en/reminders/holds/{hold.pk}/release/")
        assert send_due(round.closes_at - 6 * DAY).sent == 1
        assert AuditEntry.objects.filter(action__in=["reminder.hold", "reminder.release"]).count() == 2

    def test_one_sent_now_is_not_sent_again(self, staff: Any) -> None:
        ana = make_user("expert")
        round = closing(10, ana)
        client = signed_in(staff)
        meant = {"occasion": "round_input", "about": round.pk, "person": ana.pk, "days": "-7"}
        client.post("/en/reminders/send/", meant)
        assert [m.to for m in settle()] == [[ana.email]]
        client.post("/en/reminders/send/", meant)
        assert send_due(round.closes_at - 7 * DAY).sent == 0 and not settle()
        stranger = make_user("expert")
        assert client.post("/en/reminders/send/", {**meant, "person": stranger.pk}).status_code == 404
        client.post("/en/reminders/hold/", meant)
        client.post("/en/reminders/send/", {**meant, "days": "-2"})
        assert not settle(), "held back"

    def test_what_went_and_what_came_back(self, staff: Any) -> None:
        ana = make_user("expert", name="Ana")
        closing(6, ana)
        send_due(timezone.now())
        settle()
        client = signed_in(staff)
        assert "Ana</bdi>" in client.get("/en/reminders/sent/?state=sent").content.decode()
        assert "Ana</bdi>" not in client.get("/en/reminders/sent/?state=failed").content.decode()
        message = Message.objects.get(notices__kind="reminder.round_input")
        client.post(f"/en/reminders/messages/{message.pk}/bounced/", {"note": "550 no such mailbox"})
        page = client.get("/en/reminders/sent/?state=bounced").content.decode()
        assert "Ana</bdi>" in page and "550 no such mailbox" in page

    def test_a_nomination_that_bars_a_reader_is_not_shown_to_them(self, staff: Any) -> None:
        now = timezone.now()
        call = make_call(opens_at=now - 9 * DAY, closes_at=now + 9 * DAY)
        nominee = make_user("expert", name="Ana")
        nomination = make_nomination(
            call, state="awaiting_nominee", nominee=nominee, email=nominee.email, created_at=now - 3 * DAY
        )
        client = signed_in(staff)
        assert "Ana</bdi>" in client.get("/en/reminders/").content.decode()
        nomination.conflicts.create(user=staff, kind="family", declared_by=staff)
        assert "Ana</bdi>" not in client.get("/en/reminders/").content.decode()
        meant = {"occasion": "nomination_unfinished", "about": nomination.pk, "person": nominee.pk}
        assert client.post("/en/reminders/hold/", meant).status_code == 404

    def test_a_rule_is_tried_before_it_is_saved(self, staff: Any) -> None:
        closing(10, make_user("expert"), make_user("expert"))
        rules_in_force()
        client, rule = signed_in(staff), ReminderRule.objects.get(occasion="round_input", days=7)
        given = {
            "days": "9",
            "side": "before",
            "times": "3",
            "repeat_days": "2",
            "active": "1",
            "version": "1",
        }
        page = client.post(f"/en/reminders/rules/{rule.pk}/", {**given, "preview": "1"}).content.decode()
        assert "8 of these reminders would go out; as it is, 4" in page
        assert ReminderRule.objects.get(pk=rule.pk).days == 7
        assert client.post(f"/en/reminders/rules/{rule.pk}/", given).status_code == 302
        assert "9 days before the closing of the round, again every 2 days, 3 times in all" in (
            client.get("/en/reminders/rules/").content.decode()
        )
        assert client.post(f"/en/reminders/rules/{rule.pk}/", given).status_code == 409, "an earlier version"
        for wrong in ({"days": "0"}, {"repeat_days": ""}, {"days": "2"}, {"times": "99"}):
            answer = client.post("/en/reminders/rules/new/round_input/", {**given, **wrong, "version": "0"})
            assert answer.status_code == 400, wrong
        assert client.post("/en/reminders/rules/new/round_input/", {**given, "days": "20"}).status_code == 302

    def test_a_test_mail_comes_to_whoever_asks(self, staff: Any) -> None:
        signed_in(staff).post("/en/reminders/test/")
        (sent,) = settle()
        assert sent.to == [staff.email]
        assert Notice.objects.get().kind == "reminder_test"

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "soon"])
    def test_a_day_that_is_not_drawn_narrows_nothing(self, staff: Any, day: str) -> None:
        closing(9, make_user("expert"))
        page = signed_in(staff).get(f"/en/reminders/?day={day}")
        assert page.status_code == 200 and len(page.context["rows"]) == 2

    @pytest.mark.parametrize(
        "there", ["no-page", "a\x00b", "//elsewhere.example", "https://elsewhere.example"]
    )
    def test_a_way_back_that_is_no_address_here_leads_to_the_overview(self, staff: Any, there: str) -> None:
        round = closing(9, make_user("expert"))
        sent = {"occasion": "round_input", "about": round.pk, "next": there}
        answer = signed_in(staff).post("/en/reminders/hold/", sent)
        assert (answer.status_code, answer["Location"]) == (302, "/en/reminders/")

    @pytest.mark.parametrize("about", ["9" * 40, "-1", "²", "", "x"])
    def test_what_is_no_key_is_not_found(self, staff: Any, about: str) -> None:
        for code in ("milestone_coming", "meeting_task", "round_input"):
            for act in ("hold", "send"):
                sent = {"occasion": code, "about": about, "days": "-7"}
                assert signed_in(staff).post(f"/en/reminders/{act}/", sent).status_code == 404
