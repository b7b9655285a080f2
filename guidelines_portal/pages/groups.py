"""The groups as everyone may know them: what they are for, how many belong to them, from which regions.

No name of a person, but of those who agreed to stand in the public list when they accepted a place. No small number
either: one expert of a region is a name to whoever knows the field.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Group, Membership, Role
from accounts.queries import region_names, regions_by_country
from accounts.reference_tables import read_table
from consultations.models import Round, RoundAudience
from consultations.queries import SMALLEST_SHOWN
from experts.member_counts import ListedMember, listed_members

PURPOSES: dict[str, str | Promise] = {
    Group.Kind.EXPERT_WORKING_GROUP: _(
        "Experts nominated by Member States and chosen for a balance of regions, gender and professions. The main "
        "advisory body: it reads every draft first."
    ),
    Group.Kind.REGIONAL: _(
        "Experts of the region who advise on how the draft fits its conditions, in consultations of their own."
    ),
    Group.Kind.THEMATIC: _(
        "People who know one topic and are asked about the parts of the draft that touch it."
    ),
    Group.Kind.STAKEHOLDER: _(
        "Organizations of one kind, such as civil society or local governments, consulted together."
    ),
    Group.Kind.MEMBER_STATES: _(
        "Governments, each speaking through its focal point. They approve the guidelines in the end."
    ),
}


@dataclass(frozen=True)
class RegionCount:
    name: str
    members: int
    percent: float  # of the group's largest region, for the bar


@dataclass(frozen=True)
class GroupCard:
    """``regions`` are those large enough to be shown; ``rest`` is everyone else, None where too few to say."""

    group: Group
    purpose: str | Promise
    regions: list[RegionCount]
    rest: int | None
    total: int | None

    @property
    def is_mixed(self) -> bool:
        """Whether there is more to say of its regions than that there is one."""
        return bool(self.regions) and (len(self.regions) > 1 or self.rest != 0)

    @property
    def at_least(self) -> int:
        """Of the members, how many are shown by region."""
        return sum(region.members for region in self.regions)


@lru_cache(maxsize=1)
def standing_groups() -> frozenset[str]:
    """Slugs of the groups that every installation has: the process names them in public."""
    return frozenset(row["slug"] for row in read_table("groups.csv"))


def visible_groups(user: Any) -> "QuerySet[Group]":
    """Groups whose existence the caller may know of: the standing ones, those named as the audience of a round
    that the caller sees, and the caller's own."""
    facts = facts_of(user)
    if facts.has(Role.STAFF) or facts.has(Role.DRAFTER):
        return Group.objects.all()
    named = RoundAudience.objects.filter(round__in=Round.objects.visible_to(user).values("pk"))
    return Group.objects.filter(
        Q(slug__in=standing_groups()) | Q(pk__in=named.values("group")) | Q(pk__in=facts.groups)
    )


def groups_seen_by(user: Any) -> list[GroupCard]:
    """The groups in the order of the process, the same number of queries however many there are."""
    kinds = list(Group.Kind)
    return _cards(sorted(visible_groups(user), key=lambda g: (kinds.index(Group.Kind(g.kind)), g.name)))


@dataclass(frozen=True)
class GroupPage:
    """One group as a reader may know it. ``own``: the reader's membership, in person or through an organization."""

    card: GroupCard
    named: list[ListedMember]
    own: Membership | None


def group_seen_by(user: Any, slug: str) -> GroupPage | None:
    """None where there is no such group, or the reader may not know of it."""
    group = visible_groups(user).filter(slug=slug).first()
    if group is None:
        return None
    own = None
    if user.is_authenticated and group.pk in facts_of(user).groups:
        places = user.affiliations.filter(confirmed_at__isnull=False).values("organisation")
        mine = Membership.objects.current().filter(Q(user=user) | Q(organisation__in=places), group=group)
        own = mine.select_related("organisation__country").order_by("organisation", "pk").first()
    return GroupPage(_cards([group])[0], listed_members(group), own)


def _cards(groups: list[Group]) -> list[GroupCard]:
    members = _members_by_region(groups)
    names = dict(sorted(region_names().items(), key=lambda pair: pair[1]))
    return [_card(group, members[group.pk], names) for group in groups]


def _members_by_region(groups: list[Group]) -> dict[int, dict[str, int]]:
    """group id → region code ("" where not known) → people and organizations in it today."""
    current = (
        Membership.objects.current()
        .filter(group__in=groups)
        .exclude(Q(user__is_active=False) | Q(user__erased_at__isnull=False))
        .annotate(from_country=Coalesce("user__country", "organisation__country"))
        .values_list("group", "from_country")
        .annotate(n=Count("pk"))
    )
    region_of = regions_by_country()
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group, country, n in current:
        counts[group][region_of.get(country, "")] += n
    return counts


def _card(group: Group, counts: dict[str, int], names: dict[str, str]) -> GroupCard:
    shown = {code: counts[code] for code in names if counts.get(code, 0) >= SMALLEST_SHOWN}
    rest = sum(counts.values()) - sum(shown.values())
    told = rest == 0 or rest >= SMALLEST_SHOWN
    return GroupCard(
        group=group,
        purpose=PURPOSES[group.kind],
        regions=list(_regions(shown, names)),
        rest=rest if told else None,
        total=sum(counts.values()) if told else None,
    )


def _regions(shown: dict[str, int], names: dict[str, str]) -> Iterator[RegionCount]:
    largest = max(shown.values(), default=1)
    for code, members in shown.items():
        yield RegionCount(names[code], members, round(100 * members / largest, 1))
