"""A call with a pool of known merits, for tests of the panel."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from core import outbox
from experts.actions.announcing_decisions import announce
from experts.actions.deciding import decide_on
from experts.actions.selecting import Asked, keep_selection, prepare_selection
from experts.models import Call, Nomination
from tests.factories import make_call, make_nomination

COUNTRIES = ("KEN", "FRA", "BRA", "CHN", "POL", "GHA", "DEU", "CHL", "IND", "SRB")


def make_pool(size: int = 10, **fields: Any) -> tuple[Call, list[Nomination]]:
    """``size`` scored nominees of merit 90, 89, …: women and men in turn, each of a country of the list.
    The call has closed."""
    now = timezone.now()
    fields = {"opens_at": now - timedelta(days=3), "closes_at": now - timedelta(days=1), **fields}
    call = make_call(**fields)
    people = [
        make_nomination(
            call,
            state="scored",
            name=name_of(n),
            country=COUNTRIES[n % len(COUNTRIES)],
            merit=90 - n,
            gender="woman" if n % 3 == 0 else "man",
            expertise=[str(1 + n % 8)],
            level_of_government="national",
        )
        for n in range(size)
    ]
    return call, people


def name_of(n: int) -> str:
    """A name that looks like no other."""
    letters = (
        sha256(str(n).encode()).hexdigest().translate(str.maketrans("0123456789abcdef", "aeioulmnrstbdgkp"))
    )
    return f"{letters[:6]} {letters[6:13]}".title()


def ids(people: list[Nomination]) -> list[str]:
    return [str(person.uuid) for person in people]


def decided(
    staff: Any, size: int = 12, seats: int = 3, *, of_call: dict[str, Any] | None = None, **asked: Any
) -> Any:
    """A call, its people and the decision on a computed panel: the best ``seats``, one alternate list, the rest."""
    call, people = make_pool(size, **(of_call or {}))
    plain = {"quotas": (), "per_country": None, "include": {}, "exclude": {}, "seed": 1}
    prepared = prepare_selection(actor=staff, call=call, asked=Asked(seats=seats, **{**plain, **asked}))
    selection = keep_selection(actor=staff, prepared=prepared)
    outbox.drain()
    selection.refresh_from_db()
    return call, people, decide_on(actor=staff, selection=selection)


def announced(staff: Any, size: int = 12, seats: int = 3, **asked: Any) -> Any:
    """The same, announced; mails are sent."""
    call, people, decision = decided(staff, size, seats, **asked)
    announce(
        actor=staff,
        decision=decision,
        version=decision.version,
        answer_by=timezone.now() + timedelta(days=14),
    )
    outbox.drain()
    decision.refresh_from_db()
    return call, people, decision
