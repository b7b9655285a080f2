"""What the pages of a selection show: its people, its proof, its prices, in words."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.punctuation import listed
from experts.links import nomination_page
from experts.models import Call, Nomination, Selection
from experts.panel import Comparison, Problem, compare
from experts.panel_balance import Bullets, bullets_of
from experts.panel_explained import Explanation, attainable_of, explanation_of
from experts.panel_words import Words, range_words
from experts.selection_pool import PERSON, Entry, problem_behind
from experts.undecided_twins import Twins, twins_of

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Person:
    """Somebody of the pool, as the selection found them (merit) and as they are called today."""

    uuid: str
    name: str
    country: str
    merit: Decimal | None
    tags: list[str]
    page: str
    withdrawn: bool = False

    @cached_property
    def linked(self) -> SafeString:
        """Name and country, with a link to their page. Not a template: a page holds up to a thousand of them."""
        return format_html(
            '<a href="{}"><bdi>{}</bdi></a> <span class="quiet">({})</span>',
            self.page,
            self.name,
            self.country,
        )


@dataclass(frozen=True)
class Member:
    """Somebody chosen: why (a decision, a merit), and who would replace them."""

    person: Person
    included: str | None
    alternates: list[tuple[Person, Decimal]]
    hindrances: list[str]
    considered: int
    known: bool  # whether alternates have been computed


@dataclass(frozen=True)
class Near:
    """Another panel, almost or quite as good."""

    behind: Decimal
    comes_in: list[Person]
    goes_out: list[Person]


@dataclass(frozen=True)
class Several:
    """One person with several nominations, and the one of them that holds a place, if any does."""

    nominations: list[Person]
    sits: Person | None


@dataclass(frozen=True)
class Reading:
    """All that the page of a selection shows."""

    selection: Selection
    people: dict[str, Person]
    members: list[Member]
    balance: list[Bullets]
    prices: list[tuple[str, Decimal]]
    near: list[Near]
    twins: list[tuple[Person, Person]]  # who look like one person, undecided
    ties: str
    reserve: list[tuple[Person, list[Person]]]
    excluded: list[tuple[Person, str]]
    several: list[Several]
    explained: Explanation | None
    attainable: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether everything has been computed."""
        return "attainable" in self.selection.outcome or self.selection.status == Selection.Status.STOPPED


def people_of(call: Call, pool: Sequence[Entry], words: Words) -> dict[str, Person]:
    """The pool's people by uuid; two queries beside the words'."""
    uuids = [entry["uuid"] for entry in pool]
    rows = Nomination.objects.filter(call=call, uuid__in=uuids).values_list("uuid", "name", "state")
    found = {str(uuid): (name, state) for uuid, name, state in rows}
    page = nomination_page(
        NOBODY
    )  # addresses differ in the uuid alone: asking for each takes longer than the rest
    return {
        entry["uuid"]: _person(entry, *found[entry["uuid"]], words, page.replace(str(NOBODY), entry["uuid"]))
        for entry in pool
        if entry["uuid"] in found
    }


def _person(entry: Entry, name: str, state: str, words: Words, page: str) -> Person:
    tags = [
        words.value(attribute, value)
        for attribute in ("gender", "region", "expertise", "level_of_government")
        for value in entry["attributes"].get(attribute, ())
    ]
    return Person(
        uuid=entry["uuid"],
        name=name,
        country=words.countries.get(entry["country"]) or str(entry["country"]),
        merit=None if entry["merit"] is None else Decimal(entry["merit"]),
        tags=tags,
        page=page,
        withdrawn=state == Nomination.State.WITHDRAWN,
    )


def chosen_of(selection: Selection) -> list[str]:
    """Uuids of the panel, best merit first."""
    return list(selection.outcome.get("solution", {}).get("selected", []))


