"""The pages of offers, as a host uses them on a phone, without JavaScript; and the secretariat's."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from experts.actions.offers import save_offer
from experts.models import HostingOffer, OfferScore
from tests.experts.hosts import close, focal_point, fresh, make_hosting_call, make_offer, make_slot, pdf
from tests.factories import make_user

pytestmark = pytest.mark.django_db
S = HostingOffer.State


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def slot() -> Any:
    return make_slot(make_hosting_call())


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


SENT = {
    "host_name": "City of Lyon",
    "starts_on": "2027-05-03",
    "ends_on": "2027-05-05",
    "place": "Lyon",
    "venue": "Town hall",
    "capacity": "60",
    "accessibility": "Step-free",
    "interpretation": ["en", "fr"],
    "visas": "Ten days",
    "contribution_in_kind": "Venue",
    "contribution_amount": "25000.50",
    "contribution_currency": "EUR",
}


def begun(client: Client, slot: Any, kind: str = "local_government") -> HostingOffer:
    path = f"/en/calls/{slot.call_id}/offer/"
    sent = {"key": str(uuid4()), "slot": slot.pk, "host_kind": kind, "country": "FRA"}
    answers = [client.post(path, sent) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    return HostingOffer.objects.get()


def test_from_the_calls_page_to_the_receipt(slot: Any) -> None:
    client = signed_in(make_user(country_id="FRA"))
    assert f"/en/calls/{slot.call_id}/offer/" in client.get(f"/en/calls/{slot.call_id}/").content.decode()
    offer = begun(client, slot)
    edit = f"/en/offers/{offer.uuid}/edit/"
    sent = {**SENT, "slot": slot.pk, "version": offer.version}
    missing = client.post(edit, {**sent, "hand_in": "1"})
    assert missing.status_code == 400 and "This paper is needed." in missing.content.decode()
    offer = fresh(offer)
    assert offer.venue == "Town hall" and offer.state == S.DRAFT
    done = client.post(edit, {**sent, "version": offer.version, "hand_in": "1", "paper_offer": pdf()})
    assert done.status_code == 302
    page = client.get(f"/en/offers/{offer.uuid}/").content.decode()
    assert fresh(offer).receipt in page and "EUR&nbsp;25,000.50" in page


def test_a_focal_point_needs_no_letter(slot: Any) -> None:
    client = signed_in(focal_point("KEN"))
    offer = begun(client, slot, "member_state")
    sent = {**SENT, "slot": slot.pk, "version": offer.version, "hand_in": "1"}
    assert client.post(f"/en/offers/{offer.uuid}/edit/", sent).status_code == 302
    assert fresh(offer).state == S.SUBMITTED and fresh(offer).host_name == "Kenya"


def test_late_is_kept_as_a_draft_and_told(slot: Any) -> None:
    client = signed_in(make_user())
    offer = begun(client, slot)
    close(slot.call)
    sent = {**SENT, "slot": slot.pk, "version": offer.version, "hand_in": "1", "paper_offer": pdf()}
    answer = client.post(f"/en/offers/{offer.uuid}/edit/", sent, follow=True)
    assert "was not handed in" in answer.content.decode()
    assert fresh(offer).state == S.DRAFT and fresh(offer).place == "Lyon"


def test_another_window_is_not_overwritten_silently(slot: Any) -> None:
    author = make_user()
    offer = make_offer(slot, author, submit=False)
    save_offer(actor=author, offer=offer, place="Nice")
    client, sent = signed_in(author), {**SENT, "slot": slot.pk, "version": offer.version}
    answer = client.post(f"/en/offers/{offer.uuid}/edit/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Nice" in page and 'value="Lyon"' in page
    assert fresh(offer).place == "Nice"
    assert client.post(f"/en/offers/{offer.uuid}/keep/", sent).status_code == 409


def test_what_is_being_written_is_kept_but_for_what_is_wrong(slot: Any) -> None:
    author = make_user()
    offer = make_offer(slot, author, submit=False)
    sent = {
        **SENT,
        "slot": slot.pk,
        "version": offer.version,
        "venue": "Hall 2",
        "starts_on": "2027-13-40",
        "contribution_amount": "much",
    }
    answer = signed_in(author).post(f"/en/offers/{offer.uuid}/keep/", sent)
    assert answer.status_code == 200
    assert set(answer.json()["wrong"]) == {"starts_on", "contribution_amount"}
    assert fresh(offer).venue == "Hall 2" and fresh(offer).contribution_amount == 25000
    assert Client().post(f"/en/offers/{offer.uuid}/keep/", sent).status_code == 401


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            ("contribution_amount", value)
            for value in ("much", "1e400", "NaN", "-3", "1.234", "٢٥x", "9" * 30)
        ),
        *(("starts_on", value) for value in ("2027-13-01", "tomorrow", "0000-00-00", "99999-01-01")),
        *(("capacity", value) for value in ("0", "-1", "many", "9" * 40)),
        *(("contribution_currency", value) for value in ("$", "EURO", "xxx")),
        ("slot", "999999"),
        ("interpretation", "xx"),
    ],
)
def test_malformed_input_is_told_at_its_field_and_changes_nothing(slot: Any, field: str, value: str) -> None:
    author = make_user()
    offer = make_offer(slot, author, submit=False)
    sent = {**SENT, "slot": slot.pk, "version": offer.version, field: value}
    answer = signed_in(author).post(f"/en/offers/{offer.uuid}/edit/", sent)
    assert answer.status_code == 400 and f'id="id_{field}_error"' in answer.content.decode()
    assert fresh(offer).version == offer.version


def test_the_secretariat_compares_scores_decides_and_announces(slot: Any) -> None:
    offers = [make_offer(slot, make_user(), host_name=f"Host {n}") for n in range(2)]
    close(slot.call)
    client, base = signed_in(make_user("staff")), f"/en/calls/{slot.call_id}/hosting/"
    for offer in offers:
        sent = {"score_fit": "8", "comment_fit": "Good.", "score_access": "6", "comment_access": ""}
        assert client.post(f"/en/offers/{offer.uuid}/score/", sent).status_code == 302
    assert OfferScore.objects.count() == 4
    wrong = client.post(f"/en/offers/{offers[0].uuid}/score/", {"score_fit": "11"})
    assert wrong.status_code == 400
    assert "7.5" in client.get(f"{base}{slot.pk}/").content.decode()
    for offer, outcome in zip(offers, ("chosen", "chosen"), strict=True):
        key = str(offer.uuid)
        decision = {f"{key}-outcome": outcome, f"{key}-reason": "So.", f"{key}-version": fresh(offer).version}
        answer = client.post(f"{base}{slot.pk}/", {"offer": key, **decision})
        assert answer.status_code == (302 if offer == offers[0] else 409)
    assert client.post(f"{base}announce/", {"version": slot.call.version}).status_code == 409
    key = str(offers[1].uuid)
    decision = {
        f"{key}-outcome": "reserve",
        f"{key}-reason": "So.",
        f"{key}-version": fresh(offers[1]).version,
    }
    assert client.post(f"{base}{slot.pk}/", {"offer": key, **decision}).status_code == 302
    assert "Announce the hosts now" in client.get(f"{base}announce/").content.decode()
    assert client.post(f"{base}announce/", {"version": slot.call.version}).status_code == 302
    for page in ("", f"{slot.pk}/", f"{slot.pk}/outcome/"):
        assert client.get(f"{base}{page}").status_code == 200
    assert client.get(f"/en/offers/{offers[0].uuid}/agreement/").status_code == 200
    step = {"kind": "signed", "seen": "", "due_on": "2027-01-01", "done_on": "", "note": ""}
    assert client.post(f"/en/offers/{offers[0].uuid}/agreement/", step).status_code == 302


@pytest.mark.parametrize("role", ["expert", "focal_point", "drafter", "admin"])
def test_the_boards_are_the_secretariats(slot: Any, role: str) -> None:
    client = signed_in(make_user(role))
    for page in ("", "new/", "announce/", f"{slot.pk}/", f"{slot.pk}/edit/", f"{slot.pk}/outcome/"):
        assert client.get(f"/en/calls/{slot.call_id}/hosting/{page}").status_code == 403
