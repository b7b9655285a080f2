"""What pages and the API read of meetings and the offers to host them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from experts.hosting_rules import DECIDED, state_shown_to
from experts.meeting_pages import MeetingPage, meeting_pages
from experts.models import (
    Call,
    Criterion,
    HostAgreementStep,
    HostingOffer,
    HostingSlot,
    OfferPaper,
    OfferScore,
)
from experts.standing import is_staff

S = HostingOffer.State
WIDTH = 400  # of a bar's view box


@dataclass(frozen=True)
class PublicSlot:
    """A meeting as everybody sees it: the host only once the decisions are announced. ``page``: where it is told of,
    once there is one that the reader may see."""

    slot: HostingSlot
    host: HostingOffer | None
    page: MeetingPage | None = None


def public_slots(call: Call) -> list[PublicSlot]:
    """The meetings of a call, with their hosts where they are announced (two queries; none where prefetched)."""
    return [PublicSlot(slot, host_of(call, slot)) for slot in call.slots.all()]


def host_of(call: Call, slot: HostingSlot) -> HostingOffer | None:
    """The announced host; None before the announcement, and where nobody is chosen."""
    if not call.decided_at:
        return None
    return next((offer for offer in slot.offers.all() if offer.state == S.CHOSEN), None)


def with_slots(calls: "QuerySet[Call]") -> "QuerySet[Call]":
    """The calls with what ``public_slots`` reads of them: three queries, however many calls."""
    chosen = HostingOffer.objects.filter(state=S.CHOSEN).select_related("country")
    slots = HostingSlot.objects.select_related("region").prefetch_related(Prefetch("offers", queryset=chosen))
    return calls.prefetch_related(Prefetch("slots", queryset=slots))


@dataclass(frozen=True)
class OwnOffer:
    """An offer that the reader has in hand, with the state as they may know it."""

    offer: HostingOffer
    state: str
    label: str


def own_offers(user: Any, call: Call) -> list[OwnOffer]:
    """The offers to a call that the reader has in hand, those withdrawn last."""
    found = whole_offers(HostingOffer.objects.of_hosts(user).filter(slot__call=call)).order_by("slot", "pk")
    shown = [(offer, state_shown_to(user, offer)) for offer in found]
    return sorted(
        (OwnOffer(offer, state, str(S(state).label)) for offer, state in shown),
        key=lambda own: own.state == S.WITHDRAWN,
    )


def hosting_context(user: Any, call: Call) -> dict[str, Any]:
    """What the page of a call to host shows beside what every call's page does: the meetings, the reader's offers."""
    own = own_offers(user, call) if user.is_authenticated else []
    slots = public_slots(call)
    pages = meeting_pages(user, [row.slot.pk for row in slots])
    return {"meetings": [replace(row, page=pages.get(row.slot.pk)) for row in slots], "own_offers": own}


def whole_offers(offers: "QuerySet[HostingOffer]") -> "QuerySet[HostingOffer]":
    """Offers with their meeting, call, country and organisation, and what a call's deadlines need."""
    related = offers.select_related("slot__call", "slot__region", "country", "organisation__country")
    return related.select_related("created_by").prefetch_related("slot__call__reopenings")


def offers_of(
    call: Call, reader: Any, *, state: str = "", host_kind: str = "", country: str = "", slot: str = ""
) -> "QuerySet[HostingOffer]":
    """The offers to a call that ``reader`` may know of. ``state`` as it is shown to them: asking for the chosen ones
    tells nobody what isn't announced."""
    found = HostingOffer.objects.visible_to(reader).filter(slot__call=call)
    if state and not is_staff(reader) and not call.decided_at:
        told = [S.SUBMITTED, *DECIDED] if state == S.SUBMITTED else {state} - {*DECIDED}
        found = found.filter(state__in=told)
    elif state:
        found = found.filter(state=state)
    asked = {"host_kind": host_kind, "country": country, "slot": slot}
    return found.filter(**{name: value for name, value in asked.items() if value}).order_by("slot", "pk")


@dataclass(frozen=True)
class Dot:
    """One person's score, at its place on the scale."""

    name: str
    value: int
    comment: str
    at: int


@dataclass(frozen=True)
class CriterionScores:
    """What everybody scored by one criterion; ``mean`` None where nobody has."""

    criterion: Criterion
    dots: list[Dot] = field(default_factory=list)
    width: int = WIDTH

    @property
    def values(self) -> list[int]:
        return [dot.value for dot in self.dots]

    @property
    def mean(self) -> float | None:
        return sum(self.values) / len(self.values) if self.values else None

    @property
    def mean_at(self) -> int:
        return _at(self.mean or 0)

    @property
    def from_at(self) -> int:
        return _at(min(self.values, default=0))

    @property
    def span(self) -> int:
        return _at(max(self.values, default=0)) - self.from_at

    @property
    def is_apart(self) -> bool:
        """Whether people differ by so much that they should talk."""
        return bool(self.values) and max(self.values) - min(self.values) >= 4


def _at(value: float) -> int:
    return round(WIDTH * value / Criterion.SCALE)


@dataclass(frozen=True)
class Weighed:
    """An offer with its scores. ``total`` is the mean of the criteria by their weights, 0 to 10; None as long as a
    criterion has no score at all: a total of some would not compare with one of all."""

    offer: HostingOffer
    rows: list[CriterionScores]
    papers: list[OfferPaper]

    @property
    def total(self) -> float | None:
        weighted = [(row.mean, row.criterion.weight) for row in self.rows]
        if not weighted or any(mean is None for mean, _weight in weighted):
            return None
        return sum((mean or 0) * weight for mean, weight in weighted) / sum(weight for _m, weight in weighted)

    @property
    def scored(self) -> int:
        return sum(row.mean is not None for row in self.rows)

    @property
    def total_width(self) -> int:
        return _at(self.total or 0)


