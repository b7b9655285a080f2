"""Who may know of a nomination in which phase; what a conflict bars; what blind reviewers are told."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.verdicts import Refusal, Vanished
from experts.actions.conflicts import declare_conflict
from experts.actions.reviewers import remove_reviewer
from experts.actions.scoring import flag_for_discussion, save_review, write_note
from experts.models import Call, Nomination, NominationTrait, Review
from experts.phases import Phase, is_blind, phase_of
from experts.review_rules import may_score, reviews_of
from tests.api_client import client_of as api_client_of
from tests.experts.reviewing.world import (
    assign,
    bar,
    client_of,
    eligible,
    reviewer_in,
    scoring_call,
    submit,
)
from tests.factories import make_member_state, make_nomination, make_user

pytestmark = pytest.mark.django_db

CANARIES = ("Wanjiru", "Kamau", "Kenya", "KEN", "wanjiru.k@canary.example", "Canary Institute", "Referena")


def the_phases(call: Call) -> dict[str, datetime]:
    assert call.scoring_opens_at and call.scoring_closes_at and call.discussion_closes_at
    hour = timedelta(hours=1)
    return {
        "before": call.scoring_opens_at - hour / 2,
        "scoring": call.scoring_closes_at - hour,
        "discussion": call.discussion_closes_at - hour,
        "over": call.discussion_closes_at + hour,
    }


@pytest.fixture
def world() -> dict[str, Any]:
    """One nomination of Kenya with its reviewer, and everybody else who might want to know of it."""
    staff = make_user("staff")
    call = scoring_call(blind=True)
    nominee = make_user("participant", email="wanjiru.k@canary.example")
    (nomination,) = eligible(
        call,
        staff,
        country="KEN",
        name="Wanjiru Kamau",
        email="wanjiru.k@canary.example",
        nominee=nominee,
        workplace="Canary Institute",
        position="Head of the Canary Institute",
        motivation="I, Wanjiru, work in Kenya at the Canary Institute. Write to wanjiru.k@canary.example.",
        experience="KAMAU led the programme of a city.",
    )
    nomination.referees.create(name="Referena Omondi", email="referena@example.org")
    NominationTrait.objects.create(nomination=nomination, kind="nationality", value="KEN")
    focal = make_user("focal_point")
    make_member_state("KEN", contact=focal)
    coordinator = make_user("coordinator", country_id="NGA")
    double = make_user("staff", "expert", name="Both Staff")
    people = {
        "assigned": make_user("expert", name="Assigned One"),
        "unassigned": make_user("expert"),
        "conflicted": make_user("expert"),
        "removed": make_user("expert"),
        "staff": staff,
        "barred_staff": double,
        "nominee": nominee,
        "focal": focal,
        "coordinator": coordinator,
        "other": make_user("participant"),
    }
    names = ("assigned", "unassigned", "conflicted", "removed", "barred_staff")
    reviewers = {name: reviewer_in(call, staff, people[name]) for name in names}
    assigned = ("assigned", "conflicted", "removed", "barred_staff")
    reviews = dict(
        zip(assigned, assign(staff, nomination, *(reviewers[name] for name in assigned)), strict=True)
    )
    bar(staff, reviewers["conflicted"], nomination)
    bar(staff, reviewers["barred_staff"], nomination)
    remove_reviewer(actor=staff, reviewer=reviewers["removed"])
    return {
        "call": call,
        "nomination": Nomination.objects.get(pk=nomination.pk),
        "people": people,
        "reviewers": reviewers,
        "reviews": reviews,
    }


# persona: in which phases it may know of the nomination, as reviewers do (their pages) and in all (visible_to).
# "named": the full record. The blind reviewer has it from the discussion on; before, the pages of scoring alone.
KNOWN = {
    "assigned": {"scoring": {"scoring", "discussion"}, "named": {"discussion"}},
    "unassigned": {"scoring": set(), "named": set()},
    "conflicted": {"scoring": set(), "named": set()},
    "removed": {"scoring": set(), "named": set()},
    "staff": {"scoring": set(), "named": {"before", "scoring", "discussion", "over"}},
    "barred_staff": {"scoring": set(), "named": set()},
    "nominee": {"scoring": set(), "named": {"before", "scoring", "discussion", "over"}},
    "focal": {"scoring": set(), "named": {"before", "scoring", "discussion", "over"}},
    "coordinator": {"scoring": set(), "named": {"before", "scoring", "discussion", "over"}},
    "other": {"scoring": set(), "named": set()},
}


@pytest.mark.parametrize("persona", KNOWN)
@pytest.mark.parametrize("phase", [phase.value for phase in Phase if phase != Phase.DECIDED])
def test_who_knows_of_it_when(world: dict[str, Any], persona: str, phase: str) -> None:
    call, nomination, user = world["call"], world["nomination"], world["people"][persona]
    at = the_phases(call)[phase]
    assert phase_of(call, at) == phase
    mine = reviews_of(user, call, at=at).filter(nomination=nomination)
    assert mine.exists() == (phase in KNOWN[persona]["scoring"])
    named = Nomination.objects.visible_to(user, at=at).filter(pk=nomination.pk)
    assert named.exists() == (phase in KNOWN[persona]["named"])
    client = client_of(user)
    with time_machine.travel(at, tick=False):
        page = client.get(f"/en/calls/{call.pk}/scoring/{nomination.candidate_number}/")
        assert page.status_code == (200 if phase in KNOWN[persona]["scoring"] else 404)
        listed = client.get(f"/en/calls/{call.pk}/nominations/")
        if persona in ("staff", "barred_staff"):
            assert listed.status_code == 200
            assert ("Wanjiru" in listed.text) == (persona == "staff")
        else:
            assert listed.status_code == 403 and "Wanjiru" not in listed.text


@pytest.mark.parametrize("persona", [name for name in KNOWN if name != "assigned"])
def test_nobody_else_scores_it(world: dict[str, Any], persona: str) -> None:
    review = world["reviews"]["assigned"]
    with pytest.raises(Vanished):
        save_review(
            actor=world["people"][persona],
            review_id=review.pk,
            version=0,
            values={},
            comment="x",
            submit=False,
        )


@pytest.mark.parametrize("end", ["scoring_closes_at", "discussion_closes_at"])
@pytest.mark.parametrize(("seconds", "open_still"), [(-1, True), (0, False), (1, False)])
def test_the_last_second_counts_and_the_end_does_not(
    world: dict[str, Any], end: str, seconds: int, open_still: bool
) -> None:
    call, review = world["call"], world["reviews"]["assigned"]
    if end == "discussion_closes_at":
        flag_for_discussion(actor=world["people"]["staff"], nomination=world["nomination"], wanted=True)
    with time_machine.travel(getattr(call, end) + timedelta(seconds=seconds), tick=False):
        if open_still:
            assert submit(review, 1, 2, 3).submitted_at
        else:
            # In the discussion it is known and refused, after it unknown.
            with pytest.raises(Refusal if end == "scoring_closes_at" else Vanished):
                submit(review, 1, 2, 3)
    assert Review.objects.get(pk=review.pk).version == (1 if open_still else 0)


def test_scoring_begins_on_the_second(world: dict[str, Any]) -> None:
    call, user = world["call"], world["people"]["assigned"]
    for seconds, known in ((-1, False), (0, True)):
        at = call.scoring_opens_at + timedelta(seconds=seconds)
        assert reviews_of(user, call, at=at).exists() is known


def test_the_discussion_changes_only_what_is_discussed(world: dict[str, Any]) -> None:
    call, review = world["call"], world["reviews"]["assigned"]
    at = the_phases(call)["discussion"]
    review.nomination = Nomination.objects.select_related("call").get(pk=review.nomination_id)
    assert not may_score(review, at=at)
    review.nomination.spread = Decimal("30.00")
    assert not may_score(review, at=at)  # just so far apart isn't further
    review.nomination.spread = Decimal("30.01")
    assert may_score(review, at=at)


def test_the_phases_of_page_and_query_agree(world: dict[str, Any]) -> None:
    call, user = world["call"], world["people"]["assigned"]
    for closes in (None, call.scoring_closes_at):
        for discussed in (None, call.discussion_closes_at):
            Call.objects.filter(pk=call.pk).update(scoring_closes_at=closes, discussion_closes_at=discussed)
            changed = Call.objects.get(pk=call.pk)
            for at in the_phases(call).values():
                runs = phase_of(changed, at) in (Phase.SCORING, Phase.DISCUSSION)
                assert reviews_of(user, changed, at=at).exists() == runs
                named = Review.objects.filter(pk=world["reviews"]["assigned"].pk).named(at)
                if runs:
                    assert named.exists() == (not is_blind(changed, at))


# --- Blind -----------------------------------------------------------------------------------------------


def said_to(user: Any, *paths: str) -> str:
    client = client_of(user)
    said = ""
    for path in paths:
        answer = client.get(path, follow=True)
        said += b"".join(answer.streaming_content).decode() if answer.streaming else answer.text  # type: ignore[attr-defined]
    return said


def reviewers_pages(world: dict[str, Any]) -> tuple[str, ...]:
    call, number = world["call"].pk, world["nomination"].candidate_number
    return (
        f"/en/calls/{call}/scoring/",
        f"/en/calls/{call}/scoring/{number}/",
        f"/en/calls/{call}/scoring/my-scores.csv",
    )


def test_a_blind_reviewer_is_told_nothing_that_says_who_it_is(world: dict[str, Any]) -> None:
    user = world["people"]["assigned"]
    submit(world["reviews"]["assigned"], 5, 5, 5, comment="Fine.")
    said = said_to(user, *reviewers_pages(world))
    assert "the programme of a city" in said and "Fine." in said
    for canary in (*CANARIES, str(world["nomination"].uuid)):
        # In the frame of the page are country codes of no meaning (languages); whole words are looked for.
        assert not re.search(rf"(?<!\w){re.escape(canary)}(?!\w)", said), canary


def test_the_api_tells_a_blind_reviewer_nothing(world: dict[str, Any]) -> None:
    client = api_client_of(world["people"]["assigned"])
    uuid = world["nomination"].uuid
    for path in (f"/api/v1/nominations/{uuid}/", f"/api/v1/calls/{world['call'].pk}/nominations/"):
        said = client.get(path).content.decode()
        assert not any(canary in said for canary in CANARIES)


def test_after_scoring_the_name_is_told(world: dict[str, Any]) -> None:
    with time_machine.travel(the_phases(world["call"])["discussion"], tick=False):
        said = said_to(world["people"]["assigned"], *reviewers_pages(world)[:2])
    assert "Wanjiru Kamau" in said and "Kenya" in said


def test_codes_are_drawn_once_and_tell_no_order() -> None:
    staff, call = make_user("staff"), scoring_call()
    rows = eligible(call, staff, count=30)
    numbers = [row.candidate_number for row in rows]
    assert len(set(numbers)) == 30 and None not in numbers
    assert numbers != sorted(numbers) and max(filter(None, numbers)) > 30
    more = eligible(call, staff, count=5)
    again = Nomination.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    assert [row.candidate_number for row in again] == numbers
    assert not {row.candidate_number for row in more} & set(numbers)


# --- Barred ----------------------------------------------------------------------------------------------


def test_a_conflict_leaves_no_trace_in_what_the_barred_see() -> None:
    """Two worlds that differ by the nomination alone that bars: everything the barred are shown is the same."""
    staff, call = make_user("staff"), scoring_call()
    both = make_user("staff", "expert", name="Both Staff")
    rows = eligible(call, staff, count=3, country="KEN", gender="woman")
    reviewers = [reviewer_in(call, staff, user) for user in (both, make_user("expert"), make_user("expert"))]
    for row in rows:
        for review in assign(staff, row, *reviewers):
            submit(review, *((9, 9, 9) if review.reviewer == reviewers[1] else (3, 3, 3)))
    names = ("nomination_list", "board", "reviewers", "conflicts", "assignments", "scoring_overview")
    paths = [reverse(f"reviewing:{name}", args=[call.pk]) for name in (*names, "scores_csv", "own_scores")]
    paths += [f"{reverse('reviewing:board', args=[call.pk])}?sort=spread&show=doubtful"]
    paths += [f"{reverse('reviewing:nomination_list', args=[call.pk])}?country=CUB&words=Hidden"]

    def seen() -> str:
        text = re.sub(r'(csrfmiddlewaretoken" value|data-reader)="[^"]*"', "", said_to(both, *paths))
        return re.sub(r"nonce-\S+|Page \d+", "", text)

    (hidden,) = eligible(call, staff, name="Hidden Person", country="CUB", gender="man", expertise=("9",))
    without = None
    for review in assign(staff, hidden, *reviewers):
        submit(review, 10, 0, 10)
    shown = seen()
    assert "Hidden Person" in shown
    bar(staff, reviewers[0], hidden)
    barred = seen()
    # What the page says where the nomination never was.
    Review.objects.filter(nomination=hidden).update(submitted_at=None)
    for review in Review.objects.filter(nomination=hidden):
        review.scores.all().delete()
        review.delete()
    hidden.conflicts.all().delete()
    hidden.traits.all().delete()
    hidden.moves.all().delete()
    hidden.delete()
    without = seen()
    assert barred == without
    assert "Hidden Person" not in barred


def test_a_declared_conflict_takes_it_out_of_sight_and_can_be_taken_back(world: dict[str, Any]) -> None:
    user, call = world["people"]["assigned"], world["call"]
    number = world["nomination"].candidate_number
    client, page = client_of(user), f"/en/calls/{call.pk}/scoring/{number}/"
    client.post(f"{page}conflict/", {"kind": "family"})
    assert client.get(page).status_code == 404
    conflict = world["nomination"].conflicts.get(user=user)
    assert (conflict.pinned, conflict.declared_by) == (False, user)
    client.post(f"/en/calls/{call.pk}/scoring/conflicts/{conflict.pk}/take-back/")
    assert client.get(page).status_code == 200
    pinned = world["nomination"].conflicts.get(user=world["people"]["conflicted"])
    other = client_of(world["people"]["conflicted"])
    other.post(f"/en/calls/{call.pk}/scoring/conflicts/{pinned.pk}/take-back/")
    pinned.refresh_from_db()
    assert pinned.lifted_at is None


def test_declaring_twice_is_one_conflict(world: dict[str, Any]) -> None:
    for _ in range(2):
        declare_conflict(
            actor=world["people"]["assigned"], nomination=world["nomination"], kind="collaboration"
        )
    assert world["nomination"].conflicts.filter(user=world["people"]["assigned"]).count() == 1


# --- The scores and words of others ----------------------------------------------------------------------


def test_others_are_read_after_ones_own_review_and_in_the_discussion_alone(world: dict[str, Any]) -> None:
    staff, call, nomination = world["people"]["staff"], world["call"], world["nomination"]
    second = reviewer_in(call, staff, name="Second Reviewer")
    (theirs,) = assign(staff, nomination, second)
    submit(theirs, 10, 10, 10, comment="A voice of another.")
    flag_for_discussion(actor=staff, nomination=nomination, wanted=True)
    user, mine = world["people"]["assigned"], world["reviews"]["assigned"]
    phases, page = the_phases(call), reviewers_pages(world)[1]

    def reads(phase: str) -> bool:
        with time_machine.travel(phases[phase], tick=False):
            said = said_to(user, page)
        assert ("A voice of another." in said) == ("Second Reviewer" in said)
        return "A voice of another." in said

    assert not reads("scoring") and not reads("discussion")
    submit(mine, 0, 0, 0)
    assert not reads("scoring") and reads("discussion")


def test_notes_are_for_who_reviewed_it_while_it_is_discussed(world: dict[str, Any]) -> None:
    staff, call, nomination = world["people"]["staff"], world["call"], world["nomination"]
    mine, user = world["reviews"]["assigned"], world["people"]["assigned"]
    submit(mine, 5, 5, 5)
    with time_machine.travel(the_phases(call)["discussion"], tick=False):
        with pytest.raises(Refusal):
            write_note(actor=user, nomination=nomination, body="Why?", review=mine)
        flag_for_discussion(actor=staff, nomination=nomination, wanted=True)
        first = write_note(actor=user, nomination=nomination, body="Why?", review=mine)
        assert write_note(actor=user, nomination=nomination, body="Why?", review=mine) == first
        assert "Why?" in said_to(
            staff, reverse("reviewing:nomination_reviews", args=[call.pk, nomination.uuid])
        )
        barred = client_of(world["people"]["barred_staff"])
        address = reverse("reviewing:nomination_reviews", args=[call.pk, nomination.uuid])
        assert barred.get(address).status_code == 404
        discuss = reverse("reviewing:nomination_discuss", args=[call.pk, nomination.uuid])
        assert barred.post(discuss, {"body": "I too"}).status_code == 404
    assert nomination.discussion.count() == 1


def test_a_staff_member_who_is_nominated_does_not_weigh_their_own() -> None:
    staff, call = make_user("staff"), scoring_call()
    nominated = make_user("staff")
    make_nomination(call, name="My Own", email=nominated.email)
    page = reverse("reviewing:nomination_list", args=[call.pk])
    assert "My Own" in said_to(staff, page)
    assert "My Own" not in said_to(nominated, page)
    assert timezone.now() < call.closes_at
