"""What an occasion of reminders is, and which there are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, CharField, DateTimeField, F, Value
from django.db.models.functions import Cast

from accounts.models import User
from core.mail import MailAttachment
from core.notices import Addressee

# Nobody is reminded of what they were told a moment ago.
NOT_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Dates later than ``after``, up to ``until``, as things stand at ``now``. ``again``: asked before sending."""

    now: datetime
    after: datetime
    until: datetime
    again: bool = False

    @property
    def settled(self) -> datetime:
        """What people were told of after this is too new to remind of. Once it was queued, that is settled."""
        return max(self.now, self.until) if self.again else self.now - NOT_WITHIN


@dataclass(frozen=True)
class Reminded:
    """One person (None: whoever the subject names, without an account), the subject's key, and the date."""

    person: User | None
    about: int
    date: datetime


@dataclass(frozen=True)
class ReminderWords:
    """What a reminder says; ``title`` and the first paragraph are all that a gathered mail takes of it."""

    title: str
    paragraphs: list[str]
    action_label: str
    action_path: str
    reason: str
    attachments: list[MailAttachment] = field(default_factory=list)


@dataclass(frozen=True)
class DefaultRule:
    """A rule that an occasion begins with; the secretariat changes it from then on."""

    days: int
    side: str = "before"
    repeat_days: int | None = None
    times: int = 1
    mandatory: bool = False


Find = Callable[[Span, int | None], Iterable[models.QuerySet[Any]]]


@dataclass(frozen=True)
class Occasion:
    """``label`` says what happens, ``audience`` who is reminded, ``date`` what the days are counted from ("the
    closing of the round"): lazy texts. ``model`` is what a reminder is about.

    ``name``: what subjects are called for a reader of the secretariat, without those that they may not know of.
    ``address``: who the subject names, where somebody without an account is reminded. ``sent``: what to note when a
    reminder of a subject went out. ``slow``: its words take a second.
    """

    code: str
    label: Any
    audience: Any
    date: Any
    model: type[models.Model]
    find: Find
    words: Callable[[Reminded], ReminderWords | None]
    rules: Sequence[DefaultRule]
    name: Callable[[Sequence[int], Any], dict[int, str]]
    address: Callable[[int], Addressee | None] | None = None
    sent: Callable[[int, datetime], None] | None = None
    slow: bool = False

    @property
    def kind(self) -> str:
        """The kind of its notices."""
        return f"reminder.{self.code}"


_occasions: dict[str, Occasion] = {}


def register(occasion: Occasion) -> None:
    """Make an occasion known; called once, when the app that knows it is ready."""
    standing = _occasions.get(occasion.code)
    if standing and standing.find.__module__ != occasion.find.__module__:
        raise ValueError(f"Two occasions are called {occasion.code!r}.")
    _occasions[occasion.code] = occasion


def occasions() -> list[Occasion]:
    """All that are registered, in their order."""
    return list(_occasions.values())


def occasion_of(code: str) -> Occasion | None:
    """The one of this code; None where it is gone."""
    return _occasions.get(code)


def candidates(
    found: models.QuerySet[Any], *, who: Any, about: Any, date: Any, language: Any = ""
) -> models.QuerySet[Any]:
    """The rows of ``found`` as an occasion yields them. Each argument is an expression, a column's name (``F``) or a
    value: the person's key (None: without an account, then with their ``language``), the subject's key, the date."""
    return found.order_by().annotate(
        reminded_who=_of(who, BigIntegerField()),
        reminded_about=_of(about, BigIntegerField()),
        reminded_date=_of(date, DateTimeField()),
        reminded_language=_of(language, CharField()),
    )


def _of(said: Any, field: "models.Field[Any, Any]") -> Any:
    if isinstance(said, F):
        return said if not isinstance(field, BigIntegerField) else Cast(said, field)
    if hasattr(said, "resolve_expression"):
        return said
    # A bare NULL has no type on PostgreSQL.
    return Cast(Value(said), field) if said is None else Value(said, output_field=field)
