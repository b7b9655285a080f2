"""Nominations of which a decision says nothing, for they never came into the pool: their people are told so."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from experts.models import Call, Nomination
from experts.selection_pool import same_people

S, Way = Nomination.State, Nomination.Way


class LeftOut(models.TextChoices):
    """Why a nomination was not considered, those that came furthest first."""

    INELIGIBLE = "ineligible", _("Not eligible")
    UNENDORSED = "unendorsed", _("Not endorsed")
    UNFINISHED = "unfinished", _("Not handed in")


STATES = {
    S.INELIGIBLE: LeftOut.INELIGIBLE,
    S.AWAITING_ENDORSEMENT: LeftOut.UNENDORSED,
    S.AWAITING_NOMINEE: LeftOut.UNFINISHED,
    S.DRAFT: LeftOut.UNFINISHED,
}


def left_out(call: Call, told: Sequence[Nomination] = ()) -> list[Nomination]:
    """The nominations left out of whose outcome somebody is to be told: one for each person, the one that came
    furthest, and none of whoever is among ``told``. Whoever doesn't know of their nomination isn't told of its end.
    """
    known = (
        Q(state__in=(S.INELIGIBLE, S.AWAITING_ENDORSEMENT, S.AWAITING_NOMINEE))
        | Q(state=S.DRAFT, way=Way.APPLIED)
        | Q(state=S.DRAFT, attested_at__isnull=False)
    )
    reached = Nomination.objects.filter(known, call=call).exclude(email="")
    found = list(reached.exclude(email__endswith=".invalid").order_by("pk"))
    order = list(STATES)
    found.sort(key=lambda nomination: order.index(S(nomination.state)))
    marks = same_people([*told, *found])
    heard = {marks[nomination.pk] for nomination in told if nomination.pk in marks}
    kept = []
    for nomination in found:
        mark = marks.get(nomination.pk)
        if mark is None or mark not in heard:
            kept.append(nomination)
        if mark:
            heard.add(mark)
    return kept


def why(nomination: Nomination) -> LeftOut | None:
    """Why it was left out; None where it wasn't, or isn't any more."""
    return STATES.get(S(nomination.state))
