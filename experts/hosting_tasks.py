"""What follows acts on offers, outside the request: mails, forgetting papers, and people who erased their account."""

from datetime import datetime

from django.db import transaction

from accounts.models import Affiliation, User
from core import notices, outbox
from core.models import pk_of
from core.schedule import every
from experts.actions.offer_papers import erase_offers_of, forget_offer_papers
from experts.hosting_mails import occurrence_of, render_decided, render_submitted, render_withdrawn
from experts.hosting_rules import DECIDED, has_in_hand
from experts.models import Call, HostingOffer, OfferMove
from experts.models.hosting import SPEAKING


def people_of(offer: HostingOffer) -> list[User]:
    """Who is told of an offer: whoever has it in hand, and made it or speaks for its organisation."""
    ids = {offer.created_by_id}
    if offer.organisation_id:
        places = Affiliation.objects.filter(
            organisation=offer.organisation_id, role__in=SPEAKING, confirmed_at__isnull=False
        )
        ids |= set(places.values_list("user", flat=True))
    found = User.objects.active().filter(pk__in=ids).order_by("pk")
    return [person for person in found if has_in_hand(person, offer)]


@outbox.handler("offer.submitted", name="experts.tell_of_offer")
def tell_of_offer(subject: str) -> None:
    """The receipt of an offer, once for each."""
    offer = HostingOffer.objects.get(pk=pk_of(subject, HostingOffer))
    with transaction.atomic():
        for person in people_of(offer):
            notices.notify(recipient=person, kind="offer_submitted", subject=offer)


@outbox.handler("hosting.announced", name="experts.tell_of_hosts")
def tell_of_hosts(subject: str) -> None:
    """Tell everybody who offered, in one go, what was decided."""
    call = Call.objects.get(pk=pk_of(subject, Call))
    with transaction.atomic():
        for offer in HostingOffer.objects.filter(slot__call=call, state__in=DECIDED).order_by("pk"):
            _tell(offer)


@outbox.handler("offer.decided", name="experts.tell_of_decision")
def tell_of_decision(subject: str) -> None:
    """Tell of a decision that changed after the announcement; what was decided since is told in its place."""
    offer = HostingOffer.objects.get(pk=pk_of(subject, HostingOffer))
    if offer.state in DECIDED:
        with transaction.atomic():
            _tell(offer)


def _tell(offer: HostingOffer) -> None:
    for person in people_of(offer):
        notices.notify(recipient=person, kind="offer_decided", subject=offer, occurrence=occurrence_of(offer))


@outbox.handler("offer.withdrawn", name="experts.tell_of_withdrawal")
def tell_of_withdrawal(subject: str) -> None:
    """Tell whoever decided on an offer that it was withdrawn, unless they did that themselves."""
    made = OfferMove.objects.select_related("offer__decided_by").get(pk=pk_of(subject, OfferMove))
    decider = made.offer.decided_by
    if decider and decider.is_active and decider.pk != made.by_id:
        with transaction.atomic():
            notices.notify(recipient=decider, kind="offer_withdrawn", subject=made)


@outbox.handler("person.erase", name="experts.erase_hosting")
def erase_host(subject: str) -> None:
    """An account erased: offers never handed in go; what was handed in stays, under a pseudonym."""
    erase_offers_of(person_id=int(pk_of(subject, User)))


@every(24 * 3600, "experts.forget_offer_papers")
def forget_papers(now: datetime) -> int:
    return forget_offer_papers(now)


notices.register_kind("offer_submitted", render_submitted)
notices.register_kind("offer_decided", render_decided)
notices.register_kind("offer_withdrawn", render_withdrawn)
