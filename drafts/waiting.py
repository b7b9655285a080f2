"""What waits for the person who reads: drafts circulated to them, and what somebody asked for and they may confirm."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.facts import facts_of
from drafts.lifecycle import waiting_for as requests_waiting_for
from drafts.models import Draft, StatusRequest


@dataclass(frozen=True)
class Waiting:
    """So many things of one sort, where they stand, and of which draft (``title``)."""

    number: int
    words: str
    address: str
    title: str


def waiting_for(user: Any) -> list[Waiting]:
    """Two queries; none for a visitor."""
    if not user.is_authenticated or not user.is_active:
        return []
    return [*_to_confirm(user), *_to_read(user)]


def _to_confirm(user: Any) -> Iterator[Waiting]:
    for request in (
        requests_waiting_for(user).select_related("draft__guidelines").order_by("requested_at", "pk")
    ):
        draft = request.draft
        address = reverse("drafting:draft", args=[draft.guidelines.slug, draft.number])
        yield Waiting(1, _what(request), f"{address}#waiting", draft.label)


def _what(request: StatusRequest) -> str:
    if request.target == StatusRequest.Target.ADOPTED:
        return ngettext("adoption to confirm", "adoptions to confirm", 1)
    if request.target == StatusRequest.Target.RELEASED:
        return ngettext("release of a language to confirm", "releases of languages to confirm", 1)
    return ngettext("publication to confirm", "publications to confirm", 1)


def _to_read(user: Any) -> Iterator[Waiting]:
    """As long as a draft is circulated to a group of theirs."""
    groups = facts_of(user).groups
    circulated = Draft.objects.filter(status=Draft.Status.CIRCULATED, access__group__in=groups).distinct()
    for draft in circulated.select_related("guidelines").order_by("-circulated_at", "pk") if groups else ():
        words = ngettext("draft circulated to you", "drafts circulated to you", 1)
        address = reverse("drafts:contents", args=[draft.guidelines.slug, draft.number])
        yield Waiting(1, words, address, draft.label)
