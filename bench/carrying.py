"""How quotes are carried to an edited wording: right, wrong and left, by edits whose outcome is known; and how fast."""

import time
from collections import Counter
from collections.abc import Sequence

from bench.edits import DELETED, LANGUAGES, MOVED, Case, cases, touched
from bench.table import Measure
from drafts.carrying import Carried, Way

QUOTES, SEED = 1_000, 7
A_SECOND = 2_000


def carrying() -> list[Measure]:
    """A thousand quotes in each of three languages, every second one touched by an edit."""
    measures = []
    for language in LANGUAGES:
        found = cases(language, QUOTES, SEED)
        measures += _accuracy(language, found)
        measures.append(_speed(language, found))
    return measures


def outcome(case: Case, carried: Carried) -> str:
    """``right``, ``near`` (the place, with other ends), ``wrong``, or ``left`` without a place; with ``proposed``
    before it where a person is asked. Spaces and signs at the ends don't count."""
    if carried.start is None or carried.end is None:
        return "left"
    kind = "wrong"
    if case.place is not None:
        (a, b), (c, d) = (_bare(case.new, *place) for place in ((carried.start, carried.end), case.place))
        shared = min(b, d) - max(a, c)
        kind = "right" if (a, b) == (c, d) else "near" if 2 * shared >= max(b - a, d - c) else "wrong"
    return f"proposed {kind}" if carried.state == "proposed" else kind


def outcomes(found: Sequence[Case]) -> dict[str, Counter[str]]:
    """How often each came about: for quotes untouched, edited, deleted and moved."""
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("untouched", "edited", "deleted", "moved")
    }
    for case in found:
        carried = Way(case.old, case.new).carry(case.start, case.end)
        counts[kind_of(case)][outcome(case, carried)] += 1
    return counts


def kind_of(case: Case) -> str:
    if case.edit == "none":
        return "untouched"
    return "deleted" if case.edit in DELETED else "moved" if case.edit in MOVED else "edited"


def share(counts: Counter[str], *names: str) -> float:
    """The share of these outcomes, in a hundred."""
    return 100 * sum(counts[name] for name in names) / counts.total()


def left(counts: Counter[str]) -> float:
    """The share of quotes that nobody was given a place for in silence, in a hundred."""
    return 100 - share(counts, "right", "near", "wrong")


def _accuracy(language: str, found: Sequence[Case]) -> list[Measure]:
    counts = outcomes(found)
    edited, deleted, moved = (counts[name] for name in ("edited", "deleted", "moved"))
    every = sum((counts[name] for name in ("edited", "deleted", "moved")), Counter[str]())
    assert every.total() == len(list(touched(found)))
    return [
        _held(f"{language}: {edited.total()} edited quotes, right", share(edited, "right"), above=90),
        _held(f"{language}: {deleted.total()} deleted quotes, left unanchored", left(deleted), above=97),
        _held(f"{language}: touched quotes, in a wrong place", share(every, "wrong"), at_most=1),
        _held(f"{language}: untouched quotes, right", share(counts["untouched"], "right"), above=99),
        Measure(f"{language}: edited quotes, proposed", f"{_proposed(edited):.1f} %"),
        Measure(f"{language}: deleted quotes, like ones proposed", f"{_proposed(deleted):.1f} %"),
        _held(
            f"{language}: {moved.total()} quotes in moved sentences, right or proposed right",
            share(moved, "right", "proposed right"),
            above=90,
        ),
    ]


def _proposed(counts: Counter[str]) -> float:
    return share(counts, "proposed right", "proposed near", "proposed wrong")


def _held(what: str, value: float, *, above: float = 0, at_most: float = 0) -> Measure:
    holds = value > above if above else value <= at_most
    return Measure(what, f"{value:.1f} %", f"above {above:g} %" if above else f"at most {at_most:g} %", holds)


def _speed(language: str, found: Sequence[Case]) -> Measure:
    """Quotes carried in a second of CPU once the two wordings have been compared."""
    ways = [(Way(case.old, case.new), case) for case in found]
    times = []
    for _ in range(5):
        start = time.process_time()
        for way, case in ways:
            way.carry(case.start, case.end)
        times.append(time.process_time() - start)
    rate = len(ways) / min(times)
    return Measure(
        f"{language}: quotes carried in a second of CPU",
        f"{rate:,.0f}",
        f"at least {A_SECOND:,}",
        rate >= A_SECOND,
    )


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end
