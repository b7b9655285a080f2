"""A call with a pool of known merits, for tests of the panel."""

from typing import Any

from experts.models import Call, Nomination
from tests.factories import make_call, make_nomination

COUNTRIES = ("KEN", "FRA", "BRA", "CHN", "POL", "GHA", "DEU", "CHL", "IND", "SRB")


def make_pool(size: int = 10, **fields: Any) -> tuple[Call, list[Nomination]]:
    """``size`` scored nominees of merit 90, 89, …: women and men in turn, each of a country of the list."""
    call = make_call(**fields)
    people = [
        make_nomination(
            call,
            state="scored",
            country=COUNTRIES[n % len(COUNTRIES)],
            merit=90 - n,
            gender="woman" if n % 3 == 0 else "man",
            expertise=[str(1 + n % 8)],
            level_of_government="national",
        )
        for n in range(size)
    ]
    return call, people


def ids(people: list[Nomination]) -> list[str]:
    return [str(person.uuid) for person in people]
