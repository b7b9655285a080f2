"""What was said, provision by provision: the overview of a round in the order of its text, and where something is
left to answer. All from the tallies, so that it takes as long in a large round as in a small one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import StakeholderGroup
from accounts.queries import country_names
from consultations.models import Comment, Position, Round, Tally
from consultations.queries import cells_by_dimension
from drafts.models import Provision
from drafts.queries import PAGE_KINDS, ReadProvision, read_provisions

# In an address: the draft as a whole. No provision is called so, for keys have no hyphen.
WHOLE = "whole-draft"
OPENING = 90  # characters of a text without a heading


@dataclass(frozen=True)
class Counts:
    """What was said on one provision, and how much of it has no answer."""

    voices: int = 0
    left: int = 0
    proposals: int = 0
    support: int = 0
    oppose: int = 0

    @property
    def answered(self) -> int:
        return self.voices - self.left

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.voices + other.voices,
            self.left + other.left,
            self.proposals + other.proposals,
            self.support + other.support,
            self.oppose + other.oppose,
        )


@dataclass(frozen=True)
class Place:
    """A provision at the desk (None: the draft as a whole), with what was said on it."""

    provision: Provision | None
    counts: Counts

    @property
    def key(self) -> str:
        return self.provision.key if self.provision else WHOLE


@dataclass(frozen=True)
class Row:
    """A provision in the overview; ``states`` are member states that took a position on it, by ISO code and name."""

    read: ReadProvision | None
    counts: Counts
    states: list[tuple[str, str]]

    @property
    def key(self) -> str:
        return self.read.key if self.read else WHOLE

    @property
    def opening(self) -> str:
        """The first words, where there is no heading to know it by."""
        words = " ".join(self.read.printed_text.split()) if self.read else ""
        if len(words) <= OPENING:
            return words
        cut = words[:OPENING]
        return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"


@dataclass
class Part:
    """A chapter or pillar with the provisions of it; without ``title`` the draft as a whole."""

    title: ReadProvision | None
    rows: list[Row] = field(default_factory=list)

    @property
    def pillar(self) -> int | None:
        return self.title.provision.pillar if self.title else None

    @property
    def sums(self) -> Counts:
        return sum((row.counts for row in self.rows), Counts())


def counts_of(round: Round, user: Any) -> dict[str, Counts]:
    """By key ("" for the draft as a whole) what was said, as the secretariat sees it (one query). The tallies follow a
    moment after an answer."""
    cells = cells_by_dimension(round, user, (Tally.Dimension.PROVISION, Tally.Dimension.UNANSWERED))
    left = {cell.key: cell.comments for cell in cells.get(Tally.Dimension.UNANSWERED, [])}
    return {
        cell.key: Counts(
            cell.comments,
            min(left.get(cell.key, 0), cell.comments),
            cell.proposals,
            cell.support,
            cell.oppose,
        )
        for cell in cells.get(Tally.Dimension.PROVISION, [])
    }


def places(round: Round, counts: Mapping[str, Counts]) -> list[Place]:
    """Where something was said, in the order of the text, the draft as a whole first (one query)."""
    found = Provision.with_removed.filter(draft=round.draft_id, key__in=[key for key in counts if key])
    rows = [Place(row, counts[row.key]) for row in found.order_by("position", "pk")]
    return [Place(None, counts[""]), *rows] if "" in counts else rows


def beside(listed: list[Place], key: str, position: int) -> tuple[Place | None, Place | None]:
    """The place before and the one after ``key`` at which something is left to answer."""
    others = [place for place in listed if place.counts.left and place.key != key]
    before = [place for place in others if _position(place) < position]
    after = [place for place in others if _position(place) > position]
    return (before[-1] if before else None, after[0] if after else None)


def _position(place: Place) -> int:
    return place.provision.position if place.provision else -1


def overview(round: Round, user: Any, language: str, *, everything: bool = False) -> list[Part]:
    """Every part of the draft in which something was said, with its provisions of which that is true; with
    ``everything`` all of them (five queries)."""
    counts = counts_of(round, user)
    states = states_with_positions(round)
    rows = list(Provision.with_removed.filter(draft=round.draft_id).order_by("position", "pk"))
    parts = [Part(None, [Row(None, counts[""], states.get("", []))])] if "" in counts else []
    titles, shown = [], []
    title: Provision | None = None
    for row in rows:
        if row.kind in PAGE_KINDS:
            title = row
        titles.append(title)
        if row.key in counts or (everything and row.removed_at is None):
            shown.append((row, title))
    wanted = {row.pk: row for pair in shown for row in pair if row is not None}
    words = {read.provision.pk: read for read in read_provisions(round.draft, wanted.values(), language)}
    for row, its_title in shown:
        if not parts or parts[-1].title is not (words[its_title.pk] if its_title else None):
            parts.append(Part(words[its_title.pk] if its_title else None))
        parts[-1].rows.append(Row(words[row.pk], counts.get(row.key, Counts()), states.get(row.key, [])))
    return parts


def states_with_positions(round: Round) -> dict[str, list[tuple[str, str]]]:
    """By key the member states that took a position on a comment there, by code and name (two queries). Positions of
    states are public everywhere."""
    found = Position.objects.filter(
        comment__round=round,
        comment__status__in=Comment.TO_ANSWER,
        organisation__kind=StakeholderGroup.MEMBER_STATE,
    )
    rows = found.order_by().values_list("comment__provision__key", "organisation__country").distinct()
    names = country_names()
    codes: dict[str, set[str]] = defaultdict(set)
    for key, code in rows:
        codes[key or ""].add(code)
    return {key: named(found, names) for key, found in codes.items()}


def named(codes: Iterable[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with the names of the countries, in the order of the codes, as delegations look for them."""
    return [(code, names.get(code, code)) for code in sorted(codes)]
