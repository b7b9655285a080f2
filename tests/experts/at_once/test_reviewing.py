"""Reviewers and the secretariat at the same moment: merit follows from what counts in the end, and only from that."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Country
from core.verdicts import Conflict, Refusal, Vanished
from experts.actions import conflicts, scoring
from experts.actions.calls import update_call
from experts.actions.conflicts import declare_conflict, find_conflicts, lift_conflict, pin_conflict
from experts.actions.nominating import enter
from experts.actions.reviewers import add_reviewer, assign_reviews, remove_reviewer
from experts.actions.scoring import save_review
from experts.actions.screening import close_scoring, screen
from experts.actions.submitting import hand_in_entered, withdraw
from experts.actions.weighing import shares_of, weights_of
from experts.actions.writing import save_words
from experts.models import ConflictOfInterest, Criterion, Nomination, Review
from experts.scoring import merit_of
from tests.experts.at_once.threads import at_once, meeting, refused
from tests.experts.nominees import WHOLE
from tests.experts.reviewing.world import assign, eligible, reviewer_in, scoring_call, submit
from tests.factories import make_nomination, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def now(nomination: Nomination) -> Nomination:
    return Nomination.objects.get(pk=nomination.pk)


def save(review: Review, value: int, *, version: int = 0, comment: str = "") -> Review:
    """Submitted from a page that was opened when the review had this version."""
    criteria = Criterion.objects.filter(call=review.reviewer.call)
    return save_review(
        actor=review.reviewer.user,
        review_id=review.pk,
        version=version,
        values={criterion.pk: value for criterion in criteria},
        comment=comment,
        submit=True,
    )


def merit_follows(nomination: Nomination) -> None:
    """Merit is what the reviews that count come to, exactly."""
    found = list(shares_of([nomination.pk], weights_of(nomination.call_id)).get(nomination.pk, {}).values())
    assert now(nomination).merit == (merit_of(found) if found else None)


def test_two_reviewers_and_one_in_two_windows(staff: Any) -> None:
    call = scoring_call()
    (nomination,) = eligible(call, staff)
    one, two = assign(staff, nomination, reviewer_in(call, staff), reviewer_in(call, staff))
    with meeting(scoring, "weigh"):
        results = at_once(partial(save, one, 9), partial(save, two, 3), partial(save, one, 1))
    assert refused(results) == [Conflict]
    assert Review.objects.counted().filter(nomination=nomination).count() == 2
    assert {score.value for score in one.scores.all()} in ({9}, {1})
    merit_follows(nomination)


@pytest.mark.parametrize("way", ["pinned", "declared"])
def test_a_score_is_saved_while_a_conflict_is_set(staff: Any, way: str) -> None:
    """The conflict bars, whichever was first: what was saved before it doesn't count."""
    call = scoring_call()
    (nomination,) = eligible(call, staff)
    reviewer, other = reviewer_in(call, staff), reviewer_in(call, staff)
    barred, counted = assign(staff, nomination, reviewer, other)
    submit(counted, 5, 5, 5)

    def bar() -> None:
        if way == "declared":
            declare_conflict(actor=reviewer.user, nomination=nomination, kind="family")
        else:
            pin_conflict(actor=staff, call=call, reviewer=reviewer, nomination=nomination, kind="family")

    with meeting(scoring, "weigh"), meeting(conflicts, "weigh"):
        results = at_once(partial(save, barred, 10), bar, bar)
    assert set(refused(results)) <= {Vanished}
    assert ConflictOfInterest.objects.standing().filter(nomination=nomination).count() == 1
    assert list(Review.objects.counted().filter(nomination=nomination)) == [counted]
    merit_follows(nomination)
    lift = {"conflict": ConflictOfInterest.objects.get(nomination=nomination), "reason": "A mistake."}
    results = at_once(*[partial(lift_conflict, actor=staff, **lift)] * 2)
    assert refused(results) == [Conflict]
    merit_follows(nomination)


def test_a_review_is_submitted_as_the_phase_ends(staff: Any) -> None:
    """In time and counted, or told that the time is over."""
    call = scoring_call()
    rows = eligible(call, staff, 2)
    reviews = [assign(staff, row, reviewer_in(call, staff))[0] for row in rows]
    submit(reviews[1], 5, 5, 5)
    end = timezone.now() - timedelta(seconds=1)
    dates = {"scoring_closes_at": end, "discussion_closes_at": end, "reason": "Enough."}

    def close() -> int:
        update_call(actor=staff, call=call, **dates)
        return close_scoring(actor=staff, call=call)

    results = at_once(close, partial(save, reviews[0], 7))
    assert set(refused(results)) <= {Vanished, Refusal}
    submitted = Review.objects.get(pk=reviews[0].pk).submitted_at is not None
    assert submitted is not isinstance(results[1], Exception)
    assert now(rows[1]).state == "scored"
    assert now(rows[0]).state in (("scored", "eligible") if submitted else ("eligible",))
    for row in rows:
        merit_follows(row)


