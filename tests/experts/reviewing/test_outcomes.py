"""What reviewers and the board are told of the outcome."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from experts.models import WEIGHED, Call, Nomination
from experts.states import ANNOUNCED_WITH_DECISION, POOL
from tests.api_client import client_of as api_client_of
from tests.experts.reviewing.world import assign, client_of, eligible, reviewer_in, scoring_call
from tests.factories import make_user

pytestmark = pytest.mark.django_db
S = Nomination.State


@pytest.mark.parametrize("announced", [False, True])
def test_reviewers_are_told_nothing_of_what_became_of_whom(announced: bool) -> None:
    """Neither by what is listed, nor by what is left of it, nor by what a filter finds."""
    staff, call = make_user("staff"), scoring_call(blind=False)
    outcomes = [
        state
        for state in S.values
        if state in WEIGHED and (announced or state in POOL | ANNOUNCED_WITH_DECISION)
    ]
    rows = eligible(call, staff, len(outcomes))
    reviewer = reviewer_in(call, staff)
    for row in rows:
        assign(staff, row, reviewer)
    api, page = api_client_of(reviewer.user), client_of(reviewer.user)
    listed = f"/api/v1/calls/{call.pk}/nominations/"
    before = api.get(listed).json()["results"]
    assert {row["state"] for row in before} == {"submitted"} and len(before) == len(outcomes)
    for row, state in zip(rows, outcomes, strict=True):
        Nomination.objects.filter(pk=row.pk).update(state=state)
    if announced:
        Call.objects.filter(pk=call.pk).update(decided_at=timezone.now())
    assert api.get(listed).json()["results"] == before
    for state in S.values:
        found = api.get(listed, {"state": state}).json()["results"]
        assert len(found) == (len(outcomes) if state == "submitted" else 0), state
    assert (
        f"of {len(outcomes)}"
        in page.get(reverse("reviewing:scoring_overview", args=[call.pk])).content.decode()
    )
    for row in rows:
        shown = page.get(reverse("nominations:nomination_detail", args=[row.uuid])).content.decode()
        assert not re.search(r"[Aa]lternate|[Ii]nvited|[Dd]eclined|[Aa]ccepted|[Nn]ot selected", shown)


def test_the_board_goes_on_showing_whom_the_panel_has() -> None:
    staff, call = make_user("staff"), scoring_call()
    (nomination,) = eligible(call, staff, name="Wanjiru Kamau")
    Nomination.objects.filter(pk=nomination.pk).update(state="accepted")
    for name in ("board", "nomination_list"):
        page = client_of(staff).get(reverse(f"reviewing:{name}", args=[call.pk]))
        assert nomination.name in page.content.decode()