def read_selection(selection: Selection) -> Reading:
    """Everything for the page; constant queries."""
    words, outcome = Words(), selection.outcome
    problem = problem_behind(selection)
    people = people_of(selection.call, selection.pool, words)
    names = {uuid: person.name for uuid, person in people.items()}
    chosen = chosen_of(selection)
    prices = outcome.get("prices", ())
    twins = twins_of(selection.call, list(people))
    return Reading(
        selection=selection,
        people=people,
        members=_members(selection, chosen, people, words, twins),
        balance=bullets_of(problem, chosen, words, prices) if chosen else [],
        prices=_prices(prices, words, names),
        near=[
            Near(
                Decimal(panel["behind"]),
                _listed(panel["comes_in"], people),
                _listed(panel["goes_out"], people),
            )
            for panel in (outcome.get("near_ties") or {"panels": ()})["panels"]
            if not any(twins.is_like(uuid, chosen) for uuid in panel["comes_in"])
        ],
        twins=[(people[first], people[second]) for first, second in twins.pairs],
        ties=_ties(selection),
        reserve=[
            (people[entry["candidate"]], _listed(entry["replaces"], people))
            for entry in outcome.get("reserve", ())
            if entry["candidate"] in people and not twins.is_like(entry["candidate"], chosen)
        ],
        excluded=[
            (people[uuid], reason) for uuid, reason in selection.problem["exclude"].items() if uuid in people
        ],
        several=several_of(selection.pool, people, set(chosen)),
        explained=explanation_of(selection, words, names),
        attainable=attainable_of(outcome, words),
    )


def several_of(pool: Sequence[Entry], people: Mapping[str, Person], chosen: Container[str]) -> list[Several]:
    """Those of the pool who are one person, by name: together they hold one place at most."""
    found: dict[str, list[Person]] = {}
    for entry in pool:
        for mark in entry["attributes"].get(PERSON, ()):
            if entry["uuid"] in people:
                found.setdefault(mark, []).append(people[entry["uuid"]])
    return [
        Several(
            sorted(group, key=lambda one: one.country), next((p for p in group if p.uuid in chosen), None)
        )
        for group in sorted(found.values(), key=lambda group: (group[0].name, group[0].uuid))
        if len(group) > 1
    ]


def _listed(uuids: Iterable[str], people: Mapping[str, Person]) -> list[Person]:
    return [people[uuid] for uuid in uuids if uuid in people]


def _members(
    selection: Selection, chosen: list[str], people: Mapping[str, Person], words: Words, twins: Twins
) -> list[Member]:
    found = {entry["member"]: entry for entry in selection.outcome.get("alternates", ())}
    included = selection.problem["include"]
    members = []
    for uuid in chosen:
        if uuid not in people:
            continue
        entry = found.get(uuid, {"replacements": (), "hindrances": (), "considered": 0})
        members.append(
            Member(
                person=people[uuid],
                included=included.get(uuid),
                alternates=[
                    (people[each["candidate"]], Decimal(each["costs"]))
                    for each in entry["replacements"]
                    if each["candidate"] in people and not twins.is_like(each["candidate"], chosen)
                ],
                hindrances=[_hindrance(each, selection, words) for each in entry["hindrances"]],
                considered=entry["considered"],
                known=uuid in found,
            )
        )
    return members


def _hindrance(entry: Mapping[str, Any], selection: Selection, words: Words) -> str:
    quota, count = entry["quota"], entry["candidates"]
    if quota is None:
        rule = _("the limit per country")
    elif quota["attribute"] == PERSON:
        rule = _("one place for each person, also where two countries nominated them")
    else:
        rule = words.quota(quota["attribute"], quota["value"])
    return ngettext("%(rule)s: stops %(count)d person", "%(rule)s: stops %(count)d people", count) % {
        "rule": rule,
        "count": count,
    }


