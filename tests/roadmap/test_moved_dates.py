"""Dates that move after people were told of them: those who count on them are told, once for each new date."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from consultations.actions.following import follow_round
from consultations.actions.rounds import update_round
from core import outbox
from experts.actions.announcing import close_call
from experts.actions.calls import update_call
from experts.actions.linking import send_link
from roadmap.actions.reminding import send_due
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

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def settle() -> dict[str, Any]:
    """The mails that go out now, by address; one to each."""
    mail.outbox.clear()
    outbox.drain()
    found = {m.to[0]: m for m in mail.outbox}
    assert len(found) == len(mail.outbox)
    return found


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def test_whoever_was_reminded_or_has_begun_is_told_of_a_new_closing(staff: Any) -> None:
    group, now = make_group(), timezone.now()
    reminded, begun, spoke = (make_user("expert", groups=(group,)) for _ in "abc")
    draft = make_draft(status="published", paragraphs=1)
    round = make_round(draft, groups=(group,), opens_at=now - 9 * DAY, closes_at=now + 6 * DAY)
    make_comment(round, begun, provision_key="para_1", submit=False)
    make_comment(round, spoke, provision_key="para_1")
    follow_round(actor=begun, round=round, wanted=True)
    send_due(timezone.now())
    assert set(settle()) == {reminded.email}
    for _ in range(2):
        update_round(actor=staff, round=round, closes_at=round.closes_at + 9 * DAY)
    told = settle()
    assert set(told) == {reminded.email, begun.email}, "who follows and has begun is told once"
    assert "asked to take part" in told[reminded.email].body
    assert "asked to be told" in told[begun.email].body
    round.refresh_from_db()
    assert send_due(now + 7 * DAY).due == 0
    assert send_due(round.closes_at - 7 * DAY).sent == 1, "and reminded anew of the new date"


def test_the_new_dates_of_a_call_and_its_early_end(staff: Any) -> None:
    now = timezone.now()
    call = make_call(opens_at=now - 9 * DAY, closes_at=now + 20 * DAY)
    focal, nominee, handed_in = make_user("focal_point"), make_user("expert"), make_user("expert")
    make_member_state("KEN", contact=focal)
    make_nomination(call, state="awaiting_nominee", nominee=nominee, email=nominee.email)
    make_nomination(call, state="submitted", nominee=handed_in)
    stranger = make_nomination(call, state="awaiting_nominee", language="fr")
    send_link(stranger)
    settle()
    update_call(actor=staff, call=call, closes_at=call.closes_at + 5 * DAY)
    told = settle()
    assert set(told) == {focal.email, nominee.email, stranger.email}
    assert told[stranger.email].extra_headers["Content-Language"] == "fr"
    call.refresh_from_db()
    update_call(actor=staff, call=call, motivation_words=700)
    assert not settle(), "only dates are told of"
    close_call(actor=staff, call=call, reason="Enough.")
    told = settle()
    assert set(told) == {focal.email, nominee.email, stranger.email}
    assert "before its date" in told[focal.email].body


def test_dates_that_moved_twice_are_told_as_they_are(staff: Any) -> None:
    now = timezone.now()
    call = make_call(opens_at=now - 9 * DAY, closes_at=now + 20 * DAY)
    focal = make_user("focal_point")
    make_member_state("KEN", contact=focal)
    for _ in range(2):
        call = update_call(actor=staff, call=call, closes_at=call.closes_at + 5 * DAY)
    assert list(settle()) == [focal.email], "the date in between isn't told any more"
