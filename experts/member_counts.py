"""How many of some people are of what: by gender, region, expertise and level, drawn and as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Group, Membership
from accounts.queries import regions_by_country
from experts.models import Nomination, NominationTrait
from experts.panel_words import Words
from experts.selection_pool import EXPERTISE, GENDER, LEVEL, REGION

FEWEST, LEAST_COUNTED = 3, 10  # docs/decisions/0006


@dataclass(frozen=True)
class CountChart:
    """One attribute; ``rows`` are (label, people, percent of all). ``hidden``: small cells were left out."""

    label: str
    rows: list[tuple[str, int, int]]
    hidden: bool = False


def charts_of(held: Mapping[str, Sequence[str]], people: int, *, fewest: int = FEWEST) -> list[CountChart]:
    """The attributes' values that ``people`` people hold, each with those of at least ``fewest``.

    With ``fewest`` 1, for the secretariat, also those of whom a value isn't known. An attribute that is known of nobody
    is left out.
    """
    words, charts = Words(), []
    for attribute, values in held.items():
        known = words.values(attribute)
        cells = [(value, values.count(value)) for value in [*known, *sorted({*values} - {*known} - {""})]]
        cells += [("", values.count(""))] if fewest == 1 and "" in values else []
        shown = [
            (words.value(attribute, value) if value else _("Not known"), n, round(100 * n / people))
            for value, n in cells
            if n >= fewest
        ]
        if shown and any(values):
            hidden = any(0 < n < fewest for _value, n in cells)
            charts.append(CountChart(words.attribute(attribute), shown, hidden))
    return charts


def counts_of_listed(listed: Sequence[Nomination]) -> list[CountChart]:
    """The balance for everybody of those whom the public list names; by region of those who show their country.

    Nothing for few. Whoever isn't named is counted nowhere: docs/decisions/0006.
    """
    if len(listed) < LEAST_COUNTED:
        return []
    placed = [nomination for nomination in listed if nomination.listed_country]
    regions = regions_by_country({nomination.country_id for nomination in placed})
    traits = NominationTrait.objects.filter(nomination__in=listed, kind=EXPERTISE)
    held = {
        GENDER: [nomination.gender for nomination in listed],
        REGION: [regions.get(nomination.country_id, "") for nomination in placed],
        EXPERTISE: list(traits.values_list("value", flat=True)),
        LEVEL: [nomination.level_of_government for nomination in listed],
    }
    return charts_of(held, len(listed))


@dataclass(frozen=True)
class GroupBalance:
    """A group's people by what their nominations say; ``unknown`` have none that the reader may see."""

    people: int
    unknown: int
    charts: list[CountChart]


def balance_of_group(group: Group, reader: Any) -> GroupBalance | None:
    """The balance of a group's present members, for the secretariat (four queries); None where nobody is in it.

    Gender and level are those of a member's latest nomination, as far as ``reader`` may see it: who is barred from a
    nomination isn't told by a count. The region is that of the country in the member's account.
    """
    members = Membership.objects.current().filter(group=group, user__isnull=False)
    countries = dict(members.order_by("pk").values_list("user", "user__country"))
    if not countries:
        return None
    seen = Nomination.objects.visible_to(reader).filter(nominee__in=countries)
    rows = seen.exclude(state=Nomination.State.WITHDRAWN).order_by("pk")
    latest = {
        pk: (gender, level)
        for pk, gender, level in rows.values_list("nominee", "gender", "level_of_government")
    }
    regions = regions_by_country({code for code in countries.values() if code})
    held = {
        GENDER: [latest.get(pk, ("", ""))[0] for pk in countries],
        REGION: [regions.get(code or "", "") for code in countries.values()],
        LEVEL: [latest.get(pk, ("", ""))[1] for pk in countries],
    }
    return GroupBalance(
        len(countries), len(countries) - len(latest), charts_of(held, len(countries), fewest=1)
    )


@dataclass(frozen=True)
class ListedMember:
    """A member who agreed to be named, as they chose. ``role``: for other members, who work with them."""

    name: str
    country: str
    role: str


def listed_members(group: Group) -> list[ListedMember]:
    """The members of a group who agreed to stand in the public list, by name (two queries).

    Whoever is no member any more isn't named; who has no account yet has accepted, and is.
    """
    sitting = Nomination.objects.filter(
        state=Nomination.State.PUBLISHED,
        call__decided_at__isnull=False,
        appointments__group=group,
        appointments__answer="accepted",
    ).exclude(listed_name="")
    members = Membership.objects.current().filter(group=group, user__isnull=False)
    roles: dict[int | None, str] = dict(members.values_list("user", "role"))
    found = {
        nomination.pk: ListedMember(
            nomination.listed_name,
            nomination.country.name if nomination.listed_country else "",
            _office(roles.get(nomination.nominee_id, "")),
        )
        for nomination in sitting.select_related("country")
        if nomination.nominee_id is None or nomination.nominee_id in roles
    }
    return sorted(found.values(), key=lambda member: member.name.casefold())


def _office(role: str) -> str:
    return str(Membership.Role(role).label) if role and role != Membership.Role.MEMBER else ""
