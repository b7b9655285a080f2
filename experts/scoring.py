"""How scores become merit. In plain words: docs/scoring.md."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median

from experts.models import Criterion, Nomination

# A nomination whose reviews lie further apart than this, in points of 100, is for discussion.
DOUBTFUL_SPREAD = 30
# A review further than this from the median of three or more is marked as an outlier; it counts all the same.
OUTLYING = 20
FEWEST_FOR_OUTLIERS = 3


def share_of(scores: Mapping[int, int], weights: Mapping[int, int]) -> Fraction:
    """What one review comes to, 0 to 100, unrounded: the mean of its scores by the weight of their criteria.

    Only criteria that the review has scored weigh, so that one added later takes nothing away from earlier reviews.
    """
    weight = sum(weights[criterion] for criterion in scores)
    total = sum(value * weights[criterion] for criterion, value in scores.items())
    return Fraction(100 * total, weight * Criterion.SCALE)


def rounded(value: Fraction) -> Decimal:
    """Two decimals, half up. Rounded once, from the exact value."""
    exact = Decimal(value.numerator) * 100 / Decimal(value.denominator)
    return exact.quantize(Decimal(1), rounding=ROUND_HALF_UP) / 100


def merit_of(shares: Sequence[Fraction]) -> Decimal | None:
    """The merit of a nomination: the plain mean of its reviews, each weighing the same. None without any."""
    return rounded(sum(shares, Fraction(0)) / len(shares)) if shares else None


def spread_of(shares: Sequence[Fraction]) -> Decimal | None:
    """How far the reviews lie apart, highest minus lowest; None for fewer than two."""
    return rounded(max(shares) - min(shares)) if len(shares) > 1 else None


def outlying(points: Sequence[Decimal]) -> list[bool]:
    """For each review, whether it lies far from the median of all; never among fewer than three."""
    if len(points) < FEWEST_FOR_OUTLIERS:
        return [False] * len(points)
    middle = median(points)
    return [abs(each - middle) > OUTLYING for each in points]


def is_doubtful(nomination: Nomination) -> bool:
    """Whether it is for discussion: the secretariat says so, or its reviews lie far apart."""
    apart = nomination.spread is not None and nomination.spread > DOUBTFUL_SPREAD
    return nomination.discussed_since is not None or apart
