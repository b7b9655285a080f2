"""Labels and figures that said something else than they meant."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions.invitations import invite_people
from experts.actions.announcing import close_call
from experts.models import HostingOffer, NominationMove
from tests.experts.hosts import make_hosting_call, make_offer, make_slot
from tests.experts.nominees import make_focal_point, make_paper_call, make_person
from tests.factories import make_call, make_nomination, make_user

pytestmark = pytest.mark.django_db


def read(user: Any, path: str) -> str:
    client = Client()
    if user:
        client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_a_member_state_as_host_is_named_in_the_reader_s_language() -> None:
    focal = make_focal_point("FRA")
    slot = make_slot(make_hosting_call())
    offer = make_offer(slot, focal, kind="member_state")
    HostingOffer.objects.update(host_name="Frankreich")  # as it was called where it was offered
    for language, name in (("en", "France"), ("es", "Francia"), ("ru", "Франция")):
        page = read(focal, f"/{language}/offers/{offer.uuid}/")
        assert name in page and "Frankreich" not in page
        with translation.override(language):
            assert HostingOffer.objects.get().host == name
    offer.host_kind, offer.host_name = "academia", "Université de Lyon"
    assert offer.host == "Université de Lyon"


def test_languages_interpreted_are_named_in_the_reader_s_language() -> None:
    person = make_person("expert")
    offer = make_offer(make_slot(make_hosting_call()), person, interpretation=["ar", "fr"])
    assert "Arabic" in read(person, f"/en/offers/{offer.uuid}/")
    assert "العربيّة" not in read(person, f"/en/offers/{offer.uuid}/")
    assert "Árabe" in read(person, f"/es/offers/{offer.uuid}/")


def test_the_api_tells_when_a_call_that_was_closed_early_closed() -> None:
    staff = make_user("staff")
    call = make_call(closes_at=timezone.now() + timedelta(days=9))
    announced = Client().get(f"/api/v1/calls/{call.pk}/").json()["closes_at"]
    close_call(actor=staff, call=call, reason="Enough.")
    told = Client().get(f"/api/v1/calls/{call.pk}/").json()
    call.refresh_from_db()
    assert told["closes_at"] == told["closed_at"] != announced
    assert told["closes_at_local"].startswith(str(call.closed_at.date())[:8])  # type: ignore[union-attr]


def test_nobody_is_offered_to_apply_where_they_have_a_nomination() -> None:
    person, call, other = make_person("expert"), make_call(title="Mine"), make_call(title="Other")
    nomination = make_nomination(call, state="draft", way="applied", nominee=person, email=person.email)
    page = read(person, "/en/my/nominations/")
    assert f"/calls/{call.pk}/apply/" not in page and f"/calls/{other.pk}/apply/" in page
    mine = read(person, f"/en/calls/{call.pk}/")
    assert f"/calls/{call.pk}/apply/" not in mine and f"/nominations/{nomination.uuid}/" in mine
    nomination.state = "withdrawn"
    nomination.save()
    assert f"/calls/{call.pk}/apply/" in read(person, "/en/my/nominations/")


def test_the_motivation_is_counted_without_javascript_after_saving() -> None:
    person = make_person("expert")
    nomination = make_nomination(
        make_paper_call(),
        state="draft",
        way="applied",
        nominee=person,
        email=person.email,
        motivation="To serve.",
    )
    page = read(person, f"/en/nominations/{nomination.uuid}/edit/")
    assert "<bdi data-words>2</bdi> / 600" in page


def test_times_of_the_history_name_their_zone() -> None:
    person = make_person("expert")
    nomination = make_nomination(make_call(zone="Europe/Paris"), nominee=person, email=person.email)
    NominationMove.objects.create(nomination=nomination, after="submitted", at=timezone.now())
    assert "Paris (UTC+0" in read(person, f"/en/nominations/{nomination.uuid}/")


def test_an_invitation_says_who_sent_it() -> None:
    staff = make_user("staff", name="Fatima Noor")
    invite_people(actor=staff, people="guest@example.org, Guest", role="expert")
    assert "Invited by: <bdi>Fatima Noor</bdi>" in read(staff, reverse("accounts:invitation_list"))


def test_places_taken_are_counted_in_singular_and_plural() -> None:
    person, call = make_focal_point("KEN"), make_call()
    for words in ("0 places of 2 taken", "1 place of 2 taken", "2 places of 2 taken"):
        assert words in read(person, f"/en/calls/{call.pk}/country/")
        assert f"Kenya: {words}" in read(person, f"/en/calls/{call.pk}/")
        make_nomination(call, country="KEN")
