"""What the secretariat decides of two nominations that look like one person's. Nothing is merged by it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.names import has_controls
from core.verdicts import Conflict, Vanished, require
from experts.actions.moving import lock_nomination
from experts.duplicates import compared_for
from experts.models import Call, DuplicateVerdict
from experts.review_rules import may_screen

LONGEST_REASON = 1000


def decide_duplicate(
    *, actor: Any, call: Call, first: int, second: int, same: bool, reason: str, seen: str = ""
) -> DuplicateVerdict:
    """Say that two nominations are one person's or aren't, for a reason; said again, the verdict is changed.

    ``seen``: when the verdict that the actor saw was given, as ISO 8601, "" for none; another one meanwhile is a
    ``Conflict``. ``Vanished`` where the actor may not compare the two. The same verdict twice is one.
    """
    require(may_screen(actor, call))
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or has_controls(reason):
        raise ValidationError({"reason": _("Say why.")})
    first, second = sorted((first, second))
    with transaction.atomic():
        known = compared_for(actor, call).filter(pk__in=(first, second))
        for pk in list(known.order_by("pk").values_list("pk", flat=True)):
            lock_nomination(pk)
        if first == second or known.count() != 2:
            raise Vanished
        standing = DuplicateVerdict.objects.filter(first=first, second=second).first()
        if standing and (standing.same, standing.reason) == (same, reason):
            return standing
        if seen != (standing.decided_at.isoformat() if standing else ""):
            raise Conflict(_("A colleague has decided on these two meanwhile. Look at it again."))
        verdict = standing or DuplicateVerdict(first_id=first, second_id=second)
        verdict.same, verdict.reason, verdict.decided_by, verdict.decided_at = (
            same,
            reason,
            actor,
            timezone.now(),
        )
        verdict.save()
        for nomination in (verdict.first, verdict.second):
            audit.record("nomination.same", nomination, actor=actor, changes={"same": same})
    return verdict
