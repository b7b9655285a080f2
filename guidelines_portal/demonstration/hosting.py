"""The demonstration's calls for hosts: one that is open, and one that is over with what became of its meetings.

Everything goes through the actions at the time at which it is told to have happened, so that trail, receipts and mails
are those of a real call.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Max

from accounts.models import Country, Region, StakeholderGroup, User
from core import outbox
from core.models import Outbox
from drafts.models import Guidelines
from experts.actions.announcing import announce_call
from experts.actions.calls import create_call
from experts.actions.host_agreement import set_agreement_step
from experts.actions.hosting_slots import create_slot, record_outcome
from experts.actions.offer_papers import add_offer_paper
from experts.actions.offers import begin_offer, submit_offer
from experts.actions.weighing_offers import announce_hosts, decide_offer, score_offer
from experts.models import Call, HostAgreementStep, HostingOffer, HostingSlot
from guidelines_portal.demonstration.clock import clock_set_to
from guidelines_portal.demonstration.pdf import pdf_of

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ZONE = "Europe/Paris"
Kind, Host, S = HostingSlot.Kind, HostingOffer.HostKind, HostingOffer.State
Step = HostAgreementStep.Kind
# When each meeting is planned, in days from now, and for how many.
MEETINGS = (
    (Kind.EXPERT_GROUP_MEETING, 120, 60, ""),
    (Kind.EXPERT_GROUP_MEETING, 330, 60, ""),
    (Kind.REGIONAL_CONSULTATION, 190, 90, "africa"),
)
EARLIER_MEETINGS = (
    (Kind.EXPERT_GROUP_MEETING, -45, 60, ""),
    (Kind.REGIONAL_CONSULTATION, -20, 90, "latin_america_caribbean"),
)
CITY = "joaquin.ibarra@example.org"
INSTITUTE = "priya.raghunathan@example.org"
STATE = "thandiwe.mokoena@example.org"
KINDS = {CITY: Host.LOCAL_GOVERNMENT, INSTITUTE: Host.ACADEMIA, STATE: Host.MEMBER_STATE}
OFFERS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        STATE,
        {
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
        INSTITUTE,
        {
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
        CITY,
        {
            "place": "Puerto Alerce",
            "venue": "Town hall; the plenary would meet in the old market.",
            "capacity": 70,
        },
    ),
)


# What the city had offered to the call before, whole.
CITY_EARLIER = {
    "place": "Puerto Alerce",
    "venue": "Town hall for 90, with three rooms for groups; the plenary can be followed from the old market.",
    "capacity": 90,
    "accessibility": "Step-free but for one stair in the old market; a ramp was ordered.",
    "interpretation": ["es", "en"],
    "visas": "Without a fee for participants of the list.",
    "contribution_in_kind": "Venue, meals and local transport.",
    "contribution_amount": Decimal(15_000),
    "contribution_currency": "USD",
}
# Meeting, host, days ago, scores, what was decided and why.
EARLIER: tuple[tuple[int, str, int, tuple[int, int], str, str], ...] = (
    (
        0,
        STATE,
        130,
        (9, 8),
        S.CHOSEN,
        "The only venue that holds everybody without a step, with three languages.",
    ),
    (0, INSTITUTE, 128, (7, 5), S.RESERVE, "Good rooms; one door of the hall isn’t accessible yet."),
    (0, CITY, 127, (6, 6), S.NOT_CHOSEN, "The regional consultation suits this city better."),
    (1, CITY, 126, (8, 7), S.CHOSEN, "In the region, with Spanish interpreted, and reached without a visa."),
)


def load_hosting(
    texts: dict[str, Any], guidelines: Guidelines, staff: User, now: datetime
) -> dict[str, Call]:
    """Two calls with their meetings and offers: an open one, with two handed in and one draft; one that is over."""
    mark = Outbox.objects.aggregate(last=Max("pk"))["last"] or 0
    over = _over(texts, guidelines, staff, now, mark)
    call = _call(texts, guidelines, staff, opens=now - 8 * DAY, closes=now + 30 * DAY)
    slots = _announce(call, texts["hosting"]["slots"], MEETINGS, staff, now=now, at=now - 10 * DAY)
    for place, (email, said) in enumerate(OFFERS):
        with clock_set_to(now - (5 - place) * DAY, step=SECOND):
            _offer(slots[0], email, said, submit="contribution_in_kind" in said)
            _deliver(mark)
    return {"hosting": call, "hosting_over": over}


def _over(texts: dict[str, Any], guidelines: Guidelines, staff: User, now: datetime, mark: int) -> Call:
    """Closed, scored, decided and announced; the first meeting was held online in the end."""
    words = texts["hosting over"]
    call = _call(
        texts, guidelines, staff, opens=now - 140 * DAY, closes=now - 112 * DAY, titles=words["titles"]
    )
    slots = _announce(call, words["slots"], EARLIER_MEETINGS, staff, now=now, at=now - 141 * DAY)
    said = {**dict(OFFERS), CITY: CITY_EARLIER}
    made = []
    for place, email, days, *_rest in EARLIER:
        with clock_set_to(now - days * DAY, step=SECOND):
            made.append(_offer(slots[place], email, said[email], submit=True))
            _deliver(mark)
    with clock_set_to(now - 108 * DAY, step=60 * SECOND):
        for offer, (*_host, (venue, contribution), outcome, reason) in zip(made, EARLIER, strict=True):
            score_offer(
                actor=staff, offer=offer, scores={"venue": (venue, ""), "contribution": (contribution, "")}
            )
            decide_offer(actor=staff, offer=offer, outcome=outcome, reason=reason)
    with clock_set_to(now - 105 * DAY, step=SECOND):
        call = announce_hosts(actor=staff, call=call)
        _deliver(mark)
    for kind, days in ((Step.DRAFT_SENT, 100), (Step.COMMENTS, 90), (Step.AGREED, 80), (Step.SIGNED, 70)):
        with clock_set_to(now - days * DAY):
            set_agreement_step(actor=staff, offer=made[0], kind=kind, done_on=_day(now, -days))
    with clock_set_to(now - 43 * DAY):
        record_outcome(
            actor=staff,
            slot=slots[0],
            outcome=HostingSlot.Outcome.ONLINE,
            held_from=_day(now, -44),
            held_to=_day(now, -44),
            note="The airport was closed by a storm; the meeting was held online on one day.",
        )
    with clock_set_to(now - 18 * DAY):
        record_outcome(
            actor=staff,
            slot=slots[1],
            outcome=HostingSlot.Outcome.HELD,
            held_from=slots[1].starts_on,
            held_to=slots[1].ends_on,
        )
    return call


def _call(
    texts: dict[str, Any],
    guidelines: Guidelines,
    staff: User,
    *,
    opens: datetime,
    closes: datetime,
    titles: Mapping[str, str] | None = None,
) -> Call:
    words, weights = texts["hosting"], {"venue": 2, "contribution": 1}
    with clock_set_to(opens - 4 * DAY):
        call = create_call(
            actor=staff,
            kind=Call.Kind.HOSTING,
            guidelines=guidelines,
            titles=titles or words["titles"],
            terms=words["terms"],
            opens_at=opens,
            closes_at=closes.astimezone(ZoneInfo(ZONE)).replace(hour=23, minute=59),
            zone=ZONE,
            criteria=[{"code": code, "weight": n, **texts["criteria"][code]} for code, n in weights.items()],
            papers=[{"kind": "offer", "required": False}, {"kind": "venue", "required": False}],
        )
    Call.objects.filter(pk=call.pk).update(created_at=opens - 4 * DAY)
    return call


def _announce(
    call: Call,
    titles: Sequence[dict[str, str]],
    plans: Sequence[Any],
    staff: User,
    *,
    now: datetime,
    at: datetime,
) -> list[HostingSlot]:
    """The call's meetings, and its announcement."""
    slots = []
    with clock_set_to(at):
        for position, (words, (kind, days, participants, region)) in enumerate(
            zip(titles, plans, strict=True)
        ):
            slot = create_slot(
                actor=staff,
                call=call,
                titles=words,
                kind=kind,
                region=Region.objects.get(scheme="un_group", code=region) if region else None,
                starts_on=_day(now, days),
                ends_on=_day(now, days + 1),
                participants=participants,
                position=position,
            )
            slots.append(slot)
        announce_call(actor=staff, call=call)
    call.refresh_from_db()
    return slots


