"""Scoring offers, deciding, announcing together, and what becomes of it afterwards."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Country
from core import outbox
from core.verdicts import Conflict, Refusal
from experts.actions.announcing import reopen_for_country
from experts.actions.host_agreement import set_agreement_step, version_of
from experts.actions.hosting_slots import create_slot, record_outcome, remove_slot, update_slot
from experts.actions.offers import save_offer, withdraw_offer
from experts.actions.weighing_offers import announce_hosts, decide_offer, score_offer
from experts.hosting_queries import agreement_of, comparison, running
from experts.models import HostingOffer, OfferScore
from tests.experts.hosts import DAY, close, fresh, make_hosting_call, make_offer, make_slot
from tests.factories import make_user

pytestmark = pytest.mark.django_db
S = HostingOffer.State


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def slot() -> Any:
    return make_slot(make_hosting_call())


def decided(staff: Any, slot: Any, *outcomes: str, languages: str = "") -> list[HostingOffer]:
    """Offers of as many authors, closed and decided, not announced."""
    authors = [make_user(language=code) for code in (languages.split() or ["en"] * len(outcomes))]
    offers = [make_offer(slot, author, host_name=f"Host {n}") for n, author in enumerate(authors)]
    close(slot.call)
    for offer, outcome in zip(offers, outcomes, strict=True):
        decide_offer(actor=staff, offer=fresh(offer), outcome=outcome, reason="So.")
    outbox.drain()
    mail.outbox.clear()
    return [fresh(offer) for offer in offers]


class TestSlots:
    def test_meetings_are_the_secretariats_with_their_words_and_versions(self, staff: Any) -> None:
        call = make_hosting_call(announced=False)
        plan = {"kind": "regional_consultation", "starts_on": date(2027, 1, 1), "ends_on": date(2027, 1, 2)}
        with pytest.raises(Refusal):
            create_slot(actor=make_user("drafter"), call=call, titles={"en": "A"}, **plan)
        slot = create_slot(actor=staff, call=call, titles={"en": "A", "fr": "Un"}, **plan)
        changed = update_slot(actor=staff, slot=slot, version=1, titles={"fr": "Une"}, participants=30)
        assert (changed.version, changed.title_fr, changed.participants) == (2, "Une", 30)
        with pytest.raises(Conflict):
            update_slot(actor=staff, slot=slot, version=1, participants=31)
        for wrong in (
            {"ends_on": date(2026, 1, 1)},
            {"kind": "x"},
            {"participants": 0},
            {"titles": {"en": "", "fr": ""}},
        ):
            with pytest.raises(ValidationError):
                update_slot(actor=staff, slot=slot, **wrong)

    def test_one_with_offers_stays(self, staff: Any, slot: Any) -> None:
        make_offer(slot, make_user(), submit=False)
        with pytest.raises(Conflict):
            remove_slot(actor=staff, slot=slot)


class TestScoring:
    def test_scores_by_weight_with_their_spread(self, staff: Any, slot: Any) -> None:
        offer, second = make_offer(slot, make_user()), make_offer(slot, make_user(), capacity=30)
        close(slot.call)
        score_offer(actor=staff, offer=offer, scores={"fit": (9, "Good."), "access": (5, "")})
        score_offer(actor=make_user("staff"), offer=offer, scores={"fit": (5, ""), "access": (None, "")})
        score_offer(actor=staff, offer=second, scores={"fit": (10, "")})
        best, other = comparison(slot, list(slot.call.criteria.all()), running(slot, staff))
        assert best.offer == offer and best.weighed.total == pytest.approx((7 * 3 + 5) / 4)
        assert best.weighed.rows[0].is_apart and best.weighed.rows[0].values == [9, 5]
        assert other.weighed.total is None and other.weighed.scored == 1 and other.lacks == 10
        assert (best.capacity_width, other.capacity_width) == (400, 200)

    def test_not_before_the_deadline_nor_by_others_nor_out_of_scale(self, staff: Any, slot: Any) -> None:
        offer = make_offer(slot, make_user())
        with pytest.raises(Refusal):
            score_offer(actor=staff, offer=offer, scores={"fit": (1, "")})
        close(slot.call)
        with pytest.raises(Refusal):
            score_offer(actor=make_user("drafter"), offer=offer, scores={"fit": (1, "")})
        for wrong in ({"fit": (11, "")}, {"nothing": (1, "")}, {"fit": (None, "Words.")}):
            with pytest.raises(ValidationError):
                score_offer(actor=staff, offer=offer, scores=wrong)
        assert not OfferScore.objects.exists()

    def test_nobody_scores_or_decides_their_own(self, staff: Any, slot: Any) -> None:
        offer = make_offer(slot, staff)
        close(slot.call)
        with pytest.raises(Refusal):
            score_offer(actor=staff, offer=offer, scores={"fit": (10, "")})
        with pytest.raises(Refusal):
            decide_offer(actor=staff, offer=offer, outcome="chosen", reason="Mine.")

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_board_and_the_comparison_cost_the_same_for_many(
        self, staff: Any, slot: Any, count: int, django_assert_max_num_queries: Any
    ) -> None:
        for _n in range(count):
            make_offer(slot, make_user())
        close(slot.call)
        client = Client()
        client.force_login(staff)
        with django_assert_max_num_queries(26):
            assert client.get(f"/en/calls/{slot.call_id}/hosting/").status_code == 200
        with django_assert_max_num_queries(26):
            assert client.get(f"/en/calls/{slot.call_id}/hosting/{slot.pk}/").status_code == 200


class TestDeciding:
    def test_two_cannot_be_chosen_for_one_meeting(self, staff: Any, slot: Any) -> None:
        first, second = decided(staff, slot, "chosen", "reserve")
        with pytest.raises(Conflict):
            decide_offer(actor=staff, offer=second, outcome="chosen", reason="Too.")
        with pytest.raises(IntegrityError), transaction.atomic():
            HostingOffer.objects.filter(pk=second.pk).update(state=S.CHOSEN)
        assert fresh(first).state == S.CHOSEN and fresh(second).state == S.RESERVE

    def test_a_decision_needs_a_reason_a_version_and_the_end_of_the_deadline(
        self, staff: Any, slot: Any
    ) -> None:
        offer = make_offer(slot, make_user())
        with pytest.raises(Refusal):
            decide_offer(actor=staff, offer=offer, outcome="chosen", reason="Best.")
        close(slot.call)
        for outcome, reason in (("chosen", " "), ("draft", "So.")):
            with pytest.raises(ValidationError):
                decide_offer(actor=staff, offer=offer, outcome=outcome, reason=reason)
        decide_offer(actor=staff, offer=offer, outcome="reserve", reason="Wait.", version=offer.version)
        with pytest.raises(Conflict):
            decide_offer(actor=staff, offer=offer, outcome="chosen", reason="Best.", version=offer.version)

    def test_all_are_told_together_each_in_their_language(self, staff: Any, slot: Any) -> None:
        offers = decided(staff, slot, "chosen", "reserve", "not_chosen", languages="en fr ar")
        assert not mail.outbox
        call = announce_hosts(actor=staff, call=slot.call)
        announce_hosts(actor=staff, call=call)
        outbox.drain()
        to = {message.to[0]: message for message in mail.outbox}
        assert set(to) == {offer.created_by.email for offer in offers} and len(mail.outbox) == 3
        assert "Host 0 is chosen" in to[offers[0].created_by.email].body
        page = Client().get(f"/en/calls/{call.pk}/").content.decode()
        assert "Host 0" in page and "Host 1" not in page and "Host 2" not in page
        host = Client().get(f"/api/v1/calls/{call.pk}/").json()["slots"][0]["host"]
        assert (host["name"], host["country"], host["place"]) == ("Host 0", "FRA", "Lyon")

    def test_not_before_each_is_decided_nor_on_a_summary_that_is_stale(self, staff: Any, slot: Any) -> None:
        offer = make_offer(slot, make_user())
        call = close(slot.call)
        with pytest.raises(Conflict):
            announce_hosts(actor=staff, call=call)
        decide_offer(actor=staff, offer=offer, outcome="chosen", reason="Best.")
        with pytest.raises(Conflict):
            announce_hosts(actor=staff, call=call, version=99)
        with pytest.raises(Refusal):
            announce_hosts(actor=make_user("admin"), call=call)

    def test_a_decision_that_changes_before_its_mail_went_is_told_once_as_it_is(
        self, staff: Any, slot: Any
    ) -> None:
        first, _second = decided(staff, slot, "not_chosen", "reserve")
        announce_hosts(actor=staff, call=slot.call)
        decide_offer(actor=staff, offer=first, outcome="chosen", reason="After all.")
        outbox.drain()
        own = [m for m in mail.outbox if m.to == [first.created_by.email]]
        assert len(own) == 1 and "is chosen" in own[0].body and "has changed" in own[0].body

    def test_a_chosen_host_withdraws_and_the_reserve_is_chosen(self, staff: Any, slot: Any) -> None:
        first, second = decided(staff, slot, "chosen", "reserve")
        announce_hosts(actor=staff, call=slot.call)
        outbox.drain()
        mail.outbox.clear()
        withdraw_offer(actor=first.created_by, offer=first, reason="Elections.")
        outbox.drain()
        assert [m.to for m in mail.outbox] == [[staff.email]]
        decide_offer(actor=staff, offer=second, outcome="chosen", reason="In its place.")
        outbox.drain()
        assert mail.outbox[-1].to == [second.created_by.email] and "has changed" in mail.outbox[-1].body
        assert [move.after for move in second.moves.all()] == ["submitted", "reserve", "chosen"]
        assert "Host 1" in Client().get(f"/en/calls/{slot.call_id}/").content.decode()

    def test_what_changes_in_time_that_a_country_was_given_is_decided_anew(
        self, staff: Any, slot: Any
    ) -> None:
        (offer,) = decided(staff, slot, "chosen")
        reopen_for_country(
            actor=staff,
            call=slot.call,
            country=Country.objects.get(pk="FRA"),
            closes_at=timezone.now() + DAY,
            reason="Asked for.",
        )
        changed = save_offer(actor=offer.created_by, offer=offer, place="Nice")
        assert changed.state == S.SUBMITTED and changed.decided_by is None
        with pytest.raises(Refusal):
            announce_hosts(actor=staff, call=slot.call)


class TestAfterwards:
    def test_steps_with_dates_and_what_is_overdue(self, staff: Any, slot: Any) -> None:
        (offer,) = decided(staff, slot, "chosen")
        today = date(2027, 1, 10)
        step = set_agreement_step(
            actor=staff, offer=offer, kind="draft_sent", due_on=date(2027, 1, 9), seen=""
        )
        assert agreement_of(offer, today)[0].state == "overdue"
        assert agreement_of(offer, date(2027, 1, 9))[0].state == "due"
        with pytest.raises(Conflict):
            set_agreement_step(actor=staff, offer=offer, kind="draft_sent", done_on=today, seen="")
        seen = version_of(step)
        set_agreement_step(
            actor=staff, offer=offer, kind="draft_sent", due_on=today, done_on=today, seen=seen
        )
        assert agreement_of(offer, today)[0].state == "done"
        with pytest.raises(Refusal):
            set_agreement_step(actor=offer.created_by, offer=offer, kind="agreed", done_on=today)

    def test_only_with_who_was_chosen(self, staff: Any, slot: Any) -> None:
        (offer,) = decided(staff, slot, "reserve")
        with pytest.raises(Conflict):
            set_agreement_step(actor=staff, offer=offer, kind="agreed", done_on=date(2027, 1, 1))

    def test_what_happened_instead_stands_beside_the_plan(self, staff: Any, slot: Any) -> None:
        decided(staff, slot, "chosen")
        held = {"outcome": "online", "held_from": date(2025, 6, 7), "held_to": date(2025, 6, 9)}
        with pytest.raises(Conflict):
            record_outcome(actor=staff, slot=slot, **held)
        announce_hosts(actor=staff, call=slot.call)
        for wrong in (
            {**held, "held_to": date(2025, 6, 6)},
            {**held, "held_to": timezone.now().date() + timedelta(days=2)},
            {"outcome": "held", "held_from": timezone.now().date() + timedelta(days=2)},
            {**held, "outcome": "cancelled"},
            {"outcome": "online"},
            {"outcome": "x", "held_from": date(2025, 6, 7)},
        ):
            with pytest.raises(ValidationError):
                record_outcome(actor=staff, slot=slot, **wrong)
        record_outcome(actor=staff, slot=slot, note="Flights were grounded.", version=1, **held)
        with pytest.raises(Conflict):
            record_outcome(actor=staff, slot=slot, outcome="", version=1)
        page = Client().get(f"/en/calls/{slot.call_id}/").content.decode()
        for words in (
            "3–5 May 2027",
            "Held online instead",
            "7–9 Jun 2025",
            "Flights were grounded.",
            "Host 0",
        ):
            assert words in page

    def test_a_host_sees_the_steps_once_chosen_is_told_and_never_the_notes(
        self, staff: Any, slot: Any
    ) -> None:
        (offer,) = decided(staff, slot, "chosen")
        set_agreement_step(
            actor=staff, offer=offer, kind="signed", due_on=date(2027, 1, 9), note="Weak lawyer."
        )
        client = Client()
        client.force_login(offer.created_by)
        assert "Host agreement" not in client.get(f"/en/offers/{offer.uuid}/").content.decode()
        announce_hosts(actor=staff, call=slot.call)
        page = client.get(f"/en/offers/{offer.uuid}/").content.decode()
        assert "9 Jan 2027" in page and "Weak lawyer" not in page and "So." not in page
        assert client.get(f"/en/offers/{offer.uuid}/agreement/").status_code == 403


def test_deadlines_are_those_of_the_last_country(staff: Any, slot: Any) -> None:
    offer = make_offer(slot, make_user())
    close(slot.call)
    slot.call.reopenings.create(
        country_id="KEN", closes_at=timezone.now() + timedelta(hours=1), reason="x", given_by=staff
    )
    with pytest.raises(Refusal):
        decide_offer(actor=staff, offer=offer, outcome="chosen", reason="Best.")


class TestOwnOffers:
    """A member of the secretariat who offers to host: from then on a host of that meeting like any other."""

    @pytest.fixture
    def offers(self, staff: Any, slot: Any) -> Any:
        host = make_user("staff")
        own = make_offer(slot, host, host_name="Own Town")
        rival = make_offer(slot, make_user(), host_name="Rival City", venue="Zqrival hall")
        close(slot.call)
        for offer, points in ((own, 3), (rival, 9)):
            comment = f"Zqcomment {points}"
            score_offer(actor=staff, offer=offer, scores={"fit": (points, comment), "access": (points, "")})
            decide_offer(
                actor=staff,
                offer=fresh(offer),
                outcome="chosen" if points == 9 else "not_chosen",
                reason="Zqreason",
            )
        return host, fresh(own), fresh(rival)

    def test_they_see_neither_rivals_nor_scores_nor_what_is_not_announced(
        self, slot: Any, offers: Any
    ) -> None:
        host, own, rival = offers
        client = Client()
        client.force_login(host)
        call = f"/en/calls/{slot.call_id}/"
        for path in (
            f"/en/offers/{own.uuid}/",
            f"{call}hosting/",
            f"{call}hosting/announce/",
            f"{call}hosting/{slot.pk}/",
            call,
            "/en/people/audit/",
        ):
            answer = client.get(path)
            page = answer.content.decode()
            assert answer.status_code == 200, path
            for secret in ("Rival City", "Zqrival", "Zqcomment", "Zqreason", str(rival.uuid)):
                assert secret not in page, (path, secret)
            assert "Not chosen" not in page and "3.0" not in page, path
            assert f"experts.hostingoffer:{rival.pk}" not in page, path
        assert client.get(f"/en/offers/{rival.uuid}/").status_code == 404
        told = client.get(f"{call}hosting/{slot.pk}/").content.decode()
        assert "You offer to host this meeting yourself" in told and "Own Town" not in told

    def test_they_neither_score_nor_decide_nor_announce(self, slot: Any, offers: Any) -> None:
        host, own, rival = offers
        for offer in (own, rival):
            with pytest.raises(Refusal):
                score_offer(actor=host, offer=offer, scores={"fit": (1, "")})
            with pytest.raises(Refusal):
                decide_offer(actor=host, offer=offer, outcome="reserve", reason="Mine.")
        with pytest.raises(Refusal):
            announce_hosts(actor=host, call=slot.call)

    def test_another_meeting_of_the_call_and_one_withdrawn_keep_nobody_out(
        self, slot: Any, offers: Any
    ) -> None:
        host, own, rival = offers
        other = make_slot(slot.call, "Third meeting")
        elsewhere = make_offer(other, make_user(), submit=False)
        HostingOffer.objects.filter(pk=elsewhere.pk).update(state="submitted", submitted_at=timezone.now())
        assert HostingOffer.objects.visible_to(host).filter(pk=elsewhere.pk).exists()
        withdraw_offer(actor=host, offer=own)
        assert HostingOffer.objects.visible_to(host).filter(pk=rival.pk).exists()

    def test_the_trail_tells_admins_nothing_of_offers(self, staff: Any, slot: Any, offers: Any) -> None:
        pages = {}
        for name, reader in (("staff", staff), ("admin", make_user("admin"))):
            client = Client()
            client.force_login(reader)
            pages[name] = client.get("/en/people/audit/").content.decode()
        assert "offer.move" in pages["staff"] and "experts.hostingoffer" not in pages["admin"]
