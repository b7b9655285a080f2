"""What of a call still runs while its panel is decided: people who may yet hand in, endorse or score."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from experts.deadlines import in_full
from experts.models import WEIGHED, Call, Decision, Nomination, Review

S = Nomination.State
PREPARE, ANNOUNCE = "prepare", "announce"


class What(StrEnum):
    HANDING_IN = "handing_in"
    ENDORSING = "endorsing"
    SCORING = "scoring"
    DISCUSSION = "discussion"
    REVIEWS = "reviews"


@dataclass(frozen=True)
class StillOpen:
    """One of them: until when (ISO 8601, as decisions keep it), and how many nominations or reviews wait."""

    what: str
    until: str = ""
    count: int = 0


def still_open(call: Call, at: datetime) -> list[StillOpen]:
    """What isn't over at an instant, in the order of the call's steps. Three queries at most; none of a name."""
    given = list(call.reopenings.all())
    closing = min(call.closed_at or call.closes_at, call.closes_at)
    handed_in = max([closing, *(each.closes_at for each in given)])
    endorsed = max([call.endorsed_until, *(each.endorsement_closes_at or each.closes_at for each in given)])
    found = []
    if at < handed_in:
        begun = call.nominations.filter(state__in=(S.DRAFT, S.AWAITING_NOMINEE)).count()
        found.append(StillOpen(What.HANDING_IN, handed_in.isoformat(), begun))
    if at < endorsed:
        waiting = call.nominations.filter(state=S.AWAITING_ENDORSEMENT).count()
        found.append(StillOpen(What.ENDORSING, endorsed.isoformat(), waiting))
    scored, discussed = call.scoring_closes_at, call.discussion_closes_at
    if call.scoring_opens_at and scored and at < scored:
        found.append(StillOpen(What.SCORING, scored.isoformat()))
    if call.scoring_opens_at and discussed and at < discussed:
        found.append(StillOpen(What.DISCUSSION, discussed.isoformat()))
    owed = Review.objects.standing().filter(
        submitted_at=None, nomination__call=call, nomination__state__in=WEIGHED
    )
    if count := owed.count():
        found.append(StillOpen(What.REVIEWS, count=count))
    return found


def check_known(found: Iterable[StillOpen], known: Iterable[str]) -> None:
    """``ValidationError`` by ``known_open`` unless all that is still open was said to be known."""
    unsaid = [each for each in found if each.what not in set(known)]
    if unsaid:
        raise ValidationError(
            {"known_open": _("Something is still open. Look at what it is, and say that you know of it.")}
        )


def noted(act: str, actor: Any, at: datetime, found: Iterable[StillOpen]) -> dict[str, Any]:
    """What a decision keeps of it: which act it was, whose, when, and what was open then."""
    return {"act": act, "by": actor.pk, "at": at.isoformat(), "open": [asdict(each) for each in found]}


def in_words(found: Iterable[StillOpen | Mapping[str, Any]], zone: str) -> list[str]:
    """A sentence for each, with its time as clocks in ``zone`` show it; also of what a decision kept."""
    return [_said(each if isinstance(each, StillOpen) else StillOpen(**each), zone) for each in found]


def _said(each: StillOpen, zone: str) -> str:
    until = parse_datetime(each.until) if each.until else None
    named = {"n": each.count, "moment": in_full(until, zone, countdown=False) if until else ""}
    match each.what:
        case What.HANDING_IN:
            words = _("Nominations are taken until %(moment)s; begun and not handed in: %(n)d.")
        case What.ENDORSING:
            words = _("Governments may endorse until %(moment)s; waiting for it: %(n)d.")
        case What.SCORING:
            words = _("Scoring runs until %(moment)s.")
        case What.DISCUSSION:
            words = _("The discussion of the reviewers runs until %(moment)s.")
        case _:
            words = ngettext(
                "%(n)d review that was assigned isn’t submitted.",
                "%(n)d reviews that were assigned aren’t submitted.",
                each.count,
            )
    return words % named


def shown(call: Call, at: datetime) -> dict[str, Any]:
    """For the tick on a page: what is open in words, and the codes that the tick says are known."""
    found = still_open(call, at)
    return {"lines": in_words(found, call.zone), "codes": " ".join(each.what for each in found)}


@dataclass(frozen=True)
class KnownOpen:
    """One act of a decision that was made while something was open: what it was, by whom and when, what was open."""

    title: str
    said: str
    lines: list[str]


def known_open_of(decision: Decision) -> list[KnownOpen]:
    """What the decision keeps of it, in words (one query at most)."""
    people = User.objects.in_bulk([kept["by"] for kept in decision.known_open])
    return [_known(kept, people, decision.call.zone) for kept in decision.known_open]


def _known(kept: Mapping[str, Any], people: Mapping[int, User], zone: str) -> KnownOpen:
    prepared = kept["act"] == PREPARE
    at, person = parse_datetime(kept["at"]), people.get(kept["by"])
    who = {
        "moment": in_full(at, zone, countdown=False) if at else "",
        "name": person.shown_name if person else "–",
    }
    return KnownOpen(
        _("Still open when it was prepared") if prepared else _("Still open when it was announced"),
        _("%(name)s said that this was known: %(moment)s.") % who,
        in_words(kept["open"], zone),
    )
