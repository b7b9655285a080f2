"""The charts of an account: what became of the comments, by part of the draft, and who took part beside whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import StakeholderGroup
from accounts.queries import region_names
from consultations.charts.bars import WIDTH, language_name, sentence_of
from consultations.giving_account.figures import OUTCOMES, WHO, Figures, Spoke
from consultations.models import Disposition


@dataclass(frozen=True)
class Stretch:
    """A part of a bar for one outcome (``none`` where there is no answer), in units of its view box."""

    name: str
    at: int
    width: int


@dataclass(frozen=True)
class Became:
    """One outcome of all: how many comments, and their share in per cent."""

    key: str
    label: str
    comments: int
    percent: float

    @property
    def name(self) -> str:
        return self.key or "none"


@dataclass(frozen=True)
class PartBar:
    """A pillar, the draft as a whole, or what stands outside the pillars: how its comments were answered."""

    key: str
    label: str
    total: int
    told: tuple[Became, ...]  # in the order of ``OUTCOMES``
    stretches: tuple[Stretch, ...]

    @property
    def pillar(self) -> str:
        return self.key if self.key.isdecimal() else ""


@dataclass(frozen=True)
class WhoBar:
    """People of one region, group or language who took part, beside those invited. Shares in per cent, of all who took
    part and of all who were invited; widths in units of the view box, of one scale."""

    key: str
    label: str
    people: int | None  # None where it isn't told whether it is nobody, or one or two
    percent: float | None
    width: int
    invited: int | None = None
    invited_percent: float | None = None
    invited_width: int = 0


@dataclass(frozen=True)
class WhoChart:
    name: str
    title: str
    bars: list[WhoBar]
    sentence: str
    left_out: int
    beside: bool  # whether those invited are known


def became(figures: Figures) -> list[Became]:
    """What became of the comments, in the order of ``OUTCOMES``; what nothing became of is left out."""
    whole = sum(figures.outcomes.values())
    return [_became(key, figures.outcomes, whole) for key in OUTCOMES if figures.outcomes[key]]


def _became(key: str, counts: Counter[str], whole: int) -> Became:
    return Became(key, outcome_labels()[key], counts[key], _percent(counts[key], whole))


def outcome_labels() -> dict[str, str]:
    """The outcomes in the reader's words, with what has none."""
    return {key: str(label) for key, label in Disposition.Outcome.choices} | {"": _("Not answered")}


def stretches_of(counts: Mapping[str, int], scale: int) -> tuple[Stretch, ...]:
    """One bar of ``counts`` by outcome, ``scale`` being what takes the whole width."""
    found, done, at = [], 0, 0
    for key in OUTCOMES:
        done += counts.get(key, 0)
        end = round(WIDTH * done / max(scale, 1))
        if end > at:
            found.append(Stretch(key or "none", at, end - at))
            at = end
    return tuple(found)


def part_bars(figures: Figures, pillars: Mapping[str, Any]) -> list[PartBar]:
    """A bar for each part on which somebody spoke, the longest of the whole width. ``pillars`` names them."""
    labels = part_labels(pillars)
    totals = {part: sum(counts.values()) for part, counts in figures.parts.items()}
    most = max(totals.values(), default=0)
    return [
        PartBar(
            part,
            labels[part],
            totals[part],
            tuple(_became(key, counts, totals[part]) for key in OUTCOMES),
            stretches_of(counts, most),
        )
        for part, counts in figures.parts.items()
    ]


def part_labels(pillars: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a draft by key, in their order; pillars with the names they have, else by number."""
    named = {str(n): pillars.get(str(n)) or _("Pillar %(number)d") % {"number": n} for n in range(1, 9)}
    return {"whole": _("The draft as a whole"), **named, "other": _("Outside the pillars")}


def who_charts(figures: Figures) -> list[WhoChart]:
    """Who took part by region, stakeholder group and language; those with nobody to show are left out."""
    charts = []
    for name in WHO:
        chart = _who_chart(name, figures)
        if chart.bars:
            charts.append(chart)
    return charts


def who_labels(name: str) -> tuple[str, dict[str, Any]]:
    """What a table of people is called, and its rows in order."""
    if name == "region":
        return _("By region"), {**region_names(), "": _("Not known")}
    if name == "stakeholder":
        return _("By stakeholder group"), dict(StakeholderGroup.choices) | {"": _("Not known")}
    return _("By language"), {}


def _who_chart(name: str, figures: Figures) -> WhoChart:
    title, labels = who_labels(name)
    spoke = {row.key: row for row in figures.who[name]}
    invited = figures.invited.by[name] if figures.invited else Counter[str]()
    keys = [key for key in labels if key in spoke or invited[key]]
    keys += sorted(({*spoke, *(key for key in invited if invited[key])}) - set(keys))
    bars = _bars(keys, labels, spoke, invited, figures)
    counts = [(bar.label, bar.people) for bar in bars if bar.people]
    return WhoChart(
        name,
        title,
        bars,
        sentence_of(counts, figures.participants) if counts else "",
        figures.left_out[name],
        figures.invited is not None,
    )


def _bars(
    keys: Sequence[str],
    labels: Mapping[str, Any],
    spoke: Mapping[str, Spoke],
    invited: Counter[str],
    figures: Figures,
) -> list[WhoBar]:
    everyone = figures.invited.people if figures.invited else 0
    shares = {
        key: (
            _percent(spoke[key].people if key in spoke else 0, figures.participants),
            _percent(invited[key], everyone),
            spoke[key].people if key in spoke else 0,
        )
        for key in keys
    }
    most = max((share for row in shares.values() for share in row[:2]), default=0) or 1
    known = figures.invited is not None
    return [
        WhoBar(
            key,
            str(labels.get(key) or language_name(key)),
            None if key not in spoke and figures.guarded else shares[key][2],
            None if key not in spoke and figures.guarded else shares[key][0],
            round(WIDTH * shares[key][0] / most),
            (invited[key] or None) if known else None,
            shares[key][1] if known and invited[key] else None,
            round(WIDTH * shares[key][1] / most),
        )
        for key in keys
    ]


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0
