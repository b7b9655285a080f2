"""Where comments stand in another draft of the same guidelines: by key and lineage, and word by word."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from consultations.models import AnchorMapping, Comment
from drafts.carrying import Way
from drafts.comparing import lineage_between
from drafts.models import Draft, Provision, ProvisionText

State = AnchorMapping.State
WAYS = 256  # comparisons of wordings that stay at hand; comments come in the order of their provisions


@dataclass(frozen=True)
class Place:
    """Where a comment stands in a draft; ``exact`` are the words that stand there now, in ``language``.

    ``known`` is False where the draft has no words in the quote's language (yet): nothing is to be kept of that.
    """

    state: str
    provision: Provision | None = None
    start: int | None = None
    end: int | None = None
    exact: str = ""
    known: bool = True


@dataclass(frozen=True)
class _Family:
    """Provisions of two drafts whose words went over into one another: keys, in the order of their words."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass
class _Before:
    """An earlier draft and what became of its provisions."""

    parents: dict[str, str | None]
    ancestors: dict[str, list[str]]
    descendants: dict[str, list[str]]


class Carrier:
    """Carries comments to ``draft``; keeps what it has read and compared, so that many go fast.

    A constant number of queries for each draft and language that the comments are of.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._provisions = {
            row.key: row for row in Provision.objects.filter(draft=draft).order_by("position")
        }
        self._texts: dict[tuple[int, str], dict[str, str]] = {}
        self._before: dict[int, _Before] = {}
        self._ways: OrderedDict[tuple[int, str], Way] = OrderedDict()

    def place_of(self, comment: Comment) -> Place:
        """Where ``comment`` (with ``round__draft``, ``provision``, ``anchor__revision``) stands in the draft."""
        if comment.provision is None:
            return Place(State.EXACT)
        before = self._read(comment.round.draft)
        key = comment.provision.key
        family = self._family(before, key)
        if not family.new:
            return Place(State.ORPHANED, self._nearest(before, key))
        first = self._provisions[key if key in family.new else family.new[0]]
        anchor = getattr(comment, "anchor", None)
        if anchor is None:
            return Place(State.EXACT if first.key == key else State.MAPPED, first)
        texts = self._words(self.draft, anchor.language)
        if any(each not in texts for each in family.new):
            return Place(State.ORPHANED, first, known=False)
        wording = anchor.revision.content["text"]
        old_texts = self._words(comment.round.draft, anchor.language)
        old = [wording if each == key else old_texts.get(each, "") for each in family.old]
        way = self._way((anchor.revision_id, key), old, [texts[each] for each in family.new])
        shift = sum(len(text) + 1 for text in old[: family.old.index(key)])
        carried = way.carry(shift + anchor.start, shift + anchor.end)
        if carried.start is None or carried.end is None:
            return Place(State.ORPHANED, first)
        return self._within(family, texts, carried.state, carried.start, carried.end)

    def _within(self, family: _Family, texts: dict[str, str], state: str, start: int, end: int) -> Place:
        """The place in one of the family's provisions: where two share the words, the one that has most of them."""
        found: list[tuple[int, str, int, int]] = []
        at = 0
        for key in family.new:
            a, b = max(start, at), min(end, at + len(texts[key]))
            if a < b:
                found.append((b - a, key, a - at, b - at))
            at += len(texts[key]) + 1
        if not found:
            return Place(State.ORPHANED, self._provisions[family.new[0]])
        length, key, a, b = max(found, key=lambda part: part[0])
        if state == State.EXACT and length < end - start:
            state = State.MAPPED
        return Place(state, self._provisions[key], a, b, texts[key][a:b])

    def _family(self, before: _Before, key: str) -> _Family:
        """``key``'s relatives: where its words went, and what else came together there."""
        went = {*before.descendants.get(key, ()), *([key] if key in self._provisions else [])}
        new = tuple(each for each in self._provisions if each in went)
        came: dict[str, None] = {}
        for each in new:
            # As they are joined: a merged one's own words first, then those of the others.
            own = [each] if each in before.parents else []
            came |= dict.fromkeys([*own, *before.ancestors.get(each, ())])
        return _Family(tuple(came | {key: None}), new)

    def _nearest(self, before: _Before, key: str) -> Provision | None:
        """The nearest provision above that stands in the draft."""
        above = before.parents.get(key)
        while above is not None and above not in self._provisions:
            above = before.parents.get(above)
        return self._provisions[above] if above else None

    def _way(self, name: tuple[int, str], old: Iterable[str], new: Iterable[str]) -> Way:
        if name not in self._ways:
            self._ways[name] = Way("\n".join(old), "\n".join(new))
            while len(self._ways) > WAYS:
                self._ways.popitem(last=False)
        return self._ways[name]

    # --- Reading ------------------------------------------------------------------------------------------

    def _words(self, draft: Draft, language: str) -> dict[str, str]:
        name = (draft.pk, language)
        if name not in self._texts:
            self._texts[name] = _texts_of(draft, language)
        return self._texts[name]

    def _read(self, draft: Draft) -> _Before:
        if draft.pk not in self._before:
            # Removed ones too: what is said of a provision stays when it is taken out of a working draft.
            rows = Provision.with_removed.filter(draft=draft).order_by("position").select_related("parent")
            parents = {row.key: row.parent.key if row.parent else None for row in rows}
            ancestors = {
                key: [ancestor.key for ancestor in found if ancestor.key in parents]
                for key, found in lineage_between(self.draft, draft).items()
                if key in self._provisions
            }
            descendants: dict[str, list[str]] = defaultdict(list)
            for key, found in ancestors.items():
                for ancestor in found:
                    descendants[ancestor].append(key)
            self._before[draft.pk] = _Before(parents, ancestors, descendants)
        return self._before[draft.pk]


def _texts_of(draft: Draft, language: str) -> dict[str, str]:
    texts = ProvisionText.objects.of_draft(draft).filter(language=language)
    return dict(texts.values_list("provision__key", "text"))


def place_in(comment: Comment, draft: Draft) -> Place:
    """Where ``comment`` stands in ``draft``: as it was carried there or a person set it, else worked out now."""
    kept = comment.mappings.filter(draft=draft).select_related("provision").first()
    if kept is None or not draft.is_open_to_all:
        return Carrier(draft).place_of(comment)
    anchor = getattr(comment, "anchor", None)
    words = ""
    if kept.provision is not None and anchor is not None and kept.start is not None:
        words = _texts_of(draft, anchor.language).get(kept.provision.key, "")[kept.start : kept.end]
    return Place(kept.state, kept.provision, kept.start, kept.end, words)
