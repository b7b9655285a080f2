"""The figures of an account as rows for a spreadsheet program, under their names in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consultations.charts.account import outcome_labels, part_labels, who_charts
from consultations.charts.bars import plain
from consultations.giving_account.figures import OUTCOMES, SET_ASIDE, Figures

Row = tuple[object, ...]


def table_of(figures: Figures, pillars: Mapping[str, Any]) -> Iterator[Row]:
    """One table of all: which figures, which row, and its numbers; empty where a number isn't told."""
    yield (
        _("Table"),
        _("Row"),
        _("Comments"),
        pgettext("how many", "People"),
        pgettext("how many", "Invited"),
        *(_("Comments: %(outcome)s") % {"outcome": outcome_labels()[key]} for key in OUTCOMES),
        _("As of"),
    )
    for row in _rows(figures, pillars):
        yield (*row, *[""] * (10 - len(row)), f"{figures.as_of:%Y-%m-%dT%H:%M:%SZ}")


def _rows(figures: Figures, pillars: Mapping[str, Any]) -> Iterator[Row]:
    invited = figures.invited.people if figures.invited else ""
    outcomes = tuple(figures.outcomes[key] for key in OUTCOMES)
    yield (_("All"), "", figures.comments, figures.participants, invited, *outcomes)
    if figures.organisations is not None or figures.invited:
        bodies = figures.invited.organisations if figures.invited else ""
        yield (_("All"), _("Organizations"), "", _told(figures.organisations), bodies)
    if figures.days is not None:
        yield (_("All"), _("Median days from submission to the published answer"), figures.days)
    labels = part_labels(pillars)
    for part, counts in figures.parts.items():
        total = sum(counts.values())
        yield (_("By pillar"), plain(labels[part]), total, "", "", *(counts[key] for key in OUTCOMES))
    for chart in who_charts(figures):
        said = {row.key: row.comments for row in figures.who[chart.name]}
        for bar in chart.bars:
            comments = said.get(bar.key, "" if figures.guarded else 0)
            yield (chart.title, bar.label, comments, _told(bar.people), _told(bar.invited))
    for status in SET_ASIDE:
        if figures.set_aside[status]:
            yield (_("Not counted"), str(status.label), figures.set_aside[status])
    if figures.changes:
        yield from _changes(figures)


def _changes(figures: Figures) -> Iterator[Row]:
    changes = figures.changes
    assert changes is not None
    labels = {
        "comments": _("Provisions changed because of comments in this round"),
        "elsewhere": _("Provisions changed because of what was asked for elsewhere"),
        "drafters": _("Provisions changed by the drafters"),
    }
    for why, n in changes.counts.items():
        yield (changes.draft.label, labels[why], n)


def _told(number: int | None) -> int | str:
    return "" if number is None else number
