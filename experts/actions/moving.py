"""The one way by which a nomination changes its state."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Conflict
from experts.models import Nomination, NominationMove
from experts.states import may_follow


def lock_nomination(pk: int) -> Nomination:
    """The row, locked for the transaction, with its call. Whoever changes a nomination begins here.

    Without its key: rows that refer to it are written meanwhile, see ``limits.lock_call``.
    """
    return Nomination.objects.select_for_update(of=("self",), no_key=True).select_related("call").get(pk=pk)


def lock_nominations(pks: Iterable[int]) -> list[Nomination]:
    """The same for several, in the order of their keys, so that two who lock several never wait for each other.

    Whoever also locks their call does that first.
    """
    rows = Nomination.objects.select_for_update(of=("self",), no_key=True).select_related("call")
    return list(rows.filter(pk__in=list(pks)).order_by("pk"))


def move(
    nomination: Nomination, *, to: str, by: Any, reason: str = "", on_behalf: bool = False
) -> NominationMove:
    """Set the state of a nomination that the caller has locked, and put it on the record.

    ``by`` None: the clock. The caller has asked the rule; this refuses only what cannot follow
    (``Conflict`` with the present state). Other fields that the caller changed are saved with it.
    """
    before = nomination.state
    if not may_follow(before, to):
        raise Conflict(
            _("A nomination that is “%(state)s” can't become “%(to)s”.")
            % {"state": Nomination.State(before).label, "to": Nomination.State(to).label},
            current={"state": before},
        )
    nomination.state = to
    nomination.changed_at = timezone.now()
    nomination.save()
    audit.record(
        "nomination.move",
        nomination,
        actor=by,
        changes={"state": [before, to], **({"on_behalf": True} if on_behalf else {})},
    )
    return NominationMove.objects.create(
        nomination=nomination,
        before=before,
        after=to,
        by=by,
        reason=reason,
        on_behalf=on_behalf,
        at=nomination.changed_at,
    )
