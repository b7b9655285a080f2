"""What apps above tell of themselves: what they hold of a person, what outlives an erasure, what has a scope,
what they know of a group.

Accounts know no comments and no rounds; whoever does registers here when its app is ready.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import Group, Invitation, User

# person -> rows that JSON can hold, oldest first.
Collect = Callable[["User"], list[dict[str, Any]]]


@dataclass(frozen=True)
class PersonalRecords:
    """One kind of thing that the portal keeps of a person.

    ``name`` is its key in the export, ``title`` its (lazy) name for people; ``labels`` names the fields that
    the readable index shows, in order.
    """

    name: str
    title: Any
    collect: Collect
    labels: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ScopeKind:
    """A kind of thing for which alone a role may be held. ``choices`` gives (id, label), newest first."""

    type: str
    label: Any
    choices: Callable[[], list[tuple[str, str]]]


@dataclass(frozen=True)
class Occasion:
    """Something to take part in for a while: ``title`` and ``path`` of its page, in the active language.

    ``opening`` and ``closing`` say the times in words where it has a way of its own to tell them, such as a zone.
    """

    title: str
    path: str
    opens_at: datetime
    closes_at: datetime
    opening: str = ""
    closing: str = ""


@dataclass(frozen=True)
class Occasions:
    """What an app knows to take part in: open to a person at this moment; meant by an invitation."""

    open_to: Callable[["User"], list[Occasion]]
    meant_by: Callable[["Invitation"], list[Occasion]]


@dataclass(frozen=True)
class GroupSection:
    """A part of the secretariat's page of a group, of an app that knows what accounts don't: its meetings, say.

    ``template`` is drawn under ``title`` with what ``read`` gives for (group, reader) as ``part``; None leaves it out.
    """

    name: str
    title: Any
    template: str
    read: Callable[["Group", Any], Any]


_group_sections: dict[str, GroupSection] = {}
_occasions: list[Occasions] = []
_records: dict[str, PersonalRecords] = {}
_kept: set[str] = set()
_scopes: dict[str, ScopeKind] = {}


def register_personal_records(records: PersonalRecords) -> None:
    """Say what an app keeps of a person, for their own eyes."""
    _records[records.name] = records


def personal_records() -> list[PersonalRecords]:
    """Everything registered, in the order of registration (lower apps first)."""
    return list(_records.values())


def keep_after_erasure(label: str) -> None:
    """Say that rows of ``app.Model`` stay although they would go with their person: counts, for example."""
    _kept.add(label.lower())


def is_kept_after_erasure(label: str) -> bool:
    return label.lower() in _kept


def register_occasions(occasions: Occasions) -> None:
    """Say what there is to take part in; called once, when the app that knows it is ready."""
    _occasions.append(occasions)


def occasions_open_to(person: "User") -> list[Occasion]:
    """What the person may take part in now; what closes first comes first."""
    found = [occasion for known in _occasions for occasion in known.open_to(person)]
    return sorted(found, key=lambda occasion: occasion.closes_at)


def occasions_meant_by(invitation: "Invitation") -> list[Occasion]:
    """What somebody who accepts may take part in, now or soon; what closes first comes first."""
    found = [occasion for known in _occasions for occasion in known.meant_by(invitation)]
    return sorted(found, key=lambda occasion: occasion.closes_at)


def register_group_section(section: GroupSection) -> None:
    """Put a part on the page of every group; called once, when the app that knows it is ready."""
    _group_sections[section.name] = section


def group_sections(group: "Group", reader: Any) -> list[tuple[GroupSection, Any]]:
    """What apps above say of a group, in the order of registration (lower apps first)."""
    found = [(section, section.read(group, reader)) for section in _group_sections.values()]
    return [(section, part) for section, part in found if part is not None]


def register_scope(kind: ScopeKind) -> None:
    """Say for what a role can be held alone; called once, when the app that knows it is ready."""
    _scopes[kind.type] = kind


def scope_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every scope there is, grouped by kind: (label, [("round:3", "First round"), …])."""
    return [
        (str(kind.label), [(f"{kind.type}:{pk}", label) for pk, label in kind.choices()])
        for kind in _scopes.values()
    ]


def scope_labels() -> dict[tuple[str, str], str]:
    """What scopes are called, by (type, id)."""
    return {(kind.type, pk): label for kind in _scopes.values() for pk, label in kind.choices()}


def scope_exists(type: str, pk: str) -> bool:
    kind = _scopes.get(type)
    return kind is not None and pk in {known for known, _label in kind.choices()}
