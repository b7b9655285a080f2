"""Fifty problems of the real size: the optimum is that of another solver, COIN-OR CBC, in a process of its own."""

import importlib.util
import json
import random
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from experts.panel import Problem, Quota, Status, plain, solve
from tests.experts.panel.problems import FIELDS, real_problem

PROBLEMS = 50


def varied(seed: int) -> Problem:
    """30 of 150 to 700, quotas moved so that some bind hard and some can't be met, with decisions."""
    chance = random.Random(seed)
    problem = real_problem(chance.randint(150, 700), seed)
    women = chance.randint(10, 19)
    quotas = [
        Quota("gender", "woman", women, women + chance.randint(0, 2)),
        *problem.quotas[1:7],
        *(Quota("expertise", value, chance.randint(3, 9)) for value in FIELDS),
    ]
    if women > 16:
        del quotas[1]  # fourteen men would leave no room; kept once in a while, as too many
    if seed % 10 == 0:
        quotas.append(Quota("expertise", "none", 1))
    ids = chance.sample(range(len(problem.candidates)), 12)
    return replace(
        problem,
        quotas=tuple(quotas),
        per_country=chance.choice([1, 2, None]),
        include=frozenset(ids[:2]),
        exclude=frozenset(ids[2:]),
    )


@pytest.mark.skipif(
    importlib.util.find_spec("pulp") is None, reason="PuLP, which carries CBC, is not installed"
)
def test_cbc_finds_the_same_optimum() -> None:
    problems = [varied(seed) for seed in range(PROBLEMS)]
    ran = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("independent.py"))],
        input=json.dumps([plain(problem) for problem in problems]),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    expected = json.loads(ran.stdout)
    solutions = [solve(problem) for problem in problems]
    found = [None if solution.merit is None else int(solution.merit * 100) for solution in solutions]
    assert found == expected
    assert all(solution.bound == solution.merit for solution in solutions)
    infeasible = [solution for solution in solutions if solution.status is Status.INFEASIBLE]
    assert 3 <= len(infeasible) <= PROBLEMS // 2
    assert len({solution.merit for solution in solutions}) > PROBLEMS // 2
    assert max(solution.merit or Decimal(0) for solution in solutions) > 2000
