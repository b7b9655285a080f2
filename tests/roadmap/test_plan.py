"""The arithmetic of the road map, against definitions written out the long way."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap.plan import (
    Dates,
    Node,
    Precision,
    Standing,
    State,
    consequences,
    critical_chain,
    goal_of,
    has_cycle,
    in_order,
    room_between,
    room_to_goal,
    slippage,
)
from tests.roadmap.milestones_made import on

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("planned", "present", "days"),
    [
        (on("2024-02"), on("2024-04-17", "2024-04-18"), 49),  # the first expert group meeting
        (on("2024-10"), on("2024-09-26", "2024-09-27"), -4),  # the second
        (on("2025-03"), on("2025-01-22", "2025-01-23"), -37),  # the third
        (on("2024-01", "2024-05"), on("2024-11"), 183),  # the first regional consultations
        (on("2024-02"), on("2024-02-05"), 0),
        (on("2024-02-05"), on("2024-02-05"), 0),
        (on("2024-02-05"), on("2024-02-06"), 1),
        (on("2024-02-05", "2024-02-09"), on("2024-02-04", "2024-02-09"), 0),
    ],
)
def test_slippage_is_counted_outside_what_was_planned(planned: Dates, present: Dates, days: int) -> None:
    assert slippage(planned, present) == days


def test_the_state_follows_from_the_dates_unless_a_person_says_otherwise() -> None:
    planned = on("2024-02")
    begun = Dates(date(2024, 2, 3), None, Precision.SPAN)
    assert Standing(planned).state == State.PLANNED
    assert Standing(planned, actual=begun).state == State.UNDER_WAY
    assert Standing(planned, actual=on("2024-02-03")).state == State.DONE
    assert Standing(planned, actual=begun, stated="dropped").state == State.DROPPED
    assert Standing(planned, stated="done").slippage() is None
    assert Standing(planned, on("2024-03")).slippage() == 31
    # What has begun ends as forecast, not before it began.
    assert Standing(planned, actual=begun).expected == Dates(date(2024, 2, 3), date(2024, 2, 29))
    late = Standing(planned, actual=Dates(date(2024, 5, 3), None))
    assert late.expected == Dates(date(2024, 5, 3), date(2024, 5, 3)) and late.overdue(date(2024, 5, 4))
    assert not Standing(planned, actual=on("2024-02-03")).overdue(date(2030, 1, 1))


def test_months_move_by_months_and_days_by_days() -> None:
    assert on("2024-01", "2024-05").begun_on(date(2024, 11, 20)) == on("2024-11", "2025-03")
    assert on("2024-01-31", "2024-02-02").begun_on(date(2024, 3, 1)) == on("2024-03-01", "2024-03-03")


def test_room_takes_a_slip_up_and_an_overlap_stays() -> None:
    plan = {
        1: Node(1, 1, on("2024-02-01")),
        2: Node(2, 2, on("2024-02-11")),
        3: Node(3, 3, on("2024-02-11", "2024-02-20")),
        4: Node(4, 4, on("2024-02-15"), movable=False),
        5: Node(5, 5, on("2024-02-16")),
    }
    edges = [(2, 1), (3, 2), (4, 2), (5, 4)]
    assert consequences(plan, edges, {1: on("2024-02-10")}) == {}
    assert consequences(plan, edges, {1: on("2024-01-05")}) == {}
    # The third began with the second already: it keeps doing so. What is done stays, and holds up what is behind it.
    assert consequences(plan, edges, {1: on("2024-02-13")}) == {
        2: on("2024-02-14"),
        3: on("2024-02-14", "2024-02-23"),
    }


def test_what_is_planned_within_a_month_moves_when_the_month_is_over() -> None:
    plan = {1: Node(1, 1, on("2024-02")), 2: Node(2, 2, on("2024-03"))}
    assert consequences(plan, [(2, 1)], {1: on("2024-03-20")}) == {}
    assert consequences(plan, [(2, 1)], {1: on("2024-04-17", "2024-04-18")}) == {2: on("2024-04")}


@st.composite
def plans(draw: st.DrawFn) -> tuple[dict[int, Node], list[tuple[int, int]]]:
    """Up to seven milestones with dates anywhere, and dependencies without a cycle between them."""
    count = draw(st.integers(1, 7))
    order = draw(st.permutations(range(count)))
    edges = [
        (order[later], order[earlier])
        for later in range(count)
        for earlier in range(later)
        if draw(st.booleans())
    ]
    plan = {}
    for key in range(count):
        first = date(2024, 1, 1) + draw(st.integers(0, 200)) * DAY
        dates = Dates(first, first + draw(st.integers(0, 40)) * DAY)
        plan[key] = Node(key, key, dates, draw(st.booleans()))
    return plan, edges


def paths(edges: list[tuple[int, int]], to: int) -> list[tuple[int, ...]]:
    """Every way to ``to`` from a milestone that depends on nothing."""
    before = [on for key, on in edges if key == to]
    return [(*path, to) for on in before for path in paths(edges, on)] if before else [(to,)]


def room_along(plan: dict[int, Node], path: tuple[int, ...]) -> int:
    return sum(max(room_between(plan[a], plan[b]), 0) for a, b in pairwise(path))


@pytest.mark.once
@given(plans())
def test_the_critical_chain_is_the_one_that_looking_at_all_of_them_finds(
    drawn: tuple[dict[int, Node], list[tuple[int, int]]],
) -> None:
    plan, edges = drawn
    found = critical_chain(plan, edges)
    every = paths(edges, goal_of(plan))
    best = min(every, key=lambda path: (room_along(plan, path), -len(path), path))
    assert found == (best if len(best) > 1 else ())
    room = room_to_goal(plan, edges)
    for key in plan:
        ways = [path[path.index(key) :] for path in every if key in path]
        assert room.get(key) == min((room_along(plan, way) for way in ways), default=None)


@pytest.mark.once
@given(plans(), st.integers(0, 90))
def test_what_follows_a_move_keeps_every_promise_of_the_plan(
    drawn: tuple[dict[int, Node], list[tuple[int, int]]], days: int
) -> None:
    plan, edges = drawn
    key = min(plan)
    start = plan[key].expected
    assert start.end
    moved = {key: Dates(start.start + days * DAY, start.end + days * DAY)}
    new = consequences(plan, edges, moved)
    both = {**moved, **new}
    assert key not in new and all(plan[each].movable for each in new)
    for each, dates in new.items():
        assert (
            dates.end
            and dates.start > plan[each].expected.start
            and dates.end - dates.start == (plan[each].end - plan[each].expected.start)
        )
    for later, earlier in edges:
        if later == key or not plan[later].movable:
            continue
        after = Node(later, later, both.get(later, plan[later].expected))
        before = Node(earlier, earlier, both.get(earlier, plan[earlier].expected))
        if before.end > plan[earlier].end:
            assert room_between(before, after) >= min(room_between(plan[earlier], plan[later]), 0)
    if days == 0:
        assert new == {}


@pytest.mark.once
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14))
def test_a_circle_is_found_wherever_it_is(edges: list[tuple[int, int]]) -> None:
    def reaches(start: int) -> set[int]:
        found: set[int] = set()
        left = [start]
        while left:
            here = left.pop()
            for key, on_ in edges:
                if key == here and on_ not in found:
                    found.add(on_)
                    left.append(on_)
        return found

    assert has_cycle(edges) == any(key in reaches(key) for key in range(7))


@pytest.mark.once
@given(plans())
def test_the_order_puts_everything_behind_what_it_needs(
    drawn: tuple[dict[int, Node], list[tuple[int, int]]],
) -> None:
    plan, edges = drawn
    order = in_order(plan, edges)
    assert sorted(order) == sorted(plan)
    assert all(order.index(on_) < order.index(key) for key, on_ in edges)
