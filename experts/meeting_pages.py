"""The pages of meetings that came of a call to host. Meetings are of an app above, which registers here how to find
them when it is ready; experts know none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MeetingPage:
    """A meeting as a reader may know of it: ``title`` in the active language, and ``path`` of its page."""

    title: str
    path: str


# (reader, keys of the meetings to be hosted) -> their pages, without those that the reader may not see; one query.
Find = Callable[[Any, Iterable[int]], dict[int, MeetingPage]]

_finders: list[Find] = []


def register_meeting_pages(find: Find) -> None:
    """Make the pages of meetings known; called once, when the app that holds them is ready."""
    if find not in _finders:
        _finders.append(find)


def meeting_pages(reader: Any, slots: Iterable[int]) -> dict[int, MeetingPage]:
    """The pages of the meetings that came of ``slots``, by the keys of these."""
    keys = list(slots)
    return {key: page for find in _finders for key, page in find(reader, keys).items()} if keys else {}