@pytest.mark.parametrize("act", ["remove", "take_back"])
def test_a_reviewer_is_removed_and_their_review_taken_back_while_they_score(staff: Any, act: str) -> None:
    """What was submitted stays and counts; what wasn't leaves nothing behind."""
    call = scoring_call()
    (nomination,) = eligible(call, staff)
    reviewer = reviewer_in(call, staff)
    (review,) = assign(staff, nomination, reviewer)

    def away() -> Any:
        if act == "remove":
            return remove_reviewer(actor=staff, reviewer=reviewer)
        return assign_reviews(actor=staff, call=call, remove=[(nomination.pk, reviewer.pk)])

    results = at_once(partial(save, review, 8), away, away)
    assert set(refused(results)) <= {Vanished, ValidationError}
    standing = Review.objects.filter(pk=review.pk).first()
    if isinstance(results[0], Exception):
        assert standing is None or standing.submitted_at is None
    else:
        assert standing is not None and standing.submitted_at
    merit_follows(nomination)


def test_assigned_and_numbered_once_by_two_who_assign_the_same(staff: Any) -> None:
    call = scoring_call()
    rows = eligible(call, staff, 4)
    Nomination.objects.filter(call=call).update(candidate_number=None)
    people = [reviewer_in(call, staff) for _n in range(2)]
    pairs = [(row.pk, person.pk) for row in rows for person in people]
    orders = (pairs, pairs[::-1], pairs[2:])
    results = at_once(
        *(partial(assign_reviews, actor=staff, call=call, add=order) for order in orders),
        partial(screen, actor=staff, call=call, seen={rows[0].uuid: "eligible"}, to="eligible"),
    )
    assert refused(results) == []
    assert Review.objects.filter(nomination__call=call).count() == len(pairs)
    numbers = list(call.nominations.values_list("candidate_number", flat=True))
    assert None not in numbers and len(set(numbers)) == len(rows)


def test_a_nominee_withdraws_while_reviews_are_given_and_written(staff: Any) -> None:
    call = scoring_call()
    rows = eligible(call, staff, 2)
    reviewer = reviewer_in(call, staff)
    (review,) = assign(staff, rows[0], reviewer)
    results = at_once(
        partial(save, review, 8),
        partial(withdraw, actor=staff, nomination=rows[0]),
        partial(assign_reviews, actor=staff, call=call, add=[(rows[1].pk, reviewer.pk)]),
        partial(withdraw, actor=staff, nomination=rows[1]),
    )
    assert set(refused(results)) <= {Vanished, Refusal, ValidationError}
    assert {now(row).state for row in rows} == {"withdrawn"}
    merit_follows(rows[0])


def test_a_nationality_changes_while_a_compatriot_becomes_reviewer(staff: Any) -> None:
    """Whichever is first, the reviewer is barred: neither overlooks the other."""
    call = scoring_call(criteria=1, per_country_limit=None)
    words = {**WHOLE, "name": "Ana", "email": f"ana-{call.pk}@example.org", "nationalities": ["KEN"]}
    words.pop("interests")
    draft = enter(actor=staff, call=call, country=Country.objects.get(pk="KEN"), changes=words)
    nomination = hand_in_entered(actor=staff, nomination=draft, version=draft.version)
    person = make_user("expert", country_id="PER")

    def change() -> Any:
        changes = {"nationalities": ["KEN", "PER"]}
        return save_words(actor=staff, nomination=nomination, version=nomination.version, changes=changes)

    with meeting(conflicts, "_found", after=True):
        results = at_once(change, partial(add_reviewer, actor=staff, call=call, person=person))
    assert refused(results) == []
    barred = ConflictOfInterest.objects.standing().filter(user=person, nomination=nomination)
    assert list(barred.values_list("kind", flat=True)) == ["country"]


def test_conflicts_found_by_three_clocks_at_once_are_one_each(staff: Any) -> None:
    call = scoring_call()
    reviewer_in(call, staff, country_id="KEN")
    rows = [make_nomination(call, state="eligible", country="KEN") for _n in range(3)]
    with meeting(conflicts, "_found", parties=3, after=True):
        results = at_once(*[partial(find_conflicts, call)] * 3)
    assert sum(results) == len(rows)
    assert ConflictOfInterest.objects.filter(nomination__call=call).count() == len(rows)
