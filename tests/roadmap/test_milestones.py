"""Entering, changing, overruling, ordering and moving milestones; and what the history comes to."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from roadmap.actions.milestones import change_milestone, create_milestone, let_follow, place_milestone
from roadmap.actions.shifting import mark_of, move_forecast, what_follows
from roadmap.milestone_queries import entries_for, standing_after, standings_at
from roadmap.milestone_rules import may_manage_milestones, may_see_milestone
from roadmap.models import DateChange, Milestone
from roadmap.plan import State
from tests.factories import make_draft, make_round, make_user
from tests.roadmap.milestones_made import day, make_milestone, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def agree(milestone: Milestone) -> None:
    """The columns say what the history comes to."""
    milestone.refresh_from_db()
    assert standing_after(milestone.changes.all()) == milestone.standing


PERSONAS = ("anonymous", "participant", "drafter", "admin", "owner", "staff")


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("role", PERSONAS)
def test_rule_and_list_agree_for_everyone(role: str, public: bool, staff: Any) -> None:
    owner = make_user("expert")
    milestone = make_milestone(staff, public=public, owner=owner)
    person = {"anonymous": AnonymousUser(), "owner": owner, "staff": staff}.get(role) or make_user(role)
    seen = Milestone.objects.visible_to(person).filter(pk=milestone.pk).exists()
    assert seen == bool(may_see_milestone(person, milestone)) == (public or role in ("owner", "staff"))
    assert bool(may_manage_milestones(person)) == (role == "staff")
    assert len(entries_for(person)) == seen


def test_only_the_secretariat_plans() -> None:
    staff, other = make_user("staff"), make_user("drafter")
    milestone = make_milestone(staff)
    for act in (
        lambda: make_milestone(other),
        lambda: change_milestone(actor=other, milestone=milestone, public=False),
        lambda: let_follow(actor=other, milestone=milestone),
        lambda: place_milestone(actor=other, milestone=milestone, position=1),
        lambda: move_forecast(
            actor=other, milestone=milestone, forecast=on("2032-01"), reason="", others=True
        ),
    ):
        with pytest.raises(Refusal):
            act()
    assert Milestone.objects.count() == 1 and DateChange.objects.count() == 1


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"titles": {"en": " "}}, "title"),
        ({"titles": {"en": "x" * 201}}, "title"),
        ({"descriptions": {"fr": "x" * 4001}}, "description"),
        ({"actual": on("2099-01-01")}, "actual_start"),
        ({"state": "late"}, "state"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_what_cant_stand_is_told_by_field(plan: dict[str, Any], field: str, staff: Any) -> None:
    with pytest.raises(ValidationError) as error:
        create_milestone(actor=staff, **{"titles": {"en": "First"}, **plan})
    assert list(error.value.message_dict) == [field]
    assert not Milestone.objects.exists()


def test_the_history_is_the_truth_for_any_earlier_day(staff: Any) -> None:
    with time_machine.travel(datetime(2023, 9, 19, 9, tzinfo=UTC), tick=False):
        milestone = make_milestone(staff, tentative=on("2024-02"))
    with time_machine.travel(datetime(2024, 3, 1, 9, tzinfo=UTC), tick=False):
        change_milestone(
            actor=staff, milestone=milestone, forecast=on("2024-04"), reason="No room in February."
        )
    # 21:30 in UTC is the next day in Nairobi.
    with time_machine.travel(datetime(2024, 4, 18, 21, 30, tzinfo=UTC), tick=False):
        change_milestone(actor=staff, milestone=milestone, actual=on("2024-04-17", "2024-04-18"))
    agree(milestone)

    def then(when: str) -> Any:
        return standings_at([milestone], day(when)).get(milestone.pk)

    assert then("2023-09-18") is None
    assert then("2023-09-19").expected == on("2024-02") and then("2023-09-19").slippage() == 0
    assert then("2024-02-29").forecast is None
    assert then("2024-03-01").slippage() == 61 and then("2024-03-01").state == State.PLANNED
    assert then("2024-04-18").actual is None and then("2024-04-19").state == State.DONE
    (entry,) = entries_for(staff, day("2024-03-15"))
    assert entry.baseline == on("2024-04") and entry.slippage == 0 and entry.then == then("2024-03-15")
    (entry,) = entries_for(staff)
    assert entry.baseline == on("2024-02") and entry.slippage == 49
    assert [(c.kind, c.by, c.reason) for c in milestone.changes.all()] == [
        ("tentative", staff, ""),
        ("forecast", staff, "No room in February."),
        ("actual", staff, ""),
    ]


def test_a_change_that_changes_nothing_leaves_no_trace(staff: Any) -> None:
    milestone = make_milestone(staff, forecast=on("2031-07"))
    trail = AuditEntry.objects.count()
    same = change_milestone(
        actor=staff, milestone=milestone, forecast=on("2031-07"), titles={"en": "Milestone"}, state="planned"
    )
    assert same.version == 1 and AuditEntry.objects.count() == trail and DateChange.objects.count() == 2


def test_somebody_elses_change_in_between_is_a_conflict(staff: Any) -> None:
    milestone = make_milestone(staff)
    change_milestone(actor=staff, milestone=milestone, version=1, forecast=on("2031-07"))
    with pytest.raises(Conflict) as conflict:
        change_milestone(actor=staff, milestone=milestone, version=1, forecast=on("2031-08"))
    assert conflict.value.current == {"version": 2, "state": "planned"}
    milestone.refresh_from_db()
    assert milestone.dates("forecast") == on("2031-07")


def test_circles_are_refused_whoever_closes_them(staff: Any) -> None:
    first, second, third = (make_milestone(staff, name) for name in "abc")
    change_milestone(actor=staff, milestone=second, depends_on=[first])
    change_milestone(actor=staff, milestone=third, depends_on=[second])
    for wanted in ([first], [third], [second]):
        with pytest.raises(ValidationError) as error:
            change_milestone(actor=staff, milestone=first, depends_on=wanted)
        assert list(error.value.message_dict) == ["depends_on"]
    change_milestone(actor=staff, milestone=third, depends_on=[first])
    assert [link.on_id for link in third.dependencies.all()] == [first.pk]


def test_a_persons_word_about_the_state_is_kept_and_can_be_taken_back(staff: Any) -> None:
    milestone = make_milestone(staff)
    done = change_milestone(actor=staff, milestone=milestone, state="done", reason="The day isn’t known.")
    assert done.state == State.DONE and done.overruled_by == staff and done.overruled_at
    assert done.overruled_reason == "The day isn’t known."
    agree(done)
    freed = let_follow(actor=staff, milestone=done)
    assert freed.state == State.PLANNED and freed.overruled_at is None
    agree(freed)
    # Saying what follows anyway is no overruling.
    real = change_milestone(actor=staff, milestone=freed, actual=on("2024-02-02"), state="done")
    assert real.stated == "" and real.overruled_at is None and real.state == State.DONE
    dropped = change_milestone(actor=staff, milestone=real, state="dropped", reason="Merged.")
    assert dropped.state == State.DROPPED
    agree(dropped)


def test_the_order_has_no_gaps(staff: Any) -> None:
    rows = [make_milestone(staff, name) for name in "abcd"]
    place_milestone(actor=staff, milestone=rows[3], position=2)
    assert "".join(Milestone.objects.values_list("title", flat=True)) == "adbc"
    place_milestone(actor=staff, milestone=rows[0], position=99)
    assert list(Milestone.objects.values_list("title", "position")) == list(zip("dbca", range(1, 5)))  # noqa: B905


def test_a_move_takes_what_depends_on_it_along_all_or_only_one(staff: Any) -> None:
    first = make_milestone(staff, "a", tentative=on("2031-02"))
    second = make_milestone(staff, "b", tentative=on("2031-03"), depends_on=[first])
    third = make_milestone(staff, "c", tentative=on("2031-04-10"), depends_on=[second])
    late = on("2031-04-17", "2031-04-18")
    seen = what_follows(first, late)
    assert seen == {second.pk: on("2031-04"), third.pk: on("2031-05-01")}
    alone = move_forecast(actor=staff, milestone=first, forecast=late, reason="Alone.", others=False)
    assert [row.pk for row in alone] == [first.pk]
    later = on("2031-06")
    with pytest.raises(Conflict):
        move_forecast(
            actor=staff, milestone=first, forecast=later, reason="", others=True, seen=mark_of(seen)
        )
    found = what_follows(first, later)
    moved = move_forecast(
        actor=staff, milestone=first, forecast=later, reason="Elections.", others=True, seen=mark_of(found)
    )
    assert {row.pk: row.dates("forecast") for row in moved} == {first.pk: later, **found}
    change = third.changes.get(kind="forecast")
    assert (change.cause, change.reason) == ("shifted", "Elections.")
    assert change.followed and change.followed.milestone == first
    for row in moved:
        agree(row)


def test_what_follows_something_of_its_own_isnt_moved_by_others(staff: Any) -> None:
    first = make_milestone(staff, "a", tentative=on("2031-02"))
    round = make_round(
        make_draft(),
        opens_at=datetime(2031, 3, 1, tzinfo=UTC),
        closes_at=datetime(2031, 3, 9, tzinfo=UTC),
    )
    make_milestone(staff, "b", tentative=on("2031-03"), depends_on=[first], about=round)
    assert what_follows(first, on("2031-08")) == {}


@pytest.mark.parametrize(
    "broken",
    [
        {"forecast_start": date(2024, 1, 2), "forecast_end": date(2024, 1, 1), "forecast_precision": "span"},
        {"forecast_start": date(2024, 1, 2), "forecast_precision": "day"},
        {"forecast_end": date(2024, 1, 2), "forecast_precision": "day"},
        {"forecast_start": date(2024, 1, 1), "forecast_end": date(2024, 1, 2), "forecast_precision": "day"},
        {"actual_start": date(2024, 1, 1), "actual_precision": ""},
        {"stated": "done"},
    ],
)
def test_the_database_refuses_what_must_never_be(broken: dict[str, Any], staff: Any) -> None:
    milestone = make_milestone(staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=milestone.pk).update(**broken)


def test_it_is_about_one_thing_at_most(staff: Any) -> None:
    draft = make_draft()
    milestone = make_milestone(staff, about=draft)
    round = make_round(draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=milestone.pk).update(round=round)
    changed = change_milestone(actor=staff, milestone=milestone, about=round)
    assert (changed.draft, changed.round) == (None, round)


def test_few_queries_however_many_milestones(staff: Any, django_assert_num_queries: Any) -> None:
    rows = [make_milestone(staff, "a", about=make_draft())]
    for count in (1, 12):
        while len(rows) < count:
            rows.append(make_milestone(staff, "b", depends_on=rows[-1:]))
        with django_assert_num_queries(2):
            assert len(entries_for(AnonymousUser())) == count
        with django_assert_num_queries(3):
            entries_for(AnonymousUser(), day("2030-01-01"))
