"""The demonstration's call for hosts: three meetings, and three offers for the first of them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from accounts.models import Organisation, Region, User
from drafts.models import Guidelines
from experts.actions.announcing import announce_call
from experts.actions.calls import create_call
from experts.models import Call, HostingOffer, HostingSlot
from experts.words import set_words
from guidelines_portal.demonstration.clock import clock_set_to

DAY = timedelta(days=1)
Kind, Host = HostingSlot.Kind, HostingOffer.HostKind
# When each meeting is planned, in days from now, and for how many.
MEETINGS = (
    (Kind.EXPERT_GROUP_MEETING, 120, 60, ""),
    (Kind.EXPERT_GROUP_MEETING, 330, 60, ""),
    (Kind.REGIONAL_CONSULTATION, 190, 90, "africa"),
)
OFFERS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "thandiwe.mokoena@example.org",
        {
            "host_kind": Host.MEMBER_STATE,
            "place": "Kestrel Bay",
            "venue": "Congress centre by the station: a plenary for 120 and four rooms for groups, two lines of fibre.",
            "capacity": 120,
            "accessibility": "Step-free throughout, hearing loops, a quiet room; sign language on request.",
            "interpretation": ["en", "fr", "ar"],
            "visas": "Without a fee, issued within five days of the list of participants.",
            "contribution_in_kind": "Venue, interpretation, local transport.",
            "contribution_amount": Decimal(90_000),
            "contribution_currency": "USD",
        },
    ),
    (
        "priya.raghunathan@example.org",
        {
            "host_kind": Host.ACADEMIA,
            "place": "Mirador",
            "venue": "Main hall of the institute for 80, with two seminar rooms beside it.",
            "capacity": 80,
            "accessibility": "Lifts to every floor; one door of the hall opens by hand only.",
            "interpretation": ["en"],
            "visas": "Letters of invitation within a week; the fee is reimbursed.",
            "contribution_in_kind": "Venue and meals.",
        },
    ),
    (
        "joaquin.ibarra@example.org",
        {
            "host_kind": Host.LOCAL_GOVERNMENT,
            "place": "Puerto Alerce",
            "venue": "Town hall; the plenary would meet in the old market.",
            "capacity": 70,
        },
    ),
)


def load_hosting(
    texts: dict[str, Any], guidelines: Guidelines, staff: User, people: list[User], now: datetime
) -> Call:
    """The call with its meetings and offers: two handed in, one that is still a draft."""
    words = texts["hosting"]
    weights = {"venue": 2, "contribution": 1}
    with clock_set_to(now - 12 * DAY):
        call = create_call(
            actor=staff,
            kind=Call.Kind.HOSTING,
            guidelines=guidelines,
            titles=words["titles"],
            terms=words["terms"],
            opens_at=now - 8 * DAY,
            closes_at=(now + 30 * DAY).astimezone(ZoneInfo("Europe/Paris")).replace(hour=23, minute=59),
            zone="Europe/Paris",
            criteria=[{"code": code, "weight": n, **texts["criteria"][code]} for code, n in weights.items()],
            papers=[{"kind": "offer", "required": False}, {"kind": "venue", "required": False}],
        )
    slots = [_slot(call, place, titles, now) for place, titles in enumerate(words["slots"])]
    with clock_set_to(now - 10 * DAY):
        call = announce_call(actor=staff, call=call)
    Call.objects.filter(pk=call.pk).update(created_at=now - 12 * DAY)
    by_email = {person.email: person for person in people}
    for place, (email, said) in enumerate(OFFERS):
        _offer(slots[0], by_email[email], said, now - (5 - place) * DAY)
    return call


def _slot(call: Call, place: int, titles: dict[str, str], now: datetime) -> HostingSlot:
    kind, days, participants, region = MEETINGS[place]
    starts = (now + days * DAY).date()
    slot = HostingSlot(
        call=call,
        kind=kind,
        region=Region.objects.get(scheme="un_group", code=region) if region else None,
        starts_on=starts,
        ends_on=starts + DAY,
        participants=participants,
        position=place,
    )
    set_words(slot, "title", titles)
    slot.save()
    return slot


def _offer(slot: HostingSlot, host: User, said: dict[str, Any], at: datetime) -> HostingOffer:
    place = host.affiliations.select_related("organisation").order_by("pk").first()
    organisation: Organisation | None = place.organisation if place else None
    whole = "contribution_in_kind" in said
    return HostingOffer.objects.create(
        uuid=uuid5(NAMESPACE_URL, f"offer of {host.email}"),
        slot=slot,
        host_name=organisation.name if organisation else host.name,
        organisation=organisation,
        country_id=str(host.country_id),
        state=HostingOffer.State.SUBMITTED if whole else HostingOffer.State.DRAFT,
        starts_on=slot.starts_on,
        ends_on=slot.ends_on,
        created_by=host,
        created_at=at,
        changed_at=at,
        submitted_at=at if whole else None,
        **said,
    )
