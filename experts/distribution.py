"""Dividing reviews among reviewers: the same input always gives the same proposal.

1. Nominations with the fewest reviewers to choose from are served first; equals by their candidate number.
2. Each takes the reviewers with the least to do, standing reviews included. Equals are told apart by a hash of call,
   nomination and reviewer, so that the same two people don't always meet.
3. Then loads are evened out: while a chain of exchanges takes a proposed review from somebody to somebody who has at
   least two fewer, it is made. What stands already is never taken from anybody.

Nobody is proposed where a conflict bars them, or twice for one nomination.
"""

import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Pair = tuple[int, int]  # nomination, reviewer


@dataclass
class Proposal:
    """``pairs`` to add; ``short``: nominations for which too few reviewers are left, and how many are missing."""

    pairs: set[Pair] = field(default_factory=set)
    short: dict[int, int] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Tells whether a proposal is still the one that somebody saw."""
        return hashlib.sha256(repr(sorted(self.pairs)).encode()).hexdigest()[:16]


def distribute(
    nominations: Sequence[int],
    reviewers: Sequence[int],
    *,
    each: int,
    barred: Iterable[Pair] = (),
    standing: Iterable[Pair] = (),
    load: dict[int, int] | None = None,
    seed: int = 0,
) -> Proposal:
    """Propose reviews until every nomination has ``each``, as far as there are people without a conflict.

    ``nominations`` come in the order of their candidate numbers; ``standing`` are reviews that exist, ``load`` what
    each reviewer has in all (else counted from ``standing``).
    """
    kept, closed = set(standing), set(barred)
    loads = dict.fromkeys(reviewers, 0)
    for r in load or [r for _n, r in kept]:
        if r in loads:
            loads[r] += load[r] if load else 1
    free = {n: [r for r in reviewers if (n, r) not in closed and (n, r) not in kept] for n in nominations}
    held = _held(kept)
    proposal = Proposal()
    for n in sorted(nominations, key=lambda n: len(free[n])):
        wanted = max(0, each - held.get(n, 0))
        chosen = sorted(free[n], key=lambda r: (loads[r], _draw(seed, n, r)))[:wanted]
        for r in chosen:
            loads[r] += 1
            proposal.pairs.add((n, r))
        if len(chosen) < wanted:
            proposal.short[n] = wanted - len(chosen)
    _even_out(proposal.pairs, {n: set(rs) for n, rs in free.items()}, loads)
    return proposal


def _held(pairs: set[Pair]) -> dict[int, int]:
    held: dict[int, int] = {}
    for n, _r in pairs:
        held[n] = held.get(n, 0) + 1
    return held


def _draw(seed: int, nomination: int, reviewer: int) -> bytes:
    return hashlib.sha256(f"{seed}:{nomination}:{reviewer}".encode()).digest()


def _even_out(pairs: set[Pair], free: dict[int, set[int]], loads: dict[int, int]) -> None:
    """Exchange until no chain leads from anybody to somebody with at least two reviews fewer."""
    given: dict[int, set[int]] = {r: set() for r in loads}
    for n, r in pairs:
        given[r].add(n)
    moved = True
    while moved:
        moved = False
        for start in sorted(loads, key=lambda r: (-loads[r], r)):
            if chain := _chain(start, given, free, loads):
                for n, before, after in chain:
                    given[before].remove(n)
                    given[after].add(n)
                    pairs.remove((n, before))
                    pairs.add((n, after))
                loads[start] -= 1
                loads[chain[-1][2]] += 1
                moved = True
                break


def _chain(
    start: int, given: dict[int, set[int]], free: dict[int, set[int]], loads: dict[int, int]
) -> list[tuple[int, int, int]]:
    """The shortest chain of (nomination, from, to) out of ``start``; empty where there is none."""
    came: dict[int, tuple[int, int]] = {}
    queue, seen = deque([start]), {start}
    while queue:
        r = queue.popleft()
        if loads[r] <= loads[start] - 2:
            chain = []
            while r != start:
                n, before = came[r]
                chain.append((n, before, r))
                r = before
            return chain[::-1]
        for n in sorted(given[r]):
            for other in sorted(free[n] - seen):
                if n in given[other]:
                    continue
                seen.add(other)
                came[other] = (n, r)
                queue.append(other)
    return []
