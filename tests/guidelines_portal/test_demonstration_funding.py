"""The demonstration's funding: the figures of HSP/EB.2023/16, paragraph 11 (a), and a leaner plan."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from drafts.models import Guidelines
from guidelines_portal.demonstration.funding import load_funding
from guidelines_portal.demonstration.milestones import load_milestones
from roadmap.funding_list import entries_on
from roadmap.funding_queries import funding_position, ledger_of
from roadmap.models import CostLine, FundingSnapshot
from roadmap.scenario_queries import plans_for
from tests.factories import make_call, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db

REPORTED = date(2023, 9, 19)


@pytest.fixture
def budget() -> Guidelines:
    staff, draft = make_user("staff"), make_draft(status="published")
    things: dict[str, Any] = {
        "call": make_call(),
        "hosting": make_call(kind="hosting"),
        "round": make_round(draft),
        "zero draft": draft,
        "second draft": make_draft(guidelines=draft.guidelines, number=9),
    }
    load_funding(staff, draft.guidelines, load_milestones(staff, things))
    return draft.guidelines


def test_the_real_figures(budget: Guidelines) -> None:
    for at in (REPORTED, date(2025, 1, 1)):
        position = funding_position(budget, at=at)
        figures = (position.required, position.pledged, position.mobilised, position.gap)
        assert figures == (1_179_384, 311_700, 311_700, 867_684)
    (given,) = entries_on(AnonymousUser(), budget, ledger_of(budget), REPORTED)
    assert (given.entry.giver, given.entry.kind) == ("France", "pledge")
    snapshot = FundingSnapshot.objects.get()
    assert (snapshot.required, snapshot.mobilised, snapshot.taken_at.date()) == (1_179_384, 311_700, REPORTED)


def test_a_full_and_a_leaner_plan_that_everybody_reads(budget: Guidelines) -> None:
    full, leaner = plans_for(AnonymousUser(), budget, REPORTED)
    assert (full.cost, full.gap) == (1_179_384, 867_684) and not full.consultations_lost
    assert leaner.gap == 0 and leaner.cost <= 311_700 and len(leaner.consultations_lost) == 2
    overruled = [row.choice.reason for row in leaner.rows if row.choice and row.choice.reason]
    assert len(overruled) == 2
    assert all("demonstration" in (plan.scenario.description or "") for plan in (full, leaner))


def test_lines_say_that_they_are_the_demonstrations_own(budget: Guidelines) -> None:
    lines = CostLine.objects.all()
    assert all("demonstration’s own" in change.reason for line in lines for change in line.changes.all())
    assert sum(line.milestone is not None for line in lines) == 8
