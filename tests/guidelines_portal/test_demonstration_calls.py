"""The demonstration's calls: every state before a decision, eighty countries, rows that agree with each other."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.mission_queries import Reach, missions
from accounts.models import User
from accounts.queries import regions_by_country
from core.files import is_there, open_file
from core.models import AuditEntry, Outbox, StoredFile, subject_of
from drafts.models import Guidelines
from experts.actions.submitting import endorse
from experts.completeness import gaps_of_nominee, letter_is_missing
from experts.hosting_offers import gaps
from experts.hosting_offers import receipt_of as offer_receipt
from experts.models import Call, ConflictOfInterest, HostingOffer, Nomination, NominationMove, Review
from experts.pdf_papers import pages_of
from experts.phases import Phase, phase_of
from experts.receipts import receipt_of
from experts.scoring import merit_of, outlying, share_of
from experts.states import may_follow
from experts.words import words_of
from guidelines_portal.demonstration.calls import load_calls, plan_working_group
from guidelines_portal.demonstration.nominees import Register
from guidelines_portal.demonstration.people import make_people

pytestmark = pytest.mark.django_db
S = Nomination.State
NOW = timezone.now().replace(minute=0, second=0, microsecond=0)


def test_loaded_twice_is_loaded_once(settings: Any, tmp_path: Path, capsys: Any) -> None:
    settings.MEDIA_ROOT, settings.DEMONSTRATION = tmp_path, True
    settings.DEMONSTRATION_ACCOUNTS = tmp_path / "accounts.json"
    began = time.process_time()
    call_command("load_demonstration")
    # Of this process alone, so that a busy machine makes no difference.
    assert time.process_time() - began < 60
    first = capsys.readouterr().out.splitlines()[-1]
    assert "4 calls, 135 nominations" in first
    call_command("load_demonstration")
    assert capsys.readouterr().out.splitlines()[-1] == first


@pytest.fixture(scope="module")
def calls(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Call]]:
    """Loaded once for all tests of this module, each of which is undone by itself."""
    folder = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), transaction.atomic():
        secretariat, people = make_people("demonstration-only")
        Guidelines.objects.create(slug="smart-cities", title="Smart cities for people")
        yield load_calls(secretariat, people, NOW)
        transaction.set_rollback(True)


def test_a_call_that_waits_for_its_decision(calls: dict[str, Call]) -> None:
    call = calls["group"]
    states = Counter(call.nominations.values_list("state", flat=True))
    assert states == {
        S.DRAFT: 4,
        S.AWAITING_NOMINEE: 4,
        S.AWAITING_ENDORSEMENT: 4,
        S.WITHDRAWN: 3,
        S.SUBMITTED: 3,
        S.INELIGIBLE: 8,
        S.ELIGIBLE: 4,
        S.SCORED: 90,
    }
    assert call.nominations.values("country").distinct().count() == 80
    assert call.state == Call.State.CLOSED and phase_of(call, timezone.now()) == Phase.DISCUSSION
    assert set(call.nominations.values_list("way", flat=True)) == set(Nomination.Way.values)
    ineligible = call.nominations.filter(state=S.INELIGIBLE).values_list("eligibility_reason", flat=True)
    assert len(set(ineligible)) == 8 and all(ineligible)
    running = call.nominations.exclude(state__in=[S.DRAFT, S.WITHDRAWN]).values_list("country", flat=True)
    assert max(Counter(running).values()) <= 2


def test_what_is_stored_agrees(calls: dict[str, Call]) -> None:
    """Moves follow each other up to the state, each with its entry on the trail; receipts can be checked."""
    related = ("traits", "answers", "papers__file", "interests", "moves", "call__papers", "call__questions")
    found = Nomination.objects.filter(call=calls["group"]).select_related("call").prefetch_related(*related)
    acts = Counter(AuditEntry.objects.filter(action="nomination.move").values_list("subject", flat=True))
    for row in found:
        state, at = S.DRAFT, row.created_at
        for move in row.moves.all():
            assert move.before == state and may_follow(state, move.after)
            assert at <= move.at <= timezone.now()
            state, at = S(move.after), move.at
        assert state == row.state and acts[subject_of(row)] == row.moves.count()
        if row.submitted_at:
            assert row.receipt == receipt_of(row, at=row.submitted_at)
        if row.state in (S.SUBMITTED, S.ELIGIBLE, S.SCORED) and row.way != Nomination.Way.ENTERED:
            assert gaps_of_nominee(row) == [] and not letter_is_missing(row)
            assert row.consented_at and row.endorsed_at and row.nominee_id
        assert (row.candidate_number is not None) == (row.state in (S.ELIGIBLE, S.SCORED))


def test_merit_follows_from_the_scores(calls: dict[str, Call]) -> None:
    call = calls["group"]
    weights = {criterion.pk: criterion.weight for criterion in call.criteria.all()}
    assert sorted(weights.values()) == [1, 2, 3]
    counted = Review.objects.counted().filter(nomination__call=call).prefetch_related("scores")
    shares: dict[int, list[Any]] = {}
    for review in counted:
        given = {score.criterion_id: score.value for score in review.scores.all()}
        assert given.keys() == weights.keys()
        shares.setdefault(review.nomination_id, []).append(share_of(given, weights))
    scored = call.nominations.filter(state=S.SCORED)
    assert all(row.merit == merit_of(shares[row.pk]) and row.merit is not None for row in scored)
    merits = sorted(row.merit for row in scored if row.merit is not None)
    assert merits[-1] - merits[0] > 40
    assert any(any(outlying([r.points for r in rows])) for rows in _reviews_by_nomination(call).values())
    drafts = Review.objects.filter(reviewer__call=call, submitted_at=None)
    assert drafts.filter(version__gt=0).exists() and drafts.filter(version=0).exists()


def _reviews_by_nomination(call: Call) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for review in Review.objects.counted().filter(nomination__call=call):
        found.setdefault(review.nomination_id, []).append(review)
    return found


def test_conflicts_bar_reviewers(calls: dict[str, Call]) -> None:
    standing = ConflictOfInterest.objects.standing()
    assert {"country", "employer", "referee", "family", "collaboration", "financial", "supervision"} <= set(
        standing.values_list("kind", flat=True)
    )
    for conflict in standing.exclude(kind="supervision"):
        mine = Review.objects.filter(nomination=conflict.nomination, reviewer__user=conflict.user)
        assert not mine.exists()
    pinned = standing.filter(pinned=True, declared_by__isnull=False)
    assert pinned.values("user").distinct().count() == 1 and pinned.count() == 3
    assert ConflictOfInterest.objects.filter(lifted_at__isnull=False).exclude(lifted_reason="").exists()


def test_papers_open(calls: dict[str, Call]) -> None:
    stored = list(StoredFile.objects.filter(purpose="nomination_paper"))
    assert len(stored) > 24 and all(is_there(file) for file in stored)

    for file in (stored[0], stored[-1]):
        with open_file(file) as stream:
            assert pages_of(SimpleUploadedFile("a.pdf", stream.read()), most=4) == 1


def test_a_visitor_can_take_part_in_the_open_call(calls: dict[str, Call]) -> None:
    call = calls["regional"]
    assert call.state == Call.State.OPEN and call.zone == "Europe/Paris" and call.nominations.count() == 15
    assert set(call.nominations.values_list("state", flat=True)) == {*Nomination.UNFINISHED, S.SUBMITTED}
    for email in ("kwabena.tetteh@example.org", "thandiwe.mokoena@example.org"):
        person = _person(email)
        waiting = call.nominations.visible_to(person).filter(state=S.AWAITING_ENDORSEMENT).first()
        assert waiting is not None
        assert endorse(actor=person, nomination=waiting).state == S.SUBMITTED
    own = call.nominations.get(nominee=_person("adaeze.okonta@example.org"))
    assert own.state == S.DRAFT and own.way == Nomination.Way.APPLIED


def _person(email: str) -> Any:
    return User.objects.get(email=email)


def test_calls_speak_six_languages(calls: dict[str, Call]) -> None:
    languages = {code for code, _name in django_settings.LANGUAGES}
    for call in calls.values():
        assert words_of(call, "title").keys() == words_of(call, "terms").keys() == languages
        assert all(words_of(criterion, "name").keys() == languages for criterion in call.criteria.all())
        assert all(words_of(question, "wording").keys() == languages for question in call.questions.all())
        assert all(words_of(slot, "title").keys() == languages for slot in call.slots.all())


def test_hosts_offer_and_states_are_reached(calls: dict[str, Call]) -> None:
    assert calls["hosting"].state == Call.State.OPEN and calls["hosting"].slots.count() == 3
    open_ones = HostingOffer.objects.filter(slot__call=calls["hosting"])
    assert Counter(open_ones.values_list("state", flat=True)) == {"submitted": 2, "draft": 1}
    assert open_ones.values("slot").distinct().count() == 1
    over = calls["hosting_over"]
    assert over.state == Call.State.DECIDED
    outcomes = over.slots.values_list("outcome", "offers__state").order_by("offers")
    assert list(outcomes) == [
        ("online", "chosen"),
        ("online", "reserve"),
        ("online", "not_chosen"),
        ("held", "chosen"),
    ]


def test_offers_were_made_as_hosts_make_them(calls: dict[str, Call]) -> None:
    """Each state is on the trail and on record, each receipt can be checked, hosts were told of what concerns them."""
    acts = Counter(AuditEntry.objects.filter(action="offer.move").values_list("subject", flat=True))
    for offer in HostingOffer.objects.select_related("slot__call", "created_by"):
        assert acts[subject_of(offer)] == offer.moves.count()
        last = offer.moves.last()
        assert (last.after if last else "draft") == offer.state
        notices = offer.created_by.notices.filter(subject=subject_of(offer))
        told = dict(notices.values_list("kind", "message__state"))
        if offer.state == "draft":
            assert told == {} and not offer.receipt
            continue
        assert offer.submitted_at and offer.receipt == offer_receipt(offer, at=offer.submitted_at)
        assert gaps(offer, offer.papers.values_list("kind", flat=True)) == {}
        decided = {"offer_decided": "sent"} if offer.slot.call.decided_at else {}
        assert told == {"offer_submitted": "sent", **decided}
        at = notices.order_by("pk").values_list("message__sent_at", flat=True).first()
        assert timedelta(0) <= at - offer.submitted_at < timedelta(hours=1)
        scores = {score.criterion.code for score in offer.scores.select_related("criterion")}
        assert scores == ({"venue", "contribution"} if offer.slot.call.decided_at else set())
    assert not Outbox.objects.filter(event__startswith="offer.", done_at=None).exists()


def test_hosts_and_missions_are_there(calls: dict[str, Call]) -> None:
    reach = Counter(mission.reach for mission in missions())
    assert reach[Reach.REACHED] >= 40 and reach[Reach.INVITED] >= 10
    assert reach[Reach.EXPIRED] == 5 and reach[Reach.NOBODY] > 50


def test_the_same_people_every_time(calls: dict[str, Call]) -> None:
    def planned() -> list[Any]:
        return plan_working_group(Register(regions_by_country(), NOW.year), calls["group"])

    plans = planned()
    assert plans == planned() and len(plans) == 120
    assert len({plan.profile.motivation for plan in plans}) > 110
    assert {plan.profile.language for plan in plans} == {"en", "fr", "es"}
    assert max(len(plan.profile.motivation.split()) for plan in plans) < 600


def test_nothing_is_said_by_the_real_clock(calls: dict[str, Call]) -> None:
    """Whatever happened, happened before the demonstration was loaded."""
    assert not Nomination.objects.filter(created_at__gt=NOW).exists()
    assert not NominationMove.objects.filter(at__gt=NOW - timedelta(minutes=1)).exists()
    assert not AuditEntry.objects.filter(at__gt=NOW).exists()
