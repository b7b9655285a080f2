"""All scores as CSV, row by row as they are read: one query, however many there are."""

import csv
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.spreadsheets import safe_cell
from experts.blinding import candidate_name
from experts.models import Criterion, Nomination, Review, Score


def _cell(value: object) -> str:
    return "" if value is None else safe_cell(value)


class _Echo:
    def write(self, row: str) -> str:
        return row


def score_sheet(reviews: "QuerySet[Review]", criteria: list[Criterion], *, names: bool) -> Iterator[str]:
    """The lines of a sheet of submitted reviews. ``names``: who it is, and who scored; else the code alone.

    The words of the head are those of the language that is active at the call, not when the lines are read.
    """
    head = [_("Candidate")]
    head += [_("Name"), _("Country"), _("State"), _("Reviewer")] if names else []
    head += [*(str(criterion) for criterion in criteria), _("Points"), _("Comment"), _("Submitted (UTC)")]
    states = {value: str(label) for value, label in Nomination.State.choices}
    code = candidate_name(Nomination(candidate_number=0)).replace("0", "{}")
    return _lines(reviews, [criterion.pk for criterion in criteria], head, states, code, names)


def _lines(
    reviews: "QuerySet[Review]",
    criteria: list[int],
    head: list[str],
    states: dict[str, str],
    code: str,
    names: bool,
) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([_cell(cell) for cell in head])
    scores = (
        Score.objects.filter(review__in=reviews)
        .order_by("review__nomination__candidate_number", "review__nomination_id", "review_id")
        .values_list(
            *("review_id", "criterion_id", "value", "review__nomination__candidate_number"),
            *("review__nomination__name", "review__nomination__country_id", "review__nomination__state"),
            *("review__reviewer__user__name", "review__points", "review__comment", "review__submitted_at"),
        )
    )
    for _review, several in groupby(scores.iterator(chunk_size=2000), key=lambda row: row[0]):
        rows: list[Any] = list(several)
        values = {row[1]: row[2] for row in rows}
        number, name, country, state, reviewer, points, comment, at = rows[0][3:]
        cells: list[Any] = [code.format(number or "")]
        cells += [name, country, states[state], reviewer] if names else []
        cells += [*(values.get(pk) for pk in criteria), points, comment, f"{at:%Y-%m-%d %H:%M}"]
        yield writer.writerow([_cell(cell) for cell in cells])
