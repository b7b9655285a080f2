"""Choosing 30 of 200, 1,000 and 5,000 with proof, and all that is said about it; the lottery beside it.

Everything is CPU time of one core: what else runs there only adds. sortition-algorithms (GPL) is no part of the
portal: it gets an environment of its own and runs as a program of its own, for the comparison only.
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bench.peers import python_with, run_peer
from bench.table import Measure, at_most
from experts.panel import (
    Candidate,
    Problem,
    Quota,
    Solution,
    Status,
    alternates,
    attainable,
    conflict,
    near_ties,
    plain,
    prices,
    relax,
    reserve_list,
    solve,
)

Result = TypeVar("Result")
POOLS = (200, 1_000, 5_000)
HELD = 1_000  # the pool whose times are bound
OPTIMUM, SURROUNDINGS = 500, 5_000  # milliseconds
LOTTERY_POOLS = (200, 1_000)  # 5,000 would take it the better part of an hour
LOTTERY, TIMES = "sortition-algorithms==0.12.15", 100
REGIONS = ("African", "Asia-Pacific", "Eastern European", "Latin American and Caribbean", "Western European")
FIELDS = ("cities", "data", "ethics", "inclusion", "law", "networks")


def panel() -> list[Measure]:
    """The optimum, prices, alternates and near-ties; the same pool with rules that can't be met; the lottery."""
    measures = []
    times: dict[int, float] = {}
    for people in POOLS:
        problem = _problem(people)
        solution, times[people] = _least(lambda problem=problem: solve(problem))  # type: ignore[misc]
        if solution.status is not Status.OPTIMAL:
            raise RuntimeError(f"30 of {people}: {solution.status}")
        measures += _of_a_panel(people, problem, solution, times[people])
        measures += _of_none(people, problem)
    return [*measures, *_against_the_lottery(times)]


def _of_a_panel(people: int, problem: Problem, solution: Solution, optimum: float) -> list[Measure]:
    named = f"30 of {people:,}"
    _ties, ties = _least(lambda: near_ties(problem, solution))
    _prices, priced = _least(lambda: prices(problem, solution))
    _alternates, replaced = _least(
        lambda: (alternates(problem, solution.selected), reserve_list(problem, solution.selected))
    )
    first, second = f"{named}: proven optimum, draw included", f"{named}: prices and alternates"
    held = people == HELD
    return [
        at_most(first, optimum, OPTIMUM) if held else Measure(first, f"{optimum:,.0f} ms"),
        Measure(f"{named}: ties and the next three panels", f"{ties:,.0f} ms"),
        Measure(f"{named}: prices", f"{priced:,.0f} ms"),
        Measure(f"{named}: alternates of each member and the reserve list", f"{replaced:,.0f} ms"),
        at_most(second, priced + replaced, SURROUNDINGS)
        if held
        else Measure(second, f"{priced + replaced:,.0f} ms"),
    ]


def _of_none(people: int, problem: Problem) -> list[Measure]:
    """At least 20 women beside at least 14 men."""
    impossible = replace(problem, quotas=(Quota("gender", "woman", 20, 22), *problem.quotas[1:]))
    named = f"30 of {people:,}, impossible"
    found, told = _least(lambda: solve(impossible))
    if found.status is not Status.INFEASIBLE:
        raise RuntimeError(f"{named}: {found.status}")
    _conflict, conflicts = _least(lambda: conflict(impossible))
    _change, changes = _least(lambda: relax(impossible))
    _ranges, ranges = _least(lambda: attainable(impossible))
    _possible, possible = _least(lambda: attainable(problem))
    return [
        Measure(f"{named}: told", f"{told:,.0f} ms"),
        Measure(f"{named}: conflict", f"{conflicts:,.0f} ms"),
        Measure(f"{named}: least change, proven", f"{changes:,.0f} ms"),
        Measure(f"{named}: what is attainable; where it is possible", f"{ranges:,.0f}, {possible:,.0f} ms"),
    ]


def _against_the_lottery(times: dict[int, float]) -> list[Measure]:
    python = python_with("lottery", LOTTERY)
    if python is None:
        return [Measure(f"{LOTTERY} could not be installed", "skipped")]
    measures = []
    for people in LOTTERY_POOLS:
        named = f"30 of {people:,}: the lottery's maximin"
        answer = json.loads(run_peer(python, "lottery.py", given=json.dumps(plain(_problem(people)))))
        ratio = 1000 * answer["seconds"] / times[people]
        merit = solve(_problem(people)).merit
        measures += [
            Measure(f"{named} (merit {answer['merit']:,.1f}; ours {merit})", f"{answer['seconds']:,.1f} s"),
            Measure(
                f"{named} against the proven optimum",
                f"{ratio:,.0f} x",
                f"at least {TIMES} x" if people == HELD else "",
                people != HELD or ratio >= TIMES,
            ),
        ]
    return measures


def _problem(people: int) -> Problem:
    """30 of so many from 193 countries: gender 14 to 16, regions 5 to 7, six fields at least 5, one of a country."""
    chance = random.Random(people)
    candidates = []
    for number in range(people):
        country = chance.randrange(193)
        candidates.append(
            Candidate(
                number,
                round(min(100.0, max(0.0, chance.gauss(65, 12))), 1),
                f"C{country}",
                {
                    "gender": {chance.choice(("woman", "man", "man"))},
                    "region": {REGIONS[country % len(REGIONS)]},
                    "expertise": set(chance.sample(FIELDS, chance.choice((1, 1, 2)))),
                },
            )
        )
    quotas = [
        *(Quota("gender", value, 14, 16) for value in ("woman", "man")),
        *(Quota("region", value, 5, 7) for value in REGIONS),
        *(Quota("expertise", value, 5) for value in FIELDS),
    ]
    return Problem(tuple(candidates), 30, tuple(quotas), 1, seed=people)


def _least(act: Callable[[], Result], repetitions: int = 3) -> tuple[Result, float]:
    """The answer, and the least CPU time of several runs in milliseconds."""
    best = float("inf")
    for _ in range(repetitions):
        started = time.process_time()
        answer = act()
        best = min(best, 1000 * (time.process_time() - started))
    return answer, best
