"""Makers of meetings and offers for tests; every default is said here."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfWriter

from accounts.models import Affiliation, Country, Organisation
from experts.actions.offer_papers import add_offer_paper
from experts.actions.offers import begin_offer, save_offer, submit_offer
from experts.models import Call, HostingOffer, HostingSlot
from tests.factories import make_call, make_member_state, make_user

DAY = timedelta(days=1)
WORDS: dict[str, Any] = {
    "host_name": "City of Lyon",
    "starts_on": date(2027, 5, 3),
    "ends_on": date(2027, 5, 5),
    "place": "Lyon",
    "venue": "The town hall",
    "capacity": 60,
    "accessibility": "Step-free",
    "interpretation": ["fr", "en"],
    "visas": "Within ten days",
    "contribution_in_kind": "Venue and meals",
    "contribution_amount": Decimal("25000"),
    "contribution_currency": "EUR",
}


def pdf(name: str = "letter.pdf", pages: int = 1) -> SimpleUploadedFile:
    writer, stream = PdfWriter(), io.BytesIO()
    for _n in range(pages):
        writer.add_blank_page(width=200, height=200)
    writer.write(stream)
    return SimpleUploadedFile(name, stream.getvalue(), content_type="application/pdf")


def make_hosting_call(**fields: Any) -> Call:
    """An open call to host with two criteria."""
    call = make_call(kind="hosting", **fields)
    for n, (code, weight) in enumerate((("fit", 3), ("access", 1)), 1):
        call.criteria.create(code=code, name=code, name_en=code, weight=weight, position=n)
    return call


def make_slot(call: Call, title: str = "Second meeting", **fields: Any) -> HostingSlot:
    plan: dict[str, Any] = {
        "kind": "expert_group_meeting",
        "starts_on": date(2027, 5, 3),
        "ends_on": date(2027, 5, 5),
        "participants": 40,
    }
    return HostingSlot.objects.create(call=call, title=title, title_en=title, **{**plan, **fields})


def make_offer(
    slot: HostingSlot,
    author: Any,
    *,
    kind: str = "local_government",
    country: str = "FRA",
    organisation: Organisation | None = None,
    submit: bool = True,
    **words: Any,
) -> HostingOffer:
    """An offer made the way hosts make it; runs the real actions."""
    place = None if kind == "member_state" else Country.objects.get(pk=country)
    offer = begin_offer(
        actor=author,
        call=slot.call,
        uuid=uuid4(),
        slot=slot,
        host_kind=kind,
        country=place,
        organisation=organisation,
    )
    offer = save_offer(actor=author, offer=offer, **{**WORDS, **words})
    if submit:
        if kind != "member_state":
            add_offer_paper(actor=author, offer=offer, kind="offer", file=pdf())
        offer = submit_offer(actor=author, offer=offer)
    return offer


def focal_point(country: str = "KEN", **fields: Any) -> Any:
    person = make_user("focal_point", country_id=country, **fields)
    make_member_state(country, contact=person)
    return person


def member_of(organisation: Organisation, role: str = "member", *, confirmed: bool = True) -> Any:
    person = make_user()
    at = timezone.now() if confirmed else None
    Affiliation.objects.create(user=person, organisation=organisation, role=role, confirmed_at=at)
    return person


def close(call: Call) -> Call:
    """Let the deadline have passed, an hour ago."""
    call.opens_at, call.closes_at = timezone.now() - 9 * DAY, timezone.now() - timedelta(hours=1)
    call.save()
    return call


def fresh(offer: HostingOffer) -> HostingOffer:
    """The offer as a request of its own would read it."""
    return HostingOffer.objects.select_related("slot__call").get(pk=offer.pk)
