"""How those in a regional group lie beside whom its region could send."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from experts.models import Decision
from experts.panel_balance import Bullets, bullets_of
from experts.panel_group import regional_slug
from experts.panel_words import Words
from experts.selection_pool import REGION, problem_behind


def regional_balances(decision: Decision, groups: Mapping[str, Iterable[str]]) -> dict[str, list[Bullets]]:
    """For each regional group, by its slug, the balance of these people (uuids) against the region's own pool: nobody
    else could be in it. Empty where nothing was computed of them."""
    if decision.selection is None:
        return {slug: [] for slug in groups}
    problem, words = problem_behind(decision.selection), Words()
    found = {}
    for slug, uuids in groups.items():
        theirs = tuple(
            candidate
            for candidate in problem.candidates
            if any(regional_slug(region) == slug for region in candidate.attributes.get(REGION, ()))
        )
        known = {candidate.id for candidate in theirs}
        own = replace(problem, candidates=theirs, quotas=(), include=frozenset(), exclude=frozenset())
        present = [uuid for uuid in uuids if uuid in known]
        drawn = bullets_of(own, present, words) if present else []
        found[slug] = [group for group in drawn if group.is_main and group.attribute != REGION]
    return found
