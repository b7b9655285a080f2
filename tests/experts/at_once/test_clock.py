"""What runs outside the request, run twice and by several workers: told once, moved once."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from core import schedule
from core.models import AuditEntry, ScheduledTick, subject_of
from core.verdicts import Conflict
from experts import panel_mails
from experts.actions.appointing import answer_by_link, invite_again
from experts.actions.clocked_places import end_memberships_of_withdrawn, lapse_expired, link_accounts
from experts.actions.linking import resend_link
from experts.actions.nominating import nominate
from experts.models import Appointment, Nomination, NomineeLink
from experts.panel_tasks import send_offer
from tests.experts.at_once.panels import drain_by_three, in_two_weeks, place_of, rows_about, state_of
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


def test_an_invitation_goes_out_once(staff: Any) -> None:
    place = offered(staff, "expert-working-group")
    drain_by_three()
    assert len(to(place.nomination.email)) == 1 and place_of(place.nomination).sent_at
    # Whatever is started again by hand finds it done.
    send_offer(subject_of(place))
    drain_by_three()
    assert len(to(place.nomination.email)) == 1


def test_what_waited_for_an_earlier_invitation_is_said_of_none_later(staff: Any) -> None:
    """No worker runs; the invitation lapses and is sent anew: one mail in the end."""
    place = offered(staff, "expert-working-group")
    Appointment.objects.filter(pk=place.pk).update(expires_at=timezone.now())
    lapse_expired(timezone.now())
    invite_again(actor=staff, appointment=place, expires_at=in_two_weeks())
    assert len(rows_about(place)) == 2
    drain_by_three()
    assert len(to(place.nomination.email)) == 1


def test_a_nominee_is_sent_one_link() -> None:
    focal, call = make_focal_point("NIC"), make_paper_call(letter=False)
    words = {"name": "Ana", "email": f"ana-{call.pk}@example.org"}
    nomination = nominate(actor=focal, call=call, changes=words, attested=True)
    link = NomineeLink.objects.get(nomination=nomination)
    drain_by_three()
    assert len(to(words["email"])) == 1
    # Asked for again in two windows: one more mail.
    asked = {
        "sent_at": timezone.now() - timedelta(hours=1),
        "expires_at": timezone.now() + timedelta(days=13),
    }
    NomineeLink.objects.filter(pk=link.pk).update(**asked)
    results = at_once(*[partial(resend_link, actor=focal, nomination=nomination)] * 2)
    assert refused(results) == [Conflict]
    drain_by_three()
    assert len(to(words["email"])) == 2


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
    names = ["experts.lapse_invitations", "experts.keep_memberships"]
    at = timezone.now()
    ScheduledTick.objects.exclude(name__in=names).update(due_at=at + timedelta(days=1))
    known = {name: schedule._ticks[name] for name in names}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "_ticks", known)
        ran = at_once(*[partial(schedule.tick, at)] * 3)
    assert sorted(name for each in ran for name in each) == sorted(names)
