"""Who spoke, delegation by delegation: member states, then organisations, then everybody else; with the positions that
member states and organisations took on the comments of others."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import StakeholderGroup
from consultations.compilations.entries import CHUNK, Entries, Entry
from consultations.models import Position
from core.among import Among
from core.collation import sort_key
from drafts.languages import language_of

STATE = StakeholderGroup.MEMBER_STATE.value


class Group(IntEnum):
    """In this order."""

    STATE = 1
    ORGANISATION = 2
    INDIVIDUALS = 3
    NAMELESS = 4


@dataclass(frozen=True)
class Delegation:
    """``code`` is a member state's ISO 3166 code, an organisation's name, or empty."""

    group: Group
    code: str
    name: str


class Voice(NamedTuple):
    """A comment of a delegation; with ``position`` that which it took on a comment of another."""

    delegation: Delegation
    entry: Entry
    position: str = ""
    reason: str = ""
    language: str = ""


class Delegations:
    """The voices of one compilation, in the order of delegations, and in each by provision and number."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._known: dict[tuple[Group, str], int] = {}
        self._listed: list[Delegation] = []
        # Of each voice: its delegation, the place of its comment, and its own id, a position's with a minus.
        self._whose, self._places, self._ids = array("q"), array("q"), array("q")
        self._gather_comments()
        self._gather_positions()
        ranks = self._ranks()
        order = sorted(
            range(len(self._ids)), key=lambda at: (ranks[self._whose[at]], self._places[at], -self._ids[at])
        )
        self._order = array("q", order)

    def __len__(self) -> int:
        return len(self._order)

    def chunks(self) -> Iterator[list[Voice]]:
        for start in range(0, len(self._order), CHUNK):
            yield list(self._voices(self._order[start : start + CHUNK]))

    def _voices(self, order: "array[int]") -> Iterator[Voice]:
        positions = self._positions([-self._ids[at] for at in order if self._ids[at] < 0])
        wanted = {self._ids[at] for at in order if self._ids[at] > 0} | {row[0] for row in positions.values()}
        known = self._entries.by_id(sorted(wanted))
        for at in order:
            pk, delegation = self._ids[at], self._listed[self._whose[at]]
            comment, position, reason = positions.get(-pk, (0, "", "")) if pk < 0 else (pk, "", "")
            entry = known.get(comment)
            if entry is None:
                continue  # taken back while this was written
            if not position:
                yield Voice(delegation, entry, language=entry.language)
                continue
            language = language_of(reason, default=entry.language) if reason else ""
            yield Voice(delegation, entry, position, reason, language)

    def _positions(self, ids: list[int]) -> dict[int, tuple[int, str, str]]:
        rows = Position.objects.filter(Among("pk", ids)).values_list("pk", "comment", "position", "reason")
        return {pk: (comment, position, reason) for pk, comment, position, reason in rows}

    def _gather_comments(self) -> None:
        fields = (
            *("pk", "author", "attribution", "stakeholder_group", "country", "organisation_name"),
            *("provision__position", "number"),
        )
        sight = self._entries.sight
        rows = self._entries.found.order_by().values_list(*fields)
        for pk, author, attribution, group, country, organisation, position, number in rows.iterator(CHUNK):
            if not sight.origin(author, attribution):
                key = (Group.NAMELESS, "")
            elif state := self._entries.state_of(group, organisation, country):
                key = (Group.STATE, state)
            elif organisation:
                key = (Group.ORGANISATION, organisation)
            else:
                key = (Group.INDIVIDUALS, "")
            self._add(key, position, number, pk)

    def _gather_positions(self) -> None:
        fields = ("pk", "organisation__kind", "organisation__country", "organisation__name")
        taken = Position.objects.filter(
            comment__in=self._entries.found.order_by().values("pk"), organisation__isnull=False
        )
        rows = taken.values_list(*fields, "comment__provision__position", "comment__number")
        for pk, kind, country, name, position, number in rows.iterator(CHUNK):
            key = (Group.STATE, country) if kind == STATE else (Group.ORGANISATION, name)
            self._add(key, position, number, -pk)

    def _add(self, key: tuple[Group, str], position: int | None, number: int | None, pk: int) -> None:
        if key not in self._known:
            self._known[key] = len(self._listed)
            self._listed.append(self._delegation(*key))
        self._whose.append(self._known[key])
        # By provision, the draft as a whole first; in it by number, what has none last.
        self._places.append(((position or 0) << 32) + (number or (1 << 32) - 1))
        self._ids.append(pk)

    def _delegation(self, group: Group, code: str) -> Delegation:
        names = {
            Group.STATE: self._entries.countries.get(code, code),
            Group.ORGANISATION: code,
            Group.INDIVIDUALS: _("Individuals"),
            Group.NAMELESS: _("Without name"),
        }
        return Delegation(group, code, names[group])

    def _ranks(self) -> list[int]:
        """Of each delegation, its place among all."""
        language = self._entries.language
        in_order = sorted(
            range(len(self._listed)),
            key=lambda at: (self._listed[at].group, sort_key(self._listed[at].name, language), at),
        )
        ranks = [0] * len(in_order)
        for rank, at in enumerate(in_order):
            ranks[at] = rank
        return ranks
