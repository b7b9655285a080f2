"""A small panel, computed whole, decided and announced, without anything that waits in the outbox of others."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Group
from core import outbox
from core.models import Outbox, subject_of
from experts.actions.announcing_decisions import announce
from experts.actions.deciding import decide_on
from experts.actions.selecting import Asked, analysis_of, keep_whole_selection, prepare_selection
from experts.models import Appointment, Call, Decision, Nomination, Selection
from tests.experts.at_once.threads import at_once
from tests.factories import make_call, make_nomination

COUNTRIES = ("KEN", "FRA", "BRA", "CHN", "GHA", "DEU", "CHL", "IND")


def in_two_weeks() -> Any:
    return timezone.now() + timedelta(days=14)


def make_pool(countries: tuple[str, ...] = COUNTRIES, **fields: Any) -> tuple[Call, list[Nomination]]:
    """One scored nominee for each country named, of merit 90, 89, …"""
    at = timezone.now()
    call = make_call(**{"opens_at": at - timedelta(days=3), "closes_at": at - timedelta(days=1), **fields})
    people = [
        make_nomination(call, state="scored", country=code, merit=90 - n) for n, code in enumerate(countries)
    ]
    return call, people


def compute(staff: Any, call: Call, *, seats: int = 3, per_country: int | None = None) -> Selection:
    asked = Asked(seats=seats, quotas=(), per_country=per_country, include={}, exclude={}, seed=1)
    prepared = prepare_selection(actor=staff, call=call, asked=asked)
    return keep_whole_selection(actor=staff, prepared=prepared, analysis=analysis_of(prepared))


def announced(
    staff: Any, countries: tuple[str, ...] = COUNTRIES, **asked: Any
) -> tuple[Decision, list[Nomination]]:
    """The best three are invited, the others are alternates or invited to their region; nothing is sent."""
    call, people = make_pool(countries)
    decision = decide_on(actor=staff, selection=compute(staff, call, **asked))
    announce(actor=staff, decision=decision, version=decision.version, answer_by=in_two_weeks())
    decision.refresh_from_db()
    return decision, people


def place_of(nomination: Nomination) -> Appointment:
    """The place as a request of its own would read it."""
    return Appointment.objects.select_related("nomination__call", "group").get(nomination=nomination.pk)


def state_of(nomination: Nomination) -> str:
    return Nomination.objects.get(pk=nomination.pk).state


def group(slug: str = "expert-working-group") -> Group:
    return Group.objects.get(slug=slug)


def rows_about(*subjects: Any) -> list[int]:
    """Outbox rows of these that wait."""
    names = [subject_of(subject) for subject in subjects]
    return list(
        Outbox.objects.filter(subject__in=names, done_at=None).order_by("pk").values_list("pk", flat=True)
    )


def drain_by_three() -> None:
    """Three workers go through all that waits at once; what one of them left comes after."""
    at_once(*[outbox.drain] * 3)
    outbox.drain()


def deliver_by_three(rows: list[int]) -> None:
    """Three workers go through the same rows at once."""
    at_once(*[lambda: [outbox.deliver(pk) for pk in rows]] * 3)
