"""The demonstration's road map: the fifteen real milestones, as they were planned and as they went."""

import time
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from drafts.models import Draft
from guidelines_portal.demonstration.milestones import load_milestones
from roadmap.actions.following import follow_all
from roadmap.milestone_queries import entries_for, standing_after, standings_at
from roadmap.models import DateChange, Milestone
from roadmap.plan import State
from tests.factories import make_call, make_draft, make_round, make_user
from tests.roadmap.milestones_made import on

pytestmark = pytest.mark.django_db

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh_hans")


@pytest.fixture
def loaded() -> list[Milestone]:
    draft: Draft = make_draft(status="published")
    things: dict[str, Any] = {
        "call": make_call(),
        "hosting": make_call(kind="hosting"),
        "round": make_round(draft),
        "zero draft": draft,
        "second draft": make_draft(guidelines=draft.guidelines),
    }
    began = time.process_time()
    made = load_milestones(make_user("staff"), things)
    assert time.process_time() - began < 1.5, "loading takes under a second; some room for a busy machine"
    return made


def test_fifteen_with_the_dates_of_the_source_and_what_really_happened(loaded: list[Milestone]) -> None:
    rows = list(Milestone.objects.all())
    assert len(rows) == len(loaded) == 15
    assert all(getattr(row, f"title_{code}") for row in rows for code in LANGUAGES)
    assert all(getattr(row, f"description_{code}") for row in rows for code in LANGUAGES)
    assert [row.tentative_start.isoformat()[:7] for row in rows if row.tentative_start] == [
        *("2023-09", "2023-09", "2023-09", "2023-11", "2024-02", "2024-02", "2024-01", "2024-07"),
        *("2024-08", "2024-10", "2024-10", "2024-12", "2024-06", "2025-03", "2025-06"),
    ]
    slipped = {entry.milestone.title_en: entry.slippage for entry in entries_for(loaded[0].created_by)}
    assert slipped["First Expert Group Meeting"] == 49
    assert slipped["First regional consultation meetings"] == 183
    assert slipped["Second Expert Group Meeting"] == -4 and slipped["Third Expert Group Meeting"] == -37
    first = next(row for row in rows if row.title == "First Expert Group Meeting")
    assert first.dates("actual") == on("2024-04-17", "2024-04-18")
    assert all(row.state == State.DONE for row in rows)


def test_every_change_says_where_it_is_read(loaded: list[Milestone]) -> None:
    later = DateChange.objects.exclude(kind="tentative")
    assert later.count() > 15 and all("HSP/" in change.reason for change in later)
    for row in loaded:
        row.refresh_from_db()
        assert standing_after(row.changes.all()) == row.standing
    then = standings_at(loaded, date(2024, 3, 31))
    assert sum(standing.state == State.DONE for standing in then.values()) == 3
    overdue = [row.title for row in loaded if then[row.pk].overdue(date(2024, 3, 31))]
    assert "First Expert Group Meeting" in overdue


def test_the_real_dates_stand_against_those_of_the_demonstration(loaded: list[Milestone]) -> None:
    linked = [row for row in Milestone.objects.all() if row.about_kind]
    assert {row.about_kind for row in linked} == {"call", "draft", "round"}
    assert all(row.overruled_at for row in linked)
    count = DateChange.objects.count()

    assert follow_all(timezone.now()) == 0 and DateChange.objects.count() == count
