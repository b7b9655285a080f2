"""Tallies end equal to a recount, whatever is repeated, reordered or lost on the way."""

import importlib
import random
from collections import Counter
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.comments import edit_comment, hide_comment, withdraw_comment
from consultations.actions.discussing import take_position
from consultations.actions.tallying import recount_round, tally_comment
from consultations.filters import VoiceFilter
from consultations.interest import interest_in
from consultations.models import Comment, Tally, TallyParticipant
from consultations.queries import tally_cells, total_voices
from core.models import Outbox
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


def deliver_all(order: random.Random | None = None) -> None:
    """Deliver the tally's events, in any order and some of them twice."""
    events = [int(s.rpartition(":")[2]) for s in Outbox.objects.values_list("subject", flat=True)]
    if order:
        events += order.choices(events, k=len(events) // 2)
        order.shuffle(events)
    for comment_id in events:
        tally_comment(comment_id=comment_id)


def cells(round: Any) -> dict[tuple[str, str, str], tuple[int, ...]]:
    rows = Tally.objects.filter(round=round)
    found = {
        (r.audience, r.dimension, r.key): (r.comments, r.participants, r.proposals, r.support, r.oppose)
        for r in rows
    }
    return {cell: measures for cell, measures in found.items() if any(measures)}


def test_a_comment_is_counted_once_however_often_its_event_comes() -> None:
    round = make_round(make_draft(paragraphs=2))
    comment = make_comment(round, make_user(), provision_key="para_1", proposed_text="Better words.")
    for _ in range(3):
        tally_comment(comment_id=comment.pk)
    assert cells(round)[("readers", "provision", "para_1")] == (1, 1, 1, 0, 0)
    assert cells(round)[("staff", "total", "")] == (1, 1, 1, 0, 0)


def test_a_person_is_counted_once_in_a_cell() -> None:
    round = make_round(make_draft(paragraphs=2))
    author = make_user()
    comments = [make_comment(round, author, provision_key=key) for key in ("para_1", "para_1", "para_2")]
    deliver_all()
    assert cells(round)[("readers", "provision", "para_1")][:2] == (2, 1)
    assert cells(round)[("readers", "total", "")][:2] == (3, 1)
    withdraw_comment(actor=author, comment=comments[0])
    deliver_all()
    assert cells(round)[("readers", "provision", "para_1")][:2] == (1, 1)
    withdraw_comment(actor=author, comment=comments[1])
    deliver_all()
    assert ("readers", "provision", "para_1") not in cells(round)
    assert cells(round)[("readers", "total", "")][:2] == (1, 1)


@pytest.mark.parametrize("seed", range(6))
def test_tallies_equal_a_recount_after_any_history(seed: int, settings: Any) -> None:
    settings.SECRETARIAT_TIME_ZONE = "Africa/Nairobi"
    chance = random.Random(seed)
    now = timezone.now()
    opens_at, closes_at = now - timedelta(days=9), now + timedelta(days=9)
    round = make_round(make_draft(paragraphs=4), opens_at=opens_at, closes_at=closes_at)
    staff = make_user("staff")
    people = [make_user() for _ in range(4)]
    made: list[Comment] = []
    for _ in range(30):
        author = chance.choice(people)
        act = chance.choice(["write", "write", "edit", "withdraw", "position", "hide", "answer", "publish"])
        comment = Comment.objects.get(pk=chance.choice(made).pk) if made else None
        if act == "write" or comment is None:
            key = chance.choice(["para_1", "para_2", "para_3", None])
            proposal = chance.choice(["", "Other words."])
            with time_machine.travel(now + timedelta(hours=chance.randrange(-100, 100)), tick=False):
                made.append(make_comment(round, author, provision_key=key, proposed_text=proposal))
        elif act == "edit" and comment.status == "submitted":
            words = {
                "kind": chance.choice(list(Comment.Kind.values)),
                "language": chance.choice(["ar", "en", "zh-hans"]),
            }
            edit_comment(actor=comment.author, comment=comment, version=comment.version, **words)
        elif act == "withdraw" and comment.status == "submitted":
            withdraw_comment(actor=comment.author, comment=comment)
        elif act == "hide" and comment.status in ("submitted", "hidden"):
            hide_comment(actor=staff, comment=comment, reason="r", hidden=comment.status == "submitted")
        elif act == "position" and comment.status == "submitted" and author != comment.author:
            take_position(user=author, comment=comment, position=chance.choice(["support", "oppose", None]))
        elif act == "answer" and comment.status == "submitted" and not hasattr(comment, "disposition"):
            answer_comment(
                actor=staff,
                comment=comment,
                outcome=chance.choice(["accepted", "noted"]),
                responses={"en": "Thank you."},
            )
        elif act == "publish":
            publish_answers(actor=staff, round=round)
        if chance.random() < 0.2:
            deliver_all(chance)
    deliver_all(chance)
    kept = cells(round)
    assert kept == expected_cells(round)
    assert recount_round(round_id=round.pk) == 0
    assert cells(round) == kept


def expected_cells(round: Any) -> dict[tuple[str, str, str], tuple[int, ...]]:
    """Counted afresh from the comments, by another way than the code's."""
    sums: dict[tuple[str, str, str], Counter[str]] = {}
    people: dict[tuple[str, str, str], set[int]] = {}
    for comment in Comment.objects.filter(round=round).select_related("provision", "disposition"):
        for audience in ("readers", "staff"):
            if comment.status != "submitted" and not (audience == "staff" and comment.status == "hidden"):
                continue
            answer = getattr(comment, "disposition", None)
            known = answer and (audience == "staff" or answer.published_at)
            part = "other" if comment.provision else "whole"
            waited = ""
            if (
                answer and answer.published_at
            ):  # some are published "before" they are written, in this history
                waited = str(
                    max(int((answer.published_at - comment.submitted_at).total_seconds() // 86400), 0)
                )
            keys = {
                "part": f"{part}:{answer.outcome if known else ''}",
                "wait": waited,
                "total": "",
                "provision": comment.provision.key if comment.provision else "",
                "pillar": "",
                "kind": comment.kind,
                "region": "",
                "stakeholder": "individual",
                "disposition": answer.outcome if known else "",
                "language": comment.language,
                "day": f"{comment.submitted_at.astimezone(ZoneInfo('Africa/Nairobi')):%Y-%m-%d}",
            }
            if audience == "staff" and answer is None:
                keys["unanswered"] = keys["provision"]
            for dimension, key in keys.items():
                cell = (audience, dimension, key)
                people.setdefault(cell, set()).add(comment.author_id)
                sums.setdefault(cell, Counter()).update(
                    comments=1,
                    proposals=int(comment.proposed_text != ""),
                    support=comment.positions.filter(position="support").count(),
                    oppose=comment.positions.filter(position="oppose").count(),
                )
    return {
        cell: (s["comments"], len(people[cell]), s["proposals"], s["support"], s["oppose"])
        for cell, s in sums.items()
    }


def test_recount_finds_and_mends_drift() -> None:
    round = make_round(make_draft(paragraphs=1))
    make_comment(round, make_user(), provision_key="para_1")
    deliver_all()
    right = cells(round)
    Tally.objects.filter(round=round, dimension="provision").update(comments=7)
    assert recount_round(round_id=round.pk) == 2
    assert cells(round) == right
    assert recount_round(round_id=round.pk) == 0


def test_what_readers_and_the_secretariat_see_counted() -> None:
    round = make_round(make_draft(status="published", paragraphs=1), visibility="secretariat")
    staff = make_user("staff")
    comment = make_comment(round, make_user(), provision_key="para_1")
    answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "Noted."})
    deliver_all()
    assert interest_in(round, make_user(), VoiceFilter()).voices == {}
    assert interest_in(round, staff, VoiceFilter()).voices["para_1"].comments == 1
    round.visibility = "public"
    round.save()
    stranger = make_user()
    assert [cell.key for cell in tally_cells(round, stranger, "disposition")] == [""]
    assert [cell.key for cell in tally_cells(round, staff, "disposition")] == ["noted"]
    hide_comment(actor=staff, comment=comment, reason="r")
    deliver_all()
    assert total_voices(round, stranger).comments == 0
    assert total_voices(round, staff).comments == 1


def test_small_cells_of_anonymous_rounds_are_kept_from_outsiders() -> None:
    round = make_round(make_draft(status="published", paragraphs=1), anonymous=True)
    for _ in range(2):
        make_comment(round, make_user())
    deliver_all()
    telling, staff, outsider = ("region", "stakeholder", "language", "day"), make_user("staff"), make_user()
    for dimension in telling:
        assert not tally_cells(round, outsider, dimension)
        assert [cell.comments for cell in tally_cells(round, staff, dimension)] == [2]
    for dimension in ("total", "kind", "provision"):
        assert [cell.comments for cell in tally_cells(round, outsider, dimension)] == [2]
    make_comment(round, make_user())
    deliver_all()
    for dimension in telling:
        assert [cell.comments for cell in tally_cells(round, outsider, dimension)] == [3]


def test_a_day_is_the_secretariat_s(settings: Any) -> None:
    settings.SECRETARIAT_TIME_ZONE = "Africa/Nairobi"
    with time_machine.travel("2026-11-17T21:30:00Z", tick=False):
        round = make_round(make_draft(paragraphs=1))
        make_comment(round, make_user())
        deliver_all()
        assert [cell.key for cell in tally_cells(round, make_user("staff"), "day")] == ["2026-11-18"]


@pytest.mark.parametrize(
    ("migration", "dimensions"),
    [
        ("0002_dashboard_and_questions", ["language", "day"]),
        ("0011_reminders_and_unanswered", ["unanswered"]),
    ],
)
def test_the_migration_fills_the_new_dimensions_as_the_job_would(
    migration: str, dimensions: list[str]
) -> None:
    """What was counted before there were languages and days, or what is left, is booked under them once, and is no
    drift."""
    round = make_round(make_draft(paragraphs=2))
    for author in (make_user(), make_user()):
        for language in ("en", "ar", "ar"):
            make_comment(round, author, provision_key="para_1", language=language)
    deliver_all()
    right, people = cells(round), TallyParticipant.objects.count()
    module = importlib.import_module(f"consultations.migrations.{migration}")
    module.empty_tallies(apps, None)
    assert not Tally.objects.filter(dimension__in=dimensions)
    assert cells(round) != right
    module.fill_tallies(apps, None)
    module.fill_tallies(apps, None)
    assert cells(round) == right and TallyParticipant.objects.count() == people
    deliver_all()
    assert cells(round) == right
    assert recount_round(round_id=round.pk) == 0


def test_a_recount_fills_the_new_dimensions_too() -> None:
    round = make_round(make_draft(paragraphs=1))
    make_comment(round, make_user())
    deliver_all()
    right = cells(round)
    importlib.import_module("consultations.migrations.0002_dashboard_and_questions").empty_tallies(apps, None)
    assert recount_round(round_id=round.pk) == 0, "counted late, and not wrong"
    assert cells(round) == right


def test_one_comment_costs_the_same_however_many_there_are() -> None:
    round = make_round(make_draft(paragraphs=2))
    costs = []
    for count in (1, 20):
        for _ in range(count):
            comment = make_comment(round, make_user(), provision_key="para_1")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            tally_comment(comment_id=comment.pk)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 10
