"""How scores become merit: by hand-worked figures, and in the transaction of what changes them."""

from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.verdicts import Conflict
from experts.actions.conflicts import lift_conflict
from experts.actions.reviewers import remove_reviewer
from experts.actions.scoring import save_review
from experts.actions.weighing import weigh_call
from experts.models import Criterion, Nomination, Review
from experts.scoring import merit_of, outlying, share_of, spread_of
from tests.experts.reviewing.world import (
    assign,
    bar,
    client_of,
    eligible,
    reviewer_in,
    scoring_call,
    submit,
)
from tests.factories import make_nomination, make_user

pytestmark = pytest.mark.django_db


def test_a_review_is_the_mean_of_its_scores_by_weight() -> None:
    weights = {1: 3, 2: 2, 3: 1}
    assert share_of({1: 10, 2: 10, 3: 10}, weights) == 100
    assert share_of({1: 8, 2: 5, 3: 3}, weights) == Fraction(100 * 37, 60)
    # A criterion that was added later takes nothing from a review that doesn't know it.
    assert share_of({1: 8}, weights) == 80


@pytest.mark.parametrize(
    ("shares", "merit"),
    [
        ([Fraction(185, 3)], "61.67"),
        ([Fraction(100), Fraction(0), Fraction(0)], "33.33"),
        # Rounded once, half upwards: 50.005 becomes 50.01; two values rounded before would give 50.00.
        ([Fraction(50), Fraction(5001, 100)], "50.01"),
        ([Fraction(0)], "0.00"),
    ],
)
def test_merit_is_rounded_once_at_the_end_half_upwards(shares: list[Fraction], merit: str) -> None:
    assert merit_of(shares) == Decimal(merit)


def test_nothing_follows_from_no_review_and_no_spread_from_one() -> None:
    assert merit_of([]) is None
    assert spread_of([Fraction(50)]) is None
    assert spread_of([Fraction(20), Fraction(90)]) == 70


def test_outliers_are_told_among_three_or_more() -> None:
    assert outlying([Decimal(90), Decimal(20)]) == [False, False]
    assert outlying([Decimal(80), Decimal(75), Decimal(20)]) == [False, False, True]
    assert outlying([Decimal(80), Decimal(60), Decimal(40)]) == [False, False, False]  # just 20 away


@pytest.fixture
def world() -> dict[str, Any]:
    staff, call = make_user("staff"), scoring_call()
    (nomination,) = eligible(call, staff)
    reviewers = [reviewer_in(call, staff) for _ in range(3)]
    reviews = assign(staff, nomination, *reviewers)
    return {"staff": staff, "nomination": nomination, "reviewers": reviewers, "reviews": reviews}


