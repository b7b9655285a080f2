"""Panel, near-ties, prices and replacements of random small problems of each odd kind, against a trial of every panel.

The trial knows nothing of the search: it goes through all combinations of people and counts.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from experts.panel import (
    Candidate,
    CandidateId,
    Priced,
    Problem,
    Quota,
    Status,
    alternates,
    drawn_number,
    near_ties,
    prices,
    reserve_list,
    solve,
)
from tests.experts.panel import brute_force

Chance = random.Random
PEOPLE, SEATS = 9, 4


def any_problem(chance: Chance, *, people: int = PEOPLE, merits: tuple[float, ...] | None = None) -> Problem:
    """Women and men of four countries, each with none to three of three fields, and loose quotas on both."""
    candidates = tuple(
        Candidate(
            f"p{number}",
            chance.choice(merits or (50, 60, 60.5, 70, 80, 80.01)),
            chance.choice(["KEN", "FRA", "BRA", None]),
            {
                "gender": {chance.choice(["woman", "man"])},
                "field": set(chance.sample(["law", "data", "cities"], chance.randint(0, 3))),
            },
        )
        for number in range(people)
    )
    quotas = (
        Quota("gender", "woman", chance.randint(0, 2), chance.randint(2, 4)),
        Quota("field", chance.choice(["law", "data"]), chance.randint(0, 2)),
        Quota("field", "cities", None, chance.randint(1, 4)),
    )
    return Problem(candidates, SEATS, quotas, chance.choice([None, 2, 3]), seed=chance.randrange(10**6))


def several_values(chance: Chance) -> Problem:
    """Quotas on all three fields, of which each person has up to three."""
    fields = tuple(Quota("field", value, 1, 3) for value in ("law", "data", "cities"))
    return replace(any_problem(chance), quotas=fields)


def exact(chance: Chance) -> Problem:
    """Minimum and maximum are one number."""
    quotas = (Quota("gender", "woman", 2, 2), Quota("field", "law", 2, 2))
    return replace(any_problem(chance), quotas=quotas)


def decisions(chance: Chance) -> Problem:
    """Two people are included and two excluded by decision."""
    problem = any_problem(chance)
    decided = chance.sample([person.id for person in problem.candidates], 4)
    return replace(problem, include=frozenset(decided[:2]), exclude=frozenset(decided[2:]))


def no_seat_left(chance: Chance) -> Problem:
    """Inclusions fill the panel."""
    problem = any_problem(chance)
    include = frozenset(chance.sample([person.id for person in problem.candidates], SEATS))
    return replace(problem, include=include, quotas=(), per_country=None)


def too_few(chance: Chance) -> Problem:
    """Fewer people than seats."""
    return replace(any_problem(chance, people=SEATS - 1), quotas=(), per_country=None)


def just_enough(chance: Chance) -> Problem:
    return replace(any_problem(chance, people=SEATS), quotas=(), per_country=None)


def equal(chance: Chance) -> Problem:
    """All of the same merit: the draw decides everything."""
    return any_problem(chance, merits=(75,))


def unscored(chance: Chance) -> Problem:
    """Some have no merit yet, one of them is included."""
    problem = any_problem(chance)
    people = tuple(
        replace(person, merit=None) if number < 3 else person
        for number, person in enumerate(problem.candidates)
    )
    return replace(problem, candidates=people, include=frozenset({people[0].id}))


def one_person_twice(chance: Chance) -> Problem:
    """The best two nominations are one person's: one place at most."""
    problem = any_problem(chance)
    best = sorted(problem.candidates, key=lambda person: -brute_force.rounded(person))[:2]
    people = tuple(
        replace(person, attributes={**person.attributes, "person": {"1"}}) if person in best else person
        for person in problem.candidates
    )
    return replace(problem, candidates=people, quotas=(*problem.quotas, Quota("person", "1", max=1)))


KINDS: tuple[Callable[[Chance], Problem], ...] = (
    any_problem,
    several_values,
    exact,
    decisions,
    no_seat_left,
    too_few,
    just_enough,
    equal,
    unscored,
    one_person_twice,
)
INSTANCES = [(kind, number) for kind in KINDS for number in range(8)]


@pytest.fixture(params=INSTANCES, ids=lambda one: f"{one[0].__name__}-{one[1]}")
def problem(request: pytest.FixtureRequest) -> Problem:
    kind, number = request.param
    return kind(random.Random(f"{kind.__name__} {number}"))


def test_most_kinds_have_panels_and_some_have_none() -> None:
    """The trials below would say nothing if all problems were alike."""
    for kind in KINDS:
        ties = [
            len(brute_force.feasible(kind(random.Random(f"{kind.__name__} {number}")))) for number in range(8)
        ]
        assert any(ties) == (kind is not too_few), kind.__name__


