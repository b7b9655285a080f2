"""The weights of a call's criteria, drawn as bars in the rows of their table."""

from collections.abc import Iterable
from dataclasses import dataclass

from experts.models import Criterion

WIDTH = 400


@dataclass(frozen=True)
class CriterionBar:
    """A criterion with its share of all weights; the width is in units of the picture's view box."""

    criterion: Criterion
    percent: float
    width: int
    all: int = WIDTH


def bars_of(criteria: Iterable[Criterion]) -> list[CriterionBar]:
    """One bar for each criterion, the heaviest as wide as the picture."""
    rows = list(criteria)
    total, most = sum(row.weight for row in rows), max((row.weight for row in rows), default=1)
    return [
        CriterionBar(row, round(100 * row.weight / total, 1), round(WIDTH * row.weight / most))
        for row in rows
    ]
