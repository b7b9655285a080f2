"""Papers of an offer: uploaded, taken away, opened, removed when their time is over."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core import audit
from core.models import StoredFile
from core.verdicts import Vanished, require
from experts.actions.offer_moves import lock_offer
from experts.actions.offers import note_change
from experts.actions.paper_files import drop_papers, pages_of_paper, put_paper
from experts.hosting_offers import papers_asked
from experts.hosting_rules import may_edit_offer
from experts.models import Call, HostingOffer, OfferPaper

PURPOSE = "offer_paper"
S = HostingOffer.State


def add_offer_paper(*, actor: Any, offer: HostingOffer, kind: str, file: UploadedFile | None) -> OfferPaper:
    """Keep a paper of ``kind``; it takes the place of the earlier one. What it is, is told by its content.

    ``Refusal`` as for changing the offer; ``ValidationError`` under ``paper_<kind>`` with what is wrong with it.
    """
    require(may_edit_offer(actor, offer, at=timezone.now()))
    pages = pages_of_paper(papers_asked(offer.slot.call, offer), kind, file)
    with transaction.atomic():
        offer = lock_offer(offer)
        require(may_edit_offer(actor, offer, at=timezone.now()))
        paper: OfferPaper = put_paper(
            actor=actor, owner=offer, kind=kind, file=file, pages=pages, purpose=PURPOSE
        )
        # Beside the words of a draft: whoever is writing them is in nobody's way.
        if offer.state != S.DRAFT:
            note_change(offer, actor, [f"paper_{kind}"])
        audit.record("offer.add_paper", offer, actor=actor, changes={"kind": kind})
    return paper


def remove_offer_paper(*, actor: Any, offer: HostingOffer, kind: str) -> None:
    """Take a paper away again; of what was handed in none that is required. Twice is once."""
    with transaction.atomic():
        offer = lock_offer(offer)
        require(may_edit_offer(actor, offer, at=timezone.now()))
        if drop_papers(offer, kind=kind):
            if offer.state != S.DRAFT:
                note_change(offer, actor, [f"paper_{kind}"])
            audit.record("offer.remove_paper", offer, actor=actor, changes={"kind": kind})


def may_read_offer_paper(user: Any, stored: StoredFile) -> bool:
    """A paper is read by whoever sees the offer that it belongs to."""
    return HostingOffer.objects.visible_to(user).filter(papers__file=stored.pk).exists()


def note_reading_of_offer(user: Any, stored: StoredFile) -> None:
    """Put on record who opens a paper of an offer. ``Vanished`` where it was taken away at this moment."""
    paper = OfferPaper.objects.select_related("offer").filter(file=stored).first()
    if paper is None:  # taken away at this moment
        raise Vanished
    audit.record("offer.read_paper", paper.offer, actor=user, changes={"kind": paper.kind})


def forget_offer_papers(now: datetime) -> int:
    """Remove the papers of hosts that weren't chosen once the call's time of keeping is over; how many there were."""
    removed = 0
    for call in Call.objects.filter(kind=Call.Kind.HOSTING, decided_at__isnull=False):
        if call.decided_at is None or now < call.decided_at + timedelta(days=call.retention_days):
            continue
        over = OfferPaper.objects.filter(offer__slot__call=call).exclude(offer__state=S.CHOSEN)
        for pk in list(over.values_list("offer", flat=True).distinct()):
            removed += _forget(HostingOffer.objects.get(pk=pk))
    return removed


def _forget(offer: HostingOffer) -> int:
    with transaction.atomic():
        offer = lock_offer(offer)
        if offer.state == S.CHOSEN:  # chosen meanwhile, in another's place
            return 0
        kinds = list(offer.papers.values_list("kind", flat=True))
        if not kinds:  # somebody else's sweep was here first
            return 0
        for kind in kinds:
            drop_papers(offer, kind=kind)
        audit.record("offer.forget_papers", offer, actor=None, changes={"papers": len(kinds)})
    return len(kinds)


def erase_offers_of(*, person_id: int) -> None:
    """Remove what a person wrote of offers and never handed in. What was handed in stays: it is the host's word, and
    on record; the person is a pseudonym in it. Safe to repeat; nothing happens unless the account is erased."""
    drafts = HostingOffer.objects.filter(
        created_by=person_id, created_by__erased_at__isnull=False, submitted_at=None
    )
    for offer in list(drafts):
        with transaction.atomic():
            offer = lock_offer(offer)
            if offer.submitted_at is None:
                for kind in list(offer.papers.values_list("kind", flat=True)):
                    drop_papers(offer, kind=kind)
                offer.delete()
