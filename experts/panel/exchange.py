"""Exchanging one member for one other person: a look at each rule, no search."""

from collections import Counter
from collections.abc import Iterable, Iterator

from experts.panel.instance import Instance


class Exchange:
    """A panel whose members may be exchanged one by one, by columns.

    No rule may be broken by an exchange. Where the panel itself departs from a rule, it may not depart further.
    """

    def __init__(self, instance: Instance, panel: Iterable[int]) -> None:
        self.instance = instance
        self.panel = frozenset(panel)
        self._limit = instance.problem.per_country
        self._of_country = Counter(instance.candidates[column].country for column in self.panel)
        counts = Counter(place for column in self.panel for place in instance.quotas_of[column])
        self._room: list[tuple[bool, bool]] = []  # for each quota: may the count fall, may it rise
        for place, quota in enumerate(instance.problem.quotas):
            may_fall = quota.min is None or counts[place] > quota.min
            may_rise = quota.max is None or counts[place] < quota.max
            self._room.append((may_fall, may_rise))
        self._broken: dict[tuple[frozenset[int], frozenset[int]], frozenset[int]] = {}

    def others(self, barred: frozenset[int] = frozenset()) -> Iterator[int]:
        """Who might come in: scored, not excluded, not in the panel; best merit first, then as drawn."""
        instance = self.instance
        found = [
            column
            for column, candidate in enumerate(instance.candidates)
            if column not in self.panel and column not in barred and instance.choosable(candidate)
        ]
        yield from sorted(found, key=lambda column: (-instance.merits[column], column))

    def broken_quotas(self, member: int, other: int) -> frozenset[int]:
        """The places of the quotas that the exchange would break."""
        goes, comes = self.instance.quotas_of[member], self.instance.quotas_of[other]
        if (goes, comes) not in self._broken:
            falls = {place for place in goes - comes if not self._room[place][0]}
            rises = {place for place in comes - goes if not self._room[place][1]}
            self._broken[goes, comes] = frozenset(falls | rises)
        return self._broken[goes, comes]

    def breaks_country(self, member: int, other: int) -> bool:
        """Whether the exchange would put one country above its limit."""
        country = self.instance.candidates[other].country
        if self._limit is None or country is None or country == self.instance.candidates[member].country:
            return False
        return self._of_country[country] >= self._limit

    def keeps_rules(self, member: int, other: int) -> bool:
        return not self.breaks_country(member, other) and not self.broken_quotas(member, other)