def _prices(
    prices: Sequence[Mapping[str, Any]], words: Words, names: Mapping[str, str]
) -> list[tuple[str, Decimal]]:
    """Those that stand in no row of the balance."""
    found = []
    for price in prices:
        if price["attribute"] == PERSON or price["of"] in ("quota", "attribute"):
            continue
        labels = {
            "quotas": _("All quotas together"),
            "per_country": _("The limit per country"),
            "include": _("%(name)s is included by decision"),
            "exclude": _("%(name)s is excluded by decision"),
        }
        label = labels[price["of"]]
        if price["candidate"]:
            label = label % {"name": names.get(price["candidate"], "?")}
        found.append((label, Decimal(price["price"])))
    return found


def _ties(selection: Selection) -> str:
    near = selection.outcome.get("near_ties")
    if not near:
        return ""
    if near["ties"] == 0:
        return _("No other panel has the same merit: there was nothing to draw.")
    words = {"count": near["ties"], "seed": selection.problem["seed"]}
    if near["complete"]:
        return (
            ngettext(
                "%(count)d other panel has the very same merit: the draw with the seed %(seed)s decided.",
                "%(count)d other panels have the very same merit: the draw with the seed %(seed)s decided.",
                near["ties"],
            )
            % words
        )
    return (
        ngettext(
            "At least %(count)d other panel has the very same merit: the draw with the seed %(seed)s decided.",
            "At least %(count)d other panels have the very same merit: the draw with the seed %(seed)s decided.",
            near["ties"],
        )
        % words
    )


# --- Side by side -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """From one panel to another, in words and people."""

    comes_in: list[Person]
    goes_out: list[Person]
    stays: int
    merit: Decimal
    shifts: list[tuple[str, int, int]]  # of what either has a quota on
    other_shifts: list[tuple[str, int, int]]
    rules: list[tuple[str, str, str]]  # what is asked, before and after


def difference_of(
    problem: Problem,
    before: Sequence[str],
    after: Sequence[str],
    people: Mapping[str, Person],
    words: Words,
    rules: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> Difference:
    """``problem`` has everybody of both panels; ``rules`` are what was asked before and after."""
    known = {candidate.id for candidate in problem.candidates}
    found: Comparison = compare(
        problem, [uuid for uuid in before if uuid in known], [uuid for uuid in after if uuid in known]
    )
    asked = {quota["attribute"] for each in rules for quota in each["quotas"]}
    shifts: dict[bool, list[tuple[str, int, int]]] = {True: [], False: []}
    for shift in found.shifts:
        if shift.attribute != PERSON:
            line = (words.quota(shift.attribute, shift.value), shift.before, shift.after)
            shifts[shift.attribute in asked].append(line)
    return Difference(
        comes_in=_listed(map(str, found.comes_in), people),
        goes_out=_listed(map(str, found.goes_out), people),
        stays=len(found.stays),
        merit=found.merit,
        shifts=shifts[True],
        other_shifts=shifts[False],
        rules=rule_changes(*rules, words, {uuid: person.name for uuid, person in people.items()}),
    )


def rule_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], words: Words, names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """What is asked otherwise: (rule, before, after)."""
    found: list[tuple[str, str, str]] = []
    for name, label in (
        ("seats", _("Seats")),
        ("per_country", _("Most from one country")),
        ("seed", _("Seed")),
    ):
        if before[name] != after[name]:
            found.append((label, _shown(before[name]), _shown(after[name])))
    old = {(quota["attribute"], quota["value"]): quota for quota in before["quotas"]}
    new = {(quota["attribute"], quota["value"]): quota for quota in after["quotas"]}
    for key in [*old, *(key for key in new if key not in old)]:
        one, other = range_words(old.get(key)), range_words(new.get(key))
        if one != other:
            found.append((words.quota(*key), one, other))
    for name, label in (("include", _("Included by decision")), ("exclude", _("Excluded by decision"))):
        one, other = (
            listed(sorted(names.get(uuid, "?") for uuid in asked[name])) or "–" for asked in (before, after)
        )
        if one != other:
            found.append((label, one, other))
    return found


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)
