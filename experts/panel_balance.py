"""A panel's balance as people read it: bullet charts, each beside its numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experts.panel import Balance, Position, Problem, Quota, balance
from experts.panel_words import Words
from experts.selection_pool import ATTRIBUTES, EXPERTISE, GENDER, LEVEL, PERSON, REGION

# Drawn at once; of the others only what has a quota, the rest can be opened.
MAIN = (GENDER, REGION, EXPERTISE, LEVEL)


@dataclass(frozen=True)
class Bullet:
    """One value: how many of the panel, of the pool, what is asked, and where that lies (in percent of the width).

    ``pool_at``: how many the panel would have in the pool's proportion. ``price``: what the quota costs, if known.
    """

    label: str
    count: int
    pool: int
    low: int | None
    high: int | None
    position: str
    width: float
    pool_at: float
    band_from: float | None
    band_width: float | None
    price: str | None = None

    @property
    def is_met(self) -> bool:
        return self.position in (Position.WITHIN, Position.FREE)


@dataclass(frozen=True)
class Bullets:
    """One attribute. ``price``: what all its quotas together cost."""

    attribute: str
    label: str
    rows: list[Bullet]
    price: str | None = None
    is_main: bool = True


def bullets_of(
    problem: Problem, panel: Iterable[str], words: Words, prices: Sequence[Mapping[str, Any]] = ()
) -> list[Bullets]:
    """The balance of ``panel``, attribute by attribute; ``prices`` as an outcome keeps them."""
    return drawn(balance(problem, panel), words, prices)


def drawn(found: Balance, words: Words, prices: Sequence[Mapping[str, Any]] = ()) -> list[Bullets]:
    costs = {(p["attribute"], p["value"]): p["price"] for p in prices if p["of"] == "quota"}
    together = {p["attribute"]: p["price"] for p in prices if p["of"] == "attribute"}
    lines: dict[str, list[Any]] = {}
    for line in found.lines:
        if line.attribute != PERSON:
            lines.setdefault(line.attribute, []).append(line)
    order = [*ATTRIBUTES, *(code for code in lines if code not in ATTRIBUTES)]
    return [
        _group(attribute, lines[attribute], found, words, costs, together.get(attribute))
        for attribute in order
        if attribute in lines
    ]


def _group(
    attribute: str,
    lines: list[Any],
    found: Balance,
    words: Words,
    costs: Mapping[Any, str],
    price: str | None,
) -> Bullets:
    known = words.values(attribute)
    lines = sorted(
        lines, key=lambda line: (known.index(line.value) if line.value in known else len(known), line.value)
    )
    expected = {line.value: found.panel * line.pool / found.pool if found.pool else 0.0 for line in lines}
    ends = [line.panel for line in lines] + [*expected.values()]
    ends += [
        end for line in lines if line.quota for end in (line.quota.min, line.quota.max) if end is not None
    ]
    # A maximum beyond the seats asks nothing: the picture doesn't make room for it.
    scale = max(1.0, min(max(ends, default=1), max(found.panel, 1)))
    rows = [
        _bullet(line, words, scale, expected[line.value], costs.get((attribute, line.value)))
        for line in lines
    ]
    quotas = any(line.quota for line in lines)
    return Bullets(attribute, words.attribute(attribute), rows, price, quotas or attribute in MAIN)


def _bullet(line: Any, words: Words, scale: float, expected: float, price: str | None) -> Bullet:
    quota: Quota | None = line.quota

    def at(n: float) -> float:
        return round(min(100.0, 100 * n / scale), 2)

    low = quota.min if quota else None
    high = quota.max if quota else None
    start = at(low or 0) if quota else None
    end = at(high) if high is not None else 100.0
    return Bullet(
        label=words.value(line.attribute, line.value),
        count=line.panel,
        pool=line.pool,
        low=low,
        high=high,
        position=str(line.position),
        width=at(line.panel),
        pool_at=at(expected),
        band_from=start,
        band_width=None if start is None else round(max(end - start, 0.8), 2),
        price=price,
    )
