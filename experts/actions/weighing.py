"""Merit follows from the reviews that count, in the transaction of whatever changes them."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from django.db import transaction

from experts.models import Call, Criterion, Nomination, Review, Score
from experts.scoring import merit_of, rounded, share_of, spread_of


def weights_of(call_id: int) -> dict[int, int]:
    """The weight of each criterion of a call, by its key."""
    return dict(Criterion.objects.filter(call=call_id).values_list("pk", "weight"))


def weigh(nomination: Nomination) -> None:
    """Work merit and spread out anew; the caller has locked the nomination.

    Where a review counts, the reviews alone do; where none does, the merit that was imported, if one was.
    """
    weigh_all([nomination])


def weigh_all(nominations: Iterable[Nomination]) -> None:
    """The same for several of one call, all locked by the caller, in two queries and one write for each change."""
    rows = list(nominations)
    if not rows:
        return
    weights = weights_of(rows[0].call_id)
    shares = shares_of([row.pk for row in rows], weights)
    for row in rows:
        found = list(shares.get(row.pk, {}).values())
        before = (row.merit, row.spread, row.merit_imported)
        row.merit = merit_of(found) if found else row.imported_merit
        row.merit_imported = not found and row.imported_merit is not None
        row.spread = spread_of(found)
        if (row.merit, row.spread, row.merit_imported) != before:
            row.save(update_fields=["merit", "spread", "merit_imported"])


def shares_of(nominations: list[int], weights: dict[int, int]) -> dict[int, dict[int, Fraction]]:
    """What each review that counts comes to, exactly, by nomination and review."""
    counted = Review.objects.counted().filter(nomination__in=nominations)
    scores: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    found = Score.objects.filter(review__in=counted).values_list(
        "review__nomination_id", "review_id", "criterion_id", "value"
    )
    for nomination, review, criterion, value in found:
        scores[nomination, review][criterion] = value
    shares: dict[int, dict[int, Fraction]] = defaultdict(dict)
    for (nomination, review), given in scores.items():
        shares[nomination][review] = share_of(given, weights)
    return shares


@transaction.atomic
def weigh_call(*, call: Call) -> None:
    """Work everything out anew, points of the reviews included: after criteria or their weights were changed."""
    rows = list(Nomination.objects.select_for_update().filter(call=call).order_by("pk"))
    weights = weights_of(call.pk)
    for review in Review.objects.filter(nomination__call=call, submitted_at__isnull=False).prefetch_related(
        "scores"
    ):
        given = {score.criterion_id: score.value for score in review.scores.all()}
        points = rounded(share_of(given, weights))
        if points != review.points:
            Review.objects.filter(pk=review.pk).update(points=points)
    weigh_all(rows)


def number_candidates(nominations: Iterable[Nomination]) -> None:
    """Give candidates without one a number by lot; the caller has locked their call and them.

    Drawn from many more numbers than there are candidates, so that neither order nor count can be read from them.
    """
    waiting = [row for row in nominations if row.candidate_number is None]
    if not waiting:
        return
    call = waiting[0].call_id
    taken = set(
        Nomination.objects.filter(call=call, candidate_number__isnull=False).values_list(
            "candidate_number", flat=True
        )
    )
    highest = 99
    while highest < 5 * (len(taken) + len(waiting)):
        highest = highest * 10 + 9
    for row in waiting:
        number = secrets.randbelow(highest) + 1
        while number in taken:
            number = secrets.randbelow(highest) + 1
        taken.add(number)
        row.candidate_number = number
    Nomination.objects.bulk_update(waiting, ["candidate_number"], batch_size=500)
