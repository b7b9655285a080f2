"""What is refused, and that every fault is named with its place."""

import math
from decimal import Decimal
from typing import Any

import pytest

from experts.panel import Candidate, FaultCode, Problem, ProblemError, Quota, solve

ANA, BO = Candidate("ana", 80, "PE", {"gender": {"woman"}}), Candidate("bo", 70, "DK", {"gender": {"man"}})
WOMEN = Quota("gender", "woman", 1, 2)
SOUND: dict[str, Any] = {"candidates": (ANA, BO), "seats": 1, "quotas": (WOMEN,), "per_country": 1}
FAULTY: list[tuple[dict[str, Any], FaultCode, str, int | None]] = [
    ({"candidates": (ANA, Candidate("ana", 3))}, FaultCode.DUPLICATE, "candidates.id", 1),
    ({"candidates": (Candidate(7, 3), Candidate("7", 3))}, FaultCode.DUPLICATE, "candidates.id", 1),
    ({"candidates": (ANA, Candidate(True, 3))}, FaultCode.NOT_AN_ID, "candidates.id", 1),
    ({"candidates": (Candidate(("a",), 3),)}, FaultCode.NOT_AN_ID, "candidates.id", 0),  # type: ignore[arg-type]
    ({"candidates": (ANA, Candidate("c", 100.01))}, FaultCode.OUT_OF_RANGE, "candidates.merit", 1),
    ({"candidates": (ANA, Candidate("c", -1))}, FaultCode.OUT_OF_RANGE, "candidates.merit", 1),
    ({"candidates": (ANA, Candidate("c", math.nan))}, FaultCode.NOT_A_NUMBER, "candidates.merit", 1),
    ({"candidates": (ANA, Candidate("c", Decimal("sNaN")))}, FaultCode.NOT_A_NUMBER, "candidates.merit", 1),
    ({"candidates": (ANA, Candidate("c", math.inf))}, FaultCode.NOT_A_NUMBER, "candidates.merit", 1),
    ({"candidates": (ANA, Candidate("c", "80"))}, FaultCode.NOT_A_NUMBER, "candidates.merit", 1),  # type: ignore[arg-type]
    ({"candidates": (ANA, Candidate("c", True))}, FaultCode.NOT_A_NUMBER, "candidates.merit", 1),
    ({"candidates": (ANA, Candidate("c", 1, 3))}, FaultCode.NOT_TEXT, "candidates.country", 1),  # type: ignore[arg-type]
    (
        {"candidates": (ANA, Candidate("c", 1, None, {"gender": "woman"}))},
        FaultCode.NOT_A_SET,
        "candidates.attributes.gender",
        1,
    ),
    ({"seats": -1}, FaultCode.NEGATIVE, "seats", None),
    ({"seats": 1.5}, FaultCode.NOT_WHOLE, "seats", None),
    ({"seats": True}, FaultCode.NOT_WHOLE, "seats", None),
    ({"per_country": -1}, FaultCode.NEGATIVE, "per_country", None),
    ({"quotas": (WOMEN, Quota("gender", "man", -1))}, FaultCode.NEGATIVE, "quotas.min", 1),
    ({"quotas": (WOMEN, Quota("gender", "man", 0, 1.0))}, FaultCode.NOT_WHOLE, "quotas.max", 1),  # type: ignore[arg-type]
    ({"quotas": (WOMEN, Quota("gender", "man", 3, 2))}, FaultCode.MIN_ABOVE_MAX, "quotas", 1),
    ({"quotas": (WOMEN, Quota("gender", "woman", 1))}, FaultCode.DUPLICATE, "quotas", 1),
    ({"quotas": (WOMEN, Quota("gender", "man"))}, FaultCode.NO_BOUND, "quotas", 1),
    ({"quotas": (WOMEN, Quota("gender", 3, 1))}, FaultCode.NOT_TEXT, "quotas", 1),  # type: ignore[arg-type]
    ({"include": ["ana", "nobody"]}, FaultCode.UNKNOWN_CANDIDATE, "include", 1),
    ({"exclude": {"nobody"}}, FaultCode.UNKNOWN_CANDIDATE, "exclude", 0),
    ({"include": {"ana"}, "exclude": ["bo", "ana"]}, FaultCode.INCLUDED_AND_EXCLUDED, "exclude", 1),
    ({"seed": 0.5}, FaultCode.NOT_AN_ID, "seed", None),
]


@pytest.mark.parametrize(("change", "code", "field", "index"), FAULTY)
def test_a_fault_is_named_with_its_place(
    change: dict[str, Any], code: FaultCode, field: str, index: int | None
) -> None:
    with pytest.raises(ProblemError) as refused:
        Problem(**{**SOUND, **change})
    assert [(fault.code, fault.field, fault.index) for fault in refused.value.faults] == [
        (code, field, index)
    ]


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(ProblemError) as refused:
        Problem((ANA, ANA), -1, (Quota("gender", "man", 2, 1),), -1, frozenset({"x"}))
    assert [fault.field for fault in refused.value.faults] == [
        "candidates.id",
        "seats",
        "quotas",
        "per_country",
        "include",
    ]


def test_more_seats_than_people_and_a_minimum_above_the_seats_are_no_faults() -> None:
    assert solve(Problem((ANA, BO), 3)).status == "infeasible"
    assert solve(Problem((ANA, BO), 1, (Quota("gender", "woman", 5),))).status == "infeasible"


@pytest.mark.parametrize(
    ("merit", "hundredths"),
    [
        (80, 8000),
        (0.29, 29),
        (66.665, 6667),
        (Decimal("66.664999"), 6666),
        (1.005, 101),
        (None, 0),
        (100.0, 10000),
    ],
)
def test_merit_counts_in_hundredths_of_the_decimal_it_prints_as(merit: Any, hundredths: int) -> None:
    assert Candidate(1, merit).hundredths == hundredths
