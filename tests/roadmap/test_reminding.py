"""Reminders: who is reminded of what, once; nothing of what has gone or moved."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Affiliation
from consultations.models import Comment, RoundDeadline
from core import outbox
from core.models import Message, Notice
from experts.actions.linking import send_link
from experts.models import Appointment, CallReopening, Review, Reviewer
from roadmap.models import ReminderPreference
from tests.experts.panel_people import announced
from tests.factories import (
    make_call,
    make_comment,
    make_draft,
    make_group,
    make_member_state,
    make_nomination,
    make_round,
    make_user,
)
from tests.roadmap.running import run, settle

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def closing_round(days: float = 6, **fields: Any) -> Any:
    now = timezone.now()
    fields.setdefault("opens_at", now - 10 * DAY)
    return make_round(make_draft(status="published", paragraphs=1), closes_at=now + days * DAY, **fields)


class TestRounds:
    def test_who_said_nothing_is_reminded_once(self) -> None:
        group = make_group()
        silent, begun, spoke, outside = (make_user("expert", groups=(group,)) for _ in "abcd")
        outside.memberships.update(until=timezone.now() - DAY)
        round = closing_round(groups=(group,))
        make_comment(round, spoke, provision_key="para_1")
        make_comment(round, begun, provision_key="para_1", submit=False)
        outbox.drain()
        assert run(dry_run=True) == (1, 0, 0) and not Notice.objects.exists()
        assert run() == (1, 1, 0)
        assert run() == (1, 0, 1)
        (sent,) = settle()
        assert sent.to == [silent.email]
        assert round.title in sent.subject and "There is no comment of yours" in sent.body
        assert run() == (1, 0, 1) and not settle()

    def test_each_step_reminds_once_and_a_missed_one_is_not_made_up_for(self) -> None:
        group = make_group()
        make_user("expert", groups=(group,))
        closes = closing_round(9, groups=(group,)).closes_at
        assert run(closes - 8 * DAY) == (0, 0, 0)
        assert run(closes - 7 * DAY) == (1, 1, 0)
        assert run(closes - 3 * DAY) == (1, 0, 1)
        assert run(closes - 2 * DAY) == (1, 1, 0)
        assert run(closes - timedelta(seconds=1)) == (1, 0, 1)
        assert run(closes) == (0, 0, 0)
        assert len(settle()) == 2

    def test_a_comment_begun_is_a_reminder_of_its_own(self) -> None:
        group = make_group()
        author = make_user("expert", groups=(group,), language="fr")
        round = closing_round(2.5, groups=(group,))
        comment = make_comment(round, author, provision_key="para_1", submit=False)
        outbox.drain()
        assert run() == (1, 1, 0)
        Comment.objects.filter(pk=comment.pk).update(status="withdrawn")
        assert not settle(), "nothing waits any more when the mail is to go"
        assert Message.objects.get().state == "unneeded"

    def test_a_round_that_just_opened_is_not_reminded_of(self) -> None:
        group = make_group()
        make_user("expert", groups=(group,))
        round = closing_round(2, groups=(group,), opens_at=timezone.now() - timedelta(hours=2))
        assert run() == (0, 0, 0)
        assert run(round.opens_at + DAY) == (1, 1, 0)

    def test_a_role_with_a_deadline_of_its_own_counts_from_that(self) -> None:
        group = make_group()
        expert, _late = make_user("expert", groups=(group,)), make_user("coordinator", groups=(group,))
        round = closing_round(2, groups=(group,))
        RoundDeadline.objects.create(round=round, role="coordinator", at=round.closes_at + 10 * DAY)
        assert run() == (1, 1, 0)
        assert settle()[0].to == [expert.email]
        assert run(round.closes_at + 3 * DAY) == (1, 1, 0)

    def test_the_draft_must_be_theirs_to_read(self) -> None:
        group, readers = make_group(), make_group()
        make_user("expert", groups=(group,))
        reader = make_user("expert", groups=(group, readers))
        draft = make_draft(status="circulated", paragraphs=1)
        draft.access.create(group=readers)
        now = timezone.now()
        make_round(draft, groups=(group,), opens_at=now - 9 * DAY, closes_at=now + 6 * DAY)
        assert run() == (1, 1, 0)
        assert Notice.objects.get().recipient == reader

    def test_answers_that_are_overdue_are_told_to_the_secretariat_again_and_again_but_not_for_ever(
        self,
    ) -> None:
        group, staff = make_group(), make_user("staff")
        author = make_user("expert", groups=(group,))
        round = closing_round(1, groups=(group,))
        make_comment(round, author, provision_key="para_1")
        outbox.drain()
        closed = round.closes_at
        due = [run(closed + days * DAY)[1] for days in (29, 30, 43, 44, 58, 72, 90, 101, 103)]
        assert due == [0, 1, 0, 1, 1, 1, 0, 0, 0]
        sent = settle()
        assert {m.to[0] for m in sent} == {staff.email} and len(sent) == 4


class TestCalls:
    def test_states_that_have_handed_in_nothing_are_reminded(self) -> None:
        silent, spoke = make_user("focal_point"), make_user("focal_point")
        make_member_state("KEN", contact=silent), make_member_state("FRA", contact=spoke)
        deputy = make_user("focal_point")
        Affiliation.objects.create(
            user=deputy, organisation=make_member_state("KEN"), role="deputy", confirmed_at=timezone.now()
        )
        now = timezone.now()
        call = make_call(opens_at=now - 9 * DAY, closes_at=now + 10 * DAY)
        make_nomination(call, country="FRA")
        make_nomination(call, country="KEN", state="draft")
        assert run() == (2, 2, 0)
        assert {m.to[0] for m in settle()} == {silent.email, deputy.email}
        CallReopening.objects.create(
            call=call, country_id="KEN", closes_at=now + 30 * DAY, reason="Late.", given_by=make_user("staff")
        )
        assert run(call.closes_at - DAY) == (0, 0, 0), "the country has more time"
        assert run(now + 28 * DAY) == (2, 2, 0)

    def test_nominees_with_and_without_an_account_each_once(self) -> None:
        now = timezone.now()
        call = make_call(opens_at=now - 9 * DAY, closes_at=now + 6 * DAY)
        known = make_user("expert", name="Ana")
        made = now - 3 * DAY
        make_nomination(call, state="awaiting_nominee", nominee=known, email=known.email, created_at=made)
        stranger = make_nomination(call, state="awaiting_nominee", language="fr", created_at=made)
        make_nomination(call, state="submitted", created_at=made)
        send_link(stranger)
        settle()
        assert run() == (1, 1, 0), "the link has just gone out"
        stranger.link.sent_at = made
        stranger.link.save()
        assert run() == (2, 1, 1)
        sent = {m.to[0]: m for m in settle()}
        assert set(sent) == {known.email, stranger.email}
        assert "/fr/" in sent[stranger.email].body or "/invited" in sent[stranger.email].body
        # Whoever takes it over with the link isn't reminded once more.
        stranger.nominee = make_user("expert", email=stranger.email)
        stranger.save()
        assert run() == (2, 0, 2)

    def test_endorsements_that_wait_are_told_to_the_country_in_any_case(self) -> None:
        focal = make_user("focal_point")
        make_member_state("KEN", contact=focal)
        ReminderPreference.objects.create(user=focal, muted=["endorsement_waiting", "call_nominate"])
        now = timezone.now()
        call = make_call(opens_at=now - 9 * DAY, closes_at=now - DAY, endorsement_closes_at=now + 5 * DAY)
        make_nomination(call, state="awaiting_endorsement")
        make_nomination(call, state="awaiting_endorsement", nominee=focal)
        assert run() == (0, 0, 0), "turned off"
        assert run(now + 4 * DAY) == (1, 1, 0), "the last one can't be"
        (sent,) = settle()
        assert "1 nomination waits for your endorsement" in sent.body

    def test_invitations_are_reminded_of_by_the_one_mechanism(self) -> None:
        staff = make_user("staff")
        _call, people, _decision = announced(staff)
        Appointment.objects.filter(nomination=people[0]).update(answer="declined", answered_at=timezone.now())
        place = Appointment.objects.get(nomination=people[1])
        at = place.expires_at - 2 * DAY
        due, sent, already = run(at)
        assert due == sent > 0 and already == 0
        mails = settle()
        assert [m.to[0] for m in mails].count(people[1].email) == 1
        assert people[0].email not in [m.to[0] for m in mails]
        assert all(m.attachments for m in mails), "the letter goes with it"
        place.refresh_from_db()
        assert place.reminded_at is not None
        assert run(at) == (due, 0, due)
        nobody = Notice.objects.filter(kind="reminder.invitation_unanswered", recipient=None)
        assert nobody.count() == due

    def test_reviews_that_are_not_handed_in(self) -> None:
        now, staff = timezone.now(), make_user("staff")
        call = make_call(
            opens_at=now - 30 * DAY,
            closes_at=now - 20 * DAY,
            scoring_opens_at=now - 9 * DAY,
            scoring_closes_at=now + 6 * DAY,
        )
        waiting, barred = make_user("expert"), make_user("expert")
        for person in (waiting, barred):
            reviewer = Reviewer.objects.create(call=call, user=person, added_by=staff, added_at=now - 9 * DAY)
            nominee = {"nominee": barred} if person == barred else {}
            Review.objects.create(
                reviewer=reviewer, nomination=make_nomination(call, state="eligible", **nominee)
            )
        assert run() == (1, 1, 0)
        (sent,) = settle()
        assert sent.to == [waiting.email] and "1 review of yours" in sent.body


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "soon", "2024-02-30"])
def test_a_time_that_cant_be_meant_is_refused(at: str) -> None:
    with pytest.raises(CommandError):
        call_command("send_reminders", at=at)
