"""Problems to try: small ones of every kind, and ones of the real size."""

import random
from decimal import Decimal

from hypothesis import strategies as st

from experts.panel import Candidate, Problem, Quota

REGIONS = ("africa", "asia_pacific", "eastern_europe", "latin_america", "western_europe")
FIELDS = ("cities", "data", "ethics", "inclusion", "law", "networks")


@st.composite
def small_problems(draw: st.DrawFn, *, seats: int = 4, most: int = 8) -> Problem:
    """Few merits, so that ties are frequent; quotas that can and that can't be met; decisions; unscored people."""
    merits = st.one_of(
        st.sampled_from([50, 50.5, 60, Decimal("60.01"), 70]),
        st.none() if draw(st.booleans()) else st.just(0),
    )
    people = draw(
        st.lists(
            st.tuples(
                merits,
                st.sampled_from(["A", "B", "C", None]),
                st.sampled_from(["woman", "man"]),
                st.sets(st.sampled_from(["law", "data"])),
            ),
            max_size=most,
        )
    )
    candidates = tuple(
        Candidate(number, merit, country, {"gender": {gender}, "expertise": fields})
        for number, (merit, country, gender, fields) in enumerate(people)
    )
    quotas = tuple(
        Quota(attribute, value, *draw(bounds(seats)))
        for attribute, value in (
            ("gender", "woman"),
            ("gender", "man"),
            ("expertise", "law"),
            ("expertise", "data"),
        )
        if draw(st.booleans())
    )
    ids = [candidate.id for candidate in candidates]
    include = draw(st.sets(st.sampled_from(ids), max_size=2)) if ids else set()
    exclude = draw(st.sets(st.sampled_from(ids), max_size=2)) - include if ids else set()
    return Problem(
        candidates,
        draw(st.integers(0, seats)),
        quotas,
        draw(st.sampled_from([None, None, 0, 1, 2])),
        frozenset(include),
        frozenset(exclude),
        draw(st.integers(0, 3)),
    )


def bounds(seats: int) -> st.SearchStrategy[tuple[int | None, int | None]]:
    pairs = st.tuples(
        st.one_of(st.none(), st.integers(0, seats)), st.one_of(st.none(), st.integers(0, seats))
    )
    return pairs.filter(
        lambda pair: pair != (None, None) and (None in pair or pair[0] <= pair[1])  # type: ignore[operator]
    )


def real_problem(people: int, seed: int = 0, *, seats: int = 30) -> Problem:
    """30 of so many: gender 14 to 16, five regions 5 to 7, six fields at least 5, one of a country."""
    chance = random.Random(seed)
    candidates = []
    for number in range(people):
        country = chance.randrange(193)
        candidates.append(
            Candidate(
                number,
                round(min(100.0, max(0.0, chance.gauss(65, 12))), 1),
                f"C{country}",
                {
                    "gender": {chance.choice(["woman", "man", "man"])},
                    "region": {REGIONS[country % 5]},
                    "expertise": set(chance.sample(FIELDS, chance.choice([1, 1, 2]))),
                },
            )
        )
    quotas = [
        *(Quota("gender", value, 14, 16) for value in ("woman", "man")),
        *(Quota("region", value, 5, 7) for value in REGIONS),
        *(Quota("expertise", value, 5) for value in FIELDS),
    ]
    return Problem(tuple(candidates), seats, tuple(quotas), 1, seed=seed)


def tight_problem(seed: int, *, people: int = 60, seats: int = 12) -> Problem:
    """Quotas that a random panel meets exactly or by one: hard, and fractions would do much better than people."""
    chance = random.Random(seed)
    candidates = tuple(
        Candidate(
            number,
            chance.randint(0, 100),
            f"C{chance.randrange(people // 2)}",
            {
                name: set(chance.sample(("a", "b", "c", "d"), chance.choice((1, 2, 3))))
                for name in ("one", "two", "three")
            },
        )
        for number in range(people)
    )
    met = chance.sample(candidates, seats)
    quotas = []
    for name in ("one", "two", "three"):
        for value in ("a", "b", "c", "d"):
            count = sum(candidate.has(name, value) for candidate in met)
            quotas.append(Quota(name, value, count, count + chance.randint(0, 1)))
    return Problem(candidates, seats, tuple(quotas), 2, seed=seed)
