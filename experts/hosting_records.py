"""What hosting keeps of a person, for their own eyes, and what the trail shows of offers."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.slots import PersonalRecords
from core.audit import Shown
from experts.hosting_offers import CONTENT
from experts.hosting_rules import state_shown_to
from experts.models import HostingOffer, OfferScore
from experts.standing import is_staff

Rows = list[dict[str, Any]]


def offers(person: User) -> Rows:
    """The offers that the person made, as long as they have them in hand; states as the person may know them."""
    found = (
        HostingOffer.objects.filter(created_by=person).select_related("slot__call", "country").order_by("pk")
    )
    kept = set(HostingOffer.objects.of_hosts(person).values_list("pk", flat=True))
    return [
        {
            "meeting": offer.slot.title,
            "state": str(HostingOffer.State(state_shown_to(person, offer)).label),
            "created_at": offer.created_at,
            "submitted_at": offer.submitted_at,
            **(_content(offer) if offer.pk in kept else {}),
        }
        for offer in found
    ]


def _content(offer: HostingOffer) -> dict[str, Any]:
    return {
        **{name: getattr(offer, name) for name in CONTENT},
        "host_name": offer.host,
        "country": offer.country.name,
        "receipt": offer.receipt,
        "papers": list(offer.papers.values_list("kind", flat=True)),
    }


def scores(person: User) -> Rows:
    """The scores that the person gave; the person's own words."""
    found = (
        OfferScore.objects.filter(scored_by=person)
        .select_related("offer__country", "criterion")
        .order_by("pk")
    )
    return [
        {
            "host": row.offer.host,
            "criterion": row.criterion.name,
            "score": row.value,
            "comment": row.comment,
            "at": row.at,
        }
        for row in found
    ]


def shown_offers(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = HostingOffer.objects.visible_to(reader).filter(pk__in=keys).select_related("slot", "country")
    return {
        str(offer.pk): Shown(
            f"{offer.slot.title} ({offer.host})", reverse("hosting:offer_detail", args=[offer.uuid])
        )
        for offer in found
    }


def withheld(reader: Any) -> Q:
    """What the trail keeps from whoever isn't of the secretariat: how many offers there are, by whom, what becomes of
    them. From its members, others' drafts, and the meetings that they would host. Their own acts everybody may read.
    """
    of_others = ~Q(actor=reader.pk) | Q(actor=None)
    if not is_staff(reader):
        return of_others & Q(subject__startswith="experts.hostingoffer:")
    hosted = HostingOffer.objects.meetings_hosted(reader)
    seen = HostingOffer.objects.handed_in().exclude(slot__in=hosted)
    hidden = HostingOffer.objects.exclude(pk__in=seen.values("pk")).values_list("pk", flat=True)
    return of_others & Q(subject__in=[f"experts.hostingoffer:{pk}" for pk in hidden])


SUBJECTS = {"experts.hostingoffer": shown_offers}
RECORDS = [
    PersonalRecords(
        "hosting_offers",
        _("Offers to host"),
        offers,
        {
            "meeting": _("Meeting"),
            "host_name": _("Host"),
            "place": _("City"),
            "state": _("State"),
            "submitted_at": _("Submitted"),
        },
    ),
    PersonalRecords(
        "hosting_scores",
        _("Your scores of offers"),
        scores,
        {
            "host": _("Host"),
            "criterion": _("Criterion"),
            "score": _("Score"),
            "comment": _("Comment"),
            "at": _("When"),
        },
    ),
]
