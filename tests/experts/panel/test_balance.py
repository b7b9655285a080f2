"""Counts of a panel, and what differs between two."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as trying

from experts.panel import Candidate, Demand, Kind, Line, Position, Problem, Quota, Shift, balance, compare
from tests.experts.panel import brute_force
from tests.experts.panel.problems import small_problems

WOMEN, LAW, ART = Quota("gender", "woman", 1, 1), Quota("field", "law", 2), Quota("field", "art", 0, 1)
PEOPLE = (
    Candidate("ana", 90, "PE", {"gender": {"woman"}, "field": {"law", "data"}}),
    Candidate("bo", Decimal("80.25"), "PE", {"gender": {"woman"}}),
    Candidate("cy", 70, "DK", {"gender": {"man"}, "field": {"law"}}),
    Candidate("di", None, None, {"gender": {"man"}}),
)
PROBLEM = Problem(PEOPLE, 2, (WOMEN, LAW, ART), 1, frozenset({"cy"}), frozenset({"bo"}))


def test_each_value_has_its_line() -> None:
    found = balance(PROBLEM, ["ana", "bo"])
    assert found.lines == (
        Line("field", "art", 0, 0, 0, ART, Position.WITHIN),
        Line("field", "data", 1, 1, 1, None, Position.FREE),
        Line("field", "law", 1, 2, 2, LAW, Position.BELOW),
        Line("gender", "man", 0, 1, 2, None, Position.FREE),
        Line("gender", "woman", 2, 1, 2, WOMEN, Position.ABOVE),
    )
    assert (found.panel, found.choosable, found.pool, found.merit) == (2, 2, 4, Decimal("170.25"))
    assert (found.countries, found.of_one_country) == (1, 2)
    assert found.departures == (
        Demand(Kind.EXCLUDE),
        Demand(Kind.PER_COUNTRY),
        Demand(Kind.INCLUDE, candidate="cy"),
        Demand(Kind.MIN, "field", "law"),
        Demand(Kind.MAX, "gender", "woman"),
    )


def test_from_one_panel_to_another() -> None:
    found = compare(PROBLEM, ["ana", "bo"], ["ana", "cy"])
    assert (found.comes_in, found.goes_out, found.stays) == (("cy",), ("bo",), ("ana",))
    assert found.merit == Decimal("-10.25")
    assert found.shifts == (
        Shift("field", "law", 1, 2),
        Shift("gender", "man", 0, 1),
        Shift("gender", "woman", 2, 1),
    )
    assert found.newly_broken == ()
    assert len(found.newly_met) == 5
    back = compare(PROBLEM, ["ana", "cy"], ["ana", "bo"])
    assert (back.comes_in, back.merit, len(back.newly_broken)) == (("bo",), Decimal("10.25"), 5)


def test_somebody_who_is_no_candidate_is_refused() -> None:
    with pytest.raises(KeyError):
        balance(PROBLEM, ["nobody"])


@given(small_problems())
@trying(max_examples=100, deadline=None)
def test_departures_are_the_rules_broken(problem: Problem) -> None:
    for panel in list(brute_force.conceivable(problem))[:5]:
        assert set(balance(problem, panel).departures) == set(brute_force.broken(problem, panel))
