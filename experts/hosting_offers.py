"""What an offer has to say before it can be handed in, and its receipt."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from babel.core import get_global
from django.utils.translation import gettext as _

from experts.models import Call, CallPaper, HostingOffer

# What hosts say of the meeting; in the order of the form.
WORDS = {
    "host_name": 200,
    "place": 120,
    "venue": 2000,
    "accessibility": 2000,
    "visas": 2000,
    "contribution_in_kind": 4000,
}
FACTS = (
    *("starts_on", "ends_on", "capacity", "interpretation"),
    *("contribution_amount", "contribution_currency"),
)
CONTENT = (*WORDS, *FACTS)
NEEDED = ("host_name", "starts_on", "ends_on", "place", "venue", "capacity", "accessibility", "visas")
MOST_PEOPLE = 100_000


def currencies() -> frozenset[str]:
    """Codes (ISO 4217) of the money that some country pays with today."""
    return frozenset(
        code
        for used in get_global("territory_currencies").values()
        for code, _since, until, tender in used
        if until is None and tender
    )


def letter_is_required(offer: HostingOffer) -> bool:
    """Who speaks for a member state was confirmed to; everyone else shows by a signed letter that the host knows."""
    return offer.host_kind != HostingOffer.HostKind.MEMBER_STATE


def papers_asked(call: Call, offer: HostingOffer) -> list[CallPaper]:
    """The papers of the call, and the letter of offer where the call itself doesn't ask for it."""
    asked = list(call.papers.all())
    letter = CallPaper.Kind.OFFER
    if all(paper.kind != letter for paper in asked):
        asked.insert(0, CallPaper(call=call, kind=letter, required=False))
    for paper in asked:
        if paper.kind == letter and letter_is_required(offer):
            paper.required = True
    return asked


def gaps(offer: HostingOffer, papers: Iterable[str]) -> dict[str, str]:
    """What is missing before the offer can be handed in, by field; ``papers`` are the kinds that it has."""
    missing = {name: _("This is needed.") for name in NEEDED if getattr(offer, name) in (None, "")}
    if not offer.contribution_in_kind and offer.contribution_amount is None:
        missing["contribution_in_kind"] = _("Say what the host gives, in kind or in money.")
    given = set(papers)
    for paper in papers_asked(offer.slot.call, offer):
        if paper.required and paper.kind not in given:
            missing[f"paper_{paper.kind}"] = _("This paper is needed.")
    return missing


def content_of(offer: HostingOffer) -> dict[str, Any]:
    """What an offer says, as plain values; papers by their fingerprints."""
    said = {name: getattr(offer, name) for name in CONTENT}
    return {
        **{name: str(value) if value is not None else None for name, value in said.items()},
        "interpretation": list(offer.interpretation),
        "id": str(offer.uuid),
        "slot": offer.slot_id,
        "host_kind": offer.host_kind,
        "country": offer.country_id,
        "organisation": offer.organisation_id,
        "papers": {paper.kind: paper.file.sha256 for paper in offer.papers.select_related("file")},
    }


def receipt_of(offer: HostingOffer, *, at: datetime) -> str:
    """SHA-256 of the content and the time, as JSON with sorted names. The identifier in it is known to those alone who
    may see the offer, so that nobody finds out by trying what a receipt is of."""
    said = {**content_of(offer), "submitted_at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
