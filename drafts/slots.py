"""Places that apps above fill in: drafts know no comments, but what is said may stand beside their words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from core.verdicts import Allowed, Verdict

if TYPE_CHECKING:
    from accounts.models import Group
    from drafts.models import Draft
    from drafts.queries import UnitPage

# (caller, ids of revisions) -> revision id: what it came from, as far as the caller may know.
Origins = Callable[[Any, list[int]], dict[int, str]]
# (request, draft, page) -> what the template needs besides the text.
Beside = Callable[[HttpRequest, "Draft", "UnitPage"], dict[str, Any]]


@dataclass(frozen=True)
class ReadingRoom:
    """How a page of a draft is shown: a template extending ``drafts/unit_page.html`` and what it needs."""

    template: str = "drafts/unit_page.html"
    beside: Beside = lambda request, draft, page: {}


# (request, draft) -> what the template needs.
BesideContents = Callable[[HttpRequest, "Draft"], dict[str, Any]]


@dataclass(frozen=True)
class ContentsPart:
    """A part above the contents of a draft: a template and what it needs."""

    template: str
    beside: BesideContents


# (request, draft, key) -> what the template needs.
BesideProvision = Callable[[HttpRequest, "Draft", str], dict[str, Any]]


@dataclass(frozen=True)
class WorkspacePart:
    """A part beside the provision that a drafter edits: a template and what it needs."""

    template: str
    beside: BesideProvision


# (request, keys of provisions by draft) -> by draft, what the template needs as ``said``; nothing where there is none.
BesideWordings = Callable[[HttpRequest, dict[int, set[str]]], dict[int, dict[str, Any]]]


@dataclass(frozen=True)
class WordingPart:
    """A part beneath a provision's wording in each draft: a template and what it needs."""

    template: str
    beside: BesideWordings


# (draft, groups) -> whether these groups may lose sight of the draft; a refusal says what stands against it.
Hold = Callable[["Draft", "Iterable[Group]"], Verdict]

_holds: list[Hold] = []
_origins: list[Origins] = []
_contents_parts: list[ContentsPart] = []
_workspace_parts: list[WorkspacePart] = []
_wording_parts: list[WordingPart] = []
_reading_rooms = [ReadingRoom()]


def register_origins(origins: Origins) -> None:
    """Say where revisions came from; called once, when the app that knows is ready."""
    if origins not in _origins:
        _origins.append(origins)


def origins_of(user: Any, revisions: Iterable[int]) -> dict[int, str]:
    """What revisions came from, by id; those that nobody knows of are left out."""
    ids = list(revisions)
    return {pk: origin for known in _origins for pk, origin in known(user, ids).items()}


def register_reading_room(template: str, beside: Beside) -> None:
    """Show pages of drafts with ``template``; called once, when the app that knows what was said is ready."""
    _reading_rooms.append(ReadingRoom(template, beside))


def reading_room() -> ReadingRoom:
    """The room registered last; without any, the text alone."""
    return _reading_rooms[-1]


def register_contents_part(template: str, beside: BesideContents) -> None:
    """Show ``template`` above the contents of a draft; called once, when the app that knows is ready."""
    _contents_parts.append(ContentsPart(template, beside))


def contents_parts() -> list[ContentsPart]:
    return list(_contents_parts)


def register_workspace_part(template: str, beside: BesideProvision) -> None:
    """Show ``template`` beside the provision being edited; called once, when the app that knows is ready."""
    _workspace_parts.append(WorkspacePart(template, beside))


def workspace_parts() -> list[WorkspacePart]:
    return list(_workspace_parts)


def register_wording_part(template: str, beside: BesideWordings) -> None:
    """Show ``template`` beneath a provision's wordings; called once, when the app that knows is ready."""
    _wording_parts.append(WordingPart(template, beside))


def wording_parts() -> list[WordingPart]:
    return list(_wording_parts)


def register_hold(hold: Hold) -> None:
    """Say what stands against taking a draft from its readers; called once, when the app that knows is ready."""
    if hold not in _holds:
        _holds.append(hold)


def may_hide(draft: "Draft", groups: "Iterable[Group]") -> Verdict:
    """Whether nothing in the apps above needs ``groups`` to go on reading the circulated ``draft``."""
    verdicts = (hold(draft, list(groups)) for hold in _holds)
    return next((verdict for verdict in verdicts if not verdict), Allowed)
