"""What runs outside the request, run twice and by several workers: told once, moved once."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from core import outbox, schedule
from core.models import AuditEntry, Outbox, ScheduledTick, subject_of
from core.verdicts import Conflict
from experts import nominating_tasks, panel_mails
from experts.actions.appointing import (
    answer_by_link,
    end_memberships_of_withdrawn,
    invite_again,
    lapse_expired,
    link_accounts,
    remind,
)
from experts.actions.linking import resend_link
from experts.actions.nominating import nominate
from experts.models import Appointment, Nomination, NomineeLink
from experts.panel_tasks import send_offer, send_reminder
from tests.experts.at_once.panels import deliver_by_three, in_two_weeks, place_of, rows_about, state_of
from tests.experts.at_once.test_places import offered
from tests.experts.at_once.threads import at_once, refused
from tests.experts.nominees import make_focal_point, make_paper_call
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture(autouse=True)
def _plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters take a second each, and are tested elsewhere."""
    monkeypatch.setattr(panel_mails, "pdf_of", lambda paper: b"%PDF-")


def to(address: str) -> list[Any]:
    return [message for message in mail.outbox if message.to == [address]]


def test_an_invitation_and_its_reminder_go_out_once(staff: Any) -> None:
    place = offered(staff, "expert-working-group")
    email = place.nomination.email
    deliver_by_three(rows_about(place))
    assert len(to(email)) == 1 and place_of(place.nomination).sent_at
    soon = place.expires_at - timedelta(days=2)
    at_once(*[partial(remind, soon)] * 3)
    deliver_by_three(rows_about(place))
    assert len(to(email)) == 2
    # Whatever is started again by hand finds it done.
    send_offer(subject_of(place))
    assert len(to(email)) == 2


def test_what_waited_for_an_earlier_invitation_is_said_of_none_later(staff: Any) -> None:
    """The mail server is away; the invitation lapses and is sent anew: one mail, and no reminder a moment later."""
    place = offered(staff, "expert-working-group")
    email = place.nomination.email
    Appointment.objects.filter(pk=place.pk).update(sent_at=timezone.now())
    remind(place.expires_at - timedelta(days=2))
    lapse_expired(place.expires_at)
    invite_again(actor=staff, appointment=place, expires_at=in_two_weeks())
    rows = rows_about(place)
    assert set(Outbox.objects.filter(pk__in=rows).values_list("handler", flat=True)) == {
        "experts.send_offer",
        "experts.send_reminder",
    }
    for pk in rows:
        outbox.deliver(pk)
    assert len(to(email)) == 1 and "remind" not in to(email)[0].subject.lower()
    send_reminder(subject_of(place))
    assert len(to(email)) == 1


def test_two_mails_at_once_of_one_invitation_are_known_for_the_same(staff: Any) -> None:
    """Two rows of the outbox for one invitation, taken by two workers: the same mail, by its Message-ID."""
    place = offered(staff, "expert-working-group")
    Appointment.objects.filter(pk=place.pk).update(expires_at=timezone.now())
    lapse_expired(timezone.now())
    invite_again(actor=staff, appointment=place, expires_at=in_two_weeks())
    rows = rows_about(place)
    assert len(rows) == 2
    at_once(*(partial(outbox.deliver, pk) for pk in rows))
    ids = {message.extra_headers["Message-ID"] for message in to(place.nomination.email)}
    assert len(ids) == 1 and len(to(place.nomination.email)) <= 2


def test_a_nominee_is_sent_one_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by a worker that dies after sending: the same link then, in the same mail."""
    focal, call = make_focal_point("NIC"), make_paper_call(letter=False)
    words = {"name": "Ana", "email": f"ana-{call.pk}@example.org"}
    nomination = nominate(actor=focal, call=call, changes=words, attested=True)
    link = NomineeLink.objects.get(nomination=nomination)

    class Killed(BaseException):
        pass

    def killed(**given: Any) -> None:
        raise Killed

    rows = rows_about(link)
    with monkeypatch.context() as patch:
        patch.setattr(nominating_tasks, "note_sent", killed)
        for pk in rows:
            with pytest.raises(Killed):
                outbox.deliver(pk)
    deliver_by_three(rows)
    sent = to(words["email"])
    assert len(sent) == 2 and len({message.extra_headers["Message-ID"] for message in sent}) == 1
    assert sent[0].body == sent[1].body
    # Asked for again in two windows: one more mail.
    asked = {
        "sent_at": timezone.now() - timedelta(hours=1),
        "expires_at": timezone.now() + timedelta(days=13),
    }
    NomineeLink.objects.filter(pk=link.pk).update(**asked)
    results = at_once(*[partial(resend_link, actor=focal, nomination=nomination)] * 2)
    assert refused(results) == [Conflict]
    deliver_by_three(rows_about(link))
    assert len(to(words["email"])) == 3


def test_three_clocks_at_once(staff: Any) -> None:
    """Memberships end once, accounts are linked, invitations lapse once."""
    person, late = make_user("participant"), make_user("participant")
    member = offered(staff, "expert-working-group", email=person.email)
    answer_by_link(appointment=member, answer="accepted")
    Nomination.objects.filter(pk=member.nomination_id).update(state="withdrawn")
    unlinked = offered(staff, "regional-africa", email=f"later-{late.pk}@example.org")
    answer_by_link(appointment=unlinked, answer="accepted")
    Nomination.objects.filter(pk=unlinked.nomination_id).update(email=late.email)
    lapsing = [offered(staff, slug) for slug in ("expert-working-group", "regional-africa")]
    at = in_two_weeks() + timedelta(minutes=5)

    def clock() -> tuple[int, int, int]:
        return lapse_expired(at), link_accounts(), end_memberships_of_withdrawn(at)

    results = at_once(*[clock] * 3)
    lapsed, linked, ended = (sum(counts) for counts in zip(*results, strict=True))
    assert (linked, ended) == (1, 1) and lapsed >= 2
    assert [state_of(place.nomination) for place in lapsing] == ["lapsed", "not_selected"]
    assert AuditEntry.objects.filter(action="appointment.leave", subject=subject_of(person)).count() == 1
    assert Nomination.objects.get(pk=unlinked.nomination_id).nominee == late


def test_a_tick_that_three_processes_ask_for_runs_once() -> None:
    names = ["experts.lapse_invitations", "experts.remind_invited", "experts.keep_memberships"]
    at = timezone.now()
    ScheduledTick.objects.exclude(name__in=names).update(due_at=at + timedelta(days=1))
    known = {name: schedule._ticks[name] for name in names}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "_ticks", known)
        ran = at_once(*[partial(schedule.tick, at)] * 3)
    assert sorted(name for each in ran for name in each) == sorted(names)
