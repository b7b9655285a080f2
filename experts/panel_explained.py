"""Why no panel keeps the rules, and what would help, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.punctuation import listed
from experts.models import Selection
from experts.panel import Kind
from experts.panel_words import Words
from experts.selection_pool import PERSON

Demand = Mapping[str, Any]


@dataclass(frozen=True)
class OutOfReach:
    """One side of a quota that can't be met even as the only quota, what is the nearest, and what stands in its way."""

    asked: str
    nearest: str
    because: list[str]


@dataclass(frozen=True)
class Explanation:
    """First what is out of reach alone, then a minimal conflict, then the least change.

    ``beside``: the conflict is among the rules without what is out of reach. ``obstacle``: what conflicts without any
    quota, where quotas alone can't give way enough; empty: there are fewer people than seats. ``changes`` None:
    nothing helps. ``merit``: of the best panel after them.
    """

    out_of_reach: list[OutOfReach]
    conflict: list[str]
    beside: bool
    obstacle: list[str] | None
    changes: list[str] | None
    merit: str | None

    @property
    def nothing_helps(self) -> bool:
        """Told of what was computed since limit, inclusions and seats may give way, too."""
        return self.changes is None and self.obstacle is not None


def explanation_of(selection: Selection, words: Words, names: Mapping[str, str]) -> Explanation | None:
    """None where there is a panel, or nothing is known yet. ``names``: of the pool's people by uuid."""
    outcome = selection.outcome
    if outcome.get("conflict") is None:
        return None
    told = _Told(selection, words, names)
    further, obstacle = outcome.get("further"), outcome.get("obstacle")
    relaxation = outcome.get("relaxation")
    return Explanation(
        out_of_reach=[told.out_of_reach(entry) for entry in outcome.get("unattainable", ())],
        conflict=told.demands((further or outcome["conflict"])["demands"]),
        beside=further is not None,
        obstacle=None if obstacle is None else told.demands(obstacle["demands"]),
        changes=[told.change(change) for change in relaxation["changes"]] if relaxation else None,
        merit=relaxation["solution"]["merit"] if relaxation else None,
    )


def attainable_of(outcome: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """For each quota what was asked and what is attainable, alone and beside the others."""
    return [
        {
            "label": words.quota(entry["quota"]["attribute"], entry["quota"]["value"]),
            "low": entry["quota"]["min"],
            "high": entry["quota"]["max"],
            "alone": entry["alone"],
            "beside": entry["beside_others"],
        }
        for entry in outcome.get("attainable", ())
        if entry["quota"]["attribute"] != PERSON
    ]


class _Told:
    """Demands and changes of one selection in words."""

    def __init__(self, selection: Selection, words: Words, names: Mapping[str, str]) -> None:
        self.asked, self.words, self.names = selection.problem, words, names
        self.marked: dict[str, list[str]] = {}
        for entry in selection.pool:
            for mark in entry["attributes"].get(PERSON, ()):
                self.marked.setdefault(mark, []).append(names.get(entry["uuid"], "?"))

    def demands(self, demands: Iterable[Demand]) -> list[str]:
        return list(dict.fromkeys(self.demand(demand) for demand in demands))

    def demand(self, demand: Demand) -> str:
        if demand["attribute"] == PERSON and demand["value"] in self.marked:
            names = listed(sorted(set(self.marked[demand["value"]])))
            return _("one place for one person who is nominated more than once (%(names)s)") % {
                "names": names
            }
        return self.words.demand(demand, self.asked, self.names)

    def out_of_reach(self, entry: Mapping[str, Any]) -> OutOfReach:
        nearest = (
            _("the most there can be: %(n)d")
            if entry["demand"]["kind"] == Kind.MIN
            else _("the fewest there can be: %(n)d")
        )
        return OutOfReach(
            self.demand(entry["demand"]), nearest % {"n": entry["reached"]}, self.demands(entry["because"])
        )

    def change(self, change: Mapping[str, Any]) -> str:
        demand, numbers = change["demand"], {"before": change["before"], "after": change["after"]}
        match demand["kind"]:
            case Kind.INCLUDE:
                return _("%(name)s is no longer included by decision") % {
                    "name": self.names.get(demand["candidate"], "?")
                }
            case Kind.SEATS:
                return _("the number of seats, %(before)d, becomes %(after)d") % numbers
            case Kind.PER_COUNTRY:
                before = _("at most %(n)d from one country") % {"n": change["before"]}
            case kind:
                before = self.words.bound(kind, demand["attribute"], demand["value"], change["before"])
        return _("%(before)s becomes %(after)s") % {"before": before, "after": change["after"]}
