"""Who stands where on a provision: positions beside each comment, and their sums by group, region and member state."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.models import StakeholderGroup
from accounts.queries import country_names, region_names, regions_by_country, stakeholder_groups
from consultations.by_provision import named
from consultations.models import Comment, Position, Round
from consultations.presenting import ShownComment
from consultations.queries import of_known_origin
from consultations.rules import is_staff
from drafts.models import Provision

SHOWN = (Comment.Status.SUBMITTED, Comment.Status.HIDDEN, Comment.Status.LATE)


@dataclass(frozen=True)
class Stance:
    """One position on a comment: member states by code and name, and how many others of each stakeholder group."""

    position: str
    label: str
    states: list[tuple[str, str]]
    groups: list[tuple[str, int]]


@dataclass(frozen=True)
class Voice:
    """A comment with who stands where on it."""

    shown: ShownComment
    stances: list[Stance]

    @property
    def comment(self) -> Comment:
        return self.shown.comment


@dataclass
class Sum:
    """A row of a table: comments from there, and positions taken. ``code`` is a member state's."""

    label: str
    code: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    widths: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The positions on a provision by one dimension; the widths of bars are per cent of the longest row."""

    name: str
    rows: list[Sum]


@dataclass(frozen=True)
class _Taken:
    """One position as it is counted."""

    position: str
    group: str
    region: str
    state: str


def on_provision(round: Round, user: Any, provision: Provision | None) -> "QuerySet[Comment]":
    """All that was said on a provision (None: on the draft as a whole) and that the secretariat reads, late input and
    hidden comments among it."""
    found: QuerySet[Comment] = Comment.objects.visible_to(user)
    return found.filter(round=round, provision=provision, status__in=SHOWN)


def voices_of(shown: Iterable[ShownComment], groups: Mapping[int, str], user: Any) -> list[Voice]:
    """Comments with their positions as flags; ``groups`` names those of people. Nothing of who they are that the
    reader may not know: see ``_tells``."""
    labels = dict(Position.Value.choices)
    kinds = dict(StakeholderGroup.choices)
    voices = []
    for each in shown:
        states: dict[str, dict[str, str]] = defaultdict(dict)
        others: dict[str, Counter[str]] = defaultdict(Counter)
        for position in each.comment.positions.all():
            organisation = position.organisation
            if organisation and organisation.kind == StakeholderGroup.MEMBER_STATE and organisation.country:
                states[position.position][organisation.country.iso3] = str(organisation.country)
            elif organisation:
                others[position.position][organisation.kind] += 1
            elif _tells(user, each.comment.round):
                others[position.position][groups.get(position.user_id or 0, StakeholderGroup.INDIVIDUAL)] += 1
            else:
                others[position.position][""] += 1
        stances = [
            Stance(
                value,
                str(labels[value]),
                sorted(states[value].items()),
                [(str(kinds.get(kind, "")), n) for kind, n in sorted(others[value].items())],
            )
            for value in Position.Value
            if states[value] or others[value]
        ]
        voices.append(Voice(each, stances))
    return voices


def _tells(user: Any, round: Round) -> bool:
    """Whether the reader may know the group and region of people who took a position: where names are kept from
    them, a number by group could tell who it was (docs/decisions/0006-small-cells.md)."""
    return not round.anonymous or is_staff(user, round)


def groups_of_supporters(comments: "QuerySet[Comment]") -> dict[int, str]:
    """As which stakeholder group those speak who took a position on these comments (one query)."""
    return stakeholder_groups(
        Position.objects.filter(comment__in=comments.order_by().values("pk"), user__isnull=False).values(
            "user"
        )
    )


def tables_of(
    comments: "QuerySet[Comment]", round: Round, user: Any, groups: Mapping[int, str]
) -> list[Table]:
    """By stakeholder group, region and member state (five queries); those without a row are left out."""
    origins = of_known_origin(comments, user, round).order_by()
    said = list(origins.values_list("stakeholder_group", "region", "country"))
    taken = _positions_on(comments, groups, named=_tells(user, round))
    names = country_names()
    states = {country for group, _region, country in said if group == StakeholderGroup.MEMBER_STATE}
    states |= {each.state for each in taken}
    known = {
        "stakeholder": {str(key): str(label) for key, label in StakeholderGroup.choices},
        "region": region_names(),
        "state": dict(named(states - {""}, names)),
    }
    tables = []
    for name, labels in known.items():
        rows = {key: Sum(label, key if name == "state" else "") for key, label in labels.items()}
        for group, region, country in said:
            state = country if group == StakeholderGroup.MEMBER_STATE else ""
            _count(rows, {"stakeholder": group, "region": region, "state": state}[name], "comments")
        for each in taken:
            _count(
                rows,
                {"stakeholder": each.group, "region": each.region, "state": each.state}[name],
                each.position,
            )
        found = [row for row in rows.values() if row.counts]
        if found:
            _measure(found)
            tables.append(Table(name, found))
    return tables


def _count(rows: dict[str, Sum], key: str, what: str) -> None:
    if key in rows:
        rows[key].counts[what] += 1


def _measure(rows: list[Sum]) -> None:
    most = max(sum(row.counts[value] for value in Position.Value) for row in rows)
    for row in rows:
        at = 0
        for value in Position.Value:
            width = round(100 * row.counts[value] / most) if most else 0
            row.widths[f"{value}_from"], row.widths[str(value)] = at, width
            at += width


def _positions_on(comments: "QuerySet[Comment]", groups: Mapping[int, str], *, named: bool) -> list[_Taken]:
    """Positions on these comments; those of people only where their origin may be known (``named``)."""
    found = Position.objects.filter(comment__in=comments.order_by().values("pk"))
    if not named:
        found = found.filter(organisation__isnull=False)
    rows = found.order_by().values_list(
        "position", "user_id", "user__country", "organisation__kind", "organisation__country"
    )
    regions = regions_by_country()
    taken = []
    for position, person, country, kind, of_organisation in rows:
        group = kind or groups.get(person, StakeholderGroup.INDIVIDUAL)
        state = of_organisation if kind == StakeholderGroup.MEMBER_STATE else ""
        taken.append(_Taken(position, group, regions.get(of_organisation or country or "", ""), state or ""))
    return taken
