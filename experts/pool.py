"""The pool at a glance: how many nominations there are of what, drawn and as a table."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Region
from experts.models import WEIGHED, Gender, Level, Nomination

WIDTH = 400
UN_GROUP = "un_group"


@dataclass(frozen=True)
class PoolBar:
    """One row; widths are units of the view box."""

    label: str
    nominations: int
    eligible: int
    width: int
    eligible_width: int


@dataclass(frozen=True)
class PoolChart:
    title: str
    bars: list[PoolBar]
    width: int = WIDTH


@dataclass(frozen=True)
class Pool:
    """What a member of the secretariat may know of the nominations of a call: nothing they are barred from counts."""

    total: int
    eligible: int
    countries: frozenset[str]
    charts: list[PoolChart]


def region_names() -> dict[str, str]:
    """The UN regional groups in the reader's language, by code (one query)."""
    return {row.code: row.name for row in Region.objects.filter(scheme=UN_GROUP).order_by("pk")}


def pool_of(
    nominations: Any, regions: Mapping[str, str], names: Mapping[str, str], *, charts: bool = True
) -> Pool:
    """Count a queryset of nominations, those withdrawn apart, in one query."""
    rows = [
        (state in WEIGHED, gender, level, country)
        for state, gender, level, country in nominations.exclude(state=Nomination.State.WITHDRAWN)
        .order_by()
        .values_list("state", "gender", "level_of_government", "country_id")
    ]
    drawn = []
    if charts:
        drawn = [
            _chart(_("By regional group"), ((ok, regions.get(c, "")) for ok, _g, _l, c in rows), names),
            _chart(_("By gender"), ((ok, g) for ok, g, _l, _c in rows), dict(Gender.choices)),
            _chart(
                _("By level of government or sector"),
                ((ok, lv) for ok, _g, lv, _c in rows),
                dict(Level.choices),
            ),
        ]
    countries = frozenset(country for *_rest, country in rows)
    return Pool(len(rows), sum(row[0] for row in rows), countries, drawn)


def _chart(title: str, found: Iterable[tuple[bool, str]], labels: Mapping[str, Any]) -> PoolChart:
    every, eligible = Counter[str](), Counter[str]()
    for ok, key in found:
        every[key] += 1
        eligible[key] += ok
    most = max(every.values(), default=0) or 1
    order = [key for key in labels if key in every or key != "undisclosed"] + [
        k for k in every if k not in labels
    ]
    bars = [
        PoolBar(
            str(labels.get(key) or _("Not said")),
            every[key],
            eligible[key],
            round(WIDTH * every[key] / most),
            round(WIDTH * eligible[key] / most),
        )
        for key in order
    ]
    return PoolChart(title, bars)
