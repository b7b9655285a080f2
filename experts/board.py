"""The scoring board: what reviews came to, nomination by nomination and criterion by criterion."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from statistics import fmean
from typing import Any

from django.db.models import Case, Count, FloatField, When
from django.db.models.functions import Cast, Coalesce
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.punctuation import comma
from experts.blinding import candidate_name
from experts.models import Call, ConflictOfInterest, Criterion, Nomination, Review, Reviewer, Score
from experts.scoring import is_doubtful, outlying

# The plot of one nomination: 0 to 100 points on this many units, with room for a dot at both ends.
PLOT, EDGE = 100, 4


@dataclass(frozen=True)
class Dot:
    """One review in the plot. ``x`` is where it stands; reviews that stand together are set one above the other."""

    x: float
    y: int
    points: Decimal
    outlier: bool

    @property
    def drawn(self) -> str:
        """A dot, or a square for an outlier. Numbers of our own only."""
        if self.outlier:
            corner = f'x="{self.x - 2.5:.1f}" y="{self.y - 2.5:.1f}"'
            return f'<rect class="plot__outlier" {corner} width="5" height="5"></rect>'
        return f'<circle class="plot__dot" cx="{self.x:.1f}" cy="{self.y}" r="2.4"></circle>'


@dataclass
class BoardRow:
    nomination: Nomination
    # By the criterion's name in the reader's language.
    means: list[tuple[str, float | None]] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    assigned: int = 0
    submitted: int = 0

    @property
    def doubtful(self) -> bool:
        return is_doubtful(self.nomination)

    @property
    def code(self) -> str:
        return candidate_name(self.nomination) if self.nomination.candidate_number else ""

    @property
    def points(self) -> str:
        """What each review came to, lowest first, in words and whole points."""
        far_off = _("far off")
        return comma().join(
            f"{dot.points.quantize(1, ROUND_HALF_UP)}" + (f" ({far_off})" if dot.outlier else "")
            for dot in self.dots
        )

    @property
    def plot(self) -> SafeString:
        """The reviews on a line of 0 to 100 (SVG, hidden from screen readers: the numbers stand below it).

        Written here and not by a template, which takes several times as long for a page of fifty.
        """
        places = [dot.x for dot in self.dots]
        parts = [
            _AXIS,
            f'<line class="plot__range" x1="{min(places)}" x2="{max(places)}" y1="12" y2="12"></line>',
        ]
        if self.nomination.merit is not None and not self.nomination.merit_imported:
            at = _place(self.nomination.merit)
            parts.append(f'<line class="plot__mean" x1="{at}" x2="{at}" y1="3" y2="19"></line>')
        parts += [dot.drawn for dot in self.dots]
        return mark_safe(  # noqa: S308 nothing but numbers
            f'<svg class="plot" viewBox="0 0 108 22" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
        )


_AXIS = '<line class="plot__axis" x1="4" x2="104" y1="17" y2="17"></line>' + "".join(
    f'<line class="plot__tick" x1="{x}" x2="{x}" y1="15" y2="19"></line>' for x in (4, 54, 104)
)


@dataclass
class Leaning:
    """How a reviewer scores against the others of the same nominations, in points; None without any to compare."""

    reviewer: Reviewer
    assigned: int = 0
    submitted: int = 0
    conflicts: int = 0
    differences: list[float] = field(default_factory=list)

    @cached_property
    def mean(self) -> float | None:
        return fmean(self.differences) if self.differences else None

    @property
    def percent(self) -> int:
        return round(100 * self.submitted / self.assigned) if self.assigned else 0

    @property
    def bar(self) -> tuple[float, float]:
        """Start and width of the bar in a picture of 100 units with nought in the middle; 25 points fill a half."""
        length = min(50.0, abs(self.mean or 0) * 2)
        return (50 - length if (self.mean or 0) < 0 else 50, length)


def _place(points: Decimal) -> float:
    return round(EDGE + float(points), 1)


def board_rows(nominations: Sequence[Nomination], criteria: Sequence[Criterion]) -> list[BoardRow]:
    """The rows of a page, in two queries however many there are."""
    rows = {row.pk: BoardRow(row) for row in nominations}
    points: dict[int, list[Decimal]] = defaultdict(list)
    counted: list[int] = []
    found = Review.objects.standing().filter(nomination__in=rows).order_by("points", "pk")
    for pk, nomination, submitted_at, at in found.values_list(
        "pk", "nomination_id", "submitted_at", "points"
    ):
        rows[nomination].assigned += 1
        if submitted_at:
            rows[nomination].submitted += 1
            points[nomination].append(at or Decimal(0))
            counted.append(pk)
    values: dict[tuple[int, int], list[int]] = defaultdict(list)
    scores = Score.objects.filter(review__in=counted).values_list(
        "review__nomination_id", "criterion_id", "value"
    )
    for nomination, criterion, value in scores:
        values[nomination, criterion].append(value)
    # A translated name is looked up by the language each time it is asked for.
    names = [(criterion.pk, str(criterion.name)) for criterion in criteria]
    for pk, row in rows.items():
        given = [(name, values[pk, criterion]) for criterion, name in names]
        row.means = [(name, fmean(each) if each else None) for name, each in given]
        row.dots = _dots(points[pk])
    return list(rows.values())


def _dots(points: list[Decimal]) -> list[Dot]:
    dots: list[Dot] = []
    for at, outlier in zip(points, outlying(points), strict=True):
        beside = sum(abs(dot.x - _place(at)) < 5 for dot in dots[-3:])
        dots.append(Dot(_place(at), 12 - 5 * (beside % 3), at, outlier))
    return dots


# What a submitted review came to; None for one that isn't submitted.
_AS_FLOAT = Case(
    When(submitted_at__isnull=False, then=Cast(Coalesce("points", Decimal(0)), FloatField())), default=None
)


def leanings(call: Call, user: Any) -> list[Leaning]:
    """Every reviewer of the call with load, progress and leaning, among what ``user`` may know of."""
    known = Nomination.objects.weighed_by(user).filter(call=call)
    reviewers = Reviewer.objects.filter(call=call).select_related("user").order_by("pk")
    found = {row.pk: Leaning(row) for row in reviewers}
    points: dict[int, list[tuple[Leaning, float]]] = defaultdict(list)
    # Thousands of rows: as plain numbers, without times and decimals.
    reviews = Review.objects.standing().filter(nomination__in=known).annotate(at=_AS_FLOAT)
    for reviewer, nomination, at in reviews.values_list("reviewer_id", "nomination_id", "at"):
        each = found[reviewer]
        each.assigned += 1
        if at is not None:
            each.submitted += 1
            points[nomination].append((each, at))
    for given in points.values():
        others = len(given) - 1
        total = sum(own for _each, own in given)
        for each, own in given if others else ():
            each.differences.append(own - (total - own) / others)
    return [each for each in found.values() if each.reviewer.removed_at is None or each.submitted]


def with_conflicts(rows: list[Leaning], call: Call, user: Any) -> list[Leaning]:
    """How many nominations bar each reviewer, of those that ``user`` may know of (one query)."""
    known = Nomination.objects.weighed_by(user).filter(call=call)
    counts = dict(
        ConflictOfInterest.objects.standing()
        .filter(nomination__in=known)
        .values_list("user")
        .annotate(n=Count("nomination", distinct=True))
        .order_by()
    )
    for row in rows:
        row.conflicts = counts.get(row.reviewer.user_id, 0)
    return rows


def progress_of(rows: Sequence[Leaning]) -> dict[str, int]:
    """Reviews assigned and submitted, of all these reviewers together."""
    assigned, submitted = sum(row.assigned for row in rows), sum(row.submitted for row in rows)
    percent = round(100 * submitted / assigned) if assigned else 0
    return {"assigned": assigned, "submitted": submitted, "percent": percent}