def test_the_panel_is_the_best_and_the_first_drawn_in_whatever_order_people_come(problem: Problem) -> None:
    ranking = brute_force.ranking(problem)
    shuffled = list(problem.candidates)
    random.Random(1).shuffle(shuffled)
    again = replace(problem, candidates=tuple(shuffled), quotas=tuple(reversed(problem.quotas)))
    for posed in (problem, again):
        found = solve(posed)
        if not ranking:
            assert found.status is Status.INFEASIBLE
            continue
        assert (found.status, found.drawn) == (Status.OPTIMAL, True)
        assert frozenset(found.selected) == ranking[0]
        assert found.merit == found.bound == brute_force.merit(problem, ranking[0])


def test_another_seed_draws_otherwise_among_equals_and_never_changes_merit() -> None:
    problem = equal(random.Random("equal 0"))
    drawn = {frozenset(solve(replace(problem, seed=seed)).selected) for seed in range(20)}
    assert len(drawn) > 1
    for seed in range(20):
        posed = replace(problem, seed=seed)
        assert frozenset(solve(posed).selected) == brute_force.ranking(posed)[0]


def test_near_ties_are_the_next_of_all_panels(problem: Problem) -> None:
    ranking = brute_force.ranking(problem)
    if not ranking:
        return
    merits = [brute_force.merit(problem, panel) for panel in ranking]
    found = near_ties(problem, solve(problem), cap=1000)
    assert (found.ties, found.complete) == (merits.count(merits[0]) - 1, True)
    shown = [(ranking[0] - set(n.goes_out) | set(n.comes_in), n.merit, n.behind) for n in found.panels]
    expected = zip(ranking, merits, strict=True)
    assert shown == [(panel, merit, merits[0] - merit) for panel, merit in list(expected)[1:4]]


def test_prices_are_what_the_best_of_all_panels_gains(problem: Problem) -> None:
    solution = solve(problem)
    if solution.merit is None:
        return
    problem = brute_force.may_sit(problem)
    for price in prices(problem, solution):
        best = brute_force.optimum(
            a_rule_fewer(problem, price.of, price.attribute, price.value, price.candidate)
        )
        assert best is not None
        assert (price.merit, price.price) == (best, best - solution.merit), price


def a_rule_fewer(
    problem: Problem, of: Priced, attribute: str | None, value: str | None, candidate: CandidateId | None
) -> Problem:
    match of:
        case Priced.QUOTA:
            kept = tuple(q for q in problem.quotas if (q.attribute, q.value) != (attribute, value))
        case Priced.ATTRIBUTE:
            kept = tuple(q for q in problem.quotas if q.attribute != attribute)
        case Priced.QUOTAS:
            kept = ()
        case _:
            kept = problem.quotas
    return replace(
        problem,
        quotas=kept,
        per_country=None if of is Priced.PER_COUNTRY else problem.per_country,
        include=problem.include - {candidate} if of is Priced.INCLUDE else problem.include,
        exclude=problem.exclude - {candidate} if of is Priced.EXCLUDE else problem.exclude,
    )


def test_replacements_are_all_who_leave_a_panel_that_keeps_the_rules(problem: Problem) -> None:
    solution = solve(problem)
    if not solution.selected:
        return
    panel = frozenset(solution.selected)
    # Whoever was included may decline like anybody else; the rules on all others stand.
    rules = replace(problem, include=frozenset())
    people = brute_force.people(problem)
    order = sorted(
        (p for p in problem.candidates if p.id not in panel and p.merit is not None),
        key=lambda p: (-brute_force.rounded(p), drawn_number(problem.seed, p.id)),
    )
    fitting = {
        member: [p.id for p in order if not brute_force.broken(rules, panel - {member} | {p.id})]
        for member in panel
    }
    for one in alternates(problem, solution.selected, ranked=PEOPLE):
        gone = brute_force.rounded(people[one.member])
        assert [(found.candidate, found.costs) for found in one.replacements] == [
            (other, gone - brute_force.rounded(people[other])) for other in fitting[one.member]
        ]
        able = [p for p in order if p.id not in problem.exclude]
        assert one.considered == len(able)
        assert bool(one.hindrances) == bool(able and not fitting[one.member])
    reserve = [(one.candidate, one.merit, set(one.replaces)) for one in reserve_list(problem, panel)]
    assert reserve == [
        (p.id, Decimal(brute_force.rounded(p)), places)
        for p in order
        if (places := {member for member in panel if p.id in fitting[member]})
    ]