def _offer(slot: HostingSlot, email: str, said: Mapping[str, Any], *, submit: bool) -> HostingOffer:
    """An offer as its host makes it, with a signed letter where one is needed."""
    host, kind = User.objects.get(email=email), KINDS[email]
    place = host.affiliations.select_related("organisation").order_by("pk").first()
    organisation = place.organisation if place else None
    if organisation is not None and organisation.kind == StakeholderGroup.MEMBER_STATE:
        organisation = None
    offer = begin_offer(
        actor=host,
        call=slot.call,
        uuid=uuid5(NAMESPACE_URL, f"offer of {email} for {slot.title_en}"),  # type: ignore[attr-defined]
        slot=slot,
        host_kind=kind,
        country=None if kind == Host.MEMBER_STATE else Country.objects.get(pk=host.country_id),
        organisation=organisation,
        host_name=organisation.name if organisation else host.name,
        starts_on=slot.starts_on,
        ends_on=slot.ends_on,
        **said,
    )
    if not submit:
        return offer
    if kind != Host.MEMBER_STATE:
        letter = pdf_of(
            f"Letter of {offer.host_name}", ["We offer to host the meeting.", "Signed (fictional)."]
        )
        file = SimpleUploadedFile("letter.pdf", letter, content_type="application/pdf")
        add_offer_paper(actor=host, offer=offer, kind="offer", file=file)
    return submit_offer(actor=host, offer=offer)


def _deliver(mark: int) -> None:
    """Let the events since ``mark`` have their consequences at the time that is told: notices and mails."""
    while due := list(
        Outbox.objects.filter(pk__gt=mark, done_at=None).order_by("pk").values_list("pk", flat=True)
    ):
        if not sum(outbox.deliver(pk) for pk in due):
            return


def _day(now: datetime, days: int) -> date:
    return (now + days * DAY).date()
