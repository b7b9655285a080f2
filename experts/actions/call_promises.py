"""What an announced call has promised, and how far its plan may still change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experts.models import Call, OfferScore, Score
from experts.states import IN_THE_RUNNING

DEADLINES = ("closes_at", "endorsement_closes_at")


def scoring_began(call: Call, at: datetime) -> bool:
    """Whether somebody scores by the call's criteria: the phase has begun, or a score stands (up to two queries)."""
    if call.scoring_opens_at and call.scoring_opens_at <= at:
        return True
    return (
        Score.objects.filter(criterion__call=call).exists()
        or OfferScore.objects.filter(criterion__call=call).exists()
    )


def most_of_a_country(call: Call) -> int:
    """How many nominations of the call one country has in the running, at most (one query)."""
    running = call.nominations.filter(state__in=IN_THE_RUNNING).values("country")
    return max(running.annotate(n=Count("pk")).values_list("n", flat=True), default=0)


def broken_promises(call: Call, wanted: Mapping[str, Any], reason: str) -> dict[str, str]:
    """What ``wanted`` would take back of what the announced ``call`` has promised: errors by field.

    Some of it is possible for a reason; without one that is the error of ``reason``.
    """
    now = timezone.now()
    changed = {name: value for name, value in wanted.items() if getattr(call, name) != value}
    errors = _of_limits(call, changed)
    errors |= _of_dates(call, changed, now)
    if call.decided_at and {"group", "by_region"} & set(changed):
        errors["group"] = _("The decision is announced: people were invited to this group.")
    if call.opens_at <= now:
        errors |= _of_the_opened(changed, call)
    if not reason and not errors and _needs_a_reason(call, changed, now):
        errors["reason"] = _(
            "People rely on what was announced. Say why it changes: the reason is kept on the audit trail."
        )
    return errors


def _needs_a_reason(call: Call, changed: Mapping[str, Any], now: datetime) -> bool:
    earlier = any(
        name in changed and (changed[name] or call.closes_at) < (getattr(call, name) or call.closes_at)
        for name in DEADLINES
    )
    fewer = "seats" in changed and changed["seats"] < call.seats
    return (
        earlier or fewer or _is_lowered(call, changed) or ("closes_at" in changed and now >= call.closes_at)
    )


def _is_lowered(call: Call, changed: Mapping[str, Any]) -> bool:
    limit = changed.get("per_country_limit")
    return limit is not None and (call.per_country_limit is None or limit < call.per_country_limit)


def _of_limits(call: Call, changed: Mapping[str, Any]) -> dict[str, str]:
    limit = changed.get("per_country_limit")
    if limit is None or (submitted := most_of_a_country(call)) <= limit:
        return {}
    said = ngettext(
        "A country has nominated %(n)d person already: the limit can’t be lower.",
        "A country has nominated %(n)d people already: the limit can’t be lower.",
        submitted,
    )
    return {"per_country_limit": said % {"n": submitted}}


def _of_dates(call: Call, changed: Mapping[str, Any], now: datetime) -> dict[str, str]:
    errors = {}
    if "opens_at" in changed and call.opens_at <= now:
        errors["opens_at"] = _("The call has opened: its opening can’t be moved.")
    moved = [name for name in DEADLINES if name in changed]
    if not moved:
        return errors
    if call.decided_at or call.closed_at:
        over = _("This call is over for all. You can reopen it for a country, with a reason.")
        return errors | dict.fromkeys(moved, over)
    past = _("This is in the past. To end the call now, close it.")
    return errors | {name: past for name in moved if changed[name] is not None and changed[name] <= now}


def _of_the_opened(changed: Mapping[str, Any], call: Call) -> dict[str, str]:
    """What people who have begun rely on."""
    errors = {}
    if "motivation_words" in changed and changed["motivation_words"] < call.motivation_words:
        errors["motivation_words"] = _("The call has opened: answers can’t be made shorter than was allowed.")
    if "retention_days" in changed and changed["retention_days"] > call.retention_days:
        errors["retention_days"] = _(
            "The call has opened: papers can’t be kept for longer than was promised."
        )
    if "blind" in changed and call.blind:
        errors["blind"] = _("The call has opened: names promised to be kept stay kept.")
    return errors
