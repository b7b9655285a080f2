"""What changed between two drafts: every provision of both, with its redline, in reading order.

Provisions are met by their keys, which stay when a text moves or is renumbered; a split or merged one is set
against its ancestors. Words are compared provision by provision (``redline``), so that the work grows with the
length of the text, and the same drafts give the same comparison everywhere.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from drafts.redline import Piece, redline

Change = Literal["added", "removed", "changed", "moved", "unchanged"]
CHANGES: tuple[Change, ...] = ("added", "removed", "changed", "moved", "unchanged")


@dataclass(frozen=True)
class Wording:
    """A provision as one draft has it, in one language; ``parent`` is a key."""

    key: str
    kind: str
    parent: str | None
    pillar: int | None
    number: str
    heading: str = ""
    text: str = ""


@dataclass(frozen=True)
class Ancestor:
    """Where a provision that the old draft lacks comes from, or what was merged into one that it has."""

    key: str
    kind: Literal["split", "merge"]


@dataclass(frozen=True)
class Compared:
    """One provision of either draft. ``old`` or ``new`` is None where a draft hasn't got it.

    ``heading`` and ``text`` join to both wordings exactly (an empty one where a draft hasn't got it).
    ``from_ancestors`` is what a person compares instead where a provision was split or merged: a part of a
    split one against its share of the ancestor's words, a merged one against all its ancestors' words.
    ``change`` names the words first: a provision that moved and was changed is ``changed``, and ``moved``.
    """

    change: Change
    old: Wording | None
    new: Wording | None
    heading: tuple[Piece, ...] = ()
    text: tuple[Piece, ...] = ()
    moved: bool = False
    ancestors: tuple[Ancestor, ...] = ()
    descendants: tuple[Ancestor, ...] = ()
    from_ancestors: tuple[Piece, ...] = ()

    @property
    def here(self) -> Wording:
        """The provision where it is shown: in the new draft, else in the old one."""
        wording = self.new or self.old
        assert wording is not None
        return wording

    @property
    def key(self) -> str:
        return self.here.key

    @property
    def is_renumbered(self) -> bool:
        return bool(self.old and self.new and self.old.number != self.new.number)

    @property
    def is_marked(self) -> bool:
        """Whether a reader who asked for changes only is shown it."""
        return self.change != "unchanged" or bool(self.ancestors or self.descendants)


@dataclass(frozen=True)
class Comparison:
    """Every provision of two drafts in the order in which the new one is read; what was removed stands where
    it stood."""

    provisions: tuple[Compared, ...] = ()

    @property
    def summary(self) -> dict[Change, int]:
        return summary_of(self.provisions)


def summary_of(provisions: Iterable[Compared]) -> dict[Change, int]:
    """How many provisions were added, removed, changed, moved and left as they were; each counts once."""
    counts = Counter(compared.change for compared in provisions)
    return {change: counts[change] for change in CHANGES}


def compare(
    old: Sequence[Wording],
    new: Sequence[Wording],
    lineage: Mapping[str, Sequence[Ancestor]] | None = None,
) -> Comparison:
    """Compare two drafts, each in document order. ``lineage`` gives the ancestors of a key of ``new``."""
    before = {wording.key: wording for wording in old}
    after = {wording.key: wording for wording in new}
    lineage = lineage or {}
    descendants: dict[str, list[Ancestor]] = defaultdict(list)
    for key, ancestors in lineage.items():
        for ancestor in ancestors:
            if key in after:
                descendants[ancestor.key].append(Ancestor(key, ancestor.kind))
    strays = _moved(old, new)
    shares = _shares(before, after, lineage)
    rows = []
    for key in _reading_order(old, new):
        ancestors = tuple(a for a in lineage.get(key, ()) if a.key in before and a.key != key)
        row = _compared(before.get(key), after.get(key), key in strays)
        rows.append(
            replace(
                row,
                ancestors=ancestors,
                descendants=tuple(descendants.get(key, ())),
                from_ancestors=tuple(shares.get(key, ())),
            )
        )
    return Comparison(tuple(rows))


def _compared(was: Wording | None, now: Wording | None, moved: bool) -> Compared:
    change: Change
    if was is None:
        change = "added"
    elif now is None:
        change = "removed"
    elif was.heading != now.heading or was.text != now.text:
        change = "changed"
    else:
        change = "moved" if moved else "unchanged"
    heading = tuple(_pieces(was.heading if was else "", now.heading if now else ""))
    text = tuple(_pieces(was.text if was else "", now.text if now else ""))
    return Compared(change, was, now, heading, text, moved)


def _pieces(old: str, new: str) -> list[Piece]:
    if old == new:
        return [Piece("same", old)] if old else []
    return redline(old, new)


def _shares(
    before: Mapping[str, Wording], after: Mapping[str, Wording], lineage: Mapping[str, Sequence[Ancestor]]
) -> dict[str, list[Piece]]:
    """The redlines of split and merged provisions against their ancestors, by the key they have now."""
    parts: dict[str, list[str]] = defaultdict(list)
    shares: dict[str, list[Piece]] = {}
    for key in after:  # in document order
        ancestors = [a for a in lineage.get(key, ()) if a.key in before and a.key != key]
        if len(ancestors) == 1 and ancestors[0].kind == "split" and key not in before:
            parts[ancestors[0].key].append(key)
        elif ancestors:
            own = [key] if key in before else []
            words = "\n".join(before[k].text for k in [*own, *(a.key for a in ancestors)])
            shares[key] = redline(words, after[key].text)
    for ancestor, keys in parts.items():
        family = [key for key in after if key in keys or key == ancestor]
        texts = [after[key].text for key in family]
        cut = _cut(redline(before[ancestor].text, "\n".join(texts)), texts)
        shares.update(zip(family, cut, strict=True))
    return shares


def _cut(pieces: Iterable[Piece], texts: Sequence[str]) -> list[list[Piece]]:
    """``pieces``, whose new side is ``texts`` with a line break between them, for each text its own. What was
    removed between two of them stays with the first."""
    shares: list[list[Piece]] = [[] for _ in texts]
    i, left = 0, len(texts[0])
    for piece in pieces:
        words = piece.text
        if piece.kind == "removed":
            shares[i].append(piece)
            continue
        while words:
            if left == 0 and i + 1 < len(texts):  # the line break itself belongs to nobody
                words, i, left = words[1:], i + 1, len(texts[i + 1])
                continue
            shares[i] += [Piece(piece.kind, words[:left])]
            words, left = words[left:], left - len(words[:left])
    return shares


def _reading_order(old: Sequence[Wording], new: Sequence[Wording]) -> list[str]:
    """The new draft's keys; a removed one follows the one it followed."""
    after = {wording.key for wording in new}
    following: dict[str | None, list[str]] = defaultdict(list)
    anchor: str | None = None
    for wording in old:
        if wording.key in after:
            anchor = wording.key
        else:
            following[anchor].append(wording.key)
    order = list(following[None])
    for wording in new:
        order.append(wording.key)
        order += following.get(wording.key, ())
    return order


def _moved(old: Sequence[Wording], new: Sequence[Wording]) -> set[str]:
    """Keys that stand under another parent, or in another order among the siblings that stayed.

    Of siblings in another order as few as possible count as moved: all but a longest rising sequence.
    """
    place = {wording.key: i for i, wording in enumerate(old)}
    parents = {wording.key: wording.parent for wording in old}
    moved = set()
    siblings: dict[str | None, list[str]] = defaultdict(list)
    for wording in new:
        if wording.key not in place:
            continue
        if wording.parent != parents[wording.key]:
            moved.add(wording.key)
        else:
            siblings[wording.parent].append(wording.key)
    for keys in siblings.values():
        moved |= _strays(keys, place)
    return moved


def _strays(keys: Sequence[str], place: Mapping[str, int]) -> set[str]:
    """The keys outside one longest sequence whose places rise."""
    ends: list[int] = []  # the lowest place on which a rising sequence of each length ends
    at: list[str] = []
    came_from: dict[str, str | None] = {}
    for key in keys:
        length = bisect_left(ends, place[key])
        came_from[key] = at[length - 1] if length else None
        ends[length : length + 1] = [place[key]]
        at[length : length + 1] = [key]
    stayed = set()
    last = at[-1] if at else None
    while last is not None:
        stayed.add(last)
        last = came_from[last]
    return set(keys) - stayed