def figures(world: dict[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    row = Nomination.objects.get(pk=world["nomination"].pk)
    return row.merit, row.spread


def test_merit_follows_each_submission_and_no_draft(world: dict[str, Any]) -> None:
    first, second, third = world["reviews"]
    submit(first, 8, 5, 3)
    assert figures(world) == (Decimal("61.67"), None)
    submit(second, 10, 10, 10)
    assert figures(world) == (Decimal("80.83"), Decimal("38.33"))
    criterion = Criterion.objects.first()
    assert criterion
    save_review(
        actor=third.reviewer.user,
        review_id=third.pk,
        version=0,
        values={criterion.pk: 0},
        comment="",
        submit=False,
    )
    assert figures(world) == (Decimal("80.83"), Decimal("38.33"))
    submit(first, 10, 10, 10)  # changed while scoring runs: counted once
    assert figures(world) == (Decimal("100.00"), Decimal("0.00"))


def test_a_conflict_takes_a_review_out_of_the_merit_until_it_is_lifted(world: dict[str, Any]) -> None:
    for review, value in zip(world["reviews"], (10, 5, 0), strict=True):
        submit(review, value, value, value)
    assert figures(world) == (Decimal("50.00"), Decimal("100.00"))
    bar(world["staff"], world["reviewers"][2], world["nomination"])
    assert figures(world) == (Decimal("75.00"), Decimal("50.00"))
    lift_conflict(
        actor=world["staff"], conflict=world["nomination"].conflicts.get(), reason="A namesake, not family."
    )
    assert figures(world) == (Decimal("50.00"), Decimal("100.00"))


def test_what_a_removed_reviewer_submitted_stays(world: dict[str, Any]) -> None:
    submit(world["reviews"][0], 4, 4, 4)
    remove_reviewer(actor=world["staff"], reviewer=world["reviewers"][0])
    assert figures(world)[0] == Decimal("40.00")


def counting(world: dict[str, Any]) -> tuple[Decimal | None, bool, Decimal | None]:
    row = Nomination.objects.get(pk=world["nomination"].pk)
    return row.merit, row.merit_imported, row.imported_merit


def test_an_imported_merit_counts_until_a_review_does_and_again_when_none_does(world: dict[str, Any]) -> None:
    came = Decimal("91.50")
    Nomination.objects.filter(pk=world["nomination"].pk).update(
        merit=came, merit_imported=True, imported_merit=came
    )
    bar(world["staff"], world["reviewers"][2], world["nomination"])
    assert counting(world) == (came, True, came)
    submit(world["reviews"][0], 4, 4, 4)
    assert counting(world) == (Decimal("40.00"), False, came)
    submit(world["reviews"][1], 8, 8, 8)
    assert counting(world) == (Decimal("60.00"), False, came)  # of the reviews alone
    for reviewer in world["reviewers"][:2]:
        bar(world["staff"], reviewer, world["nomination"])
    assert counting(world) == (came, True, came)
    assert figures(world)[1] is None
    lifted = world["nomination"].conflicts.filter(user=world["reviewers"][0].user).get()
    lift_conflict(actor=world["staff"], conflict=lifted, reason="A namesake, not family.")
    assert counting(world) == (Decimal("40.00"), False, came)


def test_without_an_import_no_merit_is_left_when_no_review_is(world: dict[str, Any]) -> None:
    submit(world["reviews"][0], 4, 4, 4)
    bar(world["staff"], world["reviewers"][0], world["nomination"])
    assert counting(world) == (None, False, None)


def test_staff_see_which_merit_counts(world: dict[str, Any]) -> None:
    came, row = Decimal("91.50"), world["nomination"]
    Nomination.objects.filter(pk=row.pk).update(merit=came, merit_imported=True, imported_merit=came)
    client = client_of(world["staff"])
    pages = [
        reverse("reviewing:nomination_reviews", args=[row.call_id, row.uuid]),
        reverse("reviewing:board", args=[row.call_id]),
    ]
    reviews, board = (client.get(page).content.decode() for page in pages)
    assert "The merit of 91.50 came with an import. It counts, for no review does." in reviews
    assert "doesn’t count" not in board.partition("<details>")[0]
    submit(world["reviews"][0], 4, 4, 4)
    reviews, board = (client.get(page).content.decode() for page in pages)
    assert "A merit of 91.50 came with an import. It doesn’t count as long as a review does" in reviews
    assert "imported: 91.50 (doesn’t count)" in board


def test_imported_merits_that_count_today_are_kept_by_the_migration() -> None:
    call = scoring_call()
    imported = make_nomination(call, merit=Decimal("91.50"), merit_imported=True)
    scored = make_nomination(call, merit=Decimal("40.00"))
    import_module("experts.migrations.0002_imported_merit").keep_imported(apps, None)
    imported.refresh_from_db()
    scored.refresh_from_db()
    assert (imported.imported_merit, scored.imported_merit) == (Decimal("91.50"), None)


def test_another_weight_changes_points_and_merit(world: dict[str, Any]) -> None:
    submit(world["reviews"][0], 10, 0, 0)
    assert figures(world)[0] == Decimal("50.00")
    Criterion.objects.filter(code="c0").update(weight=9)
    weigh_call(call=world["nomination"].call)
    assert figures(world)[0] == Decimal("75.00")
    assert Review.objects.get(pk=world["reviews"][0].pk).points == Decimal("75.00")


def test_a_review_is_submitted_whole_and_within_the_scale(world: dict[str, Any]) -> None:
    review = world["reviews"][0]
    first, second, third = Criterion.objects.order_by("position")

    def save(values: dict[int, int], submit: bool) -> None:
        save_review(
            actor=review.reviewer.user,
            review_id=review.pk,
            version=0,
            values=values,
            comment="",
            submit=submit,
        )

    with pytest.raises(ValidationError) as refused:
        save({first.pk: 3}, True)
    assert set(refused.value.message_dict) == {f"criterion_{second.pk}", f"criterion_{third.pk}"}
    for wrong in ({first.pk: 11}, {first.pk: -1}, {999_999: 3}):
        with pytest.raises(ValidationError):
            save(wrong, False)
    assert not review.scores.exists()


def test_an_old_window_overwrites_nothing_and_a_repeat_is_no_change(world: dict[str, Any]) -> None:
    review = world["reviews"][0]
    criteria = [c.pk for c in Criterion.objects.order_by("position")]

    def save(*values: int, version: int) -> Review:
        return save_review(
            actor=review.reviewer.user,
            review_id=review.pk,
            version=version,
            values=dict(zip(criteria, values, strict=True)),
            comment="",
            submit=True,
        )

    assert save(1, 2, 3, version=0).version == 1
    assert save(1, 2, 3, version=0).version == 1  # the same sent twice
    with pytest.raises(Conflict) as refused:
        save(9, 9, 9, version=0)
    assert refused.value.current == {"version": 1}
    assert sorted(review.scores.values_list("value", flat=True)) == [1, 2, 3]
