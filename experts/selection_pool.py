"""The pool of a call as the solver reads it: who may be chosen, frozen with its hash, and who is one person."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from django.db.models import Q

from accounts.queries import regions_by_country
from experts.models import Call, DuplicateVerdict, Nomination, NominationTrait, Selection
from experts.panel import Candidate, Problem, Quota
from experts.states import POOL

Entry = dict[str, Any]

# Of what panels are balanced by, in the order in which people read it.
GENDER, REGION, EXPERTISE, LEVEL = "gender", "region", "expertise", "level_of_government"
EXPERIENCED, LANGUAGE, NATIONALITY = "experienced_in_processes", "language", "nationality"
ATTRIBUTES = (GENDER, REGION, EXPERTISE, LEVEL, EXPERIENCED, LANGUAGE, NATIONALITY)
# Somebody nominated twice holds one place at most: a quota that the portal sets itself and that never gives way.
PERSON = "person"


_NEEDED = (
    *("uuid", "merit", "country", "gender", "level_of_government", "experienced_in_processes"),
    *("email", "nominee"),
)


def pool_of(call: Call, user: Any) -> list[Entry]:
    """Whoever may be chosen in ``call`` and is visible to ``user``, by uuid, as ``Selection.pool`` keeps them.

    An entry has uuid, merit ("82.50" or None), country and attributes (lists of values). Five queries, whatever the
    size.
    """
    found = list(
        Nomination.objects.visible_to(user).filter(call=call, state__in=POOL).only(*_NEEDED).order_by("uuid")
    )
    traits: dict[int, list[tuple[str, str]]] = defaultdict(list)
    held = NominationTrait.objects.filter(nomination__in=[nomination.pk for nomination in found])
    for pk, kind, value in held.order_by().values_list("nomination", "kind", "value"):
        traits[pk].append((kind, value))
    regions = regions_by_country({nomination.country_id for nomination in found})
    people = same_people(found)
    return [_entry(nomination, traits[nomination.pk], regions, people) for nomination in found]


def _entry(
    nomination: Nomination,
    traits: Sequence[tuple[str, str]],
    regions: Mapping[str, str],
    people: Mapping[int, str],
) -> Entry:
    values: dict[str, set[str]] = defaultdict(set)
    for attribute, value in (
        (GENDER, nomination.gender),
        (REGION, regions.get(nomination.country_id, "")),
        (LEVEL, nomination.level_of_government),
        (PERSON, people.get(nomination.pk, "")),
    ):
        if value:
            values[attribute].add(value)
    if nomination.experienced_in_processes is not None:
        values[EXPERIENCED].add("yes" if nomination.experienced_in_processes else "no")
    for kind, value in traits:
        values[kind].add(value)
    return {
        "uuid": str(nomination.uuid),
        "merit": None if nomination.merit is None else str(nomination.merit),
        "country": nomination.country_id,
        "attributes": {attribute: sorted(held) for attribute, held in sorted(values.items())},
    }


def same_people(nominations: Sequence[Nomination]) -> dict[int, str]:
    """For each nomination whose person has another one among these, a mark that they share.

    One person: the same account, the same address, or staff found that they are the same. Where staff found that they
    are two, a shared address (of an office, say) doesn't make them one; an account does.
    """
    group = {nomination.pk: nomination.pk for nomination in nominations}
    verdicts = DuplicateVerdict.objects.filter(Q(first__in=list(group)) & Q(second__in=list(group)))
    decided = {
        (first, second): same for first, second, same in verdicts.values_list("first", "second", "same")
    }

    def root(pk: int) -> int:
        while group[pk] != pk:
            pk = group[pk]
        return pk

    accounts, addresses = defaultdict(list), defaultdict(list)
    for nomination in nominations:
        if nomination.nominee_id is not None:
            accounts[nomination.nominee_id].append(nomination.pk)
        if nomination.email:
            addresses[nomination.email].append(nomination.pk)
    pairs = [(several[0], other) for several in accounts.values() for other in several[1:]]
    pairs += [pair for pair, same in decided.items() if same]
    for several in addresses.values():
        pairs += [pair for pair in combinations(sorted(several), 2) if decided.get(pair, True)]
    for first, second in pairs:
        group[root(first)] = root(second)
    sizes: dict[int, int] = defaultdict(int)
    for pk in group:
        sizes[root(pk)] += 1
    return {pk: str(root(pk)) for pk in group if sizes[root(pk)] > 1}


def hash_of(pool: Sequence[Entry]) -> str:
    """SHA-256 of the pool as canonical JSON: names sorted, no spaces, UTF-8."""
    text = json.dumps(pool, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def problem_of(asked: Mapping[str, Any], pool: Sequence[Entry]) -> Problem:
    """The solver's problem. ``asked`` as ``Selection.problem`` keeps it. Raises ``ProblemError`` with every fault."""
    people = sorted({mark for entry in pool for mark in entry["attributes"].get(PERSON, ())})
    return Problem(
        candidates=tuple(
            Candidate(
                entry["uuid"], _merit(entry["merit"]), entry["country"], _attributes(entry["attributes"])
            )
            for entry in pool
        ),
        seats=asked["seats"],
        quotas=(
            *(Quota(**quota) for quota in asked["quotas"]),
            *(Quota(PERSON, mark, max=1) for mark in people),
        ),
        per_country=asked["per_country"],
        include=asked["include"],
        exclude=asked["exclude"],
        seed=asked["seed"],
    )


def problem_behind(selection: Selection) -> Problem:
    """What a stored selection was computed from."""
    return problem_of(selection.problem, selection.pool)


def _merit(stored: str | None) -> Any:
    return None if stored is None else Decimal(stored)


def _attributes(stored: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    return {attribute: frozenset(values) for attribute, values in stored.items()}
