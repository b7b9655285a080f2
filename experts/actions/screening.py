"""Saying who is eligible, and taking it back; closing the scoring, and opening it again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.names import has_controls
from core.verdicts import Conflict, require
from experts.actions.limits import lock_call
from experts.actions.moving import lock_nominations, move
from experts.actions.weighing import number_candidates
from experts.eligibility import NEEDS_WORDS, Ground, reason_kept
from experts.models import Call, Nomination
from experts.phases import Phase, phase_of
from experts.review_rules import SCREENED, may_screen

S = Nomination.State
LONGEST_REASON = 1000


def screen(
    *, actor: Any, call: Call, seen: Mapping[UUID, str], to: str, ground: str = "", words: str = ""
) -> int:
    """Mark nominations eligible or not, or (``to`` submitted) take that back; all of them or none.

    ``seen``: the state in which the actor saw each. One that has moved since is a ``Conflict`` (unless it is there
    already); one that the actor may not see at all is, too. Not eligible needs a ground (``ValidationError``).
    Returns how many were changed: a repeat changes none.
    """
    require(may_screen(actor, call))
    reason = _reason(to, ground, words.strip())
    with transaction.atomic():
        lock_call(call.pk)
        found = Nomination.objects.weighed_by(actor).filter(call=call, uuid__in=seen)
        rows = lock_nominations(found.values_list("pk", flat=True))
        waiting = [row for row in rows if row.state != to or (reason and row.eligibility_reason != reason)]
        moved = [row for row in waiting if row.state != seen[row.uuid] or row.state not in SCREENED]
        if moved or len(rows) < len(seen):
            n = len(moved) + len(seen) - len(rows)
            raise Conflict(
                ngettext(
                    "%(n)d nomination has changed since you opened the list. Nothing was marked.",
                    "%(n)d nominations have changed since you opened the list. Nothing was marked.",
                    n,
                )
                % {"n": n},
                current={str(row.uuid): row.state for row in moved},
            )
        for row in waiting:
            row.eligibility_reason = reason
            if row.state == to:  # the same verdict, for another reason
                row.save(update_fields=["eligibility_reason"])
                audit.record("nomination.reason", row, actor=actor)
            else:
                move(row, to=to, by=actor, reason=reason)
        if to == S.ELIGIBLE:
            number_candidates(waiting)
    return len(waiting)


def _reason(to: str, ground: str, words: str) -> str:
    if to not in SCREENED:
        raise ValidationError({"to": _("Choose what to mark them as.")})
    if to != S.INELIGIBLE:
        return ""
    if ground not in Ground.values:
        raise ValidationError({"ground": _("Say why it isn’t eligible.")})
    if ground in NEEDS_WORDS and not words:
        raise ValidationError({"words": _("This reason needs words of your own.")})
    if len(words) > LONGEST_REASON or has_controls(words):
        raise ValidationError({"words": _("At most %(limit)s.") % {"limit": LONGEST_REASON}})
    return reason_kept(ground, words)


def close_scoring(*, actor: Any, call: Call) -> int:
    """What has a merit becomes scored; what nobody scored stays eligible. Not while scoring runs.

    Returns how many were moved among those that the actor may know of.
    """
    require(may_screen(actor, call))
    with transaction.atomic():
        call = lock_call(call.pk)
        if phase_of(call, timezone.now()) in (Phase.BEFORE, Phase.SCORING) and call.scoring_opens_at:
            raise Conflict(_("Scoring still runs. Move its end first."), current={"phase": Phase.SCORING})
        waiting = call.nominations.filter(state=S.ELIGIBLE, merit__isnull=False)
        known = set(Nomination.objects.weighed_by(actor).filter(call=call).values_list("pk", flat=True))
        # Whoever withdrew at this moment is left out.
        held = [
            row for row in lock_nominations(waiting.values_list("pk", flat=True)) if row.state == S.ELIGIBLE
        ]
        pks = [row.pk for row in held]
        for row in held:
            move(row, to=S.SCORED, by=actor)
    return len(known.intersection(pks))


def reopen_scoring(*, actor: Any, call: Call, reason: str) -> int:
    """Scored nominations become eligible again, for a reason; how many of those that the actor may know of."""
    require(may_screen(actor, call))
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or has_controls(reason):
        raise ValidationError({"reason": _("Say why.")})
    with transaction.atomic():
        lock_call(call.pk)
        known = set(Nomination.objects.weighed_by(actor).filter(call=call).values_list("pk", flat=True))
        scored = call.nominations.filter(state=S.SCORED).values_list("pk", flat=True)
        held = [row for row in lock_nominations(scored) if row.state == S.SCORED]
        pks = [row.pk for row in held]
        for row in held:
            move(row, to=S.ELIGIBLE, by=actor, reason=reason)
    return len(known.intersection(pks))
