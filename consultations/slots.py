"""Places that apps above fill in: consultations know no road map, but that knows by when answers are due, and who wants
no reminders."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User
    from consultations.models import Round


@dataclass(frozen=True)
class Due:
    """What comes after a round and begins on ``day``: until then its comments have to be answered."""

    title: str
    day: date
    path: str


@dataclass(frozen=True)
class ReminderChoices:
    """Who doesn't want to be reminded of rounds (``unwanted`` gives their ids), where they say so (``stop_path`` of a
    person's id), and under which kinds of ``core.Notice`` they are reminded of rounds elsewhere."""

    unwanted: Callable[[], set[int]]
    stop_path: Callable[[int], str]
    kinds: tuple[str, ...] = ()


_due: list[Callable[["Round", "User"], Due | None]] = []
_choices: list[ReminderChoices] = []


def register_due(find: Callable[["Round", "User"], Due | None]) -> None:
    """Say by when the answers of a round are due, as a reader may know it; called once, when the app is ready."""
    _due.append(find)


def due_of(round: "Round", reader: Any) -> Due | None:
    """The earliest day by which the round's answers are due."""
    found = [due for find in _due if (due := find(round, reader)) is not None]
    return min(found, key=lambda due: due.day, default=None)


def register_reminder_choices(choices: ReminderChoices) -> None:
    """Say who wants no reminders of rounds; called once, when the app that asks people is ready."""
    _choices.append(choices)


def reminder_choices() -> list[ReminderChoices]:
    return list(_choices)
