"""Where somebody is at the desk: at the list, or at one provision. The form of an answer carries it along
(``filters``), so that whoever answers at a provision comes back to it."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from consultations.by_provision import WHOLE
from consultations.models import Comment, Round
from drafts.models import Provision

AT = "at"


def provision_at(filters: str) -> str:
    """The key of the provision at which a form was sent; "" where it was sent from the list."""
    return QueryDict(filters).get(AT, "")


def provision_address(round: Round, key: str, query: QueryDict | None = None) -> str:
    """The page of one provision at the desk."""
    kept = query.copy() if query is not None else QueryDict(mutable=True)
    kept.pop(AT, None)
    address = reverse("consultations:desk_provision", args=[round.pk, key])
    return f"{address}?{kept.urlencode()}" if kept else address


def address_after(round: Round, filters: str, *, after: Comment | None, onward: bool) -> str:
    """The same provision again, at the comment ``after``; with ``onward`` at the next that has no answer: on this
    provision, else on the next one where something is left."""
    query, key = QueryDict(filters, mutable=True), provision_at(filters)
    if after is None:
        return provision_address(round, key, query)
    query.pop("page", None)
    query["comment"] = str(after.uuid)
    if not onward:
        return provision_address(round, key, query)
    waiting = _waiting(round, key)
    following = waiting.filter(number__gt=after.number or 0).first() or waiting.first()
    if following:
        query["comment"] = str(following.uuid)
        return provision_address(round, key, query)
    elsewhere = _next_place(round, key)
    if elsewhere:
        query.pop("comment")
    return provision_address(round, elsewhere or key, query)


def _next_place(round: Round, key: str) -> str:
    """The key of the next provision in the text with something left, else of the first; "" where there is none."""
    left = Comment.objects.filter(
        round=round, status=Comment.Status.SUBMITTED, disposition=None, provision__isnull=False
    ).exclude(provision__key=key)
    here = (
        Provision.with_removed.filter(draft=round.draft_id, key=key)
        .values_list("position", flat=True)
        .first()
    )
    in_order = left.order_by("provision__position").values_list("provision__key", flat=True)
    after = in_order.filter(provision__position__gt=-1 if here is None else here).first()
    return after or in_order.first() or ""


def _waiting(round: Round, key: str) -> "QuerySet[Comment]":
    found = Comment.objects.filter(round=round, status=Comment.Status.SUBMITTED, disposition=None)
    here = found.filter(provision=None) if key == WHOLE else found.filter(provision__key=key)
    return here.order_by("number")
