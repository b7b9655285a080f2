"""What was understood of a pasted bracketed text, as its pages show it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Country
from consultations.actions.entering import Plan, plan_entering
from consultations.models import Comment, Round
from consultations.negotiating import NotationError, Sign, Understanding, Understood
from core.punctuation import listed
from drafts.queries import ReadProvision
from drafts.redline import Piece, redline


@dataclass
class Fault:
    """Where a text can't be read: its line, cut in two at the place."""

    error: NotationError
    before: str
    after: str


@dataclass
class ShownPlan:
    """A proposal as it is shown before it is entered: ``said`` and ``differ`` in words."""

    plan: Plan
    pieces: list[Piece]
    said: list[tuple[str, str]]
    differ: list[str]


@dataclass
class ShownRow:
    """A provision with what was understood of it."""

    row: ReadProvision
    understood: Understanding
    brackets: list[tuple[Understood, list[tuple[str, str]]]] = field(default_factory=list)
    plans: list[ShownPlan] = field(default_factory=list)

    @property
    def does_something(self) -> bool:
        return any(each.plan.does_something for each in self.plans)


def show_row(
    user: Any,
    round: Round,
    row: ReadProvision,
    understood: Understanding,
    names: dict[str, str],
    *,
    standing: dict[int, list[Comment]] | None = None,
) -> ShownRow:
    """What entering it would do; ``names`` are those of the countries, ``standing`` what the round has already."""
    plans = plan_entering(user, round, row, understood.proposals, standing_by_provision=standing)
    return ShownRow(
        row,
        understood,
        [(each, _said(each.positions, names)) for each in understood.brackets],
        [_shown(plan, row, names) for plan in plans],
    )


def country_names() -> dict[str, str]:
    """Names in the reader's language by alpha-3 code."""
    return {country.pk: country.name for country in Country.objects.all()}


def fault_of(source: str, error: NotationError) -> Fault:
    """The line of ``source`` in which it can't be read."""
    line = source.split("\n")[error.line - 1]
    return Fault(error, line[: error.column - 1], line[error.column - 1 :])


def _shown(plan: Plan, row: ReadProvision, names: dict[str, str]) -> ShownPlan:
    said = _said(plan.proposal.positions, names)
    pieces = redline(row.printed_text, plan.wording)
    return ShownPlan(plan, pieces, said, [names.get(code, code) for code in sorted(plan.differ)])


def _said(positions: Any, names: dict[str, str]) -> list[tuple[str, str]]:
    """Who says what in words, one pair for each sign that is there."""
    words = {
        Sign.SUPPORT: _("Supported by"),
        Sign.OPPOSE: _("Opposed by"),
        Sign.RESERVE: _("Position reserved by"),
    }
    found = []
    for sign, label in words.items():
        states = [names.get(code, code) for code, given in sorted(positions.items()) if given == sign]
        if states:
            found.append((label, states))
    return [(label, listed(states)) for label, states in found]
