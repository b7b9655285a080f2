"""A decision while something of the call is still open: only said to be known, and on the record."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import outbox
from experts.actions.announcing_decisions import announce
from experts.actions.deciding import decide_on
from experts.actions.selecting import Asked, keep_selection, prepare_selection
from experts.call_steps import steps_of
from experts.decision_record import record_of
from experts.models import Call, Decision, Nomination, Review, Reviewer, Selection
from experts.review_rules import may_score
from experts.rules import may_endorse, open_for
from experts.still_open import still_open
from experts.waiting import waiting_for
from tests.experts.panel_people import make_pool
from tests.factories import make_member_state, make_nomination, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def running(staff: Any) -> tuple[Call, Selection, Reviewer]:
    """Closed yesterday; endorsing, scoring and the discussion go on, one application and one review wait."""
    now = timezone.now()
    call, people = make_pool(
        6,
        endorsement_closes_at=now + 2 * DAY,
        scoring_opens_at=now - DAY,
        scoring_closes_at=now + 3 * DAY,
        discussion_closes_at=now + 5 * DAY,
    )
    make_nomination(call, state="awaiting_endorsement", way="applied", country="NGA")
    Nomination.objects.filter(pk=people[0].pk).update(candidate_number=7)
    reviewer = Reviewer.objects.create(call=call, user=make_user("expert"), added_by=staff)
    Review.objects.create(reviewer=reviewer, nomination=people[0], assigned_by=staff)
    asked = Asked(seats=2, quotas=(), per_country=None, include={}, exclude={}, seed=1)
    selection = keep_selection(actor=staff, prepared=prepare_selection(actor=staff, call=call, asked=asked))
    outbox.drain()
    selection.refresh_from_db()
    return call, selection, reviewer


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_nothing_is_open_in_a_call_that_is_over(staff: Any) -> None:
    call, _people = make_pool(3)
    assert still_open(call, timezone.now()) == []


def test_what_is_open_is_named_with_its_time_and_number_and_must_be_ticked(staff: Any) -> None:
    call, selection, _reviewer = running(staff)
    assert [(each.what, each.count) for each in still_open(call, timezone.now())] == [
        ("endorsing", 1),
        ("scoring", 0),
        ("discussion", 0),
        ("reviews", 1),
    ]
    client, page = client_of(staff), reverse("panel:selection", args=[call.pk, selection.uuid])
    shown = client.get(page).content.decode()
    assert "waiting for it: 1" in shown and "1 review that was assigned" in shown
    assert "UTC+03:00" in shown  # of Nairobi, the call's zone
    decide = reverse("panel:decide", args=[call.pk, selection.uuid])
    client.post(decide)
    assert not Decision.objects.exists()
    # Not all of it: what opened since the page was shown must be seen first.
    client.post(decide, {"known_open": "endorsing scoring discussion"})
    assert not Decision.objects.exists()
    client.post(decide, {"known_open": "endorsing scoring discussion reviews"})
    assert [kept["act"] for kept in Decision.objects.get().known_open] == ["prepare"]


def test_announcing_needs_it_again_and_the_record_tells_both(staff: Any) -> None:
    call, selection, _reviewer = running(staff)
    known = ("endorsing", "scoring", "discussion", "reviews")
    decision = decide_on(actor=staff, selection=selection, known_open=known)
    until = timezone.now() + 14 * DAY
    with pytest.raises(ValidationError) as refused:
        announce(actor=staff, decision=decision, version=decision.version, answer_by=until)
    assert "known_open" in refused.value.message_dict
    client, page = client_of(staff), reverse("panel:announce", args=[call.pk])
    form = client.get(page).context["form"]
    sent = {"version": form["version"].value(), "answer_by": form["answer_by"].value()}
    wrong = client.post(page, sent)
    assert wrong.status_code == 400 and "still open" in wrong.content.decode()
    assert client.post(page, {**sent, "known_open": " ".join(known)}).status_code == 302
    decision = Decision.objects.select_related("call", "selection__call").get()
    assert decision.announced_at is not None
    said = str(record_of(decision, []).blocks)
    assert "Still open when it was prepared" in said and "Still open when it was announced" in said
    assert "1 review that was assigned" in said and "UTC+03:00" in said


def announced_early(staff: Any) -> tuple[Call, Reviewer]:
    call, selection, reviewer = running(staff)
    known = ("endorsing", "scoring", "discussion", "reviews")
    decision = decide_on(actor=staff, selection=selection, known_open=known)
    announce(
        actor=staff,
        decision=decision,
        version=decision.version,
        answer_by=timezone.now() + 14 * DAY,
        known_open=known,
    )
    call.refresh_from_db()
    return call, reviewer


def test_no_step_closes_after_the_decision(staff: Any) -> None:
    call, _reviewer = announced_early(staff)
    steps = steps_of(call, timezone.now())
    assert {step.place for step in steps} == {"done"}
    assert all(step.ends is None or step.ends <= call.decided_at for step in steps if call.decided_at)
    assert steps[1].ended_early == call.decided_at


def test_reviewers_are_told_that_it_is_decided_and_have_nothing_to_score(staff: Any) -> None:
    call, reviewer = announced_early(staff)
    review = Review.objects.select_related("nomination__call").get(reviewer=reviewer)
    page = client_of(reviewer.user).get(reverse("reviewing:scoring_overview", args=[call.pk]))
    assert "The decision is announced" in page.content.decode()
    assert waiting_for(reviewer.user) == []
    Nomination.objects.filter(pk=review.nomination_id).update(state="eligible")
    review.nomination.refresh_from_db()
    assert not may_score(review, at=timezone.now())


def test_nobody_endorses_or_hands_in_once_it_is_decided(staff: Any) -> None:
    call, _reviewer = announced_early(staff)
    focal_point, now = make_user("focal_point"), timezone.now()
    make_member_state("NGA", contact=focal_point)
    application = Nomination.objects.get(call=call, state="awaiting_endorsement")
    assert not may_endorse(focal_point, application, at=now)
    assert not open_for(application, at=now)
    assert waiting_for(focal_point) == []