def weighed(offers: Iterable[HostingOffer], criteria: Sequence[Criterion]) -> list[Weighed]:
    """Offers with their scores and papers (two queries, however many)."""
    rows = list(offers)
    found: dict[tuple[int, int], list[Dot]] = defaultdict(list)
    for score in OfferScore.objects.filter(offer__in=rows).select_related("scored_by").order_by("at", "pk"):
        dot = Dot(score.scored_by.shown_name, score.value, score.comment, _at(score.value))
        found[score.offer_id, score.criterion_id].append(dot)
    papers: dict[int, list[OfferPaper]] = defaultdict(list)
    for paper in OfferPaper.objects.filter(offer__in=rows).select_related("file").order_by("pk"):
        papers[paper.offer_id].append(paper)
    return [
        Weighed(offer, [CriterionScores(c, found[offer.pk, c.pk]) for c in criteria], papers[offer.pk])
        for offer in rows
    ]


@dataclass(frozen=True)
class Column:
    """An offer in a comparison, with its bars. Money is compared within a currency alone: rates change."""

    weighed: Weighed
    capacity_width: int
    money_width: int
    lacks: int
    days_differ: bool
    all: int = WIDTH

    @property
    def offer(self) -> HostingOffer:
        return self.weighed.offer

    @property
    def key(self) -> str:
        return str(self.offer.uuid)


def comparison(
    slot: HostingSlot, criteria: Sequence[Criterion], offers: Iterable[HostingOffer]
) -> list[Column]:
    """The offers for one meeting beside each other, the best first (two queries); what isn't scored yet comes last."""
    rows = weighed(offers, criteria)
    rows.sort(key=lambda row: (row.offer.state == S.WITHDRAWN, -(row.total or 0), row.offer.pk))
    most_people = max([slot.participants or 0, *(row.offer.capacity or 0 for row in rows)], default=0)
    most_money: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        currency = row.offer.contribution_currency
        most_money[currency] = max(most_money[currency], row.offer.contribution_amount or Decimal(0))
    return [
        Column(
            row,
            round(WIDTH * (row.offer.capacity or 0) / most_people) if most_people else 0,
            _share(row.offer.contribution_amount, most_money[row.offer.contribution_currency]),
            max((slot.participants or 0) - (row.offer.capacity or 0), 0),
            (row.offer.starts_on, row.offer.ends_on) != (slot.starts_on, slot.ends_on),
        )
        for row in rows
    ]


def _share(amount: Decimal | None, most: Decimal) -> int:
    return round(WIDTH * amount / most) if amount and most else 0


def running(slot: HostingSlot, user: Any) -> "QuerySet[HostingOffer]":
    """What was handed in for a meeting, as far as ``user`` may compare it: nothing where they would host it. What was
    withdrawn since is included."""
    seen = HostingOffer.objects.visible_to(user).handed_in().filter(slot=slot)
    return whole_offers(seen.exclude(slot__in=HostingOffer.objects.meetings_hosted(user)))


@dataclass(frozen=True)
class BoardLine:
    """A meeting on the secretariat's board, with what was handed in for it; ``hosted``: the reader would host it, and
    sees nothing of that here."""

    slot: HostingSlot
    weighed: list[Weighed]
    waiting: int
    chosen: HostingOffer | None
    hosted: bool


def board_of(call: Call, user: Any) -> list[BoardLine]:
    """The secretariat's view of all meetings, as ``user`` may see it (seven queries, however many)."""
    criteria = list(call.criteria.all())
    hosted = set(
        HostingOffer.objects.meetings_hosted(user).filter(slot__call=call).values_list("slot", flat=True)
    )
    offers = list(
        whole_offers(HostingOffer.objects.handed_in().filter(slot__call=call).exclude(slot__in=hosted))
    )
    by_slot: dict[int, list[Weighed]] = defaultdict(list)
    for row in weighed(offers, criteria):
        by_slot[row.offer.slot_id].append(row)
    lines = []
    for slot in call.slots.select_related("region"):
        rows = sorted(
            by_slot[slot.pk], key=lambda r: (r.offer.state == S.WITHDRAWN, -(r.total or 0), r.offer.pk)
        )
        waiting = sum(row.offer.state == S.SUBMITTED for row in rows)
        chosen = next((row.offer for row in rows if row.offer.state == S.CHOSEN), None)
        lines.append(BoardLine(slot, rows, waiting, chosen, slot.pk in hosted))
    return lines


@dataclass(frozen=True)
class AgreementLine:
    """A step of the agreement as it stands: ``state`` is ``done``, ``overdue``, ``due`` or ``open``."""

    kind: str
    label: str
    step: HostAgreementStep | None
    state: str


def agreement_of(offer: HostingOffer, today: date) -> list[AgreementLine]:
    """Every step, also those of which nothing is said yet, in the order in which they come (one query)."""
    steps = {step.kind: step for step in offer.agreement_steps.all()}
    return [
        AgreementLine(kind, str(label), steps.get(kind), _standing(steps.get(kind), today))
        for kind, label in HostAgreementStep.Kind.choices
    ]


def _standing(step: HostAgreementStep | None, today: date) -> str:
    if step is None or (step.due_on is None and step.done_on is None):
        return "open"
    if step.done_on:
        return "done"
    return "overdue" if step.due_on and step.due_on < today else "due"
