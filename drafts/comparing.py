"""Comparisons of stored drafts: read, computed once for each state of the two drafts, kept in the cache."""

import hashlib
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Sum

from accounts.pseudonyms import shown_name
from drafts.comparison import Ancestor, Compared, Comparison, Wording, compare
from drafts.models import Draft, Lineage, Provision, ProvisionText, Revision, StructureChange
from drafts.reasons import shown_reason
from drafts.writing import same_words

KEPT_SECONDS = 7 * 24 * 3600
SHAPE = 2  # raised when what is kept changes its shape
# Acts that leave a provision's words alone; of the others its revisions give the reason.
OF_PLACES = (StructureChange.Act.MOVE, StructureChange.Act.REMOVE, StructureChange.Act.RESTORE)


@dataclass(frozen=True)
class StoredWording(Wording):
    """A wording with its language, which is empty where there are no words; ``marks`` are pairs of a footnote
    mark's label and its printed number."""

    language: str = ""
    marks: tuple[tuple[str, str], ...] = ()


def comparison_of(new: Draft, against: Draft, language: str) -> Comparison:
    """What changed from ``against`` to ``new``, in ``language``.

    A provision that one of the drafts hasn't got in that language is compared in the source language of both:
    two languages set against each other would show nothing but change.
    """
    key = _cache_key(new, against, language)
    kept: Comparison | None = at_hand.get(key) or cache.get(key)
    if kept is None:
        languages = {language, new.source_language, against.source_language}
        old_words, new_words = _in_one_language(
            _read(against, languages), _read(new, languages), new, language
        )
        kept = compare(old_words, new_words, lineage_between(new, against))
        cache.set(key, kept, KEPT_SECONDS)
    at_hand.put(key, kept)
    return kept


class _AtHand:
    """The last few comparisons of this process, read page by page: to unpack one costs more than to show a page.

    What a key stands for never changes, so that nothing here can be out of date.
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._kept: OrderedDict[str, Comparison] = OrderedDict()

    def get(self, key: str) -> Comparison | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: str, comparison: Comparison) -> None:
        with self._lock:
            self._kept[key] = comparison
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """For tests, whose databases are rolled back to states that had other words."""
        with self._lock:
            self._kept.clear()


at_hand = _AtHand(most=4)


def lineage_between(new: Draft, against: Draft) -> dict[str, list[Ancestor]]:
    """The ancestors in ``against`` of what was split or merged on the way from it to ``new`` (two queries).

    Followed through every draft between the two; nothing where neither descends from the other.
    """
    line = _line(new, against)
    rows: dict[int, dict[str, list[Ancestor]]] = defaultdict(lambda: defaultdict(list))
    for row in Lineage.objects.filter(draft__in=line[:-1]).order_by("pk"):
        rows[row.draft_id][row.key].append(Ancestor(row.ancestor_key, row.kind))  # type: ignore[arg-type]
    found: dict[str, list[Ancestor]] = {}
    for pk in reversed(line[:-1]):  # from the oldest: later rows may name what earlier ones made
        for key, ancestors in rows[pk].items():
            known = found.setdefault(key, [])
            for ancestor in ancestors:
                earlier = found.get(ancestor.key) if ancestor.key != key else None
                known += [a for a in earlier or [ancestor] if a not in known and a.key != key]
    return {key: ancestors for key, ancestors in found.items() if ancestors}


@dataclass(frozen=True)
class Reason:
    """Why somebody changed a provision, in their own words."""

    words: str
    author: str
    at: datetime


def reasons_between(
    user: Any, new: Draft, against: Draft, rows: Iterable[Compared]
) -> dict[str, list[Reason]]:
    """The reasons given on the way from ``against`` to ``new``, newest first, by the key of the provision.

    Those of its words in the language shown and in the original, and of its place. Where only numbers followed,
    nobody gave a reason, and where earlier words stand again, what led away from them and back is no reason any
    more. Drafts in between are told of only to whoever may read them (three queries).
    """
    languages = {row.key: {getattr(row.here, "language", ""), new.source_language} for row in rows}
    line = [pk for pk in _line(new, against) if pk != against.pk] or [new.pk]
    readable = list(Draft.objects.filter(pk__in=line).visible_to(user).values_list("pk", flat=True))
    found: dict[str, list[Reason]] = defaultdict(list)
    revisions = Revision.objects.filter(
        provision_text__provision__draft__in=readable,
        provision_text__provision__key__in=languages,
        provision_text__language__in=set().union(*languages.values()),
        provision_text__unreleased=False,
    )
    stood: dict[tuple[str, str], list[tuple[Mapping[str, Any], Reason | None]]] = defaultdict(list)
    for key, language, content, base, begun, *given in revisions.order_by(
        "provision_text", "version"
    ).values_list(
        *("provision_text__provision__key", "provision_text__language", "content"),
        *("provision_text__provision__draft__base", "provision_text__provision__draft__created_at"),
        *("reason", "author__name", "at"),
    ):
        way, reason = stood[key, language], _reason(*given)
        if base is not None and reason.at < begun:  # taken over from the draft before: no change on the way
            way += [(content, None)] if not way or way[-1][1] is None else []
            continue
        again = next((i for i, (words, _why) in enumerate(way) if same_words(words, content)), None)
        if again is None:
            way.append((content, reason))
        else:
            del way[again + 1 :]
    for (key, language), way in stood.items():
        if language in languages[key]:
            found[key] += [reason for _words, reason in way if reason]
    acts = StructureChange.objects.filter(draft__in=readable, act__in=OF_PLACES, key__in=languages)
    for key, *given in acts.values_list("key", "reason", "author__name", "at"):
        found[key].append(_reason(*given))
    return {
        key: sorted(
            (reason for reason in reasons if reason.words), key=lambda reason: reason.at, reverse=True
        )
        for key, reasons in found.items()
    }


def _reason(words: str, author: str | None, at: datetime) -> Reason:
    return Reason(shown_reason(words), shown_name(author or ""), at)


def _line(new: Draft, against: Draft) -> list[int]:
    """The drafts from ``new`` back to ``against``, both included; none where it doesn't descend from it."""
    bases = dict(Draft.objects.filter(guidelines=new.guidelines_id).values_list("pk", "base"))
    line = [new.pk]
    while line[-1] != against.pk:
        base = bases.get(line[-1])
        if base is None:
            return []
        line.append(base)
    return line


