"""What happens in a call, in four steps, and where it stands now."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from experts.models import Call


@dataclass(frozen=True)
class CallStep:
    """One step; ``place`` is ``done``, ``now`` or ``next``, ``said`` says it. ``begins`` and ``ends`` are instants
    where they are known; ``ended_early`` that of a call closed before its time."""

    name: str
    words: str
    begins: datetime | None = None
    ends: datetime | None = None
    ended_early: datetime | None = None
    place: str = ""
    said: str = ""


def steps_of(call: Call, at: datetime, own: tuple[datetime, datetime] | None = None) -> list[CallStep]:
    """The four steps of a call as of ``at``. ``own``: the reader's country's deadlines where it has other ones."""
    closes, endorsed = own or (call.closes_at, call.endorsed_until)
    early = call.closed_at if own is None else None
    experts = call.kind == Call.Kind.EXPERTS
    steps = _of_experts(call, closes, endorsed, early) if experts else _of_hosting(call, closes, early)
    now = _where(call, at, min(early or closes, closes), endorsed)
    if call.decided_at:
        steps = tuple(_ended_by(step, call.decided_at) for step in steps)
    names = {"done": _("done"), "now": _("now"), "next": _("to come")}
    places = ["done" if n < now else "now" if n == now else "next" for n in range(len(steps))]
    return [replace(step, place=place, said=names[place]) for step, place in zip(steps, places, strict=True)]


def _ended_by(step: CallStep, decided: datetime) -> CallStep:
    """Nothing closes after the decision: what would have gone on ended with it."""
    return replace(step, ends=None, ended_early=decided) if step.ends and step.ends > decided else step


def _where(call: Call, at: datetime, closes: datetime, endorsed: datetime) -> int:
    """The number of the step that runs; -1 before the first."""
    experts = call.kind == Call.Kind.EXPERTS
    if call.announced_at is None or at < call.opens_at:
        return -1
    if call.decided_at:
        return 4 if experts else 3
    if at < closes:
        return 0
    return 1 if at < endorsed or not experts else 2


def _of_experts(
    call: Call, closes: datetime, endorsed: datetime, early: datetime | None
) -> tuple[CallStep, ...]:
    return (
        CallStep(
            pgettext("step of a call", "Nominate or apply"),
            _("Governments nominate through their focal point; experts may apply for themselves."),
            call.opens_at,
            None if early else closes,
            early,
        ),
        CallStep(
            pgettext("step of a call", "Endorse"),
            _(
                "The focal point of the country endorses those who applied. Without that, an application doesn’t"
                " count."
            ),
            ends=endorsed,
        ),
        CallStep(
            pgettext("step of a call", "Assess"),
            _(
                "Reviewers score every eligible nomination by the criteria below. Nobody takes part in a case in which"
                " they have an interest."
            ),
        ),
        CallStep(
            pgettext("step of a call", "Decide"),
            _("Who is chosen is decided on merit and balance. Everyone is told together."),
        ),
    )


def _of_hosting(call: Call, closes: datetime, early: datetime | None) -> tuple[CallStep, ...]:
    return (
        CallStep(
            pgettext("step of a call", "Offer"),
            _("Governments, cities and universities say what they can offer, and when."),
            call.opens_at,
            None if early else closes,
            early,
        ),
        CallStep(pgettext("step of a call", "Assess"), _("Every offer is scored by the criteria below.")),
        CallStep(
            pgettext("step of a call", "Decide"),
            _("The secretariat decides for each meeting, and tells everyone who made an offer."),
        ),
        CallStep(pgettext("step of a call", "Agree"), _("The host and the secretariat sign an agreement.")),
    )
