"""Replacements against a trial of everybody in everybody's place."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from experts.panel import (
    Candidate,
    CandidateId,
    Hindrance,
    Problem,
    Quota,
    Status,
    alternates,
    drawn_number,
    replace_together,
    reserve_list,
    solve,
    succession,
)
from tests.experts.panel import brute_force
from tests.experts.panel.problems import real_problem, small_problems


def no_worse(problem: Problem, before: frozenset[CandidateId], after: frozenset[CandidateId]) -> bool:
    """Whether the panel departs from no rule further than it did; members who left were let go by themselves."""
    rules = replace(problem, include=frozenset(), exclude=frozenset())
    was, now = brute_force.broken(rules, before), brute_force.broken(rules, after)
    countries = {person.id: person.country for person in problem.candidates}
    for country in set(countries.values()) - {None}:
        held = [sum(countries[member] == country for member in panel) for panel in (before, after)]
        if problem.per_country is not None and held[1] > max(problem.per_country, held[0]):
            return False
    return all(demand.kind == "per_country" or amount <= was.get(demand, 0) for demand, amount in now.items())


def newcomers(problem: Problem, panel: frozenset[CandidateId]) -> list[CandidateId]:
    people = [
        person
        for person in problem.candidates
        if person.merit is not None and person.id not in problem.exclude | panel
    ]
    return [
        person.id
        for person in sorted(
            people, key=lambda p: (-brute_force.rounded(p), drawn_number(problem.seed, p.id))
        )
    ]


def panels_of(problem: Problem) -> Iterator[frozenset[CandidateId]]:
    """The optimum, and panels that depart from the rules."""
    selected = solve(problem).selected
    if selected:
        yield frozenset(selected)
    yield from list(map(frozenset, combinations([person.id for person in problem.candidates], 3)))[:3]


@given(small_problems())
@trying(max_examples=80, deadline=None)
def test_replacements_are_the_best_who_keep_the_rules(problem: Problem) -> None:
    merits = {person.id: brute_force.rounded(person) for person in problem.candidates}
    for panel in panels_of(problem):
        others = newcomers(problem, panel)
        replaces: dict[CandidateId, set[CandidateId]] = {}
        for found in alternates(problem, panel, ranked=2):
            fit = [other for other in others if no_worse(problem, panel, panel - {found.member} | {other})]
            for other in fit:
                replaces.setdefault(other, set()).add(found.member)
            assert [(one.candidate, one.costs) for one in found.replacements] == [
                (other, merits[found.member] - merits[other]) for other in fit[:2]
            ]
            assert found.considered == len(others)
            assert bool(found.hindrances) == bool(others and not fit)
        listed = [(one.candidate, set(one.replaces)) for one in reserve_list(problem, panel, length=3)]
        assert listed == [(other, replaces[other]) for other in others if other in replaces][:3]


@given(small_problems(), st.data())
@trying(max_examples=80, deadline=None)
def test_declines_one_after_the_other_and_two_together(problem: Problem, data: st.DataObject) -> None:
    for panel in panels_of(problem):
        if len(panel) < 2:
            continue
        one, two = data.draw(st.permutations(sorted(panel, key=str)))[:2]
        after = panel
        gone: set[CandidateId] = set()
        steps = []
        for decline in (one, two):
            gone.add(decline)
            fit = [
                other
                for other in newcomers(problem, after)
                if other not in gone and no_worse(problem, after, after - {decline} | {other})
            ]
            after = after - {decline} | set(fit[:1])
            steps.append((decline, fit[0] if fit else None))
        found = succession(problem, panel, [one, two])
        assert [(step.declined, step.replacement) for step in found.steps] == steps
        assert set(found.panel) == after

        pairs = [
            panel - {one, two} | set(pair)
            for pair in combinations(newcomers(problem, panel), 2)
            if no_worse(problem, panel, panel - {one, two} | set(pair))
        ]
        together = replace_together(problem, panel, [one, two])
        assert (together.status is Status.OPTIMAL) == bool(pairs)
        if pairs:
            best = min(
                pairs,
                key=lambda pair: (-brute_force.merit(problem, pair), brute_force.drawn(problem, pair)),
            )
            assert (set(together.selected), together.merit) == (best, brute_force.merit(problem, best))


def test_whoever_declined_does_not_come_back_and_a_replacement_may_decline_too() -> None:
    people = (Candidate("ana", 90), Candidate("bo", 80), Candidate("cy", 70))
    found = succession(Problem(people, 1), ["ana"], ["ana", "bo", "cy"])
    assert [step.replacement for step in found.steps] == ["bo", "cy", None]
    assert found.panel == ()
    with pytest.raises(ValueError, match="not in the panel"):
        succession(Problem(people, 1), ["ana"], ["ana", "ana"])


def test_the_reason_why_nobody_can_come_in() -> None:
    woman, law = Quota("gender", "woman", 1), Quota("field", "law", 1)
    people = (
        Candidate("ana", 90, "PE", {"gender": {"woman"}, "field": {"law"}}),
        Candidate("bo", 80, "DK", {"gender": {"man"}}),
        Candidate("cy", 70, "DK", {"gender": {"man"}, "field": {"law"}}),
        Candidate("di", 60, "DK", {"gender": {"woman"}, "field": {"law"}}),
    )
    problem = Problem(people, 2, (woman, law), 1)
    (ana, bo) = alternates(problem, ["ana", "bo"])
    assert (ana.replacements, ana.considered) == ((), 2)
    assert ana.hindrances == (Hindrance(None, 2), Hindrance(woman, 1))
    assert [one.candidate for one in bo.replacements] == ["cy", "di"]
    alone = alternates(Problem(people[:1], 1), ["ana"])[0]
    assert (alone.replacements, alone.considered, alone.hindrances) == ((), 0, ())


def test_every_member_of_a_real_panel() -> None:
    problem = real_problem(1000)
    solution = solve(problem)
    heard: list[tuple[int, int]] = []
    found = alternates(problem, solution.selected, progress=lambda *step: heard.append(step))
    assert [one.member for one in found] == list(solution.selected)
    assert heard == [(done, 30) for done in range(31)]
    for one in found:
        together = replace_together(problem, solution.selected, [one.member])
        if one.replacements:
            assert solution.merit is not None
            assert together.merit == solution.merit - one.replacements[0].costs
        else:
            assert together.status is Status.INFEASIBLE
