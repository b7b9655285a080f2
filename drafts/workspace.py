"""What a drafter has before them: the tree of the draft, the provision, its earlier wordings, where it may go."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models.functions import Substr

from drafts.marks import MARK, printed_marks
from drafts.models import Draft, Lineage, Provision, ProvisionText, StructureChange
from drafts.outline import PARENTS, Node, Outline
from drafts.places import place_in_a_list, place_name
from drafts.queries import UNIT_KINDS
from drafts.writing import editable

FIRST_WORDS = 70
Kind = Provision.Kind


@dataclass
class TreeRow:
    """A line of the tree; ``depth`` counts from 0, ``holds`` are the kinds that may stand under it."""

    provision: Provision
    depth: int
    words: str
    language: str
    current: bool
    holds: str

    @property
    def is_unit(self) -> bool:
        return self.provision.kind in UNIT_KINDS


@dataclass
class Choice:
    """A provision to choose, as it is named to a drafter."""

    key: str
    name: str


@dataclass
class Workspace:
    """The tree opened at one provision, and what can be done with that one."""

    rows: list[TreeRow]
    removed: list[TreeRow]
    parents: list[Choice] = field(default_factory=list)
    mergeable: list[Choice] = field(default_factory=list)
    kinds: list[tuple[str, str]] = field(default_factory=list)
    next_key: str = ""
    previous_key: str = ""
    may_move: bool = False


def workspace_of(draft: Draft, language: str, key: str = "") -> Workspace:
    """The tree with every unit, and the unit of ``key`` opened (three queries)."""
    outline = Outline.of(draft)
    node = outline.nodes.get(key)
    opened = _unit_of(node)
    shown = [each for each in outline.walk() if each.stands and _is_shown(each, opened)]
    removed = [n for n in outline.walk() if not n.stands and (n.parent is None or n.parent.stands)]
    own = [n for n in outline.walk() if node and n.kind == node.kind and n.stands]
    holders = [n for n in outline.walk() if node and outline.may_stand_under(node.kind, n)]
    names = first_words(draft, language, [*shown, *removed, *own, *holders])
    place = shown.index(node) if node in shown else -1
    found = Workspace(
        rows=[_row(each, names, language, key) for each in shown],
        removed=[_row(each, names, language, key) for each in removed],
        next_key=shown[place + 1].key if 0 <= place < len(shown) - 1 else "",
        previous_key=shown[place - 1].key if place > 0 else "",
    )
    if node and node.stands and node.kind != Kind.FOOTNOTE:
        below = set(node.subtree())
        found.may_move = True
        found.parents = [Choice(n.key, _name(n, names)) for n in holders if n not in below]
        found.mergeable = [Choice(n.key, _name(n, names)) for n in _near(own, node)]
        found.kinds = kinds_near(outline, node)
    return found


def kinds_near(outline: Outline, node: Node) -> list[tuple[str, str]]:
    """What can be added: ``kind:behind`` or ``kind:under`` and the kind's name."""
    found = []
    for where, parent in (("behind", node.parent), ("under", node)):
        for kind in PARENTS:
            if kind != Kind.FOOTNOTE and outline.may_stand_under(kind, parent):
                found.append((f"{kind}:{where}", str(Kind(kind).label)))
    # The same again is what is mostly wanted.
    return sorted(found, key=lambda choice: choice[0] != f"{node.kind}:behind")


def first_words(draft: Draft, language: str, nodes: Iterable[Node]) -> dict[int, tuple[str, str]]:
    """provision id → the language and the first words of its heading or text."""
    wanted = {node.provision.pk for node in nodes}
    texts = ProvisionText.objects.filter(
        provision__draft=draft, language__in={language, draft.source_language}
    )
    found: dict[int, tuple[str, str]] = {}
    rows = texts.annotate(start=Substr("text", 1, FIRST_WORDS * 2)).values_list(
        "provision_id", "language", "heading", "start"
    )
    for pk, written, heading, start in rows:
        if pk in wanted and (written == language or pk not in found):
            found[pk] = (written, _short(MARK.sub("", heading or start)))
    return found


def names_of(draft: Draft, language: str) -> list[Choice]:
    """Every provision by the name under which a drafter looks for it, to refer to (two queries)."""
    outline = Outline.of(draft)
    nodes = [n for n in outline.walk() if n.stands and n.kind not in (Kind.FOOTNOTE, Kind.HEADING)]
    words = first_words(draft, language, nodes)
    return [Choice(n.key, _name(n, words)) for n in nodes]


def content_to_edit(words: ProvisionText) -> dict[str, str]:
    """Heading and text as they stand in the fields."""
    return {"heading": printed_marks(words.heading, words.footnotes), "text": editable(words.content)}


@dataclass(frozen=True)
class Merged:
    """What a provision was merged into, by its key and name; ``act`` is the structure's version that did it."""

    key: str
    name: str
    act: int | None


def merged_into(draft: Draft, provision: Provision) -> Merged | None:
    """Of one that went since its words are part of another (three queries); None where it was just removed."""
    if provision.removed_at is None:
        return None
    rows = Lineage.objects.filter(draft=draft, ancestor_key=provision.key, kind=Lineage.Kind.MERGE)
    row = rows.order_by("-pk").first()
    into = Provision.with_removed.filter(draft=draft, key=row.key).first() if row else None
    if into is None:
        return None
    acts = draft.structure_changes.filter(
        act=StructureChange.Act.MERGE, key=into.key, other_key=provision.key
    )
    return Merged(
        into.key, place_name(into), acts.order_by("-version").values_list("version", flat=True).first()
    )


def _unit_of(node: Node | None) -> Node | None:
    while node is not None and node.kind not in UNIT_KINDS:
        node = node.parent
    return node


def _is_shown(node: Node, opened: Node | None) -> bool:
    return node.kind in UNIT_KINDS or (opened is not None and _unit_of(node) is opened)


def _depth(node: Node) -> int:
    return 0 if node.parent is None else 1 + _depth(node.parent)


def _row(node: Node, names: dict[int, tuple[str, str]], language: str, key: str) -> TreeRow:
    written, words = names.get(node.provision.pk, (language, ""))
    holds = " ".join(kind for kind, parents in PARENTS.items() if node.kind in parents)
    return TreeRow(node.provision, _depth(node), words, written, node.key == key, holds)


def _name(node: Node, names: dict[int, tuple[str, str]]) -> str:
    row = node.provision
    label = place_in_a_list(row) if row.number else str(Kind(node.kind).label)
    return f"{label}: {names.get(node.provision.pk, ('', ''))[1]}"


def _near(nodes: list[Node], node: Node) -> list[Node]:
    """Those to merge with, nearest first: the next, the one before, then the others."""
    at = nodes.index(node)
    return sorted((n for n in nodes if n is not node), key=lambda n: abs(nodes.index(n) - at - 0.1))


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= FIRST_WORDS else words[: FIRST_WORDS - 1].rstrip() + "…"
