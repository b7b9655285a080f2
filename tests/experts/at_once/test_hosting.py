"""Offers to host, changed, decided and announced at the same moment."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from core import outbox
from core.models import AuditEntry, Notice, subject_of
from core.verdicts import Conflict, Refusal
from experts.actions import host_agreement, offers
from experts.actions.host_agreement import set_agreement_step, version_of
from experts.actions.hosting_slots import record_outcome
from experts.actions.offer_papers import add_offer_paper, forget_offer_papers, remove_offer_paper
from experts.actions.offers import begin_offer, save_offer, submit_offer, withdraw_offer
from experts.actions.weighing_offers import announce_hosts, decide_offer, score_offer
from experts.models import HostAgreementStep, HostingOffer, OfferMove, OfferScore
from tests.experts.at_once.panels import rows_about
from tests.experts.at_once.threads import at_once, meeting, refused, went_through
from tests.experts.hosts import close, fresh, make_hosting_call, make_offer, make_slot, pdf
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def slot() -> Any:
    return make_slot(make_hosting_call())


def bare(slot: Any, *hosts: str) -> list[HostingOffer]:
    """Offers that were handed in, without their papers."""
    made = [make_offer(slot, make_user(), submit=False, host_name=host) for host in hosts]
    HostingOffer.objects.filter(slot=slot).update(state="submitted", submitted_at=timezone.now())
    return [fresh(offer) for offer in made]


def decide(staff: Any, offer: HostingOffer, outcome: str, version: int | None = None) -> HostingOffer:
    return decide_offer(actor=staff, offer=offer, outcome=outcome, reason="So.", version=version)


def test_two_offers_chosen_for_one_meeting(staff: Any, slot: Any) -> None:
    one, two = bare(slot, "Lyon", "Nairobi")
    close(slot.call)
    results = at_once(
        partial(decide, staff, one, "chosen", one.version),
        partial(decide, make_user("staff"), two, "chosen", two.version),
        partial(decide, staff, one, "chosen", one.version),
    )
    assert Conflict in refused(results) and set(refused(results)) == {Conflict}
    (chosen,) = HostingOffer.objects.filter(slot=slot, state="chosen")
    assert chosen.moves.count() == 1


def test_an_offer_changes_and_is_withdrawn_while_it_is_decided(staff: Any, slot: Any) -> None:
    """Decided on is what was read; a host who withdrew is never announced."""
    one, two = bare(slot, "Lyon", "Nairobi")
    close(slot.call)
    results = at_once(
        partial(decide, staff, one, "chosen", one.version),
        partial(withdraw_offer, actor=one.created_by, offer=one),
        partial(decide, staff, two, "reserve", two.version),
        partial(score_offer, actor=staff, offer=two, scores={"fit": (7, ""), "access": (8, "")}),
        partial(score_offer, actor=staff, offer=two, scores={"fit": (7, ""), "access": (8, "")}),
    )
    assert set(refused(results)) <= {Refusal}
    assert fresh(one).state == "withdrawn" and fresh(two).state == "reserve"
    assert OfferScore.objects.filter(offer=two).count() == 2
    # Its country was given more time: what changes is no longer what was decided on.
    kenya_until = timezone.now() + timedelta(hours=1)
    slot.call.reopenings.create(country=two.country, closes_at=kenya_until, reason="-", given_by=staff)
    member = fresh(two)
    with meeting(offers, "note_change"):
        results = at_once(
            *(
                partial(save_offer, actor=two.created_by, offer=member, version=member.version, place=place)
                for place in ("Paris", "Lille")
            )
        )
    assert len(refused(results)) >= 1


def test_announced_twice_while_a_host_withdraws(staff: Any, slot: Any) -> None:
    """Each is told once, of what is so when it is told."""
    one, two = bare(slot, "Lyon", "Nairobi")
    call = close(slot.call)
    decide(staff, one, "chosen")
    decide(staff, two, "not_chosen")
    results = at_once(
        partial(announce_hosts, actor=staff, call=call, version=call.version),
        partial(announce_hosts, actor=make_user("staff"), call=call, version=call.version),
        partial(withdraw_offer, actor=one.created_by, offer=one),
    )
    assert refused(results) == []
    assert AuditEntry.objects.filter(action="hosting.announce", subject=subject_of(call)).count() == 1
    rows = rows_about(call, *OfferMove.objects.filter(offer=one))
    at_once(*[lambda: [outbox.deliver(pk) for pk in rows]] * 3)
    told = Notice.objects.filter(kind="offer_decided", subject__in=[subject_of(one), subject_of(two)])
    assert list(told.values_list("recipient", flat=True)) == [two.created_by_id]


def test_milestones_edited_at_once(staff: Any, slot: Any) -> None:
    (offer,) = bare(slot, "Lyon")
    close(slot.call)
    decide(staff, offer, "chosen")
    offer = fresh(offer)

    def set_to(day: int, seen: str) -> Any:
        return set_agreement_step(
            actor=staff, offer=offer, kind="signed", due_on=date(2027, 1, day), seen=seen
        )

    with meeting(host_agreement, "lock_offer"):
        results = at_once(partial(set_to, 1, ""), partial(set_to, 2, ""))
    assert refused(results) == [Conflict]
    step = HostAgreementStep.objects.get(offer=offer)
    seen = version_of(step)
    # The same twice is once; gone and changed at once is one of them.
    results = at_once(partial(set_to, 5, seen), partial(set_to, 5, seen))
    assert refused(results) == []
    seen = version_of(HostAgreementStep.objects.get(offer=offer))
    gone = partial(set_agreement_step, actor=staff, offer=offer, kind="signed", seen=seen)
    results = at_once(gone, partial(set_to, 7, seen))
    assert refused(results) == [Conflict]
    # While the host withdraws.
    host = offer.created_by
    results = at_once(partial(set_to, 9, ""), partial(withdraw_offer, actor=host, offer=offer))
    assert fresh(offer).state == "withdrawn" and set(refused(results)) <= {Conflict}


def test_the_outcome_of_a_meeting_noted_twice(staff: Any, slot: Any) -> None:
    """The same twice is once; two that differ: one is told."""
    slot.call.decided_at = timezone.now()
    slot.call.save()
    days = {"held_from": date(2026, 5, 4), "held_to": date(2026, 5, 6)}

    def note(outcome: str, version: int, **more: Any) -> Any:
        return record_outcome(actor=staff, slot=slot, outcome=outcome, version=version, **more)

    results = at_once(*[partial(note, "online", 1, **days)] * 3)
    assert refused(results) == []
    slot.refresh_from_db()
    assert (slot.outcome, slot.version) == ("online", 2)
    results = at_once(partial(note, "elsewhere", 2, **days), partial(note, "cancelled", 2))
    assert refused(results) == [Conflict]
    noted = AuditEntry.objects.filter(action="hosting.note_outcome", subject=subject_of(slot.call))
    assert noted.count() == 2


def test_an_offer_begun_and_handed_in_twice_is_one(staff: Any, slot: Any) -> None:
    author = make_user()
    offer = make_offer(slot, author, submit=False)
    again = {"call": slot.call, "slot": slot, "host_kind": offer.host_kind, "country": offer.country}
    results = at_once(*[partial(begin_offer, actor=author, uuid=offer.uuid, **again)] * 3)
    assert {result.pk for result in results} == {offer.pk}
    papers = [pdf(f"{n}.pdf") for n in range(2)]
    results = at_once(
        *(partial(add_offer_paper, actor=author, offer=offer, kind="offer", file=f) for f in papers),
        partial(remove_offer_paper, actor=author, offer=offer, kind="offer"),
    )
    assert refused(results) == [] and offer.papers.count() <= 1
    if not offer.papers.exists():
        add_offer_paper(actor=author, offer=offer, kind="offer", file=pdf())
    results = at_once(*[partial(submit_offer, actor=author, offer=fresh(offer))] * 3)
    assert refused(results) == []
    assert len({result.receipt for result in went_through(results)}) == 1
    assert fresh(offer).moves.count() == 1
    sweep_while_it_is_chosen(staff, fresh(offer))


def sweep_while_it_is_chosen(staff: Any, offer: HostingOffer) -> None:
    """The papers' time is over as the offer is chosen in another's place: kept whole, or gone and said so, once."""
    call = close(offer.slot.call)
    decide(staff, offer, "reserve")
    call.refresh_from_db()
    announce_hosts(actor=staff, call=call, version=call.version)
    later = timezone.now() + timedelta(days=call.retention_days)
    sweep = partial(forget_offer_papers, later)
    results = at_once(sweep, partial(decide, staff, offer, "chosen"), sweep)
    assert refused(results) == []
    forgotten = AuditEntry.objects.filter(action="offer.forget_papers", subject=subject_of(offer)).count()
    assert forgotten + offer.papers.count() == 1