def fingerprint_of(draft: Draft, *, unreleased: bool = False) -> str:
    """A hash that changes with every change of words or structure in ``draft`` (one query); of words that readers
    don't see yet only with ``unreleased``.

    Versions only rise, so that their sum with their number tells any two states apart.
    """
    words = ProvisionText.with_unreleased if unreleased else ProvisionText.objects
    texts = words.of_draft(draft).values("language").order_by("language")
    state = list(texts.annotate(n=Count("pk"), sum=Sum("version")).values_list("language", "n", "sum"))
    return hashlib.sha256(repr((draft.pk, draft.structure_version, state)).encode()).hexdigest()


def _cache_key(new: Draft, against: Draft, language: str) -> str:
    states = ":".join(fingerprint_of(draft)[:32] for draft in (new, against))
    return f"comparison:{SHAPE}:{new.pk}:{against.pk}:{language}:{states}"


Read = tuple[Sequence[Provision], Mapping[tuple[int, str], ProvisionText]]


def _read(draft: Draft, languages: set[str]) -> Read:
    provisions = list(Provision.objects.filter(draft=draft).order_by("position"))
    texts = ProvisionText.objects.of_draft(draft).filter(language__in=languages)
    return provisions, {(text.provision_id, text.language): text for text in texts}


def _in_one_language(
    old: Read, new: Read, draft: Draft, language: str
) -> tuple[list[StoredWording], list[StoredWording]]:
    places = [{row.key: row.pk for row in provisions} for provisions, _texts in (old, new)]

    def language_of(key: str) -> str:
        for candidate in (language, draft.source_language):
            if all(
                (place[key], candidate) in texts
                for place, (_p, texts) in zip(places, (old, new), strict=True)
                if key in place
            ):
                return candidate
        return language

    sides = []
    for provisions, texts in (old, new):
        keys = {row.pk: row.key for row in provisions}
        side = []
        for row in provisions:
            text = texts.get((row.pk, language_of(row.key)))
            side.append(
                StoredWording(
                    key=row.key,
                    kind=row.kind,
                    parent=keys.get(row.parent_id) if row.parent_id else None,
                    pillar=row.pillar,
                    number=row.number,
                    heading=text.heading if text else "",
                    text=text.text if text else "",
                    language=text.language if text else "",
                    marks=tuple((n["label"], n["number"]) for n in text.footnotes) if text else (),
                )
            )
        sides.append(side)
    return sides[0], sides[1]
