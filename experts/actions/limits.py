"""How many a country may nominate: counted under a lock."""

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.verdicts import Conflict
from experts.models import Call, Nomination
from experts.queries import nominated_by, taking_places

S = Nomination.State


def lock_call(pk: int) -> Call:
    """The call, locked for the transaction: whoever takes a country's place begins here, before any nomination is
    locked. Others go on referring to the row meanwhile."""
    return Call.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def places_taken(call: Call) -> dict[str, int]:
    """How many places each country has taken (one query): see ``taking_places``."""
    found = taking_places(call).order_by().values_list("country")
    return dict(found.annotate(taken=Count("pk")))


def take_place(call: Call, country: str) -> None:
    """Refuse one nominee too many (``Conflict`` with the numbers). The caller holds the call's lock."""
    limit = call.per_country_limit
    if limit is None:
        return
    taken = nominated_by(call, country)
    if taken >= limit:
        raise Conflict(
            ngettext(
                "%(taken)d of %(limit)d place is taken. Withdraw a nomination first, or leave this one as it is.",
                "%(taken)d of %(limit)d places are taken. Withdraw a nomination first, or leave this one as it is.",
                limit,
            )
            % {"taken": taken, "limit": limit},
            current={"nominated": taken, "limit": limit},
        )


def refuse_twice(nomination: Nomination) -> None:
    """Refuse what is there already: the same address by the same country in this call (``Conflict``)."""
    same = Nomination.objects.filter(
        call=nomination.call_id, country=nomination.country_id, email=nomination.email
    ).exclude(state__in=[S.DRAFT, S.WITHDRAWN])
    if same.exclude(pk=nomination.pk).exists():
        raise Conflict(
            _("There is a nomination of this address by this country already."),
            current={"state": nomination.state},
        )
