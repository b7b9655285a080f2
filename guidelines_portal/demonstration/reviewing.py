"""How the demonstration's nominations were scored: reviewers, conflicts of interest, reviews, and a discussion."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from accounts.models import User
from core.models import AuditEntry, subject_of
from experts.actions.conflicts import declare_conflict, lift_conflict, pin_conflict
from experts.actions.reviewers import add_reviewer, assign_reviews
from experts.actions.scoring import flag_for_discussion, write_note
from experts.actions.screening import close_scoring
from experts.actions.weighing import weigh_all, weights_of
from experts.distribution import Pair, distribute
from experts.models import Call, ConflictOfInterest, Nomination, Review, Reviewer, Score
from experts.scoring import is_doubtful, rounded, share_of
from guidelines_portal.demonstration.clock import clock_set_to

# Of the demonstration's people, by address; and how much more, or less, than the others each of them gives.
REVIEWERS = {
    "drafter@example.org": -0.4,
    "second.drafter@example.org": 0.3,
    "adaeze.okonta@example.org": 0.5,
    "priya.raghunathan@example.org": -0.8,
    "mariafernanda.quiroga@example.org": 0.6,
    "tomasz.wierzbicki@example.org": 0.0,
}
UNSCORED = 4
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Kind = ConflictOfInterest.Kind
Strengths = dict[int, float]


def load_reviews(call: Call, staff: User, strengths: Strengths, words: dict[str, Any]) -> None:
    """Have the call's eligible nominations scored, all but the last ``UNSCORED``, while its scoring was open.

    ``strengths``: what reviewers find in each nomination, 0 to 10, by key.
    """
    assert call.scoring_opens_at and call.scoring_closes_at
    pick = random.Random("reviews")  # noqa: S311 a story, no secret
    eligible = list(call.nominations.filter(state=Nomination.State.ELIGIBLE).order_by("candidate_number"))
    reviewers = _add_reviewers(call, staff)
    _set_conflicts(call, staff, reviewers, eligible)
    with clock_set_to(call.scoring_opens_at - DAY):
        assign_reviews(actor=staff, call=call, add=_pairs(call, eligible, list(reviewers.values())))
    reviews = list(Review.objects.filter(reviewer__call=call).select_related("reviewer__user").order_by("pk"))
    Review.objects.filter(reviewer__call=call).update(assigned_at=call.scoring_opens_at - DAY)
    _score(call, reviews, {row.pk for row in eligible[-UNSCORED:]}, strengths, words["reviews"], pick)
    weigh_all(eligible)
    _discuss(call, staff, eligible, words["discussion"])


def _add_reviewers(call: Call, staff: User) -> dict[str, Reviewer]:
    assert call.scoring_opens_at
    at = call.scoring_opens_at - 5 * DAY
    people = {person.email: person for person in User.objects.filter(email__in=REVIEWERS)}
    with clock_set_to(at):
        found = {email: add_reviewer(actor=staff, call=call, person=people[email]) for email in REVIEWERS}
    Reviewer.objects.filter(call=call).update(added_at=at)
    return found


def _set_conflicts(
    call: Call, staff: User, reviewers: dict[str, Reviewer], eligible: Sequence[Nomination]
) -> None:
    """One reviewer with several that the secretariat set, one who declared theirs, and one lifted again."""
    assert call.scoring_opens_at
    at = call.scoring_opens_at - 3 * DAY
    tomasz, priya = reviewers["tomasz.wierzbicki@example.org"], reviewers["priya.raghunathan@example.org"]
    mei = reviewers["second.drafter@example.org"]
    known: dict[str, Any] = {"actor": staff, "call": call}
    with clock_set_to(at, step=timedelta(minutes=2)):
        for row, kind in zip(eligible[3::9], (Kind.FAMILY, Kind.COLLABORATION, Kind.FINANCIAL), strict=False):
            pin_conflict(reviewer=tomasz, nomination=row, kind=kind, **known)
        declare_conflict(actor=priya.user, nomination=eligible[20], kind=Kind.SUPERVISION)
        pin_conflict(reviewer=mei, nomination=eligible[31], kind=Kind.EMPLOYER, **known)
        mistaken = ConflictOfInterest.objects.get(user=mei.user, nomination=eligible[31], kind=Kind.EMPLOYER)
        lift_conflict(
            actor=staff, conflict=mistaken, reason="Two institutes of nearly the same name; not the same one."
        )
    ConflictOfInterest.objects.filter(nomination__call=call).update(declared_at=at)


def _pairs(call: Call, eligible: Sequence[Nomination], reviewers: Sequence[Reviewer]) -> set[Pair]:
    """Two reviews for each nomination, and a third for half of them, as the portal proposes it."""
    users = {reviewer.user_id: reviewer.pk for reviewer in reviewers}
    standing = ConflictOfInterest.objects.standing().filter(nomination__call=call, user__in=users)
    barred = {(n, users[user]) for n, user in standing.values_list("nomination", "user")}
    keys, pks = [row.pk for row in eligible], [reviewer.pk for reviewer in reviewers]
    first = distribute(keys, pks, each=2, barred=barred).pairs
    load = {pk: sum(r == pk for _n, r in first) for pk in pks}
    return first | distribute(keys[::2], pks, each=3, barred=barred, standing=first, load=load).pairs


def _score(
    call: Call,
    reviews: Sequence[Review],
    unscored: set[int],
    strengths: Strengths,
    words: dict[str, list[str]],
    pick: random.Random,
) -> None:
    assert call.scoring_opens_at and call.scoring_closes_at
    weights = weights_of(call.pk)
    span = call.scoring_closes_at - call.scoring_opens_at
    scores: list[Score] = []
    audit: list[AuditEntry] = []
    seen: dict[int, int] = {}
    for review in reviews:
        seen[review.nomination_id] = seen.get(review.nomination_id, 0) + 1
        at = call.scoring_opens_at + span * pick.uniform(0.04, 0.98)
        middle = strengths[review.nomination_id] + REVIEWERS[review.reviewer.user.email] + pick.gauss(0, 0.8)
        if pick.random() < 0.05:  # somebody who saw it quite otherwise
            middle += 4 if middle < 6 else -4.5
        given = {pk: min(10, max(0, round(middle + pick.gauss(0, 0.8)))) for pk in weights}
        # A third review is sometimes left over; the first two of whatever was scored are there.
        late = seen[review.nomination_id] > 2 and pick.random() < 0.3
        if (late or review.nomination_id in unscored) and pick.random() < 0.4:
            continue
        review.version = 1
        tone = "strong" if middle > 7 else "middling" if middle > 4.8 else "weak"
        review.comment = pick.choice(words[tone])
        if late or review.nomination_id in unscored:
            given.popitem()
        else:
            review.submitted_at, review.points = at, rounded(share_of(given, weights))
        scores += [Score(review=review, criterion_id=pk, value=value) for pk, value in given.items()]
        act = "review.submit" if review.submitted_at else "review.save"
        audit.append(AuditEntry(actor=review.reviewer.user, action=act, subject=subject_of(review), at=at))
    Review.objects.bulk_update(reviews, ["version", "comment", "submitted_at", "points"])
    Score.objects.bulk_create(scores)
    AuditEntry.objects.bulk_create(sorted(audit, key=lambda entry: entry.at))


def _discuss(call: Call, staff: User, eligible: Sequence[Nomination], said: Sequence[str]) -> None:
    assert call.scoring_closes_at
    closed = call.scoring_closes_at
    with clock_set_to(closed + 2 * HOUR):
        close_scoring(actor=staff, call=call)
    quiet = next(row for row in eligible if row.merit and not is_doubtful(row))
    with clock_set_to(closed + 3 * HOUR):
        flag_for_discussion(actor=staff, nomination=quiet, wanted=True)
    doubtful = sorted(eligible, key=lambda row: -(row.spread or 0))
    notes = iter(said)
    at = closed + DAY
    for row, count in zip(doubtful, (3, 2), strict=False):
        theirs = list(
            Review.objects.counted()
            .filter(nomination=row)
            .order_by("points")
            .select_related("reviewer__user")
        )
        for turn in range(count):
            review = theirs[turn % len(theirs)]
            with clock_set_to(at):
                write_note(actor=review.reviewer.user, nomination=row, body=next(notes), review=review)
            at += 5 * HOUR
    with clock_set_to(at):
        write_note(actor=staff, nomination=doubtful[0], body=next(notes))
