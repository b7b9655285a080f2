"""Which provisions of a newly imported text are those of an earlier draft: they keep their keys.

By kind, pillar and actor first, then by how alike the words are; a provision that moved to another pillar is
found by its words alone. The result is a proposal that the import's preview shows.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz

ALIKE = 55.0
ALIKE_ELSEWHERE = 85.0
SAME_KEY_BONUS = 10.0
# Longer texts are told apart well before their end, and comparing costs the square of the length.
COMPARED = 1500


@dataclass(frozen=True)
class Aligned:
    """A provision as alignment sees it; ``words`` in a language that both drafts have."""

    key: str
    kind: str
    pillar: int | None
    actor: str | None
    number: str
    words: str


@dataclass
class Alignment:
    """``keys`` maps the new text's own keys to those it gets; the rest is for the preview."""

    keys: dict[str, str] = field(default_factory=dict)
    kept: int = 0
    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    renumbered: list[tuple[str, str, str]] = field(default_factory=list)


def align(new: Iterable[Aligned], earlier: Iterable[Aligned], taken: Iterable[str] = ()) -> Alignment:
    """Match ``new`` provisions with ``earlier`` ones; each is matched once.

    ``taken`` are keys that other drafts gave to other provisions: a new provision never gets one of them.
    """
    news, olds = list(new), list(earlier)
    found: dict[str, Aligned] = {}
    _match(news, olds, found, lambda p: (p.kind, p.pillar, p.actor), ALIKE)
    left_new = [p for p in news if p.key not in found]
    used = {old.key for old in found.values()}
    left_old = [p for p in olds if p.key not in used]
    _match(left_new, left_old, found, lambda p: p.kind, ALIKE_ELSEWHERE, bonus=0.0)
    result = Alignment()
    used = {old.key for old in found.values()}
    reserved = used | {p.key for p in olds} | set(taken)
    for provision in news:
        old = found.get(provision.key)
        if old is not None:
            result.keys[provision.key] = old.key
            result.kept += 1
            if old.number != provision.number:
                result.renumbered.append((old.key, old.number, provision.number))
        else:
            key = _free_key(provision.key, reserved)
            reserved.add(key)
            result.keys[provision.key] = key
            result.new.append(key)
    result.gone = [p.key for p in olds if p.key not in used]
    return result


def _match(
    news: list[Aligned],
    olds: list[Aligned],
    found: dict[str, Aligned],
    group: Callable[[Aligned], Hashable],
    threshold: float,
    bonus: float = SAME_KEY_BONUS,
) -> None:
    """Greedy: the most alike pair first; ties go to document order, so that the result is always the same."""
    buckets: dict[Hashable, list[tuple[int, Aligned]]] = defaultdict(list)
    for i, old in enumerate(olds):
        buckets[group(old)].append((i, old))
    pairs = []
    for j, provision in enumerate(news):
        for i, old in buckets.get(group(provision), ()):
            same_key = bonus if old.key == provision.key else 0.0
            score = _likeness(provision, old, threshold - same_key) + same_key
            if score >= threshold:
                pairs.append((-score, j, i, provision, old))
    taken: set[int] = set()
    for _score, _j, i, provision, old in sorted(pairs, key=lambda pair: pair[:3]):
        if provision.key not in found and i not in taken:
            found[provision.key] = old
            taken.add(i)


def _likeness(a: Aligned, b: Aligned, cutoff: float) -> float:
    if not a.words and not b.words:
        return 100.0 if a.key == b.key else 0.0
    return fuzz.ratio(a.words[:COMPARED], b.words[:COMPARED], score_cutoff=max(cutoff, 0.0))


def _free_key(key: str, reserved: set[str]) -> str:
    candidate, n = key, 2
    while candidate in reserved:
        candidate, n = f"{key}_v{n}", n + 1
    return candidate
