"""Offers to host: written, handed in by the deadline, withdrawn, and hidden from everybody else."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.actions.erasing import erase_account
from accounts.models import Affiliation, Country, Organisation, User
from core import files, outbox
from core.models import AuditEntry, Message, StoredFile
from core.verdicts import Conflict, Refusal
from experts.actions.announcing import reopen_for_country
from experts.actions.offer_papers import add_offer_paper, forget_offer_papers, remove_offer_paper
from experts.actions.offers import begin_offer, save_offer, submit_offer, withdraw_offer
from experts.actions.weighing_offers import announce_hosts, decide_offer
from experts.hosting_records import offers as offers_of
from experts.models import HostingOffer, OfferPaper
from tests.experts.hosts import (
    DAY,
    WORDS,
    close,
    focal_point,
    fresh,
    make_hosting_call,
    make_offer,
    make_slot,
    member_of,
    pdf,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
S = HostingOffer.State


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def slot() -> Any:
    return make_slot(make_hosting_call())


def visible(user: Any) -> int:
    return HostingOffer.objects.visible_to(user if user.pk is None else User.objects.get(pk=user.pk)).count()


class TestWriting:
    def test_an_offer_is_handed_in_with_a_receipt_by_mail(self, slot: Any) -> None:
        author = make_user()
        offer = make_offer(slot, author)
        assert offer.state == S.SUBMITTED and len(offer.receipt) == 64 and offer.version > 1
        outbox.drain()
        assert Message.objects.filter(recipient=author).count() == 1
        again = submit_offer(actor=author, offer=offer, version=1)
        assert again.receipt == offer.receipt and again.version == offer.version

    def test_the_same_key_twice_is_one_draft(self, slot: Any) -> None:
        author, key = make_user(), uuid4()
        country = Country.objects.get(pk="FRA")
        start = {"call": slot.call, "uuid": key, "slot": slot, "host_kind": "academia", "country": country}
        assert begin_offer(actor=author, **start) == begin_offer(actor=author, **start)
        with pytest.raises(Refusal):
            begin_offer(actor=make_user(), **start)
        assert HostingOffer.objects.count() == 1

    def test_only_who_speaks_for_a_state_offers_as_the_state(self, slot: Any) -> None:
        with pytest.raises(ValidationError) as error:
            make_offer(slot, make_user("focal_point"), kind="member_state")
        assert set(error.value.message_dict) == {"host_kind"}
        offer = make_offer(slot, focal_point("KEN"), kind="member_state", host_name="Somebody else")
        assert (offer.host_name, offer.country_id, offer.state) == ("Kenya", "KEN", S.SUBMITTED)

    def test_an_organisation_that_isnt_ones_own_cannot_be_named(self, slot: Any) -> None:
        lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
        for stranger in (make_user(), member_of(lab, confirmed=False)):
            with pytest.raises(ValidationError, match="belong"):
                make_offer(slot, stranger, organisation=lab)

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            ({"contribution_amount": Decimal("NaN")}, "contribution_amount"),
            ({"contribution_amount": Decimal("Infinity")}, "contribution_amount"),
            ({"contribution_amount": Decimal("-5")}, "contribution_amount"),
            ({"contribution_amount": Decimal("0")}, "contribution_amount"),
            ({"contribution_amount": Decimal("1E+12")}, "contribution_amount"),
            ({"contribution_amount": Decimal("1.005")}, "contribution_amount"),
            ({"contribution_currency": ""}, "contribution_currency"),
            ({"contribution_currency": "XXX"}, "contribution_currency"),
            ({"contribution_currency": "DEM"}, "contribution_currency"),
            ({"ends_on": date(2027, 5, 2)}, "ends_on"),
            ({"starts_on": date(1, 1, 1)}, "starts_on"),
            ({"capacity": 0}, "capacity"),
            ({"interpretation": ["xx"]}, "interpretation"),
            ({"place": "x" * 121}, "place"),
        ],
    )
    def test_what_cannot_stand_is_told_by_field(self, slot: Any, words: Any, field: str) -> None:
        author = make_user()
        offer = make_offer(slot, author, submit=False)
        with pytest.raises(ValidationError) as error:
            save_offer(actor=author, offer=offer, **words)
        assert set(error.value.message_dict) == {field}
        assert fresh(offer).version == offer.version

    def test_what_is_missing_is_told_and_the_letter_is_asked_of_all_but_states(self, slot: Any) -> None:
        author = make_user()
        offer = make_offer(
            slot, author, submit=False, venue="", contribution_in_kind="", contribution_amount=None
        )
        with pytest.raises(ValidationError) as error:
            submit_offer(actor=author, offer=offer)
        assert set(error.value.message_dict) == {"venue", "contribution_in_kind", "paper_offer"}

    def test_a_stale_version_is_a_conflict_and_the_same_again_no_change(self, slot: Any) -> None:
        author = make_user()
        offer = make_offer(slot, author, submit=False)
        assert save_offer(actor=author, offer=offer, version=offer.version, **WORDS).version == offer.version
        save_offer(actor=author, offer=offer, version=offer.version, place="Paris")
        with pytest.raises(Conflict):
            save_offer(actor=author, offer=offer, version=offer.version, place="Nice")
        assert fresh(offer).place == "Paris"

    def test_what_was_handed_in_stays_complete_and_gets_a_new_receipt(self, slot: Any) -> None:
        author = make_user()
        offer = make_offer(slot, author)
        with pytest.raises(ValidationError):
            save_offer(actor=author, offer=offer, venue="")
        with pytest.raises(ValidationError):
            remove_offer_paper(actor=author, offer=offer, kind="offer")
        assert OfferPaper.objects.count() == 1
        changed = save_offer(actor=author, offer=offer, place="Paris")
        assert changed.receipt != offer.receipt and changed.submitted_at == offer.submitted_at


class TestDeadline:
    @pytest.mark.parametrize(("seconds", "state"), [(-1, S.SUBMITTED), (0, S.DRAFT), (1, S.DRAFT)])
    @pytest.mark.parametrize("grace", [0, 10])
    def test_by_the_servers_clock_to_the_second(
        self, monkeypatch: Any, slot: Any, grace: int, seconds: int, state: str
    ) -> None:
        author = make_user()
        offer = make_offer(slot, author, submit=False)
        add_offer_paper(actor=author, offer=offer, kind="offer", file=pdf())
        call = slot.call
        call.grace = grace
        call.save()
        at = call.closes_at + timedelta(minutes=grace, seconds=seconds)
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)
        done = submit_offer(actor=author, offer=offer)
        assert done.state == state == fresh(offer).state
        assert AuditEntry.objects.filter(action="offer.hand_in_late").exists() == (state == S.DRAFT)

    def test_after_it_a_draft_may_be_written_and_what_was_handed_in_stays(self, slot: Any) -> None:
        author = make_user()
        draft, handed_in = make_offer(slot, author, submit=False), make_offer(slot, author)
        close(slot.call)
        assert save_offer(actor=author, offer=draft, place="Nice").place == "Nice"
        with pytest.raises(Refusal):
            save_offer(actor=author, offer=handed_in, place="Nice")
        with pytest.raises(Refusal):
            add_offer_paper(actor=author, offer=handed_in, kind="offer", file=pdf())

    def test_more_time_for_a_country_counts_for_its_hosts_alone(self, slot: Any) -> None:
        author = make_user()
        offers = {iso: make_offer(slot, author, submit=False, country=iso) for iso in ("FRA", "KEN")}
        for offer in offers.values():
            add_offer_paper(actor=author, offer=offer, kind="offer", file=pdf())
        close(slot.call)
        reopen_for_country(
            actor=make_user("staff"),
            call=slot.call,
            country=Country.objects.get(pk="KEN"),
            closes_at=timezone.now() + DAY,
            reason="Mail was down.",
        )
        states = {iso: submit_offer(actor=author, offer=offer).state for iso, offer in offers.items()}
        assert states == {"FRA": S.DRAFT, "KEN": S.SUBMITTED}


class TestSight:
    def people(self, slot: Any) -> dict[str, Any]:
        lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
        other = Organisation.objects.create(kind="academia", name="Other", name_en="Other")
        return {
            "lab": lab,
            "author": member_of(lab),
            "speaker": member_of(lab, "contact"),
            "colleague": member_of(lab),
            "claims": member_of(lab, "deputy", confirmed=False),
            "elsewhere": member_of(other, "contact"),
            "countryman": focal_point("FRA"),
            "stranger": make_user(),
            "drafter": make_user("drafter"),
            "admin": make_user("admin"),
            "staff": make_user("staff"),
        }

    @pytest.mark.parametrize("state", [S.DRAFT, S.SUBMITTED, S.CHOSEN, S.NOT_CHOSEN, S.WITHDRAWN])
    def test_who_sees_an_offer_in_which_state(self, slot: Any, state: str) -> None:
        people = self.people(slot)
        offer = make_offer(slot, people["author"], organisation=people["lab"], submit=state != S.DRAFT)
        HostingOffer.objects.filter(pk=offer.pk).update(state=state)
        see = {"author", "speaker"} | ({"staff"} if state != S.DRAFT else set())
        for name, person in people.items():
            if name == "lab":
                continue
            assert visible(person) == (name in see), name
            client = Client()
            client.force_login(person)
            pages = ("", "edit/", "withdraw/", "agreement/")
            answers = {client.get(f"/en/offers/{offer.uuid}/{page}").status_code for page in pages}
            assert (answers == {404}) == (name not in see), name
            sums = [row.pk for row in StoredFile.objects.filter(purpose="offer_paper")]
            for stored in StoredFile.objects.filter(pk__in=sums):
                assert files.may_read(User.objects.get(pk=person.pk), stored) == (name in see)

    def test_a_former_focal_point_leaves_the_offer_of_the_state_to_the_new_one(self, slot: Any) -> None:
        former = focal_point("KEN")
        make_offer(slot, former, kind="member_state")
        assert visible(former) == 1
        Affiliation.objects.filter(user=former).delete()
        new = make_user("focal_point")
        Affiliation.objects.create(
            user=new,
            organisation=Organisation.objects.get(kind="member_state", country="KEN"),
            role="contact",
            confirmed_at=timezone.now(),
        )
        assert (visible(former), visible(new)) == (0, 1)

    def test_the_calls_page_and_the_api_say_nothing_of_offers_before_they_are_decided(
        self, slot: Any
    ) -> None:
        path, api = f"/en/calls/{slot.call_id}/", f"/api/v1/calls/{slot.call_id}/"
        before = (Client().get(path).content, Client().get(api).json())
        offer = make_offer(slot, make_user())
        close(slot.call)
        staff = make_user("staff")
        silent = Client().get(api).json()
        decide_offer(actor=staff, offer=offer, outcome="chosen", reason="Best.")
        assert Client().get(api).json() == silent and silent["slots"] == before[1]["slots"]
        assert "Lyon" not in Client().get(path).content.decode()

    def test_every_reading_of_a_paper_is_on_record(self, slot: Any) -> None:
        make_offer(slot, make_user())
        stored, staff = StoredFile.objects.get(purpose="offer_paper"), make_user("staff")
        client = Client()
        assert client.get(f"/files/{stored.uuid}/").status_code == 404
        client.force_login(staff)
        assert client.get(f"/files/{stored.uuid}/").status_code == 200
        assert AuditEntry.objects.get(action="offer.read_paper").actor == staff


class TestPapers:
    @pytest.mark.parametrize(
        "file",
        [
            SimpleUploadedFile("a.pdf", b"<html>no pdf</html>", content_type="application/pdf"),
            SimpleUploadedFile("a.pdf", b"%PDF-1.7 broken", content_type="application/pdf"),
            None,
        ],
    )
    def test_a_paper_is_a_pdf_by_its_content(self, slot: Any, file: Any) -> None:
        author = make_user()
        offer = make_offer(slot, author, submit=False)
        with pytest.raises(ValidationError) as error:
            add_offer_paper(actor=author, offer=offer, kind="offer", file=file)
        assert set(error.value.message_dict) == {"paper_offer"} and not StoredFile.objects.exists()

    def test_not_longer_than_the_call_says_and_none_it_does_not_ask_for(self, slot: Any) -> None:
        slot.call.papers.create(kind="venue", max_pages=1, required=False)
        author = make_user()
        offer = make_offer(slot, author, submit=False)
        for kind, pages in (("venue", 2), ("cv", 1)):
            with pytest.raises(ValidationError):
                add_offer_paper(actor=author, offer=offer, kind=kind, file=pdf(pages=pages))
        first = add_offer_paper(actor=author, offer=offer, kind="venue", file=pdf())
        second = add_offer_paper(actor=author, offer=offer, kind="venue", file=pdf("b.pdf"))
        assert list(offer.papers.all()) == [second] != [first] and StoredFile.objects.count() == 1

    def test_papers_of_those_not_chosen_go_when_their_time_is_over(self, slot: Any) -> None:
        staff = make_user("staff")
        offers = [make_offer(slot, make_user()) for _n in range(3)]
        call = close(slot.call)
        for offer, outcome in zip(offers, ("chosen", "reserve", "not_chosen"), strict=True):
            decide_offer(actor=staff, offer=offer, outcome=outcome, reason="So.")
        call = announce_hosts(actor=staff, call=call)
        assert call.decided_at
        over = call.decided_at + call.retention_days * DAY
        assert forget_offer_papers(over - timedelta(seconds=1)) == 0
        assert forget_offer_papers(over) == 2 and forget_offer_papers(over) == 0
        assert OfferPaper.objects.get().offer == offers[0] and StoredFile.objects.count() == 1


class TestLeaving:
    def test_withdrawn_at_any_time_once_by_host_or_secretariat(self, slot: Any) -> None:
        author, staff = make_user(), make_user("staff")
        first, second, draft = (make_offer(slot, author, submit=n < 2) for n in range(3))
        assert withdraw_offer(actor=author, offer=draft).state == S.WITHDRAWN
        close(slot.call)
        done = withdraw_offer(actor=author, offer=first, reason="No room.")
        assert withdraw_offer(actor=author, offer=done).version == done.version
        with pytest.raises(ValidationError):
            withdraw_offer(actor=staff, offer=second)
        assert withdraw_offer(actor=staff, offer=second, reason="By letter.").state == S.WITHDRAWN
        with pytest.raises(Refusal):
            withdraw_offer(actor=make_user(), offer=draft)

    def test_the_trail_of_who_withdraws_keeps_an_unannounced_decision(self, slot: Any) -> None:
        author = make_user()
        offer = make_offer(slot, author)
        close(slot.call)
        decide_offer(actor=make_user("staff"), offer=offer, outcome="chosen", reason="Best.")
        withdraw_offer(actor=author, offer=fresh(offer))
        noted = AuditEntry.objects.filter(action="offer.move", actor=author).order_by("-pk")[0].changes
        assert noted == {"state": ["submitted", "withdrawn"]}
        assert fresh(offer).moves.order_by("-pk")[0].before == S.CHOSEN

    def test_who_erases_their_account_leaves_what_was_handed_in(self, slot: Any) -> None:
        author = make_user()
        draft, handed_in = make_offer(slot, author, submit=False), make_offer(slot, author)
        add_offer_paper(actor=author, offer=draft, kind="offer", file=pdf("zq.pdf"))
        assert len(offers_of(author)) == 2 and offers_of(author)[1]["receipt"] == handed_in.receipt
        erase_account(actor=author, person=author)
        outbox.drain()
        assert list(HostingOffer.objects.all()) == [handed_in]
        assert StoredFile.objects.filter(purpose="offer_paper").count() == 1
        assert fresh(handed_in).created_by.erased_at


def test_direction_overrides_are_taken_out_of_a_hosts_name_and_city() -> None:
    offer = make_offer(
        make_slot(make_hosting_call()),
        make_user(),
        submit=False,
        host_name="City\u202e of L",
        place="\u2066Lyon",
    )
    assert (offer.host_name, offer.place) == ("City of L", "Lyon")
