"""A draft as a tree of provisions: where each may stand, and the numbers that follow from its place.

Held in memory while an act on the structure is carried out; ``actions.structure`` writes what came of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from drafts.models import Draft, Provision

Kind = Provision.Kind
TEXT_KINDS = (Kind.CHAPTER, Kind.SECTION, Kind.PILLAR, Kind.HEADING)
# Under what a provision of a kind may stand; "" is the draft itself.
PARENTS: Mapping[str, tuple[str, ...]] = {
    Kind.CHAPTER: ("",),
    Kind.SECTION: (Kind.CHAPTER, Kind.SECTION),
    Kind.PILLAR: (Kind.CHAPTER, Kind.SECTION),
    Kind.HEADING: (Kind.PILLAR, Kind.CHAPTER, Kind.SECTION),
    Kind.PARAGRAPH: TEXT_KINDS,
    Kind.PRINCIPLE: (Kind.PILLAR, Kind.HEADING),
    Kind.ACTION: (Kind.PARAGRAPH,),
    Kind.ITEM: (Kind.PARAGRAPH, Kind.PRINCIPLE),
    Kind.STEP: (Kind.CHAPTER, Kind.SECTION, Kind.TABLE),
    Kind.STEP_ACTION: (Kind.STEP,),
    Kind.FIGURE: TEXT_KINDS,
    Kind.TABLE: TEXT_KINDS,
    Kind.FOOTNOTE: (),
    Kind.TERM: (Kind.CHAPTER, Kind.SECTION),
}
MOST_PILLARS = 8


@dataclass(eq=False)
class Node:
    """A provision with what stands under it, in order; removed ones keep their place."""

    provision: Provision
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    unnumbered: bool = False  # such as an annex: it stood without a number, and stays so

    @property
    def key(self) -> str:
        return self.provision.key

    @property
    def kind(self) -> str:
        return self.provision.kind

    @property
    def stands(self) -> bool:
        return self.provision.removed_at is None

    @property
    def standing(self) -> dict[str, Any]:
        """How it stands, as ``StructureChange`` keeps it."""
        row = self.provision
        return {
            "key": row.key,
            "parent": self.parent.key if self.parent else None,
            "position": row.position,
            "number": row.number,
            "removed": not self.stands,
        }

    def subtree(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.subtree()


Place = tuple[Node | None, Node | None]  # under whom, and behind which sibling (None: before the others)


class Outline:
    """Every provision of a draft, removed ones too, as a tree."""

    def __init__(self, provisions: Iterable[Provision]) -> None:
        rows = sorted(provisions, key=lambda row: (row.position, row.pk))
        self.top: list[Node] = []
        self.nodes = {row.key: Node(row, unnumbered=not row.number) for row in rows}
        by_id = {node.provision.pk: node for node in self.nodes.values()}
        for node in self.nodes.values():
            node.parent = by_id[node.provision.parent_id] if node.provision.parent_id else None
            if node.parent:
                node.provision.parent = node.parent.provision  # read already: no query of its own
            self.siblings(node.parent).append(node)
        self.before = {key: node.standing for key, node in self.nodes.items()}

    @classmethod
    def of(cls, draft: Draft) -> Outline:
        return cls(Provision.with_removed.filter(draft=draft))

    def siblings(self, parent: Node | None) -> list[Node]:
        return parent.children if parent else self.top

    def walk(self) -> Iterator[Node]:
        """Every node in document order."""
        for node in self.top:
            yield from node.subtree()

    def may_stand_under(self, kind: str, parent: Node | None) -> bool:
        return (parent.kind if parent else "") in PARENTS[kind] and (parent is None or parent.stands)

    def insert(self, node: Node, parent: Node | None, behind: Node | None) -> None:
        """Let ``node`` stand under ``parent``, behind its child ``behind``; None is before every other child,
        yet after the footnotes."""
        siblings = self.siblings(parent)
        if behind is not None:
            at = siblings.index(behind) + 1
        else:
            at = next((i for i, each in enumerate(siblings) if each.kind != Kind.FOOTNOTE), len(siblings))
        siblings.insert(at, node)
        node.parent = parent
        self.nodes[node.key] = node

    def take(self, node: Node) -> None:
        """Take ``node`` with its subtree from its place, to be inserted elsewhere."""
        self.siblings(node.parent).remove(node)

    def behind(self, node: Node) -> Node | None:
        """The standing sibling (no footnote) before ``node``."""
        found = None
        for each in self.siblings(node.parent):
            if each is node:
                return found
            if each.stands and each.kind != Kind.FOOTNOTE:
                found = each
        return found

    def places(self, node: Node) -> Iterator[Place]:
        """Every place where ``node`` may stand, in document order: under whom, and behind which sibling."""
        yield from self._places(node, None)

    def _places(self, node: Node, parent: Node | None) -> Iterator[Place]:
        allowed = self.may_stand_under(node.kind, parent)
        if allowed:
            yield parent, None
        for child in self.siblings(parent):
            if child is not node and child.stands and child.kind != Kind.FOOTNOTE:
                yield from self._places(node, child)
                if allowed:
                    yield parent, child

    def step(self, node: Node, by: int) -> Place | None:
        """The next place up (-1) or down (1); None at the end of the way.

        Past the first or last of its siblings, a provision goes where it may stand next in the text.
        """
        places = list(self.places(node))
        here = (node.parent, self.behind(node))
        at = places.index(here) + by if here in places else -1
        return places[at] if 0 <= at < len(places) else None

    def order_footnotes(self, marked: Mapping[int, Sequence[str]]) -> None:
        """Footnotes stand first under their provision, in the order of their marks; ``marked`` names, by
        provision id, the keys of the notes in the order in which the source language marks them."""
        for node in self.walk():
            notes = [child for child in node.children if child.kind == Kind.FOOTNOTE]
            keys = marked.get(node.provision.pk)
            if len(notes) > 1 and keys is not None:
                place = {key: i for i, key in enumerate(keys)}
                notes.sort(key=lambda note: place.get(note.key, len(place)))
                rest = [child for child in node.children if child.kind != Kind.FOOTNOTE]
                node.children[:] = [*notes, *rest]

    def settle(self) -> None:
        """Give every provision the position, number, pillar and actor of its place."""
        numbers = Numbers()
        for position, node in enumerate(self.walk(), start=1):
            row, parent = node.provision, node.parent.provision if node.parent else None
            row.position = position
            row.parent = parent
            if not node.stands:
                continue
            row.number = numbers.next(node)
            if row.kind == Kind.PILLAR:
                row.pillar = int(row.number)
            elif row.kind not in (Kind.CHAPTER, Kind.SECTION):
                row.pillar = parent.pillar if parent else None
            if row.kind == Kind.ACTION and parent and parent.kind == Kind.PARAGRAPH and parent.actor:
                row.actor = parent.actor


class Numbers:
    """Numbers by rule, asked for in document order."""

    def __init__(self) -> None:
        self._over_draft: Counter[str] = Counter()
        self._under: Counter[tuple[int | None, str]] = Counter()

    def next(self, node: Node) -> str:
        """The number of ``node``; its parent has got its own already."""
        kind, number = node.kind, node.provision.number
        # What stands without a number, or under a sign of its own such as an asterisk, keeps it.
        if node.unnumbered or (kind == Kind.FOOTNOTE and number and not number.isdecimal()):
            return number
        if kind in CONTINUOUS:
            self._over_draft[kind] += 1
            n = self._over_draft[kind]
            return roman(n) if kind == Kind.CHAPTER else str(n)
        parent = node.parent.provision if node.parent else None
        group = (parent.pillar, kind) if kind == Kind.PRINCIPLE and parent else (id(parent), kind)
        self._under[group] += 1
        n = self._under[group]
        if kind == Kind.SECTION:
            return letters(n).upper()
        if kind == Kind.STEP_ACTION:
            return f"{parent.number if parent else ''}.{n}"
        mark = f"({letters(n)})"
        if kind == Kind.HEADING:
            return mark
        if kind == Kind.PRINCIPLE:
            return f"Principle {parent.pillar if parent and parent.pillar else ''} {mark}".replace("  ", " ")
        return f"{parent.number} {mark}" if parent and parent.number else mark


CONTINUOUS = frozenset(
    {Kind.CHAPTER, Kind.PILLAR, Kind.PARAGRAPH, Kind.FIGURE, Kind.TABLE, Kind.STEP, Kind.FOOTNOTE, Kind.TERM}
)
_ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")]
_ROMAN += [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


def roman(n: int) -> str:
    digits = ""
    for value, sign in _ROMAN:
        digits += sign * (n // value)
        n %= value
    return digits


def letters(n: int) -> str:
    """a … z, aa, ab …"""
    found = ""
    while n:
        n, rest = divmod(n - 1, 26)
        found = chr(ord("a") + rest) + found
    return found


def new_key(node: Node, taken: set[str]) -> str:
    """A key of Akoma Ntoso's kind from what a new provision is and where it stands (its number is set).

    Once given it never changes, and none is given twice in the guidelines.
    """
    parent, number = node.parent, node.provision.number
    if node.kind in _CONTINUOUS_KEYS:
        base = (
            f"{_CONTINUOUS_KEYS[Kind(node.kind)]}_{arabic(number) if node.kind == Kind.CHAPTER else number}"
        )
    else:
        letter = re.sub(r"\W", "", number.rpartition(" ")[2]).lower()
        under = parent.key if parent else ""
        if node.kind == Kind.STEP_ACTION:
            base = f"step_action_{number.replace('.', '_')}"
        elif node.kind == Kind.PRINCIPLE:
            base = f"pillar_{node.provision.pillar or 0}__principle_{letter}"
        else:
            word = {Kind.SECTION: "sec_", Kind.HEADING: "heading_"}.get(Kind(node.kind), "")
            base = f"{under}__{word}{letter}"
    candidate, n = base[:100], 2
    while candidate in taken:
        candidate, n = f"{base[:100]}_v{n}", n + 1
    return candidate


_CONTINUOUS_KEYS = {
    Kind.CHAPTER: "chp",
    Kind.PILLAR: "pillar",
    Kind.PARAGRAPH: "para",
    Kind.FIGURE: "fig",
    Kind.TABLE: "table",
    Kind.STEP: "step",
    Kind.FOOTNOTE: "fn",
    Kind.TERM: "term",
}


def arabic(number: str) -> int:
    """The value of a Roman number; 0 where it is none."""
    return next((n for n in range(1, 200) if roman(n) == number), 0)
